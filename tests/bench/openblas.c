/* openblas.c: gemm() as OpenBLAS does it. The Makefile defines OPENBLAS where there is one. */
#include "bench/bench.h"

#ifdef OPENBLAS
#include <cblas.h>
#include <time.h>

#ifdef REAL_IS_DOUBLE
#define cblas_gemm cblas_dgemm
#else
#define cblas_gemm cblas_sgemm
#endif

bool openblas_available(void)
{
    return true;
}

/* OpenBLAS knows a matrix by the longer of its strides, and whether it is transposed. */
static blasint leading(Matrix matrix)
{
    return (blasint)(matrix.column_stride == 1 ? matrix.row_stride : matrix.column_stride);
}

static enum CBLAS_TRANSPOSE transposed(Matrix matrix)
{
    return matrix.column_stride == 1 ? CblasNoTrans : CblasTrans;
}

void openblas_gemm(size_t threads, size_t m, size_t n, size_t k, Matrix a, Matrix b, GemmMode mode,
                   real *c, size_t c_stride)
{
    openblas_set_num_threads((int)threads);
    cblas_gemm(CblasRowMajor, transposed(a), transposed(b), (blasint)m, (blasint)n, (blasint)k, 1,
               a.at, leading(a), b.at, leading(b), mode == GEMM_ADD, c, (blasint)c_stride);
}

#else

bool openblas_available(void)
{
    return false;
}

void openblas_gemm(size_t threads, size_t m, size_t n, size_t k, Matrix a, Matrix b, GemmMode mode,
                   real *c, size_t c_stride)
{
    (void)threads, (void)m, (void)n, (void)k, (void)a, (void)b, (void)mode, (void)c, (void)c_stride;
}

#endif
