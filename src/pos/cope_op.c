/* cope_op.c: positions that are counted by content, as an operation on the tape.
 *
 * For each sequence and head, with z[i,n] = q[i].e[n] for the whole positions n = 0 ... P:
 *
 *     g[i,u] = sigmoid(q[i].k[u] / sqrt(D))           does query i count key u?
 *     p[i,j] = sum of g[i,u] over u = j ... i         how many it counts on the way to key j
 *     n + w  = min(p[i,j], P)                         n = 0 ... P - 1, 0 <= w <= 1
 *     bias[i,j] = (1 - w) z[i,n] + w z[i,n+1]
 *
 * Backward, from dbias, line by line from the last to the first:
 *
 *     dz[i,n] += (1 - w) dbias[i,j]      dz[i,n+1] += w dbias[i,j]
 *     dp[i,j]  = (z[i,n+1] - z[i,n]) dbias[i,j]       as dw/dp = 1; 0 where p is at least P
 *     dg[i,u]  = sum of dp[i,j] over j = 0 ... u      g[i,u] is a part of p[i,j] for all j <= u
 *     ds[i,u]  = g (1 - g) dg / sqrt(D)               g = sigmoid(s / sqrt(D)), s = q.k
 *     dq[i] += sum over u of ds[i,u] k[u]             dk[u] += sum over i of ds[i,u] q[i]
 *
 * An example: four keys, the third a space, query 3, and gates that are 1 at spaces alone.
 *
 *     key       0    1    2    3
 *     g         0    0    1    0
 *     p         1    1    1    0          one space from keys 0, 1, 2 to the query, none from 3
 *
 * p is summed from the query's own place backwards, so its bits do not depend on how many keys
 * stand before j. Gates are not kept: as in attention.c the work goes by blocks of queries, and
 * backward computes them again.
 */
#include "pos/cope_op.h"

#include <assert.h>

#include "math/parallel.h"
#include "math/rows.h"

enum { QUERY_BLOCK = 64 };

typedef struct Counting {
    Node node;
    HeadView q, k;
    Tensor *z;     /* [B, H, Tq, P + 1] */
    Tensor *bias;  /* [B, H, Tq, Tk] */
    real *scratch; /* [threads, QUERY_BLOCK + 1, Tk]: gates of a block, p of a query */
} Counting;

/* One head of one sequence, and the queries first ... first + rows - 1. */
typedef struct Block {
    size_t b, h, first, rows;
    size_t keys;    /* up to the own one of the last of these queries */
    Matrix q, k;    /* [rows, D] and [Tk, D] */
    real *gates;    /* [rows, keys] */
    real *position; /* [keys]: p of one query at a time */
} Block;

static Block block_at(const Counting *op, size_t head, size_t first)
{
    size_t b = head / op->q.n_head, h = head % op->q.n_head, left = op->q.length - first;
    size_t rows = left < QUERY_BLOCK ? left : QUERY_BLOCK;
    real *scratch = op->scratch + parallel_thread() * (QUERY_BLOCK + 1) * op->k.length;
    return (Block){
        .b = b,
        .h = h,
        .first = first,
        .rows = rows,
        .keys = op->k.length - op->q.length + first + rows,
        .q = matrix(head_data(&op->q, b, h, first), op->q.token_stride),
        .k = matrix(head_data(&op->k, b, h, 0), op->k.token_stride),
        .gates = scratch,
        .position = scratch + QUERY_BLOCK * op->k.length,
    };
}

/* How many keys row r of a block sees: up to its own. */
static size_t visible_keys(const Block *block, size_t r)
{
    return block->keys - block->rows + r + 1;
}

/* Where the numbers of row r begin in a tensor [B, H, Tq, width]. */
static size_t row_start(const Counting *op, const Block *block, size_t r, const Tensor *x)
{
    size_t head = block->b * op->q.n_head + block->h;
    return (head * op->q.length + block->first + r) * tensor_width(x);
}

/* g, by sigmoid(x) = (1 + tanh(x / 2)) / 2 with x = q.k / sqrt(D). */
static void find_gates(const Counting *op, const Block *block)
{
    size_t D = op->q.head_size, keys = block->keys;
    /* q k^T */
    gemm(block->rows, keys, D, block->q, matrix_transposed(block->k.at, block->k.row_stride),
         GEMM_SET, block->gates, keys);
    for (size_t r = 0; r < block->rows; r++) {
        real *gate = block->gates + r * keys;
        size_t seen = visible_keys(block, r);
        row_scale(gate, 1 / (2 * sqrt((real)D)), seen);
        row_tanh(gate, seen);
        for (size_t u = 0; u < seen; u++)
            gate[u] = (1 + gate[u]) / 2;
    }
}

/* p of the query in row r. */
static void find_positions(const Block *block, size_t r)
{
    const real *gate = block->gates + r * block->keys;
    real p = 0;
    for (size_t j = visible_keys(block, r); j-- > 0;) {
        p += gate[j];
        block->position[j] = p;
    }
}

/* min(p, P) = n + w. The last position is P - 1 and all of the way to the next, so that z[n + 1] is
 * there for each n. A NaN stands there, too. */
typedef struct Place {
    int n;
    real w;
} Place;

static inline Place place_of(real p, int last)
{
    return p < (real)last ? (Place){(int)p, p - (real)(int)p} : (Place){last - 1, 1};
}

/* The bias of the query in row r, from its p. */
static void read_bias(const Counting *op, const Block *block, size_t r)
{
    const real *z = op->z->data + row_start(op, block, r, op->z);
    real *bias = op->bias->data + row_start(op, block, r, op->bias);
    size_t seen = visible_keys(block, r);
    int last = (int)tensor_width(op->z) - 1;
    for (size_t j = 0; j < seen; j++) {
        Place at = place_of(block->position[j], last);
        bias[j] = (1 - at.w) * z[at.n] + at.w * z[at.n + 1];
    }
    memset(bias + seen, 0, (op->k.length - seen) * sizeof *bias);
}

static void count_block(const Counting *op, const Block *block)
{
    find_gates(op, block);
    for (size_t r = 0; r < block->rows; r++) {
        find_positions(block, r);
        read_bias(op, block, r);
    }
}

/* For the query in row r: adds to dz, and puts ds in the place of the gates. The sum dg grows with
 * j, so one walk over the keys does both. */
static void gradient_row(const Counting *op, const Block *block, size_t r)
{
    size_t seen = visible_keys(block, r), z_start = row_start(op, block, r, op->z);
    const real *z = op->z->data + z_start;
    const real *dbias = op->bias->grad + row_start(op, block, r, op->bias);
    real *dz = op->z->grad + z_start, *gate = block->gates + r * block->keys;
    real scale = 1 / sqrt((real)op->q.head_size), dg = 0;
    int last = (int)tensor_width(op->z) - 1;
    for (size_t j = 0; j < seen; j++) {
        Place at = place_of(block->position[j], last);
        dz[at.n] += (1 - at.w) * dbias[j];
        dz[at.n + 1] += at.w * dbias[j];
        if (block->position[j] < (real)last) /* else dp is 0 */
            dg += (z[at.n + 1] - z[at.n]) * dbias[j];
        gate[j] = gate[j] * (1 - gate[j]) * dg * scale;
    }
    memset(gate + seen, 0, (block->keys - seen) * sizeof *gate);
}

static void count_block_backward(const Counting *op, const Block *block)
{
    size_t D = op->q.head_size, rows = block->rows, keys = block->keys;
    find_gates(op, block);
    for (size_t r = 0; r < rows; r++) {
        find_positions(block, r);
        gradient_row(op, block, r);
    }
    const real *ds = block->gates; /* [rows, keys] */
    if (op->q.x->grad)             /* dq += ds k */
        gemm(rows, D, keys, matrix(ds, keys), block->k, GEMM_ADD,
             head_grad(&op->q, block->b, block->h, block->first), op->q.token_stride);
    if (op->k.x->grad) /* dk += ds^T q */
        gemm(keys, D, rows, matrix_transposed(ds, keys), block->q, GEMM_ADD,
             head_grad(&op->k, block->b, block->h, 0), op->k.token_stride);
}

static void count_heads(void *context, size_t begin, size_t end)
{
    const Counting *op = context;
    for (size_t head = begin; head < end; head++)
        for (size_t first = 0; first < op->q.length; first += QUERY_BLOCK) {
            Block block = block_at(op, head, first);
            count_block(op, &block);
        }
}

static void count_heads_backward(void *context, size_t begin, size_t end)
{
    const Counting *op = context;
    for (size_t head = begin; head < end; head++)
        for (size_t first = 0; first < op->q.length; first += QUERY_BLOCK) {
            Block block = block_at(op, head, first);
            count_block_backward(op, &block);
        }
}

/* How many heads are worth a thread. */
static size_t grain(const Counting *op)
{
    return parallel_grain(op->q.length * (op->k.length + op->q.head_size));
}

static void counting_forward(Node *node)
{
    Counting *op = (Counting *)node;
    parallel_for(op->q.batch * op->q.n_head, grain(op), count_heads, op);
}

static void counting_backward(Node *node)
{
    Counting *op = (Counting *)node;
    grad_ready_to_add(op->z);
    grad_ready_to_add(op->q.x);
    grad_ready_to_add(op->k.x);
    parallel_for(op->q.batch * op->q.n_head, grain(op), count_heads_backward, op);
}

Tensor *counted_bias(Tape *tape, const Heads *heads, Tensor *z)
{
    assert(heads->q.length <= heads->k.length && tensor_width(z) >= 2);
    Counting *op = tape_node(tape, sizeof *op, counting_forward, counting_backward);
    op->q = heads->q;
    op->k = heads->k;
    op->z = tape_input(tape, z);
    tape_input(tape, op->q.x);
    if (op->k.x != op->q.x)
        tape_input(tape, op->k.x);
    size_t shape[] = {op->q.batch, op->q.n_head, op->q.length, op->k.length};
    op->bias = tape_tensor(tape, 4, shape);
    op->scratch = tape_numbers(tape, (QUERY_BLOCK + 1) * op->k.length * parallel_threads());
    tape_run(tape, &op->node);
    return op->bias;
}
