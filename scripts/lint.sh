#!/bin/sh
# lint.sh: what three analysers say about the sources; expected: nothing. (lint.sh TOOL FILE: what
# one of them, gcc or clang-tidy, says about one file.)
#
#     gcc -fanalyzer    follows pointers and memory along the paths through functions
#     cppcheck          looks for undefined behaviour and types that do not fit
#     clang-tidy        looks for habits that end in errors: .clang-tidy says which, and which not
#
# A tool that is missing costs one line. What is right in spite of a finding says why beside it
# (cppcheck-suppress, NOLINTNEXTLINE). $LINT_FLAGS is how C is compiled here; JOBS files at a time.
set -u
export LC_ALL=C
folders='src tests/bench tests/exercises tests/faults tests/fuzz tests/support tests/tools tests/tour'
flags="$LINT_FLAGS -DPOSGPT=\"posgpt\" -DFAULTS_LIBRARY=\"\""

# As it is written: what the optimiser makes of it has variables that nobody wrote.
gcc_analyzer='gcc -O0 -fopenmp -fanalyzer -fdiagnostics-plain-output'

# shellcheck disable=SC2086 # flags are several words
look_at() {
    case $1 in
    gcc) $gcc_analyzer $flags -S "$2" -o /dev/null 2>&1 ;;
    clang-tidy) clang-tidy --quiet "$2" -- $flags 2>/dev/null ;;
    esac
}

if [ $# -eq 2 ]; then
    look_at "$@"
    exit
fi

jobs=${JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)}
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-lint-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
echo 'int main(void) { return 0; }' >"$folder/probe.c"
# shellcheck disable=SC2086 # several
find $folders -name '*.c' | sort >"$folder/all"
total=0

# look_at_all TOOL: looks at each of the files. Each has a log of its own, so that none stands in the
# middle of another.
look_at_all() {
    mkdir "$folder/logs"
    # shellcheck disable=SC2016 # for the inner shell
    xargs -n 1 -P "$jobs" sh -c 'sh scripts/lint.sh "$0" "$2" >"$1/$(echo "$2" | tr / -)"' \
        "$1" "$folder/logs" <"$folder/files"
    cat "$folder"/logs/* >"$folder/log"
    rm -r "$folder/logs"
}

# report NAME: shows a log and counts its findings.
report() {
    grep -v '^$' "$folder/log"
    found=$(grep -c -E '(warning|error): ' "$folder/log")
    total=$((total + found))
    printf '%-16s  %s files, %s findings\n' "$1" "$(grep -c '' "$folder/files")" "$found"
}

missing() {
    printf '%-16s  skipped: not here (Debian: apt install %s)\n' "$1" "$2"
}

if $gcc_analyzer -S "$folder/probe.c" -o /dev/null 2>/dev/null; then
    # gcc does not know that an assertion of cmocka which fails does not return.
    xargs grep -L '^#include "support/' <"$folder/all" >"$folder/files"
    look_at_all gcc
    report 'gcc -fanalyzer'
else
    missing 'gcc -fanalyzer' gcc
fi

if command -v cppcheck >/dev/null; then
    cp "$folder/all" "$folder/files"
    # shellcheck disable=SC2086 # several folders
    cppcheck --quiet -j "$jobs" --std=c11 --enable=warning,performance,portability \
        --inline-suppr --template=gcc -D_POSIX_C_SOURCE=200809L -D_OPENMP -Isrc -Itests \
        $folders >"$folder/log" 2>&1
    report cppcheck
else
    missing cppcheck cppcheck
fi

if command -v clang-tidy >/dev/null; then
    cp "$folder/all" "$folder/files"
    look_at_all clang-tidy
    report clang-tidy
else
    missing clang-tidy clang-tidy
fi

[ "$total" -eq 0 ]
