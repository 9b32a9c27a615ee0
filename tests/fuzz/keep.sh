#!/bin/sh
# keep.sh TARGET...: makes seeds of what `make fuzz TARGET=...` has gathered in build/fuzz/TARGET.
#
# Kept are inputs that reach code which no seed reaches, few enough that `make check` replays them in
# no time, and none of more than 2 kB. Their names are what the fuzzer calls them: a hash of their
# bytes. Run it where the program has no changes that are about to go away.
set -eu

for target in "$@"; do
    log=build/fuzz/$target-keep.log
    make -s fuzz TARGET="$target" SECONDS=1 >"$log" 2>&1 || { tail -n 20 "$log" >&2 && exit 1; }
    binary=$(find build/*-fuzz/tests/fuzz -name "fuzz_$target" | head -n 1)
    seeds=tests/fuzz/seeds/$target
    short=$(mktemp -d)
    find "build/fuzz/$target" -type f -size -5 -exec cp {} "$short" \;
    before=$(find "$seeds" -type f | wc -l)
    "$binary" -set_cover_merge=1 -use_counters=0 -artifact_prefix="build/fuzz/$target-" "$seeds" \
        "$short" >"$log" 2>&1 || { tail -n 20 "$log" >&2 && exit 1; }
    rm -rf "$short"
    echo "$target: $before seeds before, $(find "$seeds" -type f | wc -l) now"
done
