#!/bin/sh
# test_scheme_names.sh: no file names a positional scheme unless that is its subject.
#
# A scheme is one file and one row of the registry; whoever adds or renames one need not know of any
# other place. So the names in src/pos/registry.c are looked for, as whole words, everywhere else:
#
#     in src            all but those that are English words and stand for other things as well
#     in the rest       all but these, and those that tests and help take for examples
#
# About schemes are their own folders, the claims, the tour, and the two places that write all of
# them down once more for the tests to compare with. Says "N passed, N failed" like run_tests.sh.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-test-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0

english='none learned relative'
examples='sinusoidal t5 alibi rope'

# names_without WORDS: the registry's names but these, as grep takes them.
names_without() {
    for name in $(sed -n 's/^ *ROW(\([a-z0-9_]*\)).*/\1/p' "$root/src/pos/registry.c"); do
        case " $1 " in
        *" $name "*) ;;
        *) printf '%s\n' "$name" ;;
        esac
    done
}

# offenders FOLDER: the lines in a tree that name a scheme without being about it.
offenders() {
    (
        cd "$1" || exit 1
        names_without "$english" >"$folder/in-src"
        names_without "$english $examples" >"$folder/in-rest"
        find src -type f | grep -v -e '^src/pos/' -e '^src/lab/claims/' -e '^src/README\.md$' |
            xargs grep -nIwF -f "$folder/in-src" /dev/null
        find Makefile scripts tests -type f |
            grep -v -e '^tests/pos/' -e '^tests/torch/' -e '^tests/fuzz/seeds/' \
                -e '^tests/support/literal_pos\.c$' -e '^tests/model/test_gpt_doors\.c$' |
            xargs grep -nIwF -f "$folder/in-rest" /dev/null
    ) >"$folder/output"
}

# check WHAT CONDITION...: counts one test.
check() {
    what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAILED: $what"
    sed 's/^/    | /' "$folder/output"
}

prints() { grep -q -e "$1" "$folder/output"; }
has_lines() { [ "$(grep -c '' "$folder/output")" -eq "$1" ]; }
has_names() { [ "$(grep -c '' "$folder/in-rest")" -ge 4 ]; }

offenders "$root"
check 'no file names a scheme that is not its subject' has_lines 0
check 'the registry was read' has_names

# A small tree with names in places where they may stand, and in two where they may not.
name=$(head -n 1 "$folder/in-rest")
mkdir -p "$folder/tree/src/pos" "$folder/tree/src/train" "$folder/tree/tests/train" \
    "$folder/tree/scripts"
echo "$name" >"$folder/tree/src/pos/$name.c"
printf '%s\n' "x$name, ${name}s" 'none, learned and relative' 'is it rope?' >"$folder/tree/src/train/a.c"
printf '%s\n' 'rope, alibi' "strcmp(scheme, \"$name\")" >"$folder/tree/tests/train/test_a.c"
: >"$folder/tree/Makefile"
offenders "$folder/tree"
check 'a name in src is found' prints '^src/train/a.c:3:is it rope?$'
check 'a name in a test is found' prints "^tests/train/test_a.c:2:strcmp(scheme, \"$name\")\$"
check 'nothing else is found' has_lines 2

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
