/* attention.c: every token asks all tokens before it a question, and mixes their answers.
 *
 * For each sequence b and head h, with queries q[i], keys k[j] and values v[j] of D channels:
 *
 *     s[i,j] = q[i].k[j] / sqrt(D) + bias[i,j]         the score: how well j answers i
 *     p[i,j] = exp(s[i,j]) / sum over u of exp(s[i,u]) over the keys that i may see
 *     w[i,j] = f[i,j] p[i,j]                           f: dropout's factors (1 without dropout)
 *     y[i]   = sum over j of w[i,j] v[j]
 *
 * The bias is where a positional scheme comes in at the score door; a scheme at the query-key door
 * has changed q and k before. With a causal mask query i sees only keys at or before its own place,
 * with a window of W the last W of these: i - W < j <= i.
 *
 * Backward, from dy:
 *
 *     dv[j] += sum over i of w[i,j] dy[i]
 *     dp[i,j] = f[i,j] (dy[i].v[j])
 *     ds[i,j] = p[i,j] ( dp[i,j] - sum over u of p[i,u] dp[i,u] )      (softmax, row by row)
 *     dq[i] += sum over j of ds[i,j] k[j] / sqrt(D)
 *     dk[j] += sum over i of ds[i,j] q[i] / sqrt(D)
 *     dbias[i,j] += ds[i,j]
 *
 * The sum in ds needs no second pass over the row: it equals dy[i].y[i] (put y[i] in to see it).
 *
 * The T x T weights are never kept. Forward keeps one number for each row, L[i] = ln(sum of
 * exp(s)), and backward computes p[i,j] = exp(s[i,j] - L[i]) again (as in Dao et al. 2022,
 * FlashAttention). The work goes by blocks of QUERY_BLOCK queries, so memory grows with T, not with
 * T^2, and the keys behind the last that a block of queries may see are skipped.
 */
#include <assert.h>
#include <string.h>

#include "autograd/ops.h"
#include "math/gemm.h"
#include "math/parallel.h"
#include "math/rows.h"

enum { QUERY_BLOCK = 64 };

typedef struct Attention {
    Node node;
    Heads in;
    Tensor *y;
    AttentionOptions options;
    size_t batch, n_head, n_query, n_key, head_size; /* B H Tq Tk D */
    bool without_gaps; /* does each key stand one position behind the one before? */
    real *log_sum;     /* [B, H, Tq]: L */
    real *scratch;     /* [threads, 3, QUERY_BLOCK, Tk] */
} Attention;

/* One head of one sequence, and the block of queries first ... first + rows - 1. */
typedef struct Block {
    size_t b, h, first, rows;
    size_t keys;   /* up to the last that the last of these queries may see: the block's width */
    Matrix q;      /* [rows, D] */
    Matrix k, v;   /* [Tk, D] */
    real *p;       /* [rows, keys]: scores, then probabilities */
    real *dp;      /* [rows, keys] */
    real *factors; /* [rows, keys] */
} Block;

/* The keys that query i may see: `count` of them from `first` on. */
typedef struct Visible {
    size_t first, count;
} Visible;

/* The queries are the last Tq of the Tk tokens. */
static Visible visible_keys(const Attention *op, size_t i)
{
    if (!op->options.causal)
        return (Visible){0, op->n_key};
    /* exercise 4 begins */
    size_t before = op->n_key - op->n_query + i + 1, window = op->options.window;
    if (window == 0 || window >= before)
        return (Visible){0, before};
    return (Visible){before - window, window};
    /* exercise 4 ends */
}

static Block block_at(const Attention *op, size_t b, size_t h, size_t first)
{
    size_t rows = op->n_query - first < QUERY_BLOCK ? op->n_query - first : QUERY_BLOCK;
    size_t area = QUERY_BLOCK * op->n_key;
    Visible last = visible_keys(op, first + rows - 1);
    real *scratch = op->scratch + 3 * area * parallel_thread();
    return (Block){
        .b = b,
        .h = h,
        .first = first,
        .rows = rows,
        .keys = last.first + last.count,
        .q = matrix(head_data(&op->in.q, b, h, first), op->in.q.token_stride),
        .k = matrix(head_data(&op->in.k, b, h, 0), op->in.k.token_stride),
        .v = matrix(head_data(&op->in.v, b, h, 0), op->in.v.token_stride),
        .p = scratch,
        .dp = scratch + area,
        .factors = scratch + 2 * area,
    };
}

/* Where the biases of query i begin in a tensor by pair, [B or 1, H, Tq, Tk]. */
static size_t start_by_pair(const Attention *op, const Block *block, size_t i)
{
    size_t b = op->options.bias.by_pair->shape[0] == 1 ? 0 : block->b;
    return ((b * op->n_head + block->h) * op->n_query + i) * op->n_key;
}

/* And in one by distance, [H, n]: the bias of key j stands at start + the position of j. */
static ptrdiff_t start_by_distance(const Attention *op, const Block *block, size_t i)
{
    const ScoreBias *bias = &op->options.bias;
    ptrdiff_t row = (ptrdiff_t)(block->h * tensor_width(bias->by_distance));
    return row - op->options.query_positions[i] - bias->first_distance;
}

/* Adds the biases of query i to the scores in `row`. */
static void add_bias(const Attention *op, const Block *block, size_t i, real *row)
{
    const ScoreBias *bias = &op->options.bias;
    Visible seen = visible_keys(op, i);
    if (bias->by_pair)
        row_add(row + seen.first, bias->by_pair->data + start_by_pair(op, block, i) + seen.first,
                seen.count);
    if (bias->by_distance) {
        const real *table = bias->by_distance->data;
        ptrdiff_t start = start_by_distance(op, block, i);
        const int *keys = op->options.key_positions;
        if (op->without_gaps)
            row_add(row + seen.first, table + start + keys[seen.first], seen.count);
        else
            for (size_t j = seen.first; j < seen.first + seen.count; j++)
                row[j] += table[start + keys[j]];
    }
}

/* Adds the gradients ds of query i's scores to those of its biases. */
static void add_bias_gradient(const Attention *op, const Block *block, size_t i, const real *ds)
{
    const ScoreBias *bias = &op->options.bias;
    Visible seen = visible_keys(op, i);
    if (bias->by_pair && bias->by_pair->grad)
        row_add(bias->by_pair->grad + start_by_pair(op, block, i) + seen.first, ds + seen.first,
                seen.count);
    if (bias->by_distance && bias->by_distance->grad) {
        real *table = bias->by_distance->grad;
        ptrdiff_t start = start_by_distance(op, block, i);
        const int *keys = op->options.key_positions;
        if (op->without_gaps)
            row_add(table + start + keys[seen.first], ds + seen.first, seen.count);
        else
            for (size_t j = seen.first; j < seen.first + seen.count; j++)
                table[start + keys[j]] += ds[j];
    }
}

/* p = scores q k^T / sqrt(D) + bias of a block, in each row where the mask lets through. */
static void block_scores(const Attention *op, const Block *block)
{
    gemm(block->rows, block->keys, op->head_size, block->q,
         matrix_transposed(block->k.at, block->k.row_stride), GEMM_SET, block->p, block->keys);
    real scale = 1 / sqrt((real)op->head_size);
    for (size_t r = 0; r < block->rows; r++) {
        real *row = block->p + r * block->keys;
        Visible seen = visible_keys(op, block->first + r);
        row_scale(row + seen.first, scale, seen.count);
        add_bias(op, block, block->first + r, row);
    }
}

/* Where the mask of row r does not let through everything is zero. */
static void clear_masked(const Attention *op, const Block *block, size_t r, real *matrix)
{
    Visible seen = visible_keys(op, block->first + r);
    size_t end = seen.first + seen.count;
    real *row = matrix + r * block->keys;
    memset(row, 0, seen.first * sizeof *row);
    memset(row + end, 0, (block->keys - end) * sizeof *row);
}

/* Dropout's factors of row r: a function of (b, h, query, key) alone. */
static void block_factors(const Attention *op, const Block *block, size_t r)
{
    size_t i = (block->b * op->n_head + block->h) * op->n_query + block->first + r;
    dropout_factors(block->factors + r * block->keys, block->keys, op->options.dropout,
                    random_at(op->options.key, i));
}

static void multiply(real *x, const real *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= y[i];
}

static void attend_heads(void *context, size_t begin, size_t end)
{
    Attention *op = context;
    size_t D = op->head_size, width = op->n_head * D;
    for (size_t head = begin; head < end; head++) {
        size_t b = head / op->n_head, h = head % op->n_head;
        for (size_t first = 0; first < op->n_query; first += QUERY_BLOCK) {
            Block block = block_at(op, b, h, first);
            real *log_sum = op->log_sum + (b * op->n_head + h) * op->n_query + first;
            block_scores(op, &block);
            for (size_t r = 0; r < block.rows; r++) {
                real *row = block.p + r * block.keys;
                Visible seen = visible_keys(op, first + r);
                log_sum[r] = row_softmax(row + seen.first, seen.count);
                clear_masked(op, &block, r, block.p);
                if (op->options.dropout > 0) {
                    block_factors(op, &block, r);
                    multiply(row, block.factors + r * block.keys, block.keys);
                }
            }
            gemm(block.rows, D, block.keys, matrix(block.p, block.keys), block.v, GEMM_SET,
                 op->y->data + (b * op->n_query + first) * width + h * D, width);
        }
    }
}

/* From dp (in block->dp) to ds (in its place) of row r, and from p to w (in its place). */
static void softmax_gradient_row(const Attention *op, const Block *block, size_t r, real dy_y,
                                 real log_sum)
{
    real *p = block->p + r * block->keys, *ds = block->dp + r * block->keys;
    const real *factors = block->factors + r * block->keys;
    Visible seen = visible_keys(op, block->first + r);
    row_exp(p + seen.first, p + seen.first, log_sum, seen.count);
    clear_masked(op, block, r, block->p);
    if (op->options.dropout > 0) {
        block_factors(op, block, r);
        multiply(ds, factors, block->keys);
    }
    for (size_t j = seen.first; j < seen.first + seen.count; j++)
        ds[j] = p[j] * (ds[j] - dy_y);
    clear_masked(op, block, r, block->dp);
    if (op->options.dropout > 0)
        multiply(p, factors, block->keys);
}

/* Do the sequences of a batch give shares to the gradients of the same biases? */
static bool batch_shares_bias(const ScoreBias *bias)
{
    return (bias->by_distance && bias->by_distance->grad) ||
           (bias->by_pair && bias->by_pair->grad && bias->by_pair->shape[0] == 1);
}

/* Gives the gradients of the block's queries their share, A B. */
static void add_query_gradient(const Block *block, const HeadView *q, size_t depth, Matrix a,
                               Matrix b)
{
    if (q->x->grad)
        gemm(block->rows, q->head_size, depth, a, b, grad_mode(q->x),
             head_grad(q, block->b, block->h, block->first), q->token_stride);
}

/* And those of its keys, or of their values. All blocks of queries give shares to these: the first
 * one sets those of the keys that it sees, and clears the others. */
static void add_key_gradient(const Block *block, const HeadView *k, size_t depth, Matrix a,
                             Matrix b)
{
    if (!k->x->grad)
        return;
    bool set = k->x->grad_is_new && block->first == 0;
    for (size_t j = block->keys; set && j < k->length; j++)
        memset(head_grad(k, block->b, block->h, j), 0, k->head_size * sizeof(real));
    gemm(block->keys, k->head_size, depth, a, b, set ? GEMM_SET : GEMM_ADD,
         head_grad(k, block->b, block->h, 0), k->token_stride);
}

static void attend_block_backward(const Attention *op, const Block *block)
{
    size_t D = op->head_size, width = op->n_head * D, head = block->b * op->n_head + block->h;
    size_t place = (block->b * op->n_query + block->first) * width + block->h * D;
    const real *dy = op->y->grad + place, *y = op->y->data + place; /* rows `width` apart */
    const real *log_sum = op->log_sum + head * op->n_query + block->first;
    size_t rows = block->rows, keys = block->keys;

    block_scores(op, block);
    gemm(rows, keys, D, matrix(dy, width), matrix_transposed(block->v.at, block->v.row_stride),
         GEMM_SET, block->dp, keys);
    for (size_t r = 0; r < rows; r++) {
        real dy_y = row_dot(dy + r * width, y + r * width, D);
        softmax_gradient_row(op, block, r, dy_y, log_sum[r]);
        add_bias_gradient(op, block, block->first + r, block->dp + r * keys);
        row_scale(block->dp + r * keys, 1 / sqrt((real)D), keys);
    }
    add_query_gradient(block, &op->in.q, keys, matrix(block->dp, keys), block->k);
    add_key_gradient(block, &op->in.k, rows, matrix_transposed(block->dp, keys), block->q);
    add_key_gradient(block, &op->in.v, rows, matrix_transposed(block->p, keys), matrix(dy, width));
}

/* The heads of a sequence follow each other, as they stand in memory; but where the sequences share
 * a bias that learns, those of a head do. */
static void attend_heads_backward(void *context, size_t begin, size_t end)
{
    const Attention *op = context;
    bool shared = batch_shares_bias(&op->options.bias);
    for (size_t index = begin; index < end; index++) {
        size_t b = shared ? index % op->batch : index / op->n_head;
        size_t h = shared ? index / op->batch : index % op->n_head;
        for (size_t first = 0; first < op->n_query; first += QUERY_BLOCK) {
            Block block = block_at(op, b, h, first);
            attend_block_backward(op, &block);
        }
    }
}

/* How many heads make a range that is worth a hand-over. */
static size_t grain(const Attention *op)
{
    return parallel_grain(op->n_query * (op->n_key + op->head_size));
}

static void attention_forward(Node *node)
{
    Attention *op = (Attention *)node;
    parallel_for(op->n_head * op->batch, grain(op), attend_heads, op);
}

static void attention_backward(Node *node)
{
    Attention *op = (Attention *)node;
    heads_ready_to_add(&op->in);
    /* Where sequences add to the same biases, one range takes a head's whole batch, in order. */
    size_t heads = batch_shares_bias(&op->options.bias) ? op->batch : grain(op);
    grad_ready_to_add(op->options.bias.by_distance);
    grad_ready_to_add(op->options.bias.by_pair);
    parallel_for(op->n_head * op->batch, heads, attend_heads_backward, op);
}

static bool count_up(const int *positions, size_t count)
{
    for (size_t j = 0; j + 1 < count; j++)
        if (positions[j + 1] != positions[j] + 1)
            return false;
    return true;
}

Tensor *attention(Tape *tape, Heads heads, AttentionOptions options)
{
    Attention *op = tape_node(tape, sizeof *op, attention_forward, attention_backward);
    op->in = heads;
    op->options = options;
    heads_input(tape, &heads);
    tape_input(tape, options.bias.by_distance);
    tape_input(tape, options.bias.by_pair);
    op->batch = heads.q.batch;
    op->n_head = heads.q.n_head;
    op->n_query = heads.q.length;
    op->n_key = heads.k.length;
    op->head_size = heads.q.head_size;
    op->without_gaps = options.key_positions && count_up(options.key_positions, op->n_key);
    assert(op->n_query <= op->n_key && options.dropout >= 0 && options.dropout < 1);
    assert(options.window == 0 || options.causal);
    assert(!options.bias.by_distance || (options.query_positions && options.key_positions));
    if (!tape->gradients)
        op->options.dropout = 0;
    op->y = tape_tensor(tape, 3, (size_t[]){op->batch, op->n_query, op->n_head * op->head_size});
    op->log_sum = tape_numbers(tape, op->batch * op->n_head * op->n_query);
    op->scratch = tape_numbers(tape, 3 * QUERY_BLOCK * op->n_key * parallel_threads());
    tape_run(tape, &op->node);
    return op->y;
}
