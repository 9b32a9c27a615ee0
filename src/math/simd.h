/* simd.h: a vector register as a type, for this folder only.
 *
 * GCC and Clang let a type hold several numbers side by side; + - * on it work on all of them at
 * once and become one instruction where the processor has one. VECTOR_BYTES is the width of the
 * registers that the compiler was told about (-march): 16 with SSE or NEON, 32 with AVX, 64 with
 * AVX-512. Nothing here is specific to a processor: no intrinsics, and a compiler without the wide
 * registers splits a vector into narrower ones. So any of the three widths can be asked for
 * anywhere (-DVECTOR_BYTES=64), which is how the tests come to all of them. (GCC then notes that
 * such an argument is passed in another way by versions before 4.6; -Wno-psabi spares that.)
 */
#ifndef MATH_SIMD_H
#define MATH_SIMD_H

#include <stddef.h>
#include <string.h>

#include "math/real.h"

#ifndef VECTOR_BYTES
#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
#endif

typedef real Vector __attribute__((vector_size(VECTOR_BYTES)));

/* Numbers in one vector. */
#ifdef REAL_IS_DOUBLE
#define LANES (VECTOR_BYTES / 8)
typedef long long VectorIndex __attribute__((vector_size(VECTOR_BYTES)));
#else
#define LANES (VECTOR_BYTES / 4)
typedef int VectorIndex __attribute__((vector_size(VECTOR_BYTES)));
#endif

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

/* Lane by lane a where the mask is all ones, b where it is 0: what a comparison of vectors
 * gives. */
static inline Vector vector_select(VectorIndex mask, Vector a, Vector b)
{
    return (Vector)((mask & (VectorIndex)a) | (~mask & (VectorIndex)b));
}

/* A vector of lanes chosen by number from two: 0 ... LANES-1 are those of a, the next those of
 * b. */
#if defined(__clang__)
#define VECTOR_PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define VECTOR_PICK(a, b, ...) __builtin_shuffle(a, b, (VectorIndex){__VA_ARGS__})
#endif

/* Two vectors shuffled into each other like two halves of a pack of cards: the first half of the
 * result is a0 b0 a1 b1 ..., the second goes on to the last lanes. */
static inline Vector vector_zip_first(Vector a, Vector b)
{
#if LANES == 16
    return VECTOR_PICK(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
#elif LANES == 8
    return VECTOR_PICK(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
#elif LANES == 4
    return VECTOR_PICK(a, b, 0, 4, 1, 5);
#else
    return VECTOR_PICK(a, b, 0, 2);
#endif
}

static inline Vector vector_zip_second(Vector a, Vector b)
{
#if LANES == 16
    return VECTOR_PICK(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif LANES == 8
    return VECTOR_PICK(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif LANES == 4
    return VECTOR_PICK(a, b, 2, 6, 3, 7);
#else
    return VECTOR_PICK(a, b, 1, 3);
#endif
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
