#!/bin/sh
# coverage.sh ready|report CC BUILD BUILD: how much of src/ do the tests run? (`make coverage`)
#
#     ready     succeeds where it can be counted, or says what is missing; forgets earlier counts
#     report    each line that no test ran, and a table of the folders; build/coverage/index.html
#               shows it all in the source
#
# What the tests run in one build, with double, and in the other, with float, counts as one: a line
# is run if either ran it, and so is each way that a branch can go. Every choice is a branch:
# `if (a && b)` is two, with two ways each. One thing is left out: the branches of assert(), whose
# other way is the end of a program that has a bug.
set -u
export LC_ALL=C
command=$1 compiler=$2
shift 2
place=build/coverage

# The tool of the compiler gcc-12 is gcov-12.
gcov=gcov
case $compiler in
*gcc-*) gcov=gcov-${compiler##*gcc-} ;;
esac

ready() {
    if ! command -v gcovr >/dev/null; then
        echo 'make coverage: needs gcovr (Debian: apt install gcovr)' >&2
        exit 1
    fi
    # $compiler is not quoted: it may be "ccache gcc".
    if $compiler --version | grep -qi clang || ! command -v "$gcov" >/dev/null; then
        echo "make coverage: $compiler: expected gcc, with $gcov (CC=gcc)" >&2
        exit 1
    fi
    rm -rf "$place"
    for build in "$@"; do
        [ ! -d "$build" ] || find "$build" -name '*.gcda' -exec rm -f {} +
    done
}

# gcovr refuses a function that stands in two places, one for double and one for float. Functions
# are not asked for, so they go before the two are put together.
report() {
    mkdir -p "$place"
    for build in "$@"; do
        set -- "$@" --add-tracefile "$place/$(basename "$build").json"
        shift
        gcovr --root . --filter src/ --gcov-executable "$gcov" \
            --exclude-branches-by-pattern '\s*assert\(.*' "$build/src" --json |
            sed 's/"functions": \[[^]]*\]/"functions": []/g' >"$place/$(basename "$build").json"
    done
    gcovr --root . "$@" --html-details "$place/index.html" --json "$place/lines.json" &&
        python3 scripts/coverage.py "$place/lines.json"
}

"$command" "$@"
