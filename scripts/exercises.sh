#!/bin/sh
# exercises.sh FOLDER [N]: copies the files of all exercises to a folder, with the part taken out
# that is to be written, and lists them. A file that is there is left as it is; but with N exercise
# N is begun once more, and what was there before is kept beside it.
set -u
export LC_ALL=C
CDPATH='' cd "$(dirname "$0")/.." || exit 1
table=tests/exercises/exercises.txt
folder=$1
again=${2-}

list=$(awk -f scripts/exercises.awk $table) || exit 1
tab=$(printf '\t')

cut_exercise() {
    awk -v number="$1" -f scripts/exercises.awk $table
}

# set_aside FILE: gives it a name that no file has.
set_aside() {
    copy=1
    while [ -e "$1.$copy" ]; do
        copy=$((copy + 1))
    done
    mv "$1" "$1.$copy" && echo "$1: kept as $1.$copy"
}

if [ $# -gt 1 ] && ! printf '%s\n' "$list" | grep -q "^$again$tab"; then
    count=$(printf '%s\n' "$list" | grep -c .)
    printf '%s\n' "AGAIN=$again: expected an exercise from 1 to $count" >&2
    exit 2
fi

mkdir -p "$folder" || exit 1
printf '%s\n' "$list" | while IFS=$tab read -r number source _ title; do
    name=${source##*/}
    file=$folder/$number-$name
    new=$file.$$.new
    [ "$number" != "$again" ] || [ ! -e "$file" ] || set_aside "$file" || exit 1
    cut_exercise "$number" >"$new" || exit 1
    if [ ! -e "$file" ]; then
        mv "$new" "$file" || exit 1
        state=new
    else
        state=untouched
        cmp -s "$new" "$file" || state='yours, left as it is'
        rm -f "$new"
    fi
    printf '%-30s %-42s %s\n' "$file" "$title" "$state"
done || exit 1

cat <<'END'

Each file says what is to be written at the line with EXERCISE. Then:  make exercise N=1
END
