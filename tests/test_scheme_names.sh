#!/bin/sh
# test_scheme_names.sh: no file names a positional scheme unless that is its subject.
#
# A scheme is one file and one row of the registry; whoever adds or renames one need not know of any
# other place. So the names in src/pos/registry.c are looked for everywhere else:
#
#     in src            as whole words, all but those that are English words and mean other things too
#     in the rest       the same, without those that tests and help take for examples
#     in both           a name that is in none of the lists below may be any word: "linear". It is
#                       looked for where nothing but a scheme can be meant: pos_find("linear")
#
# About schemes are their own folders, the claims, the tour, the words that the fuzzer is given, and
# the two places that write all of them down once more for the tests to compare with. Says "N passed, N failed" like run_tests.sh.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-test-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
output=$folder/output
. "$(dirname "$0")/checks.sh"

english='none learned relative'
examples='sinusoidal t5 alibi rope'
others='shaw kerple fire cope xpos'

# names_in yes|no WORDS: the names in the registry of this folder that are, or are not, among words.
names_in() {
    sed -n 's/^ *ROW(\([a-z0-9_]*\)).*/\1/p' src/pos/registry.c | while read -r name; do
        case " $2 " in
        *" $name "*) [ "$1" = no ] || printf '%s\n' "$name" ;;
        *) [ "$1" = yes ] || printf '%s\n' "$name" ;;
        esac
    done
}

# What takes a name that is in no list for that of a scheme.
uses_of_unlisted() {
    names_in no "$english $examples $others" | while read -r name; do
        printf '%s\n' "pos_find\\(\"$name\"\\)" "strcmp\\([^)]*, \"$name\"\\)" \
            "(^|[^[:alnum:]_])(pos|POS) ?= ?$name([^[:alnum:]_]|\$)"
    done
}

# offenders FOLDER: the lines in a tree that name a scheme without being about it.
offenders() {
    (
        cd "$1" || exit 1
        names_in yes "$examples $others" >"$folder/in-src"
        names_in yes "$others" >"$folder/in-rest"
        uses_of_unlisted >"$folder/in-both"
        find src -type f | grep -v -e '^src/pos/' -e '^src/lab/claims/' -e '^src/README\.md$' \
            >"$folder/src"
        find Makefile scripts tests -type f |
            grep -v -e '^tests/pos/' -e '^tests/torch/' -e '^tests/fuzz/.*\.dict$' \
                -e '^tests/fuzz/seeds/' -e "^tests/${0##*/}\$" \
                -e '^tests/support/literal_pos\.c$' -e '^tests/model/test_gpt_doors\.c$' \
                >"$folder/rest"
        xargs grep -nIwF -f "$folder/in-src" /dev/null <"$folder/src"
        xargs grep -nIwF -f "$folder/in-rest" /dev/null <"$folder/rest"
        [ ! -s "$folder/in-both" ] ||
            cat "$folder/src" "$folder/rest" | xargs grep -nIE -f "$folder/in-both" /dev/null
    ) >"$output"
}

prints() { grep -q -e "$1" "$output"; }
has_lines() { [ "$(grep -c '' "$output")" -eq "$1" ]; }
has_names() { [ "$(grep -c '' "$folder/in-rest")" -ge 4 ]; }

offenders "$root"
check 'no file names a scheme that is not its subject' has_lines 0
check 'the registry was read' has_names

# A small tree with names in places where they may stand, and in four where they may not. One of its
# schemes is in none of the lists.
name=$(head -n 1 "$folder/in-rest")
mkdir -p "$folder/tree/src/pos" "$folder/tree/src/train" "$folder/tree/tests/train" \
    "$folder/tree/scripts"
{ cat "$root/src/pos/registry.c" && echo '    ROW(linear) \'; } >"$folder/tree/src/pos/registry.c"
echo "$name" >"$folder/tree/src/pos/$name.c"
printf '%s\n' "x$name, ${name}s" 'none, learned and relative' 'is it rope?' \
    'linear(x), ipos = linear, pos = linearly' 'pos_find("linear")' >"$folder/tree/src/train/a.c"
printf '%s\n' 'rope, alibi' "strcmp(scheme, \"$name\")" '"linear"' 'make POS=linear,x' \
    >"$folder/tree/tests/train/test_a.c"
: >"$folder/tree/Makefile"
offenders "$folder/tree"
check 'a name in src is found' prints '^src/train/a.c:3:is it rope?$'
check 'a name in a test is found' prints "^tests/train/test_a.c:2:strcmp(scheme, \"$name\")\$"
check 'a word that names a scheme in src is found' prints '^src/train/a.c:5:pos_find("linear")$'
check 'a word that names a scheme in a test is found' \
    prints '^tests/train/test_a.c:4:make POS=linear,x$'
check 'nothing else is found' has_lines 4

end_checks
