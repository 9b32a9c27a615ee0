/* add.c: the sum of two tensors: what makes a residual connection.
 *
 *     z = x + y             dx = dz        dy = dz
 *
 * y may lack the first dimensions of x ([B, T, C] + [T, C]: the same positions for each sequence).
 * Then it is used several times, and its gradient is the sum over all uses:
 *
 *     z[b,i] = x[b,i] + y[i]        dy[i] = sum over b of dz[b,i]
 */
#include <assert.h>
#include <string.h>

#include "autograd/ops.h"
#include "math/parallel.h"
#include "math/rows.h"

typedef struct Add {
    Node node;
    Tensor *x, *y, *z;
    size_t copies; /* how often y is used: size of x / size of y */
} Add;

/* Numbers begin ... end - 1 of y, and of every part of x that they are added to. */
static void add_range(void *context, size_t begin, size_t end)
{
    Add *op = context;
    size_t size = tensor_size(op->y);
    for (size_t b = 0; b < op->copies; b++) {
        const real *x = op->x->data + b * size;
        real *z = op->z->data + b * size;
        for (size_t i = begin; i < end; i++)
            z[i] = x[i] + op->y->data[i];
    }
}

static void add_forward(Node *node)
{
    Add *op = (Add *)node;
    parallel_for(tensor_size(op->y), parallel_grain(op->copies), add_range, op);
}

/* The first share of a gradient is set, the others are added. */
static void give_share(real *gradient, bool first, const real *dz, size_t n)
{
    if (first)
        memcpy(gradient, dz, n * sizeof *gradient);
    else
        row_add(gradient, dz, n);
}

static void add_gradient_range(void *context, size_t begin, size_t end)
{
    Add *op = context;
    size_t size = tensor_size(op->y), n = end - begin;
    for (size_t b = 0; b < op->copies; b++) {
        const real *dz = op->z->grad + b * size + begin;
        if (op->x->grad)
            give_share(op->x->grad + b * size + begin, op->x->grad_is_new, dz, n);
        if (op->y->grad)
            give_share(op->y->grad + begin, op->y->grad_is_new && b == 0, dz, n);
    }
}

static void add_backward(Node *node)
{
    Add *op = (Add *)node;
    parallel_for(tensor_size(op->y), parallel_grain(op->copies), add_gradient_range, op);
}

Tensor *add(Tape *tape, Tensor *x, Tensor *y)
{
    assert(y->rank <= x->rank);
    for (size_t dimension = 0; dimension < y->rank; dimension++)
        assert(y->shape[dimension] == x->shape[x->rank - y->rank + dimension]);
    Add *op = tape_node(tape, sizeof *op, add_forward, add_backward);
    op->x = tape_input(tape, x);
    op->y = tape_input(tape, y);
    op->z = tape_tensor_like(tape, x);
    op->copies = tensor_size(x) / tensor_size(y);
    tape_run(tape, &op->node);
    return op->z;
}
