/* bias_mlp.c: the network of one number, forward and backward, a query at a time.
 *
 * For query i let x be its row of n numbers, one for each key that it sees. Then forward is
 *
 *     r[w,j] = max(0, gain (in[w] x[j] + start[w]))         hidden units        r [W, n]
 *     y[h,j] = sum over w of out[h,w] r[w,j]                y = out r           y [H, n]
 *
 * and backward, from dy, the same way in the other direction. u stands for in[w] x[j] + start[w];
 * where max chose the 0, nothing flows back.
 *
 *     dout  += dy r^T                                       [H, W] = [H, n] [n, W]
 *     dr     = out^T dy                                     [W, n] = [W, H] [H, n]
 *     du     = gain dr, or 0 where r = 0
 *     din[w] += sum over j of du[w,j] x[j]
 *     dstart[w] += sum over j of du[w,j]
 *     dx[j]  += sum over w of du[w,j] in[w]
 *
 * Each query has its own x, y and r; all of them share in, start and out. r is computed again in
 * backward: kept, it would be W numbers for each pair.
 */
#include "pos/bias_mlp.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "math/gemm.h"
#include "math/parallel.h"
#include "math/rows.h"

/* The gradients of the network are sums over all queries. The threads take them over groups of
 * queries; then the sums of the groups are added up in order. There are always as many groups,
 * however many threads there are, so the result has the same bits on any number of them. */
enum { GROUPS = 16 };

typedef struct BiasMlp {
    Node node;
    Tensor *x; /* [Tq, Tk] */
    Mlp mlp;
    real gain;
    bool causal;
    Tensor *bias;  /* [1, H, Tq, Tk] */
    real *scratch; /* [threads, 2, W, Tk]: r and dr of a query */
    real *sums;    /* [GROUPS, H + 2, W]: of each group, dout [H, W], din [W] and dstart [W] */
} BiasMlp;

/* One query: what belongs to it. */
typedef struct Row {
    size_t i, n;         /* the query, and how many keys it sees */
    const real *x;       /* [n] */
    size_t bias, stride; /* y[h,j] is number bias + h stride + j of the biases; so for dy */
    real *r, *dr;        /* [W, n] */
} Row;

static Row row_at(const BiasMlp *op, size_t i)
{
    size_t n_query = op->x->shape[0], n_key = op->x->shape[1], width = tensor_width(op->mlp.out);
    real *scratch = op->scratch + 2 * width * n_key * parallel_thread();
    return (Row){
        .i = i,
        .n = op->causal ? n_key - n_query + i + 1 : n_key,
        .x = op->x->data + i * n_key,
        .bias = i * n_key,
        .stride = n_query * n_key,
        .r = scratch,
        .dr = scratch + width * n_key,
    };
}

/* r */
static void hidden_units(const BiasMlp *op, const Row *row)
{
    for (size_t w = 0; w < tensor_width(op->mlp.out); w++) {
        real slope = op->gain * op->mlp.in->data[w], start = op->gain * op->mlp.start->data[w];
        real *r = row->r + w * row->n;
        for (size_t j = 0; j < row->n; j++) {
            real line = slope * row->x[j] + start;
            r[j] = line < 0 ? 0 : line; /* a NaN stays */
        }
    }
}

static void rows_forward(void *context, size_t begin, size_t end)
{
    const BiasMlp *op = context;
    size_t n_head = op->mlp.out->shape[0], width = op->mlp.out->shape[1];
    for (size_t i = begin; i < end; i++) {
        Row row = row_at(op, i);
        real *y = op->bias->data + row.bias;
        hidden_units(op, &row);
        /* y = out r */
        gemm(n_head, row.n, width, matrix(op->mlp.out->data, width), matrix(row.r, row.n), GEMM_SET,
             y, row.stride);
        for (size_t h = 0; h < n_head; h++)
            memset(y + h * row.stride + row.n, 0, (op->x->shape[1] - row.n) * sizeof *y);
    }
}

static void bias_mlp_forward(Node *node)
{
    BiasMlp *op = (BiasMlp *)node;
    parallel_for(op->x->shape[0], parallel_grain(op->x->shape[1] * tensor_width(op->mlp.out)),
                 rows_forward, op);
}

/* The gradients of one query. Its dx is its own; dout, din and dstart are added to the sums of its
 * group. */
static void row_backward(const BiasMlp *op, const Row *row, real *sums)
{
    size_t n_head = op->mlp.out->shape[0], width = op->mlp.out->shape[1], n = row->n;
    real *dout = sums, *din = dout + n_head * width, *dstart = din + width;
    Matrix dy = matrix(op->bias->grad + row->bias, row->stride);
    hidden_units(op, row);
    /* dout += dy r^T, dr = out^T dy */
    gemm(n_head, width, n, dy, matrix_transposed(row->r, n), GEMM_ADD, dout, width);
    gemm(width, n, n_head, matrix_transposed(op->mlp.out->data, width), dy, GEMM_SET, row->dr, n);
    for (size_t w = 0; w < width; w++) {
        real *du = row->dr + w * n; /* takes the place of dr */
        const real *r = row->r + w * n;
        for (size_t j = 0; j < n; j++)
            du[j] = r[j] == 0 ? 0 : op->gain * du[j];
        din[w] += row_dot(du, row->x, n);
        dstart[w] += row_sum(du, n);
        if (op->x->grad)
            row_add_scaled(op->x->grad + row->i * op->x->shape[1], op->mlp.in->data[w], du, n);
    }
}

static void groups_backward(void *context, size_t begin, size_t end)
{
    const BiasMlp *op = context;
    size_t size = tensor_size(op->mlp.out) + 2 * tensor_width(op->mlp.out);
    for (size_t group = begin; group < end; group++) {
        real *sums = op->sums + group * size;
        memset(sums, 0, size * sizeof *sums);
        for (size_t i = group; i < op->x->shape[0]; i += GROUPS) {
            Row row = row_at(op, i);
            row_backward(op, &row, sums);
        }
    }
}

static void bias_mlp_backward(Node *node)
{
    BiasMlp *op = (BiasMlp *)node;
    size_t width = tensor_width(op->mlp.out), out = tensor_size(op->mlp.out);
    grad_ready_to_add(op->x);
    parallel_for(GROUPS, 1, groups_backward, op);
    for (size_t group = 0; group < GROUPS; group++) {
        const real *sums = op->sums + group * (out + 2 * width);
        if (op->mlp.out->grad)
            row_add(op->mlp.out->grad, sums, out);
        if (op->mlp.in->grad)
            row_add(op->mlp.in->grad, sums + out, width);
        if (op->mlp.start->grad)
            row_add(op->mlp.start->grad, sums + out + width, width);
    }
}

static Tensor *declare(ParamList *params, const char *prefix, const char *name, size_t rank,
                       const size_t shape[], Init init)
{
    char full[PARAM_NAME_SIZE];
    snprintf(full, sizeof full, "%s.%s", prefix, name);
    return param_add(params, full, rank, shape, init, NO_DECAY);
}

/* PyTorch draws `in` and `start` uniformly between -1 and 1; these are normal, with the same rms:
 * 1 / sqrt(3). A unit bends at x = -start / in, which is then as likely below 0 as above, and as
 * likely between 0 and 1 as beyond 1. */
bool mlp_declare(Mlp *mlp, ParamList *params, const char *prefix, size_t width, size_t n_head)
{
    const Init spread = {INIT_NORMAL, 1 / sqrt(3.0)}, zero = {INIT_CONSTANT, 0};
    mlp->in = declare(params, prefix, "c_fc.weight", 2, (size_t[]){width, 1}, spread);
    mlp->start = declare(params, prefix, "c_fc.bias", 1, (size_t[]){width}, spread);
    mlp->out = declare(params, prefix, "c_proj.weight", 2, (size_t[]){n_head, width}, zero);
    return mlp->in && mlp->start && mlp->out;
}

ScoreBias bias_mlp(Tape *tape, Tensor *x, Mlp mlp, double gain, bool causal)
{
    size_t n_query = x->shape[0], n_key = x->shape[1];
    size_t n_head = mlp.out->shape[0], width = mlp.out->shape[1];
    assert(n_query <= n_key && tensor_size(mlp.in) == width && tensor_size(mlp.start) == width);
    BiasMlp *op = tape_node(tape, sizeof *op, bias_mlp_forward, bias_mlp_backward);
    op->x = tape_input(tape, x);
    op->mlp = mlp;
    tape_input(tape, mlp.in);
    tape_input(tape, mlp.start);
    tape_input(tape, mlp.out);
    op->gain = (real)gain;
    op->causal = causal;
    op->bias = tape_tensor(tape, 4, (size_t[]){1, n_head, n_query, n_key});
    op->scratch = tape_numbers(tape, 2 * width * n_key * parallel_threads());
    op->sums = tape_numbers(tape, GROUPS * (n_head + 2) * width);
    tape_run(tape, &op->node);
    return (ScoreBias){.by_pair = op->bias};
}
