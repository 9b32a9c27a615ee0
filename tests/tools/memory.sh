#!/bin/sh
# memory.sh: valgrind watches short runs of posgpt: no number is used before it was set, nothing
# outside of its block, and no block is lost. The first of these the sanitizers (SAN=1) do not see.
#
# valgrind does not know the instructions of the newest processors, so posgpt is built for older
# ones. Nor can a program start itself anew under it, as posgpt does where nobody has said how long
# a thread spins, and a comparison does for its runs: so that is said here, and the runs are started
# one by one. Ends with "N passed, N failed".
set -u
export LC_ALL=C
export GOMP_SPINCOUNT=1000
build=build/memory
unset MAKEFLAGS MFLAGS MAKELEVEL # of the make that called this one: all cores are free here
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-memory-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if ! command -v valgrind >/dev/null; then
    echo 'tests/tools/memory.sh: skipped: not here: valgrind (Debian: apt install valgrind)'
    exit 0
fi
arch=
[ "$(uname -m)" != x86_64 ] || arch=x86-64-v3
make --no-print-directory -s ARCH=$arch CFLAGS=-g OUT=$build $build/posgpt || exit 1

passed=0
failed=0

# watch NAME ARGUMENT...: posgpt, counted as a test.
watch() {
    name=$1
    shift
    if valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite "$build/posgpt" "$@" >"$folder/log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAILED: valgrind: $name"
    sed 's/^/    | /' "$folder/log"
}

head -n 60 data/fables.txt >"$folder/text.txt"
here="--data $folder/text.txt --out-dir $folder --n-layer 1 --n-head 2 --n-embd 16 --block-size 16
    --batch-size 4 --max-iters 3"

# shellcheck disable=SC2013,SC2086 # names, and flags, are several words
for pos in $(sed -n 's/^ *ROW(\([a-z0-9_]*\)).*/\1/p' src/pos/registry.c); do
    watch "train, $pos" train --pos "$pos" --name "$pos" $here --threads 2 --dropout 0.1
    watch "sample, $pos" sample "$folder/$pos" --threads 2 --length 12
    watch "eval, $pos" eval "$folder/$pos" --threads 2
done

# shellcheck disable=SC2086 # flags are several words
"$build/posgpt" compare --pos none,learned --seeds 2 --name sides $here --plan >"$folder/plan"
while read -r _ arguments; do
    # shellcheck disable=SC2086 # flags are several words
    watch 'a run of compare' $arguments
done <"$folder/plan"
# shellcheck disable=SC2086 # flags are several words
watch 'compare' compare --pos none,learned --seeds 2 --name sides $here --report
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
