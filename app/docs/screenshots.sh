#!/usr/bin/env bash
# Draws the pictures of the README and the documents from the recording of the demo (made by app/demo.sh) and of the lab.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=build/release/moescope
db=${1:-build/demo/demo.moescope}
out=app/docs/images
mkdir -p "$out"
draw() { "$program" render "$db" --run demo --view "$1" --size 1280x800 -o "$out/$1.png" "${@:2}"; }
draw overview
draw load --layer 5
draw specialization --layer 5 --expert 5:1
draw tokens --layer 5 --token 20
draw capacity --layer 5 --capacity-factor 1.25
draw flow --layer 5 --token 21
draw dossier --expert 5:1
lab=datasets/lab/lab.moescope
"$program" render "$lab" --run none-s1,aux-s1,aux-free-s1,expert-choice-s1 --view compare --size 1280x800 -o "$out/compare.png"
"$program" render "$lab" --run aux-free-s1 --view training --size 1280x800 -o "$out/training.png"
