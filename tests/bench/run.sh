#!/usr/bin/env bash
# Measures every figure of the README's performance table and fails if one misses its limit. Takes about 25 minutes on a
# quiet machine, half of them for a clean build and all tests; not part of the tests.
#   tests/bench/run.sh [ROW...]     (rows: see tests/bench/rows.py --list)
# Models and recordings that it makes stay in build/bench. Prints a Markdown table; each figure is a ratio to something
# measured in the same run where it can be one.
set -euo pipefail
cd "$(dirname "$0")/../.."
source app/packages.sh

build_release moescope prefill_bench int8_bench generation_bench load_bench storage_bench train_bench tokenizer_bench \
  make_perf_model moescope_sqlite
exec python3 tests/bench/rows.py build/release build/bench "$@"
