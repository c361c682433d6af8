#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Judges seeds with several processes: run.sh PROGRAM FIRST COUNT JOBS
set -eu
program=$1
first=$2
count=$3
jobs=$4
batch=100
batches=$(((count + batch - 1) / batch))
status=0
seq 0 $((batches - 1)) | while read -r number; do
    start=$((first + number * batch))
    rest=$((first + count - start))
    echo "$start $((rest < batch ? rest : batch))"
done | xargs -P "$jobs" -L 1 sh -c '"$0" --first "$1" --count "$2"' "$program" || status=$?
if [ "$status" -eq 0 ]; then
    echo "All $count seeds from $first passed."
else
    echo "Some of $count seeds from $first failed; see above."
fi
exit "$status"
