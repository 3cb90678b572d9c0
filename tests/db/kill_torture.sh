#!/bin/bash
# Kills a recording with kill -9 at random moments, again and again: after each kill the file must be sound, and the run
# that is resumed until it is complete must equal one that was never interrupted.
#   tests/db/kill_torture.sh [KILLS] [BUILD_FOLDER]
set -euo pipefail
kills=${1:-100}
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${2:-$root/build/release}
ninja -C "$build" db_torture > /dev/null
torture=$build/tests/db_torture
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

start=$(date +%s%N)
"$torture" record "$folder/reference.db"
whole=$((($(date +%s%N) - start) / 1000000)) # milliseconds an undisturbed recording takes

killed=0 completed=0
while ((killed < kills)); do
    "$torture" record "$folder/run.db" &
    writer=$!
    wait=$((RANDOM % whole))
    sleep "$((wait / 1000)).$(printf '%03d' $((wait % 1000)))"
    if kill -9 "$writer" 2> /dev/null; then
        killed=$((killed + 1))
    fi
    wait "$writer" 2> /dev/null || true
    [[ -e $folder/run.db ]] || continue # killed before it had made the file
    report=$("$torture" check "$folder/run.db" "$folder/reference.db") || {
        echo "after $killed kills: $report"
        exit 1
    }
    echo "kill $killed: $report"
    if [[ $report == complete* ]]; then
        completed=$((completed + 1))
        rm -f "$folder"/run.db*
    fi
done
echo "$killed kills, $completed runs completed, every file sound, every completed run as an uninterrupted one"
