/* simd.h: a vector register as a type, for this folder only.
 *
 * GCC and Clang let a type hold several numbers side by side; + - * on it work on all of them at
 * once and become one instruction where the processor has one. VECTOR_BYTES is the width of the
 * registers that the compiler was told about (-march): 16 with SSE or NEON, 32 with AVX, 64 with
 * AVX-512. Nothing here is specific to a processor: no intrinsics, and a compiler without the wide
 * registers splits a vector into narrower ones.
 */
#ifndef MATH_SIMD_H
#define MATH_SIMD_H

#include <stddef.h>
#include <string.h>

#include "math/real.h"

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

typedef real Vector __attribute__((vector_size(VECTOR_BYTES)));

enum { LANES = VECTOR_BYTES / sizeof(real) }; /* numbers in one vector */

/* memcpy of a fixed size is how C says "load from an address of any alignment". */
static inline Vector vector_load(const real *x)
{
    Vector v;
    memcpy(&v, x, sizeof v);
    return v;
}

static inline void vector_store(real *x, Vector v)
{
    memcpy(x, &v, sizeof v);
}

/* Asks the compiler to write a loop of constant length out in full, so that an array of vectors
 * that it indexes can live in registers. */
#if defined(__clang__)
#define UNROLL_FULLY _Pragma("clang loop unroll(full)")
#else
#define UNROLL_FULLY _Pragma("GCC unroll 32")
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#endif
