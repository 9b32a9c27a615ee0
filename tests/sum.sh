#!/bin/sh
# sum.sh COMMAND...: runs commands, and adds what each counted ("N passed, N failed") to one line.
#
# All of them run, whatever becomes of the first. One that fails without having counted a failure
# counts as one. The exit code is 0 only if something passed and nothing failed.
set -u
export LC_ALL=C
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-sum-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
echo 0 0 >"$folder/sum"

for command in "$@"; do
    { sh -c "$command" && echo 0 || echo 1; } 2>&1 | awk -v sum="$folder/sum" '
        BEGIN { getline line < sum; close(sum); split(line, total, " ") }
        NR > 1 && last !~ /^[0-9]+ passed, [0-9]+ failed$/ { print last; fflush() }
        NR > 1 && last ~ /^[0-9]+ passed, [0-9]+ failed$/ {
            split(last, words, " "); total[1] += words[1]; total[2] += words[3]; failed += words[3]
        }
        { last = $0 }
        END { print total[1], total[2] + (last != 0 && !failed) > sum }
    '
done
read -r passed failed <"$folder/sum"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
