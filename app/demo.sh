#!/usr/bin/env bash
# From a fresh Debian 12 or 13 to the window on a recording of the bundled model: installs what is missing, builds, records
# the bundled texts, opens the window. Without a display it writes every page as PNG and the statistics as CSV.
set -euo pipefail
cd "$(dirname "$0")/.."
source app/packages.sh

program=build/release/moescope
folder=build/demo
db=$folder/demo.moescope
lab=datasets/lab/lab.moescope

# What the recording is made from: it is made anew when any of it changes.
inputs_key() {
  find datasets/models/demo datasets/texts -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

record() {
  local key
  key=$(inputs_key)
  mkdir -p "$folder"
  if [[ ! -f $folder/inputs.sha256 || $(<"$folder/inputs.sha256") != "$key" ]]; then
    rm -f "$db" "$db-wal" "$db-shm"
    printf '%s' "$key" >"$folder/inputs.sha256"
  fi
  say "recording datasets/models/demo over datasets/texts"
  "$program" -v record datasets/models/demo --input datasets/texts --db "$db" --name demo --resume
}

# Pages and tables take seconds; they are made again when the recording or the program is newer.
write_pages_and_tables() {
  if [[ $folder/done -nt $db && $folder/done -nt $program ]]; then
    say "the pages (PNG) and tables (CSV) in $folder are up to date"
    return
  fi
  local page table
  for page in overview load specialization tokens capacity flow dossier sql; do
    say "drawing $folder/$page.png"
    "$program" render "$db" --run demo --view "$page" --layer 5 --token 20 --size 1600x1000 -o "$folder/$page.png"
  done
  # Strategies side by side, and their trainings: from the bundled lab.
  say "drawing $folder/compare.png and $folder/training.png"
  "$program" render "$lab" --run none-s1,aux-s1,aux-free-s1,expert-choice-s1 --view compare --size 1600x1000 \
    -o "$folder/compare.png"
  "$program" render "$lab" --run none-s1 --view training --size 1600x1000 -o "$folder/training.png"
  for table in tokens routing load load_by_domain balance vocabulary coactivation transitions overflow overflow_tokens; do
    say "writing $folder/$table.csv"
    "$program" export "$db" --run demo --table "$table" -o "$folder/$table.csv"
  done
  touch "$folder/done"
  say "the pages (PNG) and tables (CSV) are in $folder"
}

install_packages "${packages_build[@]}" "${packages_test[@]}" "${packages_fonts[@]}"
build_release moescope
record
if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
  say "opening the window on $db"
  exec "$program" "$db"
fi
write_pages_and_tables
