#!/bin/bash
# One part of a run: a task of the array that submit.sh makes.
#SBATCH --job-name=udfald-part
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

part=$SLURM_ARRAY_TASK_ID file=$UDFALD_PARTS/$SLURM_ARRAY_TASK_ID-of-$UDFALD_OF.part
echo "part $part of $UDFALD_OF on ${SLURMD_NODENAME:-?}, start $((${SLURM_RESTART_COUNT:-0} + 1))"
[ ! -e "$file" ] || exit 0
exec "$UDFALD_PROGRAM" run "$UDFALD_SCENARIO" --trials "$UDFALD_TRIALS" --seed "$UDFALD_SEED" \
    --threads "${SLURM_CPUS_PER_TASK:-1}" --shard "$part/$UDFALD_OF" --part "$file" --resume
