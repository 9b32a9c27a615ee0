#!/bin/sh
# test_compiling.sh MAKE: what the Makefile says while it compiles, which takes a while in a fresh
# copy. It is asked in a copy without sources, for $(OUT)/flags, which comes before all objects. Says
# "N passed, N failed" like run_tests.sh.
set -u
unset MAKEFLAGS MFLAGS # those of the make that called this one
make=${1:-make}
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-test-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
output=$folder/output
. "$root/tests/checks.sh"
said='compiling posgpt (once)'

# ask LEVEL SETTINGS...: in a make that LEVEL others have called. stdout and stderr are kept apart.
ask() {
    level=$1
    shift
    (cd "$folder" && MAKELEVEL=$level "$make" -s CC=cc REAL=float "$@" \
        build/cc-float-native/flags >stdout 2>output)
}
says() { [ ! -s "$folder/stdout" ] && [ "$(cat "$output")" = "$said" ]; }
silent() { [ ! -s "$folder/stdout" ] && [ ! -s "$output" ]; }

mkdir "$folder/scripts"
cp "$root/Makefile" "$folder/Makefile"
cp "$root/scripts/compiler.sh" "$folder/scripts/compiler.sh"
ask 0
check 'a fresh copy says that it compiles' says
ask 0
check 'one that is compiled says nothing' silent
ask 0 CFLAGS=-g
check 'another flag, for which all is compiled anew, is said' says
ask 1 CFLAGS=-O1
check 'the second make of those that check calls says nothing' silent
ask 1 CFLAGS=-O2 REALS=float
check 'the first one does' says

end_checks
