#!/bin/bash
# Merges the parts of a run: the job that waits for the array that submit.sh makes.
#SBATCH --job-name=udfald-merge
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

exec "$UDFALD_PROGRAM" merge "$UDFALD_PARTS"/*-of-"$UDFALD_OF".part --out "$UDFALD_OUT"
