/* gemm.c: how a matrix product reaches the speed of the machine.
 *
 * Three loops would do, but they would wait for memory: two numbers are fetched for each
 * multiply-add. The remedy is to use each number many times while it is near.
 *
 *   1. A tile of C, TILE_ROWS x TILE_COLUMNS, stays in registers while k runs. One step of k reads
 *      TILE_COLUMNS numbers of B and TILE_ROWS numbers of A and does TILE_ROWS * TILE_COLUMNS
 *      multiply-adds with them.
 *   2. B is copied ("packed") into panels of TILE_COLUMNS columns, so that the inner loop reads it
 *      from front to back. A block of panels, BLOCK_N columns by BLOCK_K rows, stays in the
 *      second-level cache while all rows of A pass by it.
 *   3. The rows of A that a tile needs stay in the first-level cache while the tile moves along
 *      the panels. They are read where they stand, one number at a time, each spread over a whole
 *      vector; only where they stand across (A is transposed) are they copied too.
 *   4. C is cut among the threads. Which thread computes an element does not change it.
 *   5. With few rows of A there is nothing to use again: B is read once, and packed only as far as
 *      the first-level cache reaches. See "few rows" below.
 *
 *            B     [k] | panel | panel | panel |        panel: TILE_COLUMNS wide, packed
 *                      +-------+-------+-------+
 *      A  [rows] x [k] | tile ->       |       |        tile: lives in registers
 *
 * At the edges of C a tile is only partly there: then it is computed whole, with zeros for what is
 * missing, beside C, and the part that exists is copied.
 */
#include "math/gemm.h"

#include <assert.h>
#include <stdbool.h>

#include "math/parallel.h"
#include "math/simd.h"

/* The tile fills the vector registers: of 32, 24 hold C; of 16, 12 do. The others hold a row of B
 * and one number of A. With a lower tile beside it, any number of rows that is a multiple of 4 (of
 * 2, with 16 registers) is a sum of whole tiles. */
#if VECTOR_BYTES == 64
enum { TILE_ROWS = 12, LOW_ROWS = 8 };
#else
enum { TILE_ROWS = 6, LOW_ROWS = 4 };
#endif
enum {
    TILE_VECTORS = 2,
    TILE_COLUMNS = TILE_VECTORS * LANES,
    BLOCK_K = 512,
    BLOCK_BYTES = 512 * 1024, /* of packed B: half of a usual second-level cache */
    BLOCK_N = BLOCK_BYTES / (BLOCK_K * sizeof(real)),
    STRIP_K = 64,            /* rows of a panel of B that are turned at a time, for few rows of A */
    BLOCK_M = 8 * TILE_ROWS, /* rows of A that are copied at a time */
    LEAST_WORK = 1 << 20,    /* multiply-adds of a thread: about 10 microseconds */
};

/* C tile (+)= A rows times a panel of B: the heart of the program.
 *   a      `rows` rows and `depth` columns, at the given strides
 *   panel  `depth` rows of TILE_COLUMNS, panel_row apart
 *   c      `rows` rows, c_stride apart; read first if `add` */
ALWAYS_INLINE void tile_product(size_t rows, size_t depth, const real *a, size_t a_row,
                                size_t a_column, const real *panel, size_t panel_row, bool add,
                                real *c, size_t c_stride)
{
    Vector sum[TILE_ROWS][TILE_VECTORS];
    UNROLL_FULLY
    for (size_t i = 0; i < rows; i++)
        UNROLL_FULLY
    for (size_t v = 0; v < TILE_VECTORS; v++)
        sum[i][v] = add ? vector_load(c + i * c_stride + v * LANES) : (Vector){0};

    for (size_t k = 0; k < depth; k++) {
        Vector b[TILE_VECTORS];
        UNROLL_FULLY
        for (size_t v = 0; v < TILE_VECTORS; v++)
            b[v] = vector_load(panel + k * panel_row + v * LANES);
        UNROLL_FULLY
        for (size_t i = 0; i < rows; i++) {
            real number = a[i * a_row + k * a_column];
            UNROLL_FULLY
            for (size_t v = 0; v < TILE_VECTORS; v++)
                sum[i][v] += number * b[v];
        }
    }

    UNROLL_FULLY
    for (size_t i = 0; i < rows; i++)
        UNROLL_FULLY
    for (size_t v = 0; v < TILE_VECTORS; v++)
        vector_store(c + i * c_stride + v * LANES, sum[i][v]);
}

/* The tile in four versions, because a height and a stride that the compiler knows cost nothing:
 * rows of A along k (forward, and the gradient of x), or across it (the gradient of W). */
typedef void (*Tile)(size_t depth, const real *a, size_t stride, const real *panel, bool add,
                     real *c, size_t c_stride);
#define DEFINE_TILE(name, rows, a_row, a_column)                                                   \
    static void name(size_t depth, const real *a, size_t stride, const real *panel, bool add,      \
                     real *c, size_t c_stride)                                                     \
    {                                                                                              \
        tile_product(rows, depth, a, a_row, a_column, panel, TILE_COLUMNS, add, c, c_stride);      \
    }
DEFINE_TILE(tile_along, TILE_ROWS, stride, 1)
DEFINE_TILE(low_tile_along, LOW_ROWS, stride, 1)
DEFINE_TILE(tile_across, TILE_ROWS, 1, stride)
DEFINE_TILE(low_tile_across, LOW_ROWS, 1, stride)

/* A tile of which only `rows` x `columns` exist in C: it is computed beside C. */
static void tile_at_edge(Tile tile, size_t depth, const real *a, size_t stride, const real *panel,
                         bool add, size_t rows, size_t columns, real *c, size_t c_stride)
{
    real whole[TILE_ROWS * TILE_COLUMNS] = {0};
    for (size_t i = 0; add && i < rows; i++)
        memcpy(whole + i * TILE_COLUMNS, c + i * c_stride, columns * sizeof *c);
    tile(depth, a, stride, panel, add, whole, TILE_COLUMNS);
    for (size_t i = 0; i < rows; i++)
        memcpy(c + i * c_stride, whole + i * TILE_COLUMNS, columns * sizeof *c);
}

/* How many of the remaining rows the next tile takes: TILE_ROWS, or LOW_ROWS where that lets the
 * rest come out even; at the very end, what is left. */
static size_t tile_height(size_t rows)
{
    if (rows == TILE_ROWS || rows >= TILE_ROWS + LOW_ROWS)
        return TILE_ROWS;
    return rows < LOW_ROWS ? rows : LOW_ROWS;
}

/* --- packing --- */

/* A square of LANES x LANES numbers, transposed: rows i and i + LANES/2 are zipped into each other,
 * all at once, log2(LANES) times. */
ALWAYS_INLINE void transpose_square(const real *from, size_t from_stride, real *to,
                                    size_t to_stride)
{
    Vector row[LANES], zipped[LANES];
    UNROLL_FULLY
    for (size_t i = 0; i < LANES; i++)
        row[i] = vector_load(from + i * from_stride);
    UNROLL_FULLY
    for (size_t round = 1; round < LANES; round *= 2) {
        UNROLL_FULLY
        for (size_t i = 0; i < LANES / 2; i++) {
            zipped[2 * i] = vector_zip_first(row[i], row[i + LANES / 2]);
            zipped[2 * i + 1] = vector_zip_second(row[i], row[i + LANES / 2]);
        }
        UNROLL_FULLY
        for (size_t i = 0; i < LANES; i++)
            row[i] = zipped[i];
    }
    UNROLL_FULLY
    for (size_t i = 0; i < LANES; i++)
        vector_store(to + i * to_stride, row[i]);
}

/* A panel of which each row stands in one piece in B, and one that stands across; where B has only
 * `columns` of its columns, zeros follow. */
ALWAYS_INLINE void pack_rows(size_t depth, size_t columns, Matrix b, real *panel)
{
    for (size_t k = 0; k < depth; k++, panel += TILE_COLUMNS) {
        memcpy(panel, b.at + k * b.row_stride, columns * sizeof *panel);
        memset(panel + columns, 0, (TILE_COLUMNS - columns) * sizeof *panel);
    }
}

ALWAYS_INLINE void pack_transposed(size_t depth, size_t columns, Matrix b, real *panel)
{
    size_t deep = depth / LANES * LANES, wide = columns / LANES * LANES; /* in whole squares */
    if (columns < TILE_COLUMNS)
        memset(panel, 0, depth * TILE_COLUMNS * sizeof *panel);
    for (size_t k = 0; k < deep; k += LANES)
        for (size_t j = 0; j < wide; j += LANES)
            transpose_square(b.at + j * b.column_stride + k, b.column_stride,
                             panel + k * TILE_COLUMNS + j, TILE_COLUMNS);
    for (size_t k = deep; k < depth; k++)
        for (size_t j = 0; j < wide; j++)
            panel[k * TILE_COLUMNS + j] = b.at[j * b.column_stride + k];
    for (size_t j = wide; j < columns; j++)
        for (size_t k = 0; k < depth; k++)
            panel[k * TILE_COLUMNS + j] = b.at[j * b.column_stride + k];
}

/* Copies `columns` columns of B (from its first one) and `depth` rows into panels:
 * panel p holds [depth, TILE_COLUMNS], with zeros where B ends. */
static void pack_panels(size_t depth, size_t columns, Matrix b, real *panel)
{
    for (size_t first = 0; first < columns; first += TILE_COLUMNS, panel += depth * TILE_COLUMNS) {
        size_t there = columns - first;
        if (b.column_stride == 1 && there >= TILE_COLUMNS) /* a width that the compiler knows */
            pack_rows(depth, TILE_COLUMNS, b, panel);
        else if (b.column_stride == 1)
            pack_rows(depth, there, b, panel);
        else if (there >= TILE_COLUMNS)
            pack_transposed(depth, TILE_COLUMNS, b, panel);
        else
            pack_transposed(depth, there, b, panel);
        b.at += TILE_COLUMNS * b.column_stride;
    }
}

/* Copies rows of A that stand across: those of each tile become [depth, height of the tile]. */
static void pack_a(size_t rows, size_t depth, Matrix a, real *packed)
{
    for (size_t i = 0, height; i < rows; i += height) {
        height = tile_height(rows - i);
        for (size_t k = 0; k < depth; k++, packed += height)
            if (height == TILE_ROWS) /* a size that the compiler knows */
                memcpy(packed, a.at + i + k * a.column_stride, TILE_ROWS * sizeof *packed);
            else
                memcpy(packed, a.at + i + k * a.column_stride, height * sizeof *packed);
    }
}

/* The last rows of A, fewer than a tile has, as [depth, TILE_ROWS] with zeros below them. */
static void pack_last_rows(size_t rows, size_t depth, Matrix a, real *packed)
{
    for (size_t k = 0; k < depth; k++)
        for (size_t i = 0; i < TILE_ROWS; i++)
            packed[k * TILE_ROWS + i] = i < rows ? a.at[i * a.row_stride + k * a.column_stride] : 0;
}

/* --- the loops around the tile --- */

/* Asks for the rows of the next tile ahead of time: they may have to come from memory. */
static void fetch_rows(size_t rows, size_t depth, const real *a, size_t a_row)
{
    enum { CACHE_LINE = 64 / sizeof(real) };
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < depth; k += CACHE_LINE)
            __builtin_prefetch(a + i * a_row + k);
}

/* `height` rows of A, which lie as `tile` wants them, along all panels of a block. */
static void row_of_tiles(Tile tile, size_t height, size_t columns, size_t depth, const real *a,
                         size_t stride, const real *panels, bool add, real *c, size_t c_stride)
{
    bool whole = height == TILE_ROWS || height == LOW_ROWS;
    for (size_t j = 0; j < columns; j += TILE_COLUMNS) {
        size_t width = columns - j < TILE_COLUMNS ? columns - j : TILE_COLUMNS;
        if (whole && width == TILE_COLUMNS)
            tile(depth, a, stride, panels + j * depth, add, c + j, c_stride);
        else
            tile_at_edge(tile, depth, a, stride, panels + j * depth, add, height, width, c + j,
                         c_stride);
    }
}

/* `rows` rows of A times a block of packed panels. If A was packed by pack_a, `a_packed` is it. */
static void block_product(size_t rows, size_t columns, size_t depth, Matrix a, const real *a_packed,
                          const real *panels, bool add, real *c, size_t c_stride)
{
    for (size_t i = 0, height; i < rows; i += height, c += height * c_stride) {
        height = tile_height(rows - i);
        bool full = height == TILE_ROWS, low = height == LOW_ROWS;
        const real *at = a.at + i * a.row_stride;
        if (!full && !low) {
            real last_rows[BLOCK_K * TILE_ROWS];
            pack_last_rows(height, depth, (Matrix){at, a.row_stride, a.column_stride}, last_rows);
            row_of_tiles(tile_across, height, columns, depth, last_rows, TILE_ROWS, panels, add, c,
                         c_stride);
        } else if (a_packed) {
            row_of_tiles(full ? tile_across : low_tile_across, height, columns, depth,
                         a_packed + i * depth, height, panels, add, c, c_stride);
        } else {
            if (rows - i > height)
                fetch_rows(tile_height(rows - i - height), depth, at + height * a.row_stride,
                           a.row_stride);
            row_of_tiles(full ? tile_along : low_tile_along, height, columns, depth, at,
                         a.row_stride, panels, add, c, c_stride);
        }
    }
}

/* --- few rows --- */

/* A text that is written character by character has products of one row. They take as long as it
 * takes to read B, and B is read once: there is nothing to pack it for. Where its rows stand in one
 * piece they are read where they stand; else a strip of a panel at a time is turned, in the
 * first-level cache, and used at once. */
ALWAYS_INLINE void few_rows_product(size_t rows, size_t depth, Matrix a, const real *panel,
                                    size_t panel_row, bool add, size_t columns, real *c,
                                    size_t c_stride)
{
    real whole[4 * TILE_COLUMNS] = {0};
    bool edge = columns < TILE_COLUMNS;
    for (size_t i = 0; edge && add && i < rows; i++)
        memcpy(whole + i * TILE_COLUMNS, c + i * c_stride, columns * sizeof *c);
    tile_product(rows, depth, a.at, a.row_stride, a.column_stride, panel, panel_row, add,
                 edge ? whole : c, edge ? TILE_COLUMNS : c_stride);
    for (size_t i = 0; edge && i < rows; i++)
        memcpy(c + i * c_stride, whole + i * TILE_COLUMNS, columns * sizeof *c);
}

/* All rows of A (fewer than LOW_ROWS) times a strip of B. */
static void strip_product(size_t m, size_t depth, Matrix a, const real *panel, size_t panel_row,
                          bool add, size_t columns, real *c, size_t c_stride)
{
    for (size_t i = 0, rows; i < m; i += rows, c += rows * c_stride) {
        Matrix from = {a.at + i * a.row_stride, a.row_stride, a.column_stride};
        rows = m - i >= 4 ? 4 : m - i >= 2 ? 2 : 1;
        if (rows == 4)
            few_rows_product(4, depth, from, panel, panel_row, add, columns, c, c_stride);
        else if (rows == 2)
            few_rows_product(2, depth, from, panel, panel_row, add, columns, c, c_stride);
        else
            few_rows_product(1, depth, from, panel, panel_row, add, columns, c, c_stride);
    }
}

typedef struct Product {
    size_t m, n, k;
    Matrix a, b;
    GemmMode mode;
    real *c;
    size_t c_stride;
    size_t row_parts, column_parts; /* into how many parts C is cut */
} Product;

/* k in equal blocks of at most `most`. A sum that is stored and read again between two blocks goes
 * on as if it had stayed in its register, so the blocks change no bit. */
static size_t block_depth(size_t k, size_t most)
{
    size_t blocks = (k + most - 1) / most;
    return (k + blocks - 1) / blocks;
}

/* The rows from `top` to `bottom` - 1 of C, in the columns from `left` to `right` - 1. */
static void product_part(const Product *p, size_t top, size_t bottom, size_t left, size_t right)
{
    /* Each thread's own; too large for the stack of a thread on some systems. */
    static _Thread_local _Alignas(64) real panels[BLOCK_K * BLOCK_N];
    static _Thread_local _Alignas(64) real a_packed[BLOCK_K * BLOCK_M];
    bool across = p->a.column_stride != 1;
    /* Where A is copied, k is long and C small: lower blocks, of which a panel and the rows of a
     * tile share the first-level cache. */
    size_t step_k = block_depth(p->k, across ? BLOCK_K / 2 : BLOCK_K);
    size_t step_m = across ? BLOCK_M : p->m;
    for (size_t j = left; j < right; j += BLOCK_N) {
        size_t columns = right - j < BLOCK_N ? right - j : BLOCK_N;
        for (size_t k = 0; k < p->k; k += step_k) {
            size_t depth = p->k - k < step_k ? p->k - k : step_k;
            Matrix b = p->b;
            b.at += k * b.row_stride + j * b.column_stride;
            pack_panels(depth, columns, b, panels);
            for (size_t i = top; i < bottom; i += step_m) {
                size_t rows = bottom - i < step_m ? bottom - i : step_m;
                Matrix a = p->a;
                a.at += i * a.row_stride + k * a.column_stride;
                if (across)
                    pack_a(rows, depth, a, a_packed);
                block_product(rows, columns, depth, a, across ? a_packed : NULL, panels,
                              k > 0 || p->mode == GEMM_ADD, p->c + i * p->c_stride + j,
                              p->c_stride);
            }
        }
    }
}

/* The same for few rows, which are never cut: all of them, in the columns from `left` to `right` -
 * 1. */
static void few_rows_part(const Product *p, size_t left, size_t right)
{
    _Alignas(64) real turned[STRIP_K * TILE_COLUMNS];
    for (size_t j = left; j < right; j += TILE_COLUMNS) {
        size_t columns = right - j < TILE_COLUMNS ? right - j : TILE_COLUMNS;
        bool in_place = columns == TILE_COLUMNS && p->b.column_stride == 1;
        size_t step = in_place ? p->k : STRIP_K;
        for (size_t k = 0; k < p->k; k += step) {
            size_t depth = p->k - k < step ? p->k - k : step;
            Matrix a = p->a, b = p->b;
            a.at += k * a.column_stride;
            b.at += k * b.row_stride + j * b.column_stride;
            if (!in_place)
                pack_panels(depth, columns, b, turned);
            strip_product(p->m, depth, a, in_place ? b.at : turned,
                          in_place ? b.row_stride : TILE_COLUMNS, k > 0 || p->mode == GEMM_ADD,
                          columns, p->c + j, p->c_stride);
        }
    }
}

/* Where part number `part` of `parts` begins, if n is cut at multiples of `unit`. */
static size_t cut(size_t n, size_t unit, size_t part, size_t parts)
{
    size_t units = (n + unit - 1) / unit, at = units * part / parts * unit;
    return at < n ? at : n;
}

static void product_parts(void *context, size_t begin, size_t end)
{
    const Product *p = context;
    for (size_t part = begin; part < end; part++) {
        size_t row = part / p->column_parts, column = part % p->column_parts;
        size_t left = cut(p->n, TILE_COLUMNS, column, p->column_parts);
        size_t right = cut(p->n, TILE_COLUMNS, column + 1, p->column_parts);
        if (p->m < LOW_ROWS)
            few_rows_part(p, left, right);
        else
            product_part(p, cut(p->m, LOW_ROWS, row, p->row_parts),
                         cut(p->m, LOW_ROWS, row + 1, p->row_parts), left, right);
    }
}

/* Threads share the columns first, since then each packs its own part of B; what is left of them
 * shares the rows. The cut may depend on the number of threads, because an element of C is the same
 * chain of multiply-adds in any part. */
void gemm(size_t m, size_t n, size_t k, Matrix a, Matrix b, GemmMode mode, real *c, size_t c_stride)
{
    assert(k > 0 && (a.column_stride == 1 || a.row_stride == 1));
    assert(b.column_stride == 1 || b.row_stride == 1);
    if (m == 0 || n == 0)
        return;
    size_t panels = (n + TILE_COLUMNS - 1) / TILE_COLUMNS, threads = parallel_threads();
    size_t worth = m * n * k / LEAST_WORK + 1; /* parts that are worth a hand-over */
    threads = worth < threads ? worth : threads;
    size_t column_parts = panels < threads ? panels : threads;
    size_t row_parts = m < LOW_ROWS ? 1 : threads / column_parts;
    Product product = {m, n, k, a, b, mode, c, c_stride, row_parts, column_parts};
    parallel_for(product.row_parts * product.column_parts, 1, product_parts, &product);
}
