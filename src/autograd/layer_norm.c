/* layer_norm.c: each row brought to mean 0 and variance 1, then scaled and shifted as learned.
 *
 *     m = mean over c of x[c]        s = 1 / sqrt(mean over c of (x[c] - m)^2 + epsilon)
 *     h[c] = (x[c] - m) s            y[c] = h[c] w[c] + b[c]
 *
 * Backward, row by row. w and b enter linearly, so over all rows dw += dy h and db += dy. For x
 * write g[c] = dy[c] w[c] for the gradient that reaches h. x[c] acts on every h[k], through itself,
 * through the mean, and through the variance:
 *
 *     dh[k]/dx[c] = s ( [k = c]  -  1/C  -  h[k] h[c] / C )
 *
 * (the last term: ds/dx[c] = -s^3 (x[c] - m) / C = -s^2 h[c] / C, times x[k] - m = h[k] / s).
 * Summed over k with g[k]:
 *
 *     dx[c] = s ( g[c]  -  mean(g)  -  h[c] mean(g h) )
 */
#include <assert.h>
#include <string.h>

#include "autograd/ops.h"
#include "math/parallel.h"
#include "math/rows.h"

static const real EPSILON = (real)1e-5; /* as in GPT-2 */

/* dw and db are sums over all rows. They are taken over a fixed number of chunks of rows first, on
 * all threads, and then over the chunks in order: the same bits with any number of threads. */
enum { CHUNKS = 16 };

typedef struct LayerNorm {
    Node node;
    Tensor *x, *weight, *bias, *y;
    real *mean, *scale; /* [N]: m and s of each row */
    real *rows;         /* [threads, 2, C]: g and h of a row */
    real *shares;       /* [CHUNKS, 2, C]: what each chunk of rows adds to dw and db */
} LayerNorm;

static void normalise_rows(void *context, size_t begin, size_t end)
{
    LayerNorm *op = context;
    size_t width = tensor_width(op->x);
    const real *weight = op->weight->data, *bias = op->bias ? op->bias->data : NULL;
    for (size_t n = begin; n < end; n++) {
        const real *x = op->x->data + n * width;
        real *y = op->y->data + n * width;
        real mean = row_sum(x, width) / (real)width;
        for (size_t c = 0; c < width; c++)
            y[c] = x[c] - mean;
        real scale = 1 / sqrt(row_dot(y, y, width) / (real)width + EPSILON);
        for (size_t c = 0; c < width; c++)
            y[c] = y[c] * scale * weight[c];
        if (bias)
            row_add(y, bias, width);
        op->mean[n] = mean;
        op->scale[n] = scale;
    }
}

static void layer_norm_forward(Node *node)
{
    LayerNorm *op = (LayerNorm *)node;
    parallel_for(tensor_rows(op->x), parallel_grain(tensor_width(op->x)), normalise_rows, op);
}

/* g and h of row n: the gradient that reaches h, and h itself. */
static void row_of_gradient(const LayerNorm *op, size_t n, real *g, real *h)
{
    size_t width = tensor_width(op->x);
    const real *x = op->x->data + n * width, *dy = op->y->grad + n * width;
    const real *weight = op->weight->data;
    real mean = op->mean[n], scale = op->scale[n];
    for (size_t c = 0; c < width; c++) {
        g[c] = dy[c] * weight[c];
        h[c] = (x[c] - mean) * scale;
    }
}

/* dx of row n. */
static void give_x_gradient(const LayerNorm *op, size_t n, const real *g, const real *h)
{
    size_t width = tensor_width(op->x);
    const bool first_share = op->x->grad_is_new;
    real *dx = op->x->grad + n * width, scale = op->scale[n];
    /* exercise 8 begins */
    real mean_g = row_sum(g, width) / (real)width;
    real mean_gh = row_dot(g, h, width) / (real)width;
    for (size_t c = 0; c < width; c++)
        dx[c] = (first_share ? 0 : dx[c]) + scale * (g[c] - mean_g - h[c] * mean_gh);
    /* exercise 8 ends */
}

static void chunks_backward(void *context, size_t begin, size_t end)
{
    const LayerNorm *op = context;
    size_t width = tensor_width(op->x), rows = tensor_rows(op->x);
    real *g = op->rows + 2 * width * parallel_thread(), *h = g + width;
    for (size_t chunk = begin; chunk < end; chunk++) {
        real *dweight = op->shares + 2 * width * chunk, *dbias = dweight + width;
        memset(dweight, 0, 2 * width * sizeof *dweight);
        for (size_t n = chunk * rows / CHUNKS; n < (chunk + 1) * rows / CHUNKS; n++) {
            const real *dy = op->y->grad + n * width;
            row_of_gradient(op, n, g, h);
            if (op->x->grad)
                give_x_gradient(op, n, g, h);
            for (size_t c = 0; c < width; c++)
                dweight[c] += dy[c] * h[c];
            if (op->bias)
                row_add(dbias, dy, width);
        }
    }
}

static void layer_norm_backward(Node *node)
{
    LayerNorm *op = (LayerNorm *)node;
    size_t width = tensor_width(op->x);
    parallel_for(CHUNKS, 1, chunks_backward, op);
    grad_ready_to_add(op->weight);
    grad_ready_to_add(op->bias);
    for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
        const real *dweight = op->shares + 2 * width * chunk, *dbias = dweight + width;
        if (op->weight->grad)
            row_add(op->weight->grad, dweight, width);
        if (op->bias && op->bias->grad)
            row_add(op->bias->grad, dbias, width);
    }
}

Tensor *layer_norm(Tape *tape, Tensor *x, Tensor *weight, Tensor *bias)
{
    assert(tensor_size(weight) == tensor_width(x));
    LayerNorm *op = tape_node(tape, sizeof *op, layer_norm_forward, layer_norm_backward);
    op->x = tape_input(tape, x);
    op->weight = tape_input(tape, weight);
    op->bias = tape_input(tape, bias);
    op->y = tape_tensor_like(tape, x);
    op->mean = tape_numbers(tape, tensor_rows(x));
    op->scale = tape_numbers(tape, tensor_rows(x));
    op->rows = tape_numbers(tape, 2 * tensor_width(x) * parallel_threads());
    op->shares = tape_numbers(tape, CHUNKS * 2 * tensor_width(x));
    tape_run(tape, &op->node);
    return op->y;
}
