#!/bin/sh
# run.sh BUILD: compares a build with PyTorch (compare.py), if a Python here has it.
#
# The system's python3 has the system's PyTorch; another python3 may come first in PATH. -B: nothing
# is written beside the sources.
set -u
for python in python3 /usr/bin/python3; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -B tests/torch/compare.py "$1"
    status=$?
    [ "$status" -eq 77 ] || exit "$status"
done
echo 'tests/torch: skipped: no python3 with PyTorch (Debian: apt install python3-torch)'
