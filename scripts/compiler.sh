#!/bin/sh
# compiler.sh CC ARCH: prints what a compiler can do, as lines for the Makefile.
#
#     ARCH_FLAGS    code for the processor ARCH ("native": this one), if it knows how
#     OPENMP_FLAGS  threads, if it has them; without them everything runs on one core
#     WATCH_FLAGS   code that notices a wrong access to memory, if it knows how
#     GLIBC         yes, if programs are linked to the GNU C library, which the library of faults needs
set -u
compiler=$1
arch=$2
folder=$(mktemp -d "${TMPDIR:-/tmp}/posgpt-compiler-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT

# $compiler is not quoted: it may be "ccache gcc".
builds() {
    printf '%s\n' "$1" >"$folder/probe.c"
    shift
    $compiler "$@" "$folder/probe.c" -o "$folder/probe" 2>/dev/null
}

if ! builds 'int main(void) { return 0; }'; then
    echo "$compiler: cannot compile a C program: expected a C compiler (CC=...)" >&2
    exit 1
fi

arch_flags=
if [ -n "$arch" ]; then
    for flag in "-march=$arch" "-mcpu=$arch"; do
        if builds 'int main(void) { return 0; }' "$flag"; then
            arch_flags=$flag
            break
        fi
    done
    if [ -z "$arch_flags" ] && [ "$arch" != native ]; then
        echo "ARCH=$arch: $compiler does not know this processor" >&2
        exit 1
    fi
fi
# Compilers prefer half of a 512-bit register where they tune for an early processor that had it. The
# products in src/math use the whole one anyway; so may the loops around them.
wide='#ifndef __AVX512F__
#error
#endif
int main(void) { return 0; }'
if builds "$wide" $arch_flags -mprefer-vector-width=512; then
    arch_flags="$arch_flags -mprefer-vector-width=512"
fi
echo "ARCH_FLAGS = $arch_flags"

openmp='#include <omp.h>
int main(void) { return omp_get_max_threads() < 1; }'
if builds "$openmp" -fopenmp; then
    echo 'OPENMP_FLAGS = -fopenmp'
else
    echo 'OPENMP_FLAGS ='
    echo "$compiler has no OpenMP here: posgpt will use one core" >&2
fi

watch='-fsanitize=address,undefined'
if builds 'int main(void) { return 0; }' $watch; then
    echo "WATCH_FLAGS = -g -fno-omit-frame-pointer $watch -fno-sanitize-recover=all"
else
    echo 'WATCH_FLAGS ='
fi
glibc='#include <stdio.h>
#ifndef __GLIBC__
#error
#endif
int main(void) { return 0; }'
builds "$glibc" && echo 'GLIBC = yes' || echo 'GLIBC ='
