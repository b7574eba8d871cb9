#!/bin/bash
# Tests submit.sh for real: 64 parts on two nodes, one node killed in mid-run, one part failed on purpose and retried.
#
#   test.sh [DIR]       needs what cluster.sh needs, and udfald (UDFALD, default target/release/udfald)
#
# Ends with status 0 when the merged folder is, byte for byte, that of a single run.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd) top=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(realpath -m "${1:-$(mktemp -d)}") scenario=$top/scenarios/norddjurs.toml
trials=${TRIALS:-32000000} of=64 failing=17
real=$(realpath "${UDFALD:-$top/target/release/udfald}")
mkdir -p "$dir"
export SLURM_CONF=$dir/cluster/slurm.conf

say() { echo "$(date +%T) $*"; }
there() { find "$dir/out.parts" -name '*.part' 2> /dev/null | wc -l; }
queue() { squeue --noheader --states=all --array --name=udfald-part --Format=StateCompact | sort | uniq -c | xargs; }

wait_until() {
    for _ in $(seq 600); do
        eval "$1" && return
        sleep 0.5
    done
    say "gave up waiting for: $1"
    squeue --array
    exit 1
}

# Everything that runs on a node, as when its power goes: the daemon, what it started, and the keepers of its steps, so that
# nobody is left to tell the controller how a step ended. The daemon is stopped first, so that
# it starts nothing of which nothing can be seen yet: in one run of many the controller did not find the node down.
kill_node() {
    local daemon steps keepers
    daemon=$(cat "$dir/cluster/slurmd-$1.pid")
    kill -STOP "$daemon"
    sleep 0.1
    steps=$(grep -lzx "SLURMD_NODENAME=$1" /proc/[0-9]*/environ 2> /dev/null | cut -d/ -f3 || true)
    # shellcheck disable=SC2086 # a list of numbers
    keepers=$(ps -o ppid= -p "$(echo $steps | tr ' ' ,)" | xargs -r ps -o pid=,comm= -p | awk '$2 == "slurmstepd" { print $1 }' || true)
    # shellcheck disable=SC2086
    kill -KILL "$daemon" $(pgrep -P "$daemon") $keepers $steps 2> /dev/null || true
}

# Fails once, in the part that is to fail.
cat > "$dir/udfald" <<PROGRAM
#!/bin/bash
if [[ " \$* " == *" $failing/$of "* && ! -e $dir/failed ]]; then
    touch $dir/failed
    echo "part $failing fails on purpose" >&2
    exit 1
fi
exec $real "\$@"
PROGRAM
chmod +x "$dir/udfald"

rm -rf "$dir/out" "$dir/out.parts" "$dir/single" "$dir/failed"
"$here/cluster.sh" start "$dir/cluster"
trap '"$here/cluster.sh" stop "$dir/cluster"' EXIT
say "two nodes: $(sinfo --noheader --Node --Format=NodeList:2,StateLong:8 | xargs)"

submit() { UDFALD=$dir/udfald "$here/submit.sh" "$scenario" "$trials" $of "$dir/out" | while read -r line; do say "$line"; done; }
submit
wait_until '[ "$(there)" -ge 20 ]'
say "parts there: $(there) of $of; queue: $(queue)"
on_b() { squeue --noheader --array --nodelist=b --states=running --format=%K | xargs; }
wait_until '[ -n "$(on_b)" ]'
victims=$(on_b)
kill_node b
say "node b killed while it ran the parts $victims"
wait_until '[[ $(sinfo --noheader --nodes=b --format=%T) == down* ]]'
say "node b is down: $(sinfo --noheader --nodes=b --Format=Reason | xargs)"
wait_until '[ "$(there)" -ge $((of - 1)) ]'
wait_until '[ -z "$(squeue --noheader)" ]'
say "parts there: $(there) of $of; the merge waited for all of them and was cancelled: $([ -e "$dir/out" ] && echo no || echo yes)"
for part in $victims; do say "part $part: $(grep -h "start" "$dir/out.parts/log/$part.txt" | xargs)"; done
say "part $failing: $(xargs < "$dir/out.parts/log/$failing.txt")"
submit
wait_until '[ -e "$dir/out/passport.json" ]'
wait_until '[ -z "$(squeue --noheader)" ]'
say "merged: $(xargs < "$dir/out.parts/log/merge.txt" | cut -c1-100)"
"$real" run "$scenario" --trials "$trials" --out "$dir/single" > /dev/null
diff -r "$dir/single" "$dir/out"
say "the merged folder equals that of a single run of $trials trials, byte for byte:"
(cd "$dir/out" && sha256sum summary.csv exposure.csv limits.csv passport.json)
