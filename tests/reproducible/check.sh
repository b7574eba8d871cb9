#!/bin/bash
# Builds the commit that is checked out twice, in folders with names of different length, and compares the programs.
#
#   tests/reproducible/check.sh [DIR]      two release builds from nothing: some ten minutes of two cores
#
# Ends with status 0 when both have the same bytes, and prints how long a build from nothing took.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(realpath -m "${1:-$(mktemp -d)}")
home=${CARGO_HOME:-$HOME/.cargo}
digests=()
for name in a another-and-much-longer-name; do
    mkdir -p "$dir/$name"
    git -C "$top" archive HEAD | tar -x -C "$dir/$name"
    begun=$SECONDS
    # Messages of panics name files: those of dependencies by where cargo keeps them, which differs from home to home.
    (cd "$dir/$name" && RUSTFLAGS="--remap-path-prefix=$home=/cargo --remap-path-prefix=$dir/$name=/udfald" \
        cargo build --release --locked --quiet --target-dir "$dir/$name/target")
    digests+=("$(sha256sum < "$dir/$name/target/release/udfald")")
    echo "$name: ${digests[-1]%% *}, $((SECONDS - begun)) s on $(nproc) cores, $(stat -c %s "$dir/$name/target/release/udfald") bytes"
done
[ "${digests[0]}" = "${digests[1]}" ] && echo "the same bytes"
