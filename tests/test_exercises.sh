#!/bin/sh
# test_exercises.sh MAKE BUILD: what students meet in `make exercises` and `make exercise`.
#
# Every exercise as it is cut must compile and be judged "not yet"; with the original file in its
# place, right; and with each of the mistakes in tests/exercises/mistakes.txt, wrong by the right
# name. All that is judged without the sanitizers, which take their time; what they are for is tried
# last, with the whole of `make exercise`. Says "N passed, N failed" like run_tests.sh.
set -u
export LC_ALL=C
CDPATH='' cd "$(dirname "$0")/.." || exit 1
make=$1
build=$2
folder=$build/exercises-test # of students, in the place of exercises/
table=tests/exercises/exercises.txt
tab=$(printf '\t')
output=$folder/output
. tests/checks.sh
code=0

exit_code_is() { [ "$code" -eq "$1" ]; }
prints() { grep -qF -e "$1" "$output"; }
prints_once() { [ "$(grep -cF -e "$1" "$output")" -eq 1 ]; }
is_silent() { [ ! -s "$output" ]; }

list=$(awk -f scripts/exercises.awk $table) || exit 1
mistakes=$(awk -f scripts/mutants.awk tests/exercises/mistakes.txt) || exit 1
count=$(printf '%s\n' "$list" | grep -c .)
rm -rf "$folder" "${build:?}/$folder" "$build/watched/$folder" "$build/unwatched/$folder"
mkdir -p "$folder" || exit 1

# --- many files, judged one by one ---

# number_of SOURCE: the exercise that is cut from this file.
number_of() { printf '%s\n' "$list" | awk -F '\t' -v source="$1" '$2 == source { print $1 }'; }

printf '%s\n' "$list" | while IFS=$tab read -r number source _; do
    awk -v number="$number" -f scripts/exercises.awk $table >"$folder/cut$number.c"
    cp "$source" "$folder/original$number.c"
done
for number in $(printf '%s\n' "$mistakes" | cut -f 1); do
    awk -v number="$number" -f scripts/mutants.awk tests/exercises/mistakes.txt \
        >"$folder/mistake$number.c"
done
$make -s "$build/flags" 2>/dev/null # in a fresh tree this says that it compiles
programs=$(for file in "$folder"/*.c; do echo "$build/${file%.c}/judge"; done)
# shellcheck disable=SC2086 # several names
$make --no-print-directory -s -k EXERCISES="$folder" WATCHED="$build/unwatched" WATCH_FLAGS=-O0 \
    $programs >"$output" 2>&1
check 'all of them compile, without a warning' is_silent

# judge NAME N: the verdict on NAME.c as exercise N.
judge() {
    { "$build/$folder/$1/judge" "$2" >"$output" 2>&1; } 2>/dev/null # the shell's own words, if it stops
    code=$?
}

number=0
while [ $number -lt "$count" ]; do
    number=$((number + 1))
    judge "cut$number" $number
    check "exercise $number as it is cut is not solved" exit_code_is 1
    case $number in
    4) said='the future' ;; # the mask as it is cut lets all through
    6) said='nothing is turned' ;;
    *) said='0 everywhere' ;;
    esac
    check "exercise $number: the verdict says what is missing" prints "$said"
    judge "original$number" $number
    check "exercise $number is solved by the original" exit_code_is 0
done
printf '%s\n' "$mistakes" >"$folder/mistakes"
while IFS=$tab read -r mistake source words; do
    judge "mistake$mistake" "$(number_of "$source")"
    check "$source: not solved: $words" [ $code -ne 0 ]
    check "$source: told by name: $words" prints "$words"
done <"$folder/mistakes"

# --- the two commands ---

exercises() {
    sh scripts/exercises.sh "$folder/mine" "$@" >"$output" 2>&1
    code=$?
}

exercise() {
    STEPS=20 LIMIT=2 sh scripts/exercise.sh "$make EXERCISES=$folder/mine" "$build" \
        "$folder/mine" "$1" >"$output" 2>&1
    code=$?
}

exercises
check 'all exercises are there, and new' [ "$(grep -c ' new$' "$output")" -eq "$count" ]
echo '/* mine */' >>"$folder/mine/1-gelu.c"
cp "$folder/mine/1-gelu.c" "$folder/kept.c"
exercises
check 'what is there is not overwritten' cmp -s "$folder/mine/1-gelu.c" "$folder/kept.c"
check 'and it is said so' prints_once 'yours, left as it is'
exercises 1
check 'one exercise can be begun again' cmp -s "$folder/mine/1-gelu.c" "$folder/cut1.c"
check 'what was there is kept' cmp -s "$folder/mine/1-gelu.c.1" "$folder/kept.c"
exercises 99
check 'an exercise that is not there cannot' exit_code_is 2
exercise 99
check 'nor be judged' exit_code_is 2

# write_gelu CODE: stands where exercise 1 asks for the slope.
write_gelu() { sed "s|real slope = 0;|$1|" "$folder/cut1.c" >"$folder/mine/1-gelu.c"; }
line=$(sed -n '/real slope = 0;/=' "$folder/cut1.c")

write_gelu 'real slope = ;'
exercise 1
check 'an error of syntax is not yet right' exit_code_is 1
check 'the compiler says where it is' prints "$folder/mine/1-gelu.c:$line:"
check 'what make says about that is not shown' prints_once 'Not yet'
write_gelu 'volatile real *far = op->x->grad + tensor_size(op->x); real slope = far[0];'
exercise 1
if grep -q '^WATCH_FLAGS = .' "$build/compiler.mk"; then
    check 'a read outside of a tensor is found' prints \
        "$folder/mine/1-gelu.c:$line: reads outside of a tensor's memory"
fi
write_gelu 'real slope = 0; while (t[i] < 2) slope += 1;'
exercise 1
check 'a program that runs forever is stopped' prints 'does not come to an end'
sed 's/window == 0 ||/window == 1 ||/' "$folder/original4.c" >"$folder/mine/4-attention.c"
exercise 4
check 'an assertion that fails is told by what was tried' prints \
    'square   stops: some query sees no key'
cp src/autograd/gelu.c "$folder/mine/1-gelu.c"
exercise 1
check 'the original is right' exit_code_is 0
check 'and trains to the same losses' prints 'The same to the last digit.'

end_checks
