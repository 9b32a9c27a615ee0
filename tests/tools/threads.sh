#!/bin/sh
# threads.sh: is there a number that one thread writes while another one reads or writes it? The
# thread sanitizer watches the tests about threads, and a short run of every scheme on two.
#
# It must know when one thread has waited for another. clang's OpenMP tells it (through its library
# Archer); gcc's does not, so there every loop would look like a race. Whether a race is seen here,
# and right code left alone, is tried first, with race.c. It looks at no number that is read or
# written as part of more than 16 bytes, so nothing is built for a processor that has such (ARCH=).
# Ends with "N passed, N failed".
set -u
export LC_ALL=C
export TSAN_OPTIONS="ignore_noninstrumented_modules=1 ${TSAN_OPTIONS:-}"
export CONFIGS=10 # of tests/train/test_random_configs
build=build/threads
unset MAKEFLAGS MFLAGS MAKELEVEL # of the make that called this one: all cores are free here
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-threads-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

skip() {
    echo "tests/tools/threads.sh: skipped: $*"
    exit 0
}

clang -std=c11 -g -O3 -fsanitize=thread -fopenmp -Isrc tests/tools/race.c src/math/parallel.c \
    -o "$folder/race" 2>/dev/null ||
    skip 'needs clang with its OpenMP (Debian: apt install clang libomp-dev libclang-rt-14-dev)'
"$folder/race" >/dev/null 2>&1 ||
    skip "this clang's OpenMP does not tell the sanitizer who waited for whom (libarcher.so)"
if "$folder/race" planted >/dev/null 2>&1; then
    skip 'the sanitizer does not see a race that was planted'
fi

tests=
for test in math/test_parallel math/test_gemm autograd/test_dropout model/test_cache \
    train/test_adamw train/test_evaluate train/test_sliding train/test_trainer_exact \
    train/test_random_configs lab/test_pool_threads; do
    tests="$tests $build/tests/$test"
done
# shellcheck disable=SC2086 # several names
make --no-print-directory -s CC=clang SAN=thread ARCH= OUT=$build $tests $build/posgpt || exit 1

head -n 60 data/fables.txt >"$folder/text.txt"
passed=0
failed=0

# watch NAME ARGUMENT...: one run of posgpt, counted as a test.
watch() {
    name=$1
    shift
    if "$build/posgpt" "$@" >"$folder/log" 2>&1; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAILED: two threads: $name"
    sed 's/^/    | /' "$folder/log"
}

# shellcheck disable=SC2013 # each line is a word
for pos in $(sed -n 's/^ *ROW(\([a-z0-9_]*\)).*/\1/p' src/pos/registry.c); do
    watch "training, $pos" train --pos "$pos" --data "$folder/text.txt" --out-dir "$folder" \
        --name "$pos" --threads 2 --n-layer 1 --dropout 0.1 --bias yes --max-iters 6
    watch "sampling, $pos" sample "$folder/$pos" --threads 2 --length 4
done
# shellcheck disable=SC2086 # several names
sh tests/sum.sh "sh tests/run_tests.sh $tests" "echo '$passed passed, $failed failed'"
