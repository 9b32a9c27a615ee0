#!/bin/sh
# test_add_scheme.sh MAKE FLOAT DOUBLE: follows src/pos/README.md, which adds a scheme to the program.
#
# FLOAT and DOUBLE are the folders of the two builds that `make check` tests. The sources are copied to
# build/add-scheme, with the objects of both, so that little has to be compiled. There the file and the
# row go in as they stand on the page; then the program is asked for the new scheme, the tests that read
# the registry are run, and what the page breaks is broken. The two sketches at the end of the page
# become schemes as well, named after their doors. Says "N passed, N failed" like run_tests.sh.
set -u
export GOMP_SPINCOUNT=1000 KMP_BLOCKTIME=0 # threads that wait leave the cores to others
make=${1:-make}
float=${2:-build/cc-float-native}
double=${3:-build/cc-double-native}
root=$(cd "$(dirname "$0")/.." && pwd)
page=$root/src/pos/README.md
copy=$root/build/add-scheme
output=$copy/output
about='src/pos/README.md: '
. "$root/tests/checks.sh"
sources='Makefile src tests scripts configs data'
tiny='--n-layer 1 --n-head 2 --n-embd 8 --block-size 16 --batch-size 4 --max-iters 4 --eval-interval 4'
gradients=model/test_gpt_gradients
promises=pos/test_registry_promises
tests="model/test_gpt model/test_cache pos/test_registry pos/test_none $promises"

# --- the page ---

# block LANGUAGE N: what stands between the Nth line ```LANGUAGE and the next ```.
block() {
    awk -v fence="\`\`\`$1" -v wanted="$2" '
        /^```/ { inside = !inside && $0 == fence && ++n == wanted; next }
        inside { print }
    ' "$page"
}

# apply N FILE: does to a file what the Nth diff of the page says: a line with a plus goes behind the
# line without a sign before it, or into the place of the line with a minus before it.
apply() {
    block diff "$1" >"$copy/diff"
    awk -v diff="$copy/diff" '
        BEGIN {
            getline old < diff
            getline new < diff
            keep = substr(old, 1, 1) == " "
            old = substr(old, 2)
            new = substr(new, 2)
        }
        $0 != old || keep { print }
        $0 == old { print new }
    ' "$copy/$2" >"$copy/new" && ! cmp -s "$copy/new" "$copy/$2" && mv "$copy/new" "$copy/$2"
}

# add_sketch N NAME: the Nth sketch of the page as a scheme of that name.
add_sketch() {
    {
        echo '#include "pos/rotation.h"'
        block c "$(($1 + 1))" | sed "s/$scheme/$2/g"
        echo "extern const PosScheme pos_$2;"
        echo "const PosScheme pos_$2 = {.name = \"$2\", .title = \"sketch\", .source = \"README.md\","
        block c "$(($1 + 1))" | sed -n "s/^static .*[ *]${scheme}_\([a-z_]*\)(.*/.\1 = $2_\1,/p"
        echo '.cost = "nothing"};'
    } >"$copy/src/pos/$2.c"
    sed "s/^    ROW($scheme) /    ROW($2) \\\\\\
&/" "$copy/src/pos/registry.c" >"$copy/new" && mv "$copy/new" "$copy/src/pos/registry.c"
}

# --- the copy ---

# What is copied has to be there. `make check` has built it before; whoever runs this alone has not.
build() {
    cd "$root" || exit 1
    # shellcheck disable=SC2046,SC2086 # several names
    "$make" -s --no-print-directory REAL=float "$float/posgpt" &&
        "$make" -s --no-print-directory REAL=double $(printf "$double/tests/%s " $tests $gradients)
}

make_copy() {
    rm -rf "$copy"
    mkdir -p "$copy"
    for part in $sources; do
        cp -Rp "$root/$part" "$copy/$part"
    done
    for folder in "$float" "$double"; do
        mkdir -p "$copy/$folder/tests"
        for part in flags compiler.mk src; do
            cp -Rp "$root/$folder/$part" "$copy/$folder/$part"
        done
    done
    cp -Rp "$root/$double/tests/support" "$copy/$double/tests/support"
    for test in $tests $gradients; do
        mkdir -p "$copy/$double/tests/${test%/*}"
        cp -p "$root/$double/tests/$test".[do] "$copy/$double/tests/${test%/*}/"
    done
}

# run COMMAND...: in the copy, with nobody to ask.
run() {
    (cd "$copy" && "$@") >"$output" 2>&1 </dev/null
    code=$?
}

# run_line N: the Nth command that the page says to try, with as little to train as can be.
run_line() {
    line=$(block sh 1 | sed -n "$1p")
    case $line in
    make*) run eval "'$make' -s --no-print-directory ${line#make} SEEDS=1 ARGS='$tiny'" ;;
    *) run eval "$line" ;;
    esac
}

# run_tests NAME...: builds and runs tests of the copy. Some file systems know the time in seconds only.
run_tests() {
    rm -f "$copy/$double/src/pos/$scheme.o" "$copy/$double/src/pos/registry.o"
    # shellcheck disable=SC2046 # several names
    set -- $(printf "$double/tests/%s " "$@")
    run "$make" -s --no-print-directory REAL=double "$@"
    [ "$code" -ne 0 ] || run sh tests/run_tests.sh "$@"
}

# --- checks ---

done_well() { [ "$code" -eq 0 ]; }
silent() { [ "$code" -eq 0 ] && [ ! -s "$output" ]; }
prints() { [ "$code" -eq 0 ] && grep -q -e "$1" "$output"; }
fails_with() { [ "$code" -ne 0 ] && [ -n "$1" ] && grep -qF -e "$1" "$output"; }
is_short() { [ "$(grep -c '' "$file")" -le 70 ] && ! grep -q '.\{101\}' "$file"; }
no_other_file_differs() {
    (cd "$root" && for part in $sources; do
        diff -rq "$part" "$copy/$part"
    done) | grep -v -e "src/pos[:/] *$scheme\.c" -e 'src/pos/registry\.c' >"$output"
    [ ! -s "$output" ]
}

(build) || exit 1
make_copy
scheme=$(block c 1 | sed -n 's/^    \.name = "\([a-z0-9_]*\)",$/\1/p')
file=$copy/src/pos/$scheme.c
sed "/^ *ROW($scheme)/d" "$copy/src/pos/registry.c" >"$copy/new" && # who has followed the page has it
    mv "$copy/new" "$copy/src/pos/registry.c"
block c 1 | tee "$file" >"$output"
cp "$file" "$copy/right"
check 'the file is short' is_short
check 'the row is one line behind another' apply 1 src/pos/registry.c

# --- the program ---

run_line 1
check 'the file compiles without a warning' silent
check 'nothing but the file and the registry differs' no_other_file_differs
run sh tests/test_scheme_names.sh
check 'no other file names the scheme' done_well
run_line 2
check '--help lists it' prints "^  $scheme  "
run "$float/posgpt" train --help
check 'so does the help of --pos' prints "[ ,]${scheme}[, ]"
run_line 3
check 'it trains' prints 'written to   runs/first'
check 'the run says what it is' prints "positions    $scheme: "
run_line 4
check 'it can be looked at' prints '^  head 0 '
run_line 5
check 'so can what it has learned' prints 'after 4 steps'
run_line 6
check 'it is compared' prints "^  *$scheme  "

# --- the tests ---

add_sketch 1 door1
add_sketch 2 door2
run "$make" -s --no-print-directory REAL=double "$double/posgpt"
check 'the sketches compile without a warning' silent
# shellcheck disable=SC2086 # several names
run_tests $tests
check 'the tests that ask the registry pass' done_well

# From here on the control and what is new are alone in the registry: that is quick to check.
grep -v -e '^    ROW' "$copy/src/pos/registry.c" >"$copy/without"
sed "s/^#define SCHEMES(ROW).*/&\\
    ROW(none) ROW($scheme) ROW(door1) ROW(door2)/" "$copy/without" >"$copy/src/pos/registry.c"
run_tests "$gradients"
check 'every gradient is right' done_well
cp "$copy/$double/tests/$gradients.log" "$output"
check 'the gradient check says so of the scheme' prints "^ *$scheme: [0-9]* gradients are right\$"

# said PATTERN: what the page says that a failing test says.
said() { sed -n "s/^ *| \($scheme: $1\).*/\1/p" "$page"; }

code=0 # not even tried
apply 2 "src/pos/$scheme.c" && run_tests "$gradients"
check 'the gradient check notices the wrong sign' fails_with "$(said '[^ ]*: analytic')"
cp "$copy/right" "$file"
code=0
apply 3 "src/pos/$scheme.c" && run_tests "$promises"
check 'what is said and not so is noticed' fails_with "$(said 'adds .*')"

end_checks
