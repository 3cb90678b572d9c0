#!/usr/bin/env bash
# Draws the references of tests/ui/picture_test.cpp anew. Look at each before it is committed: from then on it is right.
set -euo pipefail
cd "$(dirname "$0")/../../.."
MOESCOPE_UPDATE_PICTURES=1 build/release/tests/window_look_test --gtest_filter='Pages/PictureTest.*' "$@"
du -sh tests/golden/pictures
