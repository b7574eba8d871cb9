#!/bin/bash
# A Slurm cluster of two nodes on one machine, for tests: `cluster.sh start DIR`, `cluster.sh stop DIR`.
#
# Needs the Debian packages slurm-wlm and munge, and to be root. It listens on ports of its own, keeps everything in DIR
# and leaves what /etc/slurm says alone.
set -euo pipefail

dir=$(realpath -m "$2") port=${UDFALD_SLURM_PORT:-27817}
export SLURM_CONF=$dir/slurm.conf

configure() {
    mkdir -p "$dir"/{state,spool-a,spool-b,log}
    chmod 700 "$dir"
    [ -e "$dir/munge.key" ] || (umask 077; head -c 128 /dev/urandom > "$dir/munge.key")
    cat > "$SLURM_CONF" <<CONF
ClusterName=udfald
SlurmctldHost=$(hostname -s)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdTimeout=8
SlurmctldTimeout=8
InactiveLimit=0
KillWait=2
ReturnToService=2
JobRequeue=1
MaxArraySize=10001
NodeName=a NodeHostname=$(hostname -s) Port=$((port + 1)) CPUs=2 RealMemory=1000 State=UNKNOWN
NodeName=b NodeHostname=$(hostname -s) Port=$((port + 2)) CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=all Nodes=a,b Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {
    configure
    munged --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
        --log-file="$dir/log/munged.log" --seed-file="$dir/munge.seed"
    slurmctld
    slurmd -N a
    slurmd -N b
    for _ in $(seq 60); do
        [ "$(sinfo --noheader --Format=StateLong --Node | grep -c idle)" = 2 ] && return
        sleep 0.5
    done
    sinfo --Node --long >&2
    exit 1
}

stop() {
    for name in slurmd-a slurmd-b slurmctld munged; do
        [ ! -e "$dir/$name.pid" ] || kill "$(cat "$dir/$name.pid")" 2> /dev/null || true
    done
}

case $1 in
    start) start ;;
    stop) stop ;;
    *) echo "usage: cluster.sh start|stop DIR" >&2; exit 2 ;;
esac
