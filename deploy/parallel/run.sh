#!/bin/bash
# Runs a scenario in parts with GNU parallel, on this machine or on others over ssh, and merges the parts.
#
#   run.sh SCENARIO TRIALS PARTS OUT [SEED]
#
# The same command again runs what is missing. UDFALD names the program, PARALLEL_OPTIONS holds further options of
# parallel (--jobs 8, or --sshloginfile nodes.txt where all machines see the same files).
set -euo pipefail

[ $# -ge 4 ] || { echo "usage: run.sh SCENARIO TRIALS PARTS OUT [SEED]" >&2; exit 2; }
scenario=$(realpath "$1") trials=$2 of=$3 out=$(realpath -m "$4") seed=${5:-1}
udfald=$(command -v "${UDFALD:-udfald}") || { echo "udfald is not on the path: set UDFALD" >&2; exit 2; }
parts=$out.parts
mkdir -p "$parts"
"$udfald" check "$scenario" > "$parts/check.txt" 2>&1 || { cat "$parts/check.txt" >&2; exit 2; }

# A part that is there is whole: it is written under another name and renamed.
# shellcheck disable=SC2086 # several options in one variable
seq "$of" | parallel --will-cite --retries 3 --joblog "$parts/joblog.tsv" ${PARALLEL_OPTIONS:-} \
    "[ -e $parts/{}-of-$of.part ] || $udfald run $scenario --trials $trials --seed $seed --threads 1 \
        --shard {}/$of --part $parts/{}-of-$of.part --resume" 2>> "$parts/log.txt"
"$udfald" merge "$parts"/*-of-"$of".part --out "$out"
