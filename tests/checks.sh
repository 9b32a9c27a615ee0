# checks.sh: what the tests of scripts share: counting. For a script to read in, with `.`; it says
# in $output where it keeps what it looks at, and calls end_checks last.
# shellcheck shell=sh disable=SC2154
passed=0
failed=0

# check WHAT CONDITION...: counts one test, and shows the output where it fails.
check() {
    what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAILED: ${about-}$what"
    sed 's/^/    | /' "$output"
}

# The line that run_tests.sh ends with, too.
end_checks() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
