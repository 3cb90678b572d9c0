#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Arguments go to ctest (for example: -R tokenizer).
set -euo pipefail
cd "$(dirname "$0")/.."
source app/packages.sh

install_packages "${packages_build[@]}" "${packages_test[@]}" "${packages_fonts[@]}"
build_release
say "testing"
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
ctest --test-dir build/release --output-on-failure --parallel "$(build_jobs)" "$@"
