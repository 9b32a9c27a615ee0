/* gemm.h: the product of two matrices, which is where a transformer spends its time.
 *
 *     C [M, N]  =  A [M, K] B [K, N]          or  C += A B
 *
 * A matrix is given by the address of its first number and two strides: element (i, j) stands at
 * at[i * row_stride + j * column_stride]. A transposed matrix is the same numbers with the strides
 * exchanged, so the three products of a linear layer y = x W^T are all this one function:
 *
 *     forward             y  [N, O]  =  x    [N, C]  W^T [C, O]
 *     gradient of x       dx [N, C] +=  dy   [N, O]  W   [O, C]
 *     gradient of W       dW [O, C] +=  dy^T [O, N]  x   [N, C]
 *
 * Each element of C is one chain of multiply-adds in the order k = 0, 1, 2, ... It depends neither
 * on the other rows and columns nor on the number of threads, so the same row times the same matrix
 * gives the same bits in every product. */
#ifndef MATH_GEMM_H
#define MATH_GEMM_H

#include <stddef.h>

#include "math/real.h"

typedef struct Matrix {
    const real *at;
    size_t row_stride, column_stride;
} Matrix;

/* Row-major [rows, width] as it stands, and its transpose [width, rows]. */
static inline Matrix matrix(const real *at, size_t width)
{
    return (Matrix){at, width, 1};
}

static inline Matrix matrix_transposed(const real *at, size_t width)
{
    return (Matrix){at, 1, width};
}

typedef enum GemmMode { GEMM_SET, GEMM_ADD } GemmMode;

/* C = A B or C += A B, where row i of C starts at c[i * c_stride]. C overlaps neither A nor B.
 * On all threads; inside a parallel_for on the calling one. */
void gemm(size_t m, size_t n, size_t k, Matrix a, Matrix b, GemmMode mode, real *c,
          size_t c_stride);

#endif
