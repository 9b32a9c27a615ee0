/* gemm.c: how a matrix product reaches the speed of the machine.
 *
 * Three loops would do, but they would wait for memory: two numbers are fetched for each
 * multiply-add. The remedy is to use each number many times while it is in a register.
 *
 *   1. A tile of C, TILE_ROWS x TILE_COLUMNS, stays in registers while k runs. One step of k reads
 *      TILE_COLUMNS numbers of B and TILE_ROWS numbers of A and does TILE_ROWS * TILE_COLUMNS
 *      multiply-adds with them.
 *   2. B is copied ("packed") into panels of TILE_COLUMNS columns, so that the inner loop reads it
 *      from front to back. A panel block is BLOCK_N columns by GEMM_BLOCK_K rows: it stays in the
 *      second-level cache while all rows of A pass by it.
 *   3. A is read where it stands, one number at a time, each spread over a whole vector.
 *   4. The rows of C are shared among the threads. Which thread computes a row does not change it.
 *
 *            B     [k] | panel | panel | panel |        panel: TILE_COLUMNS wide, packed
 *                      +-------+-------+-------+
 *      A  [rows] x [k] |  tile |  tile |  ...  |        tile: lives in registers
 *
 * At the edges of C a tile is only partly there: the missing rows of A count as copies of zero, the
 * missing columns of B as zeros, and only the part that exists is stored.
 */
#include "math/gemm.h"

#include <assert.h>
#include <stdbool.h>

#include "math/parallel.h"
#include "math/simd.h"

/* The tile fills the vector registers: of 32, 24 hold C; of 16, 12 do. The others hold a row of B
 * and one number of A. */
#if VECTOR_BYTES == 64
enum { TILE_ROWS = 12 };
#else
enum { TILE_ROWS = 6 };
#endif
enum {
    TILE_VECTORS = 2,
    TILE_COLUMNS = TILE_VECTORS * LANES,
    GEMM_BLOCK_K = 256,
    BLOCK_BYTES = 256 * 1024, /* of packed B: half of a usual second-level cache */
    BLOCK_N = BLOCK_BYTES / (GEMM_BLOCK_K * sizeof(real)),
    MIN_ROWS = 2 * TILE_ROWS, /* fewer are not worth a second thread */
};

/* C tile (+)= A rows times a packed panel of B: the heart of the program.
 *   a      TILE_ROWS rows, `depth` columns, at the given strides
 *   panel  [depth, TILE_COLUMNS]
 *   c      TILE_ROWS rows, c_stride apart; read first if `add` */
ALWAYS_INLINE void tile_product(size_t depth, const real *a, size_t a_row, size_t a_column,
                                const real *panel, bool add, real *c, size_t c_stride)
{
    Vector sum[TILE_ROWS][TILE_VECTORS];
    UNROLL_FULLY
    for (size_t i = 0; i < TILE_ROWS; i++)
        UNROLL_FULLY
    for (size_t v = 0; v < TILE_VECTORS; v++)
        sum[i][v] = add ? vector_load(c + i * c_stride + v * LANES) : (Vector){0};

    for (size_t k = 0; k < depth; k++) {
        Vector b[TILE_VECTORS];
        UNROLL_FULLY
        for (size_t v = 0; v < TILE_VECTORS; v++)
            b[v] = vector_load(panel + k * TILE_COLUMNS + v * LANES);
        UNROLL_FULLY
        for (size_t i = 0; i < TILE_ROWS; i++) {
            real number = a[i * a_row + k * a_column];
            UNROLL_FULLY
            for (size_t v = 0; v < TILE_VECTORS; v++)
                sum[i][v] += number * b[v];
        }
    }

    UNROLL_FULLY
    for (size_t i = 0; i < TILE_ROWS; i++)
        UNROLL_FULLY
    for (size_t v = 0; v < TILE_VECTORS; v++)
        vector_store(c + i * c_stride + v * LANES, sum[i][v]);
}

/* Two copies of the tile for the two ways in which A usually lies: along k (forward, and the
 * gradient of x), or across (the gradient of W). A stride that the compiler knows is one addition
 * less. */
static void tile_along(size_t depth, const real *a, size_t a_row, const real *panel, bool add,
                       real *c, size_t c_stride)
{
    tile_product(depth, a, a_row, 1, panel, add, c, c_stride);
}

static void tile_across(size_t depth, const real *a, size_t a_column, const real *panel, bool add,
                        real *c, size_t c_stride)
{
    tile_product(depth, a, 1, a_column, panel, add, c, c_stride);
}

/* A tile at the lower or right edge of C, of which only `rows` x `columns` exist: A is copied with
 * zeros below it, and the tile is computed beside C. */
static void tile_at_edge(size_t depth, size_t rows, size_t columns, const real *a, size_t a_row,
                         size_t a_column, const real *panel, bool add, real *c, size_t c_stride)
{
    real a_copy[GEMM_BLOCK_K * TILE_ROWS]; /* [depth, TILE_ROWS] */
    real tile[TILE_ROWS * TILE_COLUMNS] = {0};
    for (size_t k = 0; k < depth; k++)
        for (size_t i = 0; i < TILE_ROWS; i++)
            a_copy[k * TILE_ROWS + i] = i < rows ? a[i * a_row + k * a_column] : 0;
    for (size_t i = 0; add && i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            tile[i * TILE_COLUMNS + j] = c[i * c_stride + j];
    tile_across(depth, a_copy, TILE_ROWS, panel, add, tile, TILE_COLUMNS);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            c[i * c_stride + j] = tile[i * TILE_COLUMNS + j];
}

/* Copies `columns` columns of B (from its first one) and `depth` rows into panels:
 * panel p holds [depth, TILE_COLUMNS], with zeros where B ends. */
static void pack_panels(size_t depth, size_t columns, Matrix b, real *packed)
{
    for (size_t first = 0; first < columns; first += TILE_COLUMNS, packed += depth * TILE_COLUMNS) {
        size_t width = columns - first < TILE_COLUMNS ? columns - first : TILE_COLUMNS;
        const real *corner = b.at + first * b.column_stride;
        if (width < TILE_COLUMNS)
            memset(packed, 0, depth * TILE_COLUMNS * sizeof *packed);
        if (b.column_stride == 1) {
            for (size_t k = 0; k < depth; k++)
                memcpy(packed + k * TILE_COLUMNS, corner + k * b.row_stride,
                       width * sizeof *packed);
        } else {
            for (size_t j = 0; j < width; j++)
                for (size_t k = 0; k < depth; k++)
                    packed[k * TILE_COLUMNS + j] = corner[k * b.row_stride + j * b.column_stride];
        }
    }
}

/* All rows of A times one block of packed B. */
static void block_product(size_t rows, size_t columns, size_t depth, const real *a, size_t a_row,
                          size_t a_column, const real *packed, bool add, real *c, size_t c_stride)
{
    for (size_t j = 0; j < columns; j += TILE_COLUMNS) {
        const real *panel = packed + j * depth;
        for (size_t i = 0; i < rows; i += TILE_ROWS) {
            const real *a_tile = a + i * a_row;
            real *c_tile = c + i * c_stride + j;
            if (rows - i < TILE_ROWS || columns - j < TILE_COLUMNS) {
                size_t height = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
                size_t width = columns - j < TILE_COLUMNS ? columns - j : TILE_COLUMNS;
                tile_at_edge(depth, height, width, a_tile, a_row, a_column, panel, add, c_tile,
                             c_stride);
            } else if (a_column == 1) {
                tile_along(depth, a_tile, a_row, panel, add, c_tile, c_stride);
            } else {
                assert(a_row == 1);
                tile_across(depth, a_tile, a_column, panel, add, c_tile, c_stride);
            }
        }
    }
}

typedef struct Product {
    size_t n, k;
    Matrix a, b;
    GemmMode mode;
    real *c;
    size_t c_stride;
} Product;

/* The rows begin ... end - 1 of C. */
static void product_rows(void *context, size_t begin, size_t end)
{
    const Product *p = context;
    _Alignas(64) real packed[GEMM_BLOCK_K * BLOCK_N];
    for (size_t j = 0; j < p->n; j += BLOCK_N) {
        size_t columns = p->n - j < BLOCK_N ? p->n - j : BLOCK_N;
        for (size_t k = 0; k < p->k; k += GEMM_BLOCK_K) {
            size_t depth = p->k - k < GEMM_BLOCK_K ? p->k - k : GEMM_BLOCK_K;
            Matrix b = p->b;
            b.at += k * b.row_stride + j * b.column_stride;
            pack_panels(depth, columns, b, packed);
            block_product(end - begin, columns, depth,
                          p->a.at + begin * p->a.row_stride + k * p->a.column_stride,
                          p->a.row_stride, p->a.column_stride, packed, k > 0 || p->mode == GEMM_ADD,
                          p->c + begin * p->c_stride + j, p->c_stride);
        }
    }
}

void gemm(size_t m, size_t n, size_t k, Matrix a, Matrix b, GemmMode mode, real *c, size_t c_stride)
{
    assert(k > 0 && (a.column_stride == 1 || a.row_stride == 1));
    Product product = {n, k, a, b, mode, c, c_stride};
    /* One range of whole tiles for each thread. The range may depend on the number of threads,
     * because an element of C is the same chain of multiply-adds in any range. */
    size_t tiles = (m + TILE_ROWS - 1) / TILE_ROWS, threads = parallel_threads();
    size_t rows = (tiles + threads - 1) / threads * TILE_ROWS;
    parallel_for(m, rows < MIN_ROWS ? MIN_ROWS : rows, product_rows, &product);
}
