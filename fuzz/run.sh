#!/bin/bash
# Fuzzes one target for so long, from the shipped scenarios and with the words of the language as its dictionary.
#
#   fuzz/run.sh load|compile|run [SECONDS]     needs nightly Rust, cargo-fuzz (cargo install --locked cargo-fuzz) and Python
#
# There is no unsafe code here, so that panics and overflows are what there is to find; SANITIZER=address also watches the
# memory of dependencies, and is twice as slow.
#
# What it finds is in fuzz/artifacts; a crash goes, as small as it can be made, into tests/fixtures/fuzz with the mending.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?load, compile or run} seconds=${2:-300}
made=fuzz/made
mkdir -p "$made/corpus-$target" "$made/seeds"
find scenarios tests/fixtures -name '*.toml' | while read -r file; do
    cp "$file" "$made/seeds/$(echo "$file" | tr / _)"
done
cp tests/fixtures/fuzz/* "$made/seeds/" 2> /dev/null || true
cargo run --quiet -- schema | python3 fuzz/dictionary.py > "$made/words.dict"
cargo +nightly fuzz run --sanitizer "${SANITIZER:-none}" "$target" "$made/corpus-$target" "$made/seeds" -- \
    -dict="$made/words.dict" -max_total_time="$seconds" -timeout="${TIMEOUT:-120}" -rss_limit_mb=4096 -max_len=20000 \
    -print_final_stats=1
