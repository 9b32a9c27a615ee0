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

#include "autograd/ops.h"
#include "math/parallel.h"
#include "math/rows.h"

static const real EPSILON = (real)1e-5; /* as in GPT-2 */

typedef struct LayerNorm {
    Node node;
    Tensor *x, *weight, *bias, *y;
    real *mean, *scale; /* [N]: m and s of each row */
    real *scratch;      /* [threads, 2, C]: g and h of a row */
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

static void add_x_gradient(void *context, size_t begin, size_t end)
{
    LayerNorm *op = context;
    size_t width = tensor_width(op->x);
    const bool first_share = op->x->grad_is_new;
    const real *weight = op->weight->data;
    real *g = op->scratch + 2 * width * parallel_thread(), *h = g + width;
    for (size_t n = begin; n < end; n++) {
        const real *x = op->x->data + n * width, *dy = op->y->grad + n * width;
        real *dx = op->x->grad + n * width;
        real mean = op->mean[n], scale = op->scale[n];
        for (size_t c = 0; c < width; c++) {
            g[c] = dy[c] * weight[c];
            h[c] = (x[c] - mean) * scale;
        }
        real mean_g = row_sum(g, width) / (real)width;
        real mean_gh = row_dot(g, h, width) / (real)width;
        for (size_t c = 0; c < width; c++)
            dx[c] = (first_share ? 0 : dx[c]) + scale * (g[c] - mean_g - h[c] * mean_gh);
    }
}

/* The columns begin ... end - 1 of dw and db: each is a sum over all rows, in order. */
static void add_parameter_gradient(void *context, size_t begin, size_t end)
{
    LayerNorm *op = context;
    size_t width = tensor_width(op->x), rows = tensor_rows(op->x);
    real *dweight = op->weight->grad, *dbias = op->bias ? op->bias->grad : NULL;
    for (size_t n = 0; n < rows; n++) {
        const real *x = op->x->data + n * width, *dy = op->y->grad + n * width;
        real mean = op->mean[n], scale = op->scale[n];
        for (size_t c = begin; dweight && c < end; c++)
            dweight[c] += dy[c] * (x[c] - mean) * scale;
        if (dbias)
            row_add(dbias + begin, dy + begin, end - begin);
    }
}

static void layer_norm_backward(Node *node)
{
    LayerNorm *op = (LayerNorm *)node;
    size_t width = tensor_width(op->x);
    if (op->x->grad)
        parallel_for(tensor_rows(op->x), parallel_grain(width), add_x_gradient, op);
    grad_ready_to_add(op->weight);
    grad_ready_to_add(op->bias);
    parallel_for(width, parallel_columns(width), add_parameter_gradient, op);
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
    op->scratch = tape_numbers(tape, 2 * tensor_width(x) * parallel_threads());
    tape_run(tape, &op->node);
    return op->y;
}
