#!/bin/sh
# test_run_tests.sh: plants test programs of every kind and checks what run_tests.sh makes of them.
#
# The planted programs are shell scripts that print what cmocka 1.1.5 prints. Says "N passed, N
# failed" like run_tests.sh itself. At the end, the same for sum.sh, which adds such lines.
set -u
runner=$(cd "$(dirname "$0")" && pwd)/run_tests.sh
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-test-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
output=$folder/output
. "$(dirname "$0")/checks.sh"

# plant NAME: makes an executable script of stdin.
plant() {
    { echo '#!/bin/sh' && cat; } >"$folder/$1"
    chmod +x "$folder/$1"
}

# Runs the runner on the planted names and keeps its output and exit code.
run() {
    for name in "$@"; do
        set -- "$@" "$folder/$name"
        shift
    done
    sh "$runner" "$@" >"$output" 2>&1
    code=$?
}

exit_code_is() { [ "$code" -eq "$1" ]; }
last_line_is() { [ "$(tail -n 1 "$output")" = "$1" ]; }
prints() { grep -q -e "$1" "$output"; }
prints_not() { ! grep -q -e "$1" "$output"; }
has_one_sum() { [ "$(grep -c '^[0-9]* passed, [0-9]* failed$' "$output")" -eq 1 ]; }
fits_80_columns() { ! grep -v '^    | ' "$output" | grep -q '.\{81\}'; }

plant passing <<'END'
echo '[==========] Running 3 test(s).'
echo '[==========] 3 test(s) run.'
echo '[  PASSED  ] 3 test(s).' >&2
END
plant two_groups <<'END'
echo '[==========] Running 1 test(s).'
echo '[  PASSED  ] 1 test(s).' >&2
echo '[==========] Running 1 test(s).'
echo '[  PASSED  ] 1 test(s).' >&2
END
plant failing <<'END'
echo '[==========] Running 5 test(s).'
echo 'the reason' >&2
echo '[  PASSED  ] 3 test(s).' >&2
echo '[  FAILED  ] 2 test(s), listed below:' >&2
echo '[  FAILED  ] one' >&2
echo '[  FAILED  ] other' >&2
exit 2
END
plant failing_with_code_0 <<'END'
echo '[==========] Running 2 test(s).'
echo '[  PASSED  ] 1 test(s).' >&2
echo '[  FAILED  ] 1 test(s), listed below:' >&2
END
plant silent <<'END'
exit 0
END
plant stops_in_a_test <<'END'
echo '[==========] Running 4 test(s).'
echo '[ RUN      ] one'
echo '[       OK ] one'
echo '[ RUN      ] two'
exit 0
END
plant stops_in_second_group <<'END'
echo '[==========] Running 1 test(s).'
echo '[  PASSED  ] 1 test(s).' >&2
echo '[==========] Running 4 test(s).'
exit 0
END
plant empty <<'END'
echo '[==========] Running 0 test(s).'
echo '[  PASSED  ] 0 test(s).' >&2
END
plant all_skipped <<'END'
echo '[==========] Running 1 test(s).'
echo '[  PASSED  ] 0 test(s).' >&2
echo '[  SKIPPED ] 1 test(s), listed below:' >&2
END
plant some_skipped <<'END'
echo '[==========] Running 3 test(s).'
echo '[  PASSED  ] 2 test(s).' >&2
echo '[  SKIPPED ] 1 test(s), listed below:' >&2
END
plant leaking <<'END'
echo '[==========] Running 3 test(s).'
echo '[  PASSED  ] 3 test(s).' >&2
echo 'LeakSanitizer: detected memory leaks' >&2
exit 23
END
plant crashing <<'END'
echo '[==========] Running 3 test(s).'
kill -SEGV $$
END
plant open_line <<'END'
echo '[==========] Running 3 test(s).'
printf 'step 10\rstep 20' >&2
echo '[  PASSED  ] 3 test(s).' >&2
END
plant impostor <<'END'
echo '99 passed, 0 failed'
exit 1
END

run passing
check 'a passing binary passes' exit_code_is 0
check 'its tests are counted' last_line_is '3 passed, 0 failed'
check 'its line says ok' prints 'passing .*ok .*3 passed$'
check 'its log is kept' grep -q PASSED "$folder/passing.log"
check 'its log is not shown' prints_not PASSED

run two_groups open_line some_skipped
check 'groups, open lines and skipped tests pass' exit_code_is 0
check 'skipped tests are not passed ones' last_line_is '7 passed, 0 failed'
check 'skipped tests are said' prints 'some_skipped .*2 passed, 1 skipped'

run failing
check 'a failing binary fails' exit_code_is 1
check 'its tests are counted one by one' last_line_is '3 passed, 2 failed'
check 'its log is shown' prints 'the reason'

for name in silent stops_in_a_test stops_in_second_group empty all_skipped leaking crashing absent; do
    run "$name"
    check "$name: fails" exit_code_is 1
    check "$name: counts as one" last_line_is '0 passed, 1 failed'
    check "$name: is named" prints "$name .*FAILED"
done

run failing_with_code_0
check 'a failed test counts whatever the exit code' exit_code_is 1
check 'and is counted' last_line_is '1 passed, 1 failed'

run
check 'no binary at all is a failure' exit_code_is 1
check 'and says so' last_line_is '0 passed, 0 failed'

run silent passing failing stops_in_a_test crashing impostor
check 'one failure fails the whole' exit_code_is 1
check 'all are run and added up' last_line_is '6 passed, 6 failed'
check 'no line is wider than 80 columns' fits_80_columns
check 'there is one sum, whatever a log says' has_one_sum

cp "$folder/passing" "$folder/local" # to be found here, and nowhere in PATH
(cd "$folder" && sh "$runner" local >output 2>&1)
code=$?
check 'a name without a slash is the one in this folder' exit_code_is 0

# --- sum.sh ---

sum() {
    sh "$(dirname "$runner")/sum.sh" "$@" >"$output" 2>&1
    code=$?
}

sum "echo first; echo '3 passed, 0 failed'" "echo '2 passed, 0 failed'" 'echo skipped'
check 'a sum of what passed passes' exit_code_is 0
check 'it adds' last_line_is '5 passed, 0 failed'
check 'it has one line' has_one_sum
check 'it shows the rest' prints '^first$'

sum "echo '3 passed, 1 failed'; exit 1" 'exit 1' 'kill -9 $$' "echo '2 passed, 0 failed'"
check 'a sum with a failure fails' exit_code_is 1
check 'what fails without counting counts as one, and the others run' \
    last_line_is '5 passed, 3 failed'

sum true
check 'a sum of nothing is a failure' exit_code_is 1

end_checks
