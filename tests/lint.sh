#!/usr/bin/env bash
# Checks the layout of the sources (clang-format) and looks for mistakes (clang-tidy), as .clang-format and .clang-tidy
# say. Slow, so not part of the tests. Usage: tests/lint.sh [FILE...], default: every tracked source.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(if (($#)); then printf '%s\n' "$@"; else git ls-files '*.cpp' '*.h'; fi)
echo "clang-format: ${#files[@]} files"
clang-format --dry-run -Werror "${files[@]}"

# Precompiled headers are GCC's: a configuration without them and with a command for each source.
cmake --preset dev -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DMOESCOPE_UNITY=OFF -B build/lint >/dev/null
mapfile -t sources < <(printf '%s\n' "${files[@]}" | grep '\.cpp$')
echo "clang-tidy: ${#sources[@]} files"
printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p build/lint --extra-arg=-Wno-unknown-warning-option
