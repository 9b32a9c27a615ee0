/* linear.c: every output a weighted sum of all inputs.
 *
 *     y = x W^T + b         x [N, C]   W [O, C]   b [O]   y [N, O]
 *     y[n,o] = sum over c of x[n,c] W[o,c]  +  b[o]
 *
 * Each number of x, W and b enters y linearly, so its derivative is what it is multiplied with:
 *
 *     dx[n,c] = sum over o of dy[n,o] W[o,c]        dx = dy W
 *     dW[o,c] = sum over n of dy[n,o] x[n,c]        dW = dy^T x
 *     db[o]   = sum over n of dy[n,o]
 */
#include <assert.h>
#include <string.h>

#include "autograd/ops.h"
#include "math/gemm.h"
#include "math/parallel.h"
#include "math/rows.h"

typedef struct Linear {
    Node node;
    Tensor *x, *weight, *bias, *y;
} Linear;

/* Each row of y starts as b; the product is added to it. */
static void copy_bias_to_rows(void *context, size_t begin, size_t end)
{
    Linear *op = context;
    size_t width = tensor_width(op->y);
    for (size_t n = begin; n < end; n++)
        memcpy(op->y->data + n * width, op->bias->data, width * sizeof(real));
}

static void linear_forward(Node *node)
{
    Linear *op = (Linear *)node;
    size_t rows = tensor_rows(op->x), in = tensor_width(op->x), out = tensor_width(op->y);
    if (op->bias)
        parallel_for(rows, parallel_grain(out), copy_bias_to_rows, op);
    gemm(rows, out, in, matrix(op->x->data, in), matrix_transposed(op->weight->data, in),
         op->bias ? GEMM_ADD : GEMM_SET, op->y->data, out);
}

/* exercise 2 begins */
static void add_bias_gradient(void *context, size_t begin, size_t end)
{
    Linear *op = context;
    size_t rows = tensor_rows(op->y), out = tensor_width(op->y);
    for (size_t n = 0; n < rows; n++)
        row_add(op->bias->grad + begin, op->y->grad + n * out + begin, end - begin);
}

static void linear_backward(Node *node)
{
    Linear *op = (Linear *)node;
    size_t rows = tensor_rows(op->x), in = tensor_width(op->x), out = tensor_width(op->y);
    const real *dy = op->y->grad;
    if (op->x->grad)
        gemm(rows, in, out, matrix(dy, out), matrix(op->weight->data, in), grad_mode(op->x),
             op->x->grad, in);
    if (op->weight->grad)
        gemm(out, in, rows, matrix_transposed(dy, out), matrix(op->x->data, in),
             grad_mode(op->weight), op->weight->grad, in);
    grad_ready_to_add(op->bias);
    if (op->bias && op->bias->grad)
        parallel_for(out, parallel_columns(out), add_bias_gradient, op);
}
/* exercise 2 ends */

Tensor *linear(Tape *tape, Tensor *x, Tensor *weight, Tensor *bias)
{
    assert(weight->rank == 2 && tensor_width(x) == weight->shape[1]);
    Linear *op = tape_node(tape, sizeof *op, linear_forward, linear_backward);
    op->x = tape_input(tape, x);
    op->weight = tape_input(tape, weight);
    op->bias = tape_input(tape, bias);
    size_t shape[MAX_RANK];
    memcpy(shape, x->shape, sizeof shape);
    shape[x->rank - 1] = weight->shape[0];
    op->y = tape_tensor(tape, x->rank, shape);
    tape_run(tape, &op->node);
    return op->y;
}
