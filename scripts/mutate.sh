#!/bin/sh
# mutate.sh CC: would a test notice if the mathematics were wrong? (mutate.sh CC N: job N of it.)
#
# The tables tests/*/mutants.txt say how to break it, one place at a time: a sign, an index, a position
# that is off by one, a term that is left out. For each such mutant one file is compiled, and its
# object is linked before the library, so that the linker does not ask the library for its own. Then
# tests are run until one fails: those of the file first, those of its folder, the gradient check of
# the whole model; with double and with float. A mutant that no test notices survives, and the exit
# code is 1: what it breaks is something that no test looks at.
#
# A mutant that does not compile says nothing about the tests and is an error, as is one whose old
# text is no longer there. One that hangs is caught: a test program gets a minute of processor time.
#
# ONLY=src/pos/rope.c, or a folder, takes the mutants of that alone; JOBS=2 says how many are tried
# at a time. All is built in build/mutate, where `results` has a line for each mutant.
set -u
export LC_ALL=C
compiler=${1:-cc}
only=${ONLY:-src/}
jobs=${JOBS:-2}
place=build/mutate
unset MAKEFLAGS MFLAGS # those of the make that called this one

# make_with REAL ARGUMENT...
make_with() {
    real=$1
    shift
    make -s CC="$compiler" REAL="$real" OUT="$place/$real" "$@"
}

# --- which tests ---

# tests_of FILE file|folder|model
tests_of() {
    folder=${1#src/}
    stem=${folder##*/}
    stem=${stem%.c}
    folder=${folder%/*}
    case $2 in
    file) ls "tests/$folder/test_$stem.c" "tests/$folder/test_${stem}"_*.c 2>/dev/null ;;
    folder) ls "tests/$folder"/test_*.c ;;
    model) echo tests/model/test_gpt_gradients.c ;;
    esac | sed 's/\.c$//'
}

# Every test that some mutant may need.
all_tests() {
    {
        printf '%s\n' "$mutants" | awk -F '\t' '!seen[$2]++ { print $2 }' | while read -r file; do
            tests_of "$file" folder
        done
        tests_of "$only" model
    } | sort -u
}

# A verdict means something only if all tests pass while nothing is broken.
check_unbroken() {
    tests=$(all_tests)
    for real in double float; do
        # shellcheck disable=SC2046,SC2086 # several names
        make_with $real -j "$jobs" $(printf "$place/$real/%s " $tests) || return 1
        # shellcheck disable=SC2046,SC2086 # as above
        sh tests/run_tests.sh $(printf "$place/$real/%s " $tests) >"$place/log" || {
            grep -v '  ok  ' "$place/log" >&2
            return 1
        }
    done
}

# --- one mutant ---

# The command that make would compile a file with.
compile_command() {
    make_with "$1" -n -W "$2" "$place/$1/${2%.c}.o" | grep -F -e " -c $2 -o "
}

# And the one that it would link a test with; @ stands for the test's name.
link_command() {
    test=tests/autograd/test_add
    make_with "$1" -n -W $test.c "$place/$1/$test" | tail -n 1 | sed "s|$test|@|g"
}

# compile_mutant REAL FILE: $job/REAL.o from $job/FILE.
compile_mutant() {
    sh -c "$(compile_command "$1" "$2" | sed "s| -c .*| -c $job/$2 -o $job/$1.o|")" &&
        [ -f "$job/$1.o" ]
}

# link_test REAL TEST: $job/TEST.
link_test() {
    mkdir -p "$job/${2%/*}"
    rm -f "$job/$2"
    sh -c "$(sed -e "s| $place/$1/libposgpt.a| $job/$1.o&|" -e "s|-o .*|-o $job/@|" -e "s|@|$2|g" \
        "$place/link-$1")" && [ -f "$job/$2" ]
}

# Prints what came of the mutant in $job/FILE.
verdict_on() {
    rm -f "$job/double.o" "$job/float.o"
    for round in 'double file' 'float file' 'double folder' 'double model' 'float folder'; do
        real=${round% *}
        if [ ! -f "$job/$real.o" ] && ! compile_mutant "$real" "$1" >"$job/log" 2>&1; then
            echo 'error: does not compile'
            return
        fi
        for test in $(tests_of "$1" "${round#* }"); do
            if ! link_test "$real" "$test" >"$job/log" 2>&1; then
                echo 'error: cannot be linked'
                return
            fi
            if ! sh tests/run_tests.sh "$job/$test" >"$job/log" 2>&1; then
                hangs=$(grep -q 'killed by signal 24$' "$job/log" && echo ', which hangs')
                echo "caught by $test ($real)$hangs"
                return
            fi
        done
    done
    echo survived
}

# Takes mutants that no other job has taken, until there are none left.
work() {
    ulimit -S -t 60
    tab=$(printf '\t')
    while IFS=$tab read -r number file words; do
        mkdir "$place/taken/$number" 2>/dev/null || continue
        begin=$(date +%s)
        mkdir -p "$job/${file%/*}"
        awk -v number="$number" -f scripts/mutants.awk "$place/table" >"$job/$file"
        verdict=$(verdict_on "$file")
        seconds=$(($(date +%s) - begin))
        echo "$file: $words: $verdict, $seconds s" | tee -a "$place/results"
    done <"$place/mutants"
}

if [ $# -eq 2 ]; then
    job=$place/job-$2
    work
    exit 0
fi

# --- all of them ---

tables=$(ls tests/*/mutants.txt)
# shellcheck disable=SC2086 # several names
mutants=$(awk -v only="$only" -f scripts/mutants.awk $tables) || exit 1
count=$(printf '%s\n' "$mutants" | grep -c .)
if [ "$count" -eq 0 ]; then
    echo "make mutate: ONLY=$only: expected a file or folder that a table tests/*/mutants.txt has mutants of" >&2
    exit 2
fi

echo "$count mutants, $jobs at a time; first the tests as they are" >&2
rm -rf "$place/taken" "$place/results" "$place"/job-*
mkdir -p "$place/taken"
# shellcheck disable=SC2086 # several names
cat $tables >"$place/table" # they may be edited meanwhile
printf '%s\n' "$mutants" >"$place/mutants"
: >"$place/results"
if ! check_unbroken; then
    echo 'make mutate: the tests fail before anything is broken' >&2
    exit 1
fi
link_command double >"$place/link-double"
link_command float >"$place/link-float"

# Not as jobs of the shell: these ignore Ctrl-C, and so would the programs whose tests send it.
awk -v jobs="$jobs" 'BEGIN { while (jobs > 0) print jobs-- }' |
    xargs -n 1 -P "$jobs" sh scripts/mutate.sh "$compiler" || exit 1

caught=$(grep -c ': caught by ' "$place/results")
survived=$(grep -c ': survived, ' "$place/results")
failed=$((count - caught - survived))
if [ "$caught" -ne "$count" ]; then
    echo
    grep -v ': caught by ' "$place/results"
fi
[ "$failed" -eq 0 ] || echo "$failed could not be tried"
echo "$count mutants, $caught caught, $survived survived"
[ "$caught" -eq "$count" ]
