#!/bin/sh
# fuzz.sh COMPILER: succeeds where this compiler can build a fuzzer; otherwise says what is missing.
set -u

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cat >"$folder/x.c" <<'END'
#include <stddef.h>
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    return bytes == NULL && length > 0;
}
END
if "$1" -fsanitize=fuzzer,address,undefined "$folder/x.c" -o "$folder/x" >/dev/null 2>&1; then
    exit 0
fi
echo "make fuzz: needs $1 with its run-time libraries" \
    "(Debian: apt install clang libclang-rt-14-dev)" >&2
exit 1
