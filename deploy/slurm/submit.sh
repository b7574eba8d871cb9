#!/bin/bash
# Runs a scenario in parts as a Slurm job array, and merges the parts when all are there.
#
#   submit.sh SCENARIO TRIALS PARTS OUT [SEED]
#
# The same command again submits what is missing: parts that are there are kept (each is written under another name and
# renamed when it is whole), so that it is also how a failed part is retried. OUT.parts holds the parts and their logs.
# UDFALD names the program, SBATCH_OPTIONS holds further options of sbatch (partition, account, time).
set -euo pipefail

[ $# -ge 4 ] || { echo "usage: submit.sh SCENARIO TRIALS PARTS OUT [SEED]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
scenario=$(realpath "$1") trials=$2 of=$3 out=$(realpath -m "$4") seed=${5:-1}
udfald=$(command -v "${UDFALD:-udfald}") || { echo "udfald is not on the path: set UDFALD" >&2; exit 2; }
parts=$out.parts
mkdir -p "$parts/log"

# Whatever is wrong with the scenario is said here, not by every part.
"$udfald" check "$scenario" > "$parts/log/check.txt" 2>&1 || { cat "$parts/log/check.txt" >&2; exit 2; }

missing=()
for ((part = 1; part <= of; part++)); do
    [ -e "$parts/$part-of-$of.part" ] || missing+=("$part")
done

export UDFALD_PROGRAM=$udfald UDFALD_SCENARIO=$scenario UDFALD_TRIALS=$trials UDFALD_SEED=$seed
export UDFALD_OF=$of UDFALD_PARTS=$parts UDFALD_OUT=$out
wait=()
if [ ${#missing[@]} -gt 0 ]; then
    list=$(IFS=,; echo "${missing[*]}")
    # shellcheck disable=SC2086 # several options in one variable
    array=$(sbatch --parsable --array="$list" --output="$parts/log/%a.txt" ${SBATCH_OPTIONS:-} "$here/part.sh")
    echo "parts: job ${array%%;*}, ${#missing[@]} of $of"
    wait=(--dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes)
fi
# shellcheck disable=SC2086
merge=$(sbatch --parsable "${wait[@]}" --output="$parts/log/merge.txt" ${SBATCH_OPTIONS:-} "$here/merge.sh")
echo "merge: job ${merge%%;*}, into $out"
