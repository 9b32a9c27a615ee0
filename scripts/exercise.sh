#!/bin/sh
# exercise.sh MAKE BUILD FOLDER N: is exercise N solved, and if not, what is wrong?
#
# The student's file is compiled and linked with the judge (tests/exercises/judge.h), in front of
# the library. Once it is right, a small model is trained with it, and with the file that it was cut
# from. Exit code 0: right; 1: not yet; 2: there is no such exercise. STEPS=20 trains for fewer
# steps, and LIMIT=5 gives a program fewer seconds.
set -u
export LC_ALL=C
CDPATH='' cd "$(dirname "$0")/.." || exit 1
make=$1
build=$2
folder=$3
number=$4
steps=${STEPS:-600}
seconds=${LIMIT:-60} # of processor time: then it will not come to an end
tab=$(printf '\t')
export GOMP_SPINCOUNT=1000 KMP_BLOCKTIME=0 # threads that wait leave the cores to others

list=$(awk -f scripts/exercises.awk tests/exercises/exercises.txt) || exit 1
line=$(printf '%s\n' "$list" | awk -F '\t' -v number="$number" '$1 "" == number ""')
if [ -z "$line" ]; then
    count=$(printf '%s\n' "$list" | grep -c .)
    printf '%s\n' "N=$number: expected an exercise from 1 to $count; make exercises lists them" >&2
    exit 2
fi
IFS=$tab read -r number source scheme title <<END
$line
END
name=${source##*/}
name=$number-${name%.c}
file=$folder/$name.c
programs=$build/$folder/$name
[ -e "$file" ] || sh scripts/exercises.sh "$folder" >/dev/null || exit 1
log=$(mktemp "${TMPDIR:-/tmp}/posgpt-exercise-XXXXXX") || exit 1
trap 'rm -f "$log"' EXIT

# make_program TARGET: what the compiler says is shown, what make says about it is not.
make_program() {
    $make --no-print-directory -s "$1" >"$log" 2>&1
    status=$?
    grep -v -e '^[a-z]*make[^ ]*: ' "$log" >&2
    return $status
}

# where: the line of the student's file that a sanitizer's report in the log names first.
where() {
    sed -n "s|.*\($file:[0-9]*\).*|\1|p" "$log" | head -n 1
}

# say_why STATUS: why a program ended that did not come to its end.
say_why() {
    place=$(where)
    sed -n 's/^tried: /  /p' "$log" | tail -n 1
    if grep -q 'runtime error: ' "$log"; then
        sed -n 's/.*runtime error: //p' "$log" | head -n 1 | sed "s|^|${place:-$file}: |"
    elif grep -q 'ERROR: AddressSanitizer: SEGV' "$log"; then
        echo "${place:-$file}: uses a pointer that points to nothing (NULL?)"
    elif grep -q 'ERROR: AddressSanitizer: ' "$log"; then
        verb=$(grep -q '^WRITE of size' "$log" && echo writes || echo reads)
        echo "${place:-$file}: $verb outside of a tensor's memory"
    elif [ "$1" -eq 152 ] || [ "$1" -eq 137 ]; then
        echo "$file: does not come to an end within $seconds s"
    else
        grep -v '^tried: ' "$log"
        echo "$file: ends with exit code $1"
    fi
}

echo "$file: $title"
if ! make_program "$programs/judge"; then
    echo 'Not yet: it does not compile.'
    exit 1
fi
{
    (
        ulimit -S -t "$seconds"
        ASAN_OPTIONS=detect_leaks=0 "$programs/judge" "$number" 2>"$log"
    )
} 2>/dev/null # the shell's own words when it is stopped
status=$?
if [ $status -ne 0 ]; then
    if [ $status -gt 1 ] || grep -q -v '^tried: ' "$log"; then
        say_why $status
    fi
    echo 'Not yet.'
    exit 1
fi

# losses PROGRAM: its loss after some steps, one a line.
losses() {
    ulimit -S -t "$seconds"
    "$1" "$scheme" "$steps" 2>>"$log"
}

: >"$log"
make_program "$programs/train" && make_program "$build/tests/exercises/train" || exit 1
if ! yours=$(losses "$programs/train") || ! theirs=$(losses "$build/tests/exercises/train"); then
    cat "$log" >&2
    echo 'Right by all numbers above, but training with it ends early.'
    exit 1
fi
echo "Right. A small model trained with it, POS=$scheme, loss in nats per character:"
printf '%s\n' "$yours" "$theirs" | awk -v file="$file" -v source="$source" '
    !($1 in yours) { order[++n] = $1; yours[$1] = $2; next }
    { theirs[$1] = $2 }
    END {
        width = length(file) > length(source) ? length(file) : length(source)
        form = "  %-" width "s"
        printf form, "after steps"
        for (i = 1; i <= n; i++) printf "%9d", order[i]
        printf "\n" form, file
        for (i = 1; i <= n; i++) printf "%9.4f", yours[order[i]]
        printf "\n" form, source
        for (i = 1; i <= n; i++) {
            printf "%9.4f", theirs[order[i]]
            same += yours[order[i]] "" == theirs[order[i]] ""
        }
        off = yours[order[1]] - theirs[order[1]]
        off = off < 0 ? -off : off
        print ""
        if (same == n)
            print "The same to the last digit."
        else if (off < 1e-4)
            print "The same at first. Sums in another order are rounded differently, and that grows."
        else
            printf "These differ from the start, by %.1g: more than rounding does.\n", off
        exit off < 1e-4 ? 0 : 1
    }'
