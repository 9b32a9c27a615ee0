#!/bin/sh
# run_tests.sh BINARY...: runs test programs and says what became of them.
#
# Each binary's output goes to BINARY.log, and one line here tells its verdict; the log of a binary
# that fails is shown whole. The last line is "N passed, N failed", counted in tests. The exit code
# is 0 only if at least one test ran and none failed.
#
# An exit code of 0 is not enough to pass: a test whose code calls exit(0) ends its program with 0
# in the middle. What proves that a program came to its end is cmocka's closing line, one for each
# group of tests that was opened (cmocka 1.1.5 writes the first to stdout and the second to stderr):
#
#     [==========] Running 12 test(s).
#     [  PASSED  ] 12 test(s).
#
# A binary that ends without it counts as one failed test, whatever ran before.
set -u
export LC_ALL=C                     # a log may hold any bytes
export GOMP_SPINCOUNT=1000 KMP_BLOCKTIME=0 # threads that wait leave the cores to others
export CMOCKA_MESSAGE_OUTPUT=stdout # the plain format, also where the environment asks for XML

total_passed=0
total_failed=0

# Prints "GROUPS CLOSED PASSED FAILED SKIPPED" as counted in a log. Code under test may leave a line
# open, so cmocka's text is found anywhere in a line.
count_in_log() {
    awk '
        /\[==========\].* Running [0-9]+ test\(s\)\./ { groups++ }
        sub(/^.*\[  PASSED  \] /, "") && /^[0-9]+ test\(s\)\./ { closed++; passed += $1 }
        sub(/^.*\[  FAILED  \] /, "") && /^[0-9]+ test\(s\)/ { failed += $1 }
        sub(/^.*\[  SKIPPED \] /, "") && /^[0-9]+ test\(s\)/ { skipped += $1 }
        END { print groups + 0, closed + 0, passed + 0, failed + 0, skipped + 0 }
    ' "$1"
}

# The name of a binary, cut at its front to the width of its column.
short_name() {
    printf '%s\n' "$1" | awk '{ print length($0) <= 40 ? $0 : "..." substr($0, length($0) - 36) }'
}

run_binary() {
    binary=$1
    log=$binary.log
    case $binary in
    */*) command=$binary ;;
    *) command=./$binary ;; # not one of that name in PATH
    esac
    "$command" >"$log" 2>&1 </dev/null
    status=$?
    if [ -r "$log" ]; then
        counts=$(count_in_log "$log")
    else
        counts='0 0 0 0 0'
    fi
    read -r groups closed passed failed skipped <<END
$counts
END
    verdict=
    if [ "$closed" -ne "$groups" ] || [ "$closed" -eq 0 ]; then
        verdict="no closing line, exit code $status"
        [ "$status" -le 128 ] || verdict="killed by signal $((status - 128))"
        passed=0 failed=1
    elif [ "$failed" -gt 0 ]; then
        verdict="$failed failed, $passed passed"
    elif [ "$status" -ne 0 ]; then
        verdict="exit code $status after its tests"
        passed=0 failed=1
    elif [ "$passed" -eq 0 ]; then
        verdict='no test ran'
        failed=1
    fi
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
    name=$(short_name "$binary")
    if [ -z "$verdict" ]; then
        verdict="$passed passed"
        [ "$skipped" -eq 0 ] || verdict="$verdict, $skipped skipped"
        printf '%-40s  ok      %s\n' "$name" "$verdict"
        return
    fi
    printf '%-40s  FAILED  %s\n' "$name" "$verdict"
    [ ! -r "$log" ] || sed 's/^/    | /' "$log"
}

for binary in "$@"; do
    run_binary "$binary"
done
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ] && [ "$total_passed" -gt 0 ]
