#!/bin/sh
# openblas.sh CC: prints how to link OpenBLAS, if it is there with its cblas.h; nothing otherwise.
# Only `make bench` asks, to measure it beside posgpt.
set -u
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-openblas-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
cat >"$folder/probe.c" <<'PROBE'
#include <cblas.h>
int main(void)
{
    openblas_set_num_threads(1);
    return 0;
}
PROBE
# $1 is not quoted: it may be "ccache gcc".
if $1 "$folder/probe.c" -lopenblas -o "$folder/probe" 2>/dev/null; then
    echo '-lopenblas'
fi
