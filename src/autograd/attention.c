/* attention.c: every token asks all tokens before it a question, and mixes their answers.
 *
 * For each sequence b and head h, with queries q[i], keys k[j] and values v[j] of D channels:
 *
 *     s[i,j] = q[i].k[j] / sqrt(D) + bias[i,j]         the score: how well j answers i
 *     p[i,j] = exp(s[i,j]) / sum over u of exp(s[i,u]) over the keys that i may see
 *     w[i,j] = f[i,j] p[i,j]                           f: dropout's factors (1 without dropout)
 *     y[i]   = sum over j of w[i,j] v[j]
 *
 * (A sum of D products grows with sqrt(D); undivided, the scores of wide heads would be so far
 * apart that the softmax gives all to one key.) The bias is where a positional scheme comes in at
 * the score door (attention_bias.h); one at the query-key door has changed q and k before. With a
 * causal mask query i sees only keys at or before its own place, with a window of W the last W of
 * these: i - W < j <= i.
 *
 * Backward, from dy. y is linear in v and in w, and w in p:
 *
 *     dv[j]  += sum over i of w[i,j] dy[i]
 *     dp[i,j] = f[i,j] (dy[i].v[j])
 *
 * In the softmax each score of a row acts on all of its p: the derivative of p[i,u] by s[i,j] is
 * p[i,u] ([u = j] - p[i,j]). Times dp[i,u] and summed over u:
 *
 *     ds[i,j] = p[i,j] ( dp[i,j] - sum over u of p[i,u] dp[i,u] )
 *
 * The sum is the same for all j and needs no loop over u: with dp as above it is dy[i] times the
 * sum of w[i,u] v[u], so it is dy[i].y[i]. The rest is linear again:
 *
 *     dq[i] += sum over j of ds[i,j] k[j] / sqrt(D)
 *     dk[j] += sum over i of ds[i,j] q[i] / sqrt(D)
 *     dbias[i,j] += ds[i,j]                                            (attention_bias.c)
 *
 * The T x T weights are never kept. Forward keeps one number for each row, L[i] = ln(sum of
 * exp(s)), and backward computes p[i,j] = exp(s[i,j] - L[i]) again (as in Dao et al. 2022,
 * FlashAttention). The work goes by blocks of QUERY_BLOCK queries, so memory grows with T, not with
 * T^2, and the keys behind the last that a block of queries may see are skipped.
 */
#include <assert.h>
#include <string.h>

#include "autograd/attention_bias.h"
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
    AttentionBias bias;
    real *log_sum; /* [B, H, Tq]: L */
    real *scratch; /* [threads, 3, QUERY_BLOCK, Tk] */
} Attention;

/* One head of one sequence, and the block of queries first ... first + rows - 1. */
typedef struct Block {
    size_t b, h, first, rows;
    size_t keys;   /* up to the last that the last of these queries may see: the block's width */
    Matrix q;      /* [rows, D] */
    Matrix k, v;   /* [Tk, D] */
    real *p;       /* [rows, keys]: the scores s, from which p and then w are made in place */
    real *dp;      /* [rows, keys]: on the way back dp, from which ds is made in place */
    real *factors; /* [rows, keys]: f */
} Block;

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

static Query query_at(const Attention *op, const Block *block, size_t r)
{
    size_t i = block->first + r;
    return (Query){block->b, block->h, i, visible_keys(op, i)};
}

/* The scores q k^T / sqrt(D) + bias of a block, into p; where the mask hides, they mean nothing. */
static void block_scores(const Attention *op, const Block *block)
{
    gemm(block->rows, block->keys, op->head_size, block->q,
         matrix_transposed(block->k.at, block->k.row_stride), GEMM_SET, block->p, block->keys);
    real scale = 1 / sqrt((real)op->head_size);
    for (size_t r = 0; r < block->rows; r++) {
        real *row = block->p + r * block->keys;
        Query query = query_at(op, block, r);
        row_scale(row + query.seen.first, scale, query.seen.count);
        add_score_bias(&op->bias, &query, row);
    }
}

/* Sets to zero what the mask hides in row r of a block. */
static void clear_masked(const Attention *op, const Block *block, size_t r, real *row)
{
    Visible seen = visible_keys(op, block->first + r);
    size_t end = seen.first + seen.count;
    memset(row, 0, seen.first * sizeof *row);
    memset(row + end, 0, (block->keys - end) * sizeof *row);
}

/* Dropout's factors of row r: a function of (b, h, query, key) alone. */
static void draw_factors(const Attention *op, const Block *block, size_t r)
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

/* Where the first row of a block begins in y [B, Tq, H D], and in its gradient. The next one begins
 * H D numbers further on. */
static size_t place_in_y(const Attention *op, const Block *block)
{
    return ((block->b * op->n_query + block->first) * op->n_head + block->h) * op->head_size;
}

static real *log_sums_of(const Attention *op, const Block *block)
{
    return op->log_sum + (block->b * op->n_head + block->h) * op->n_query + block->first;
}

/* The formulas at the top, for a block: s, then row by row p and w, and at the end y. */
static void attend_block(const Attention *op, const Block *block)
{
    size_t D = op->head_size, keys = block->keys;
    real *log_sum = log_sums_of(op, block);
    block_scores(op, block);
    for (size_t r = 0; r < block->rows; r++) {
        real *row = block->p + r * keys;
        Visible seen = visible_keys(op, block->first + r);
        log_sum[r] = row_softmax(row + seen.first, seen.count);
        clear_masked(op, block, r, row);
        if (op->options.dropout > 0) {
            draw_factors(op, block, r);
            multiply(row, block->factors + r * keys, keys);
        }
    }
    gemm(block->rows, D, keys, matrix(block->p, keys), block->v, GEMM_SET,
         op->y->data + place_in_y(op, block), op->n_head * D);
}

/* The heads begin ... end - 1 of all B * H. */
static void attend_heads(void *context, size_t begin, size_t end)
{
    const Attention *op = context;
    for (size_t head = begin; head < end; head++)
        for (size_t first = 0; first < op->n_query; first += QUERY_BLOCK) {
            Block block = block_at(op, head / op->n_head, head % op->n_head, first);
            attend_block(op, &block);
        }
}

/* Row r on the way back: block->p has its scores and gets w, block->dp has dy[i].v[j] and gets ds.
 * dy_y is dy[i].y[i]. */
static void softmax_gradient_row(const Attention *op, const Block *block, size_t r, real dy_y,
                                 real log_sum)
{
    real *p = block->p + r * block->keys, *ds = block->dp + r * block->keys;
    const real *factors = block->factors + r * block->keys;
    Visible seen = visible_keys(op, block->first + r);
    row_exp(p + seen.first, p + seen.first, log_sum, seen.count);
    clear_masked(op, block, r, p);
    if (op->options.dropout > 0) {
        draw_factors(op, block, r);
        multiply(ds, factors, block->keys);
    }
    for (size_t j = seen.first; j < seen.first + seen.count; j++)
        ds[j] = p[j] * (ds[j] - dy_y);
    clear_masked(op, block, r, ds);
    if (op->options.dropout > 0)
        multiply(p, factors, block->keys);
}

/* Adds A B, [rows, D], to the gradients of the block's queries. */
static void add_query_gradient(const Block *block, const HeadView *q, size_t depth, Matrix a,
                               Matrix b)
{
    if (q->x->grad)
        gemm(block->rows, q->head_size, depth, a, b, grad_mode(q->x),
             head_grad(q, block->b, block->h, block->first), q->token_stride);
}

/* Adds A B, [keys, D], to the gradients of the block's keys, or of their values. All blocks of
 * queries have shares in these: the first one sets those of the keys that it sees, and clears the
 * others. */
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

/* And backward: s again, dy v^T, then row by row ds, and at the end dq, dk and dv. */
static void attend_block_backward(const Attention *op, const Block *block)
{
    size_t D = op->head_size, width = op->n_head * D, rows = block->rows, keys = block->keys;
    size_t place = place_in_y(op, block);
    const real *dy = op->y->grad + place, *y = op->y->data + place; /* rows `width` apart */
    const real *log_sum = log_sums_of(op, block);
    block_scores(op, block);
    gemm(rows, keys, D, matrix(dy, width), matrix_transposed(block->v.at, block->v.row_stride),
         GEMM_SET, block->dp, keys);
    for (size_t r = 0; r < rows; r++) {
        real dy_y = row_dot(dy + r * width, y + r * width, D);
        softmax_gradient_row(op, block, r, dy_y, log_sum[r]);
        Query query = query_at(op, block, r);
        add_score_bias_gradient(&op->bias, &query, block->dp + r * keys);
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

/* How many heads are worth a thread. */
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
    op->bias = attention_bias(&options, op->n_key);
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
