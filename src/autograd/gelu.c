/* gelu.c: the bend between two linear layers, without which they would be one.
 *
 *     y = x/2 (1 + t)      t = tanh(u)      u = k (x + a x^3)      k = sqrt(2/pi),  a = 0.044715
 *
 * This is nearly x times the probability that a standard normal number lies below x: for large x, t
 * is 1 and y is x; for very negative x, t is -1 and y is 0. With tanh' = 1 - tanh^2, the product
 * rule and the chain rule give
 *
 *     dy/dx = (1 + t)/2  +  x/2 (1 - t^2) k (1 + 3 a x^2)
 *
 * Backward computes t again: that costs less than to keep it in memory.
 */
#include "autograd/ops.h"
#include "math/parallel.h"
#include "math/rows.h"

#define SQRT_2_OVER_PI ((real)0.79788456080286535588)
#define CUBIC          ((real)0.044715)

enum { CHUNK = 256 }; /* numbers that pass through the first-level cache together */

typedef struct Gelu {
    Node node;
    Tensor *x, *y;
} Gelu;

/* t[i] = tanh(k (x[i] + a x[i]^3)) */
static void inner_tanh(real *t, const real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t[i] = SQRT_2_OVER_PI * (x[i] + CUBIC * x[i] * x[i] * x[i]);
    row_tanh(t, n);
}

static void gelu_range(void *context, size_t begin, size_t end)
{
    Gelu *op = context;
    real t[CHUNK];
    for (size_t first = begin; first < end; first += CHUNK) {
        size_t n = end - first < CHUNK ? end - first : CHUNK;
        const real *x = op->x->data + first;
        real *y = op->y->data + first;
        inner_tanh(t, x, n);
        for (size_t i = 0; i < n; i++)
            y[i] = (real)0.5 * x[i] * (1 + t[i]);
    }
}

static void gelu_forward(Node *node)
{
    Gelu *op = (Gelu *)node;
    parallel_for(tensor_size(op->x), parallel_grain(1), gelu_range, op);
}

static void gelu_gradient_range(void *context, size_t begin, size_t end)
{
    Gelu *op = context;
    const bool first_share = op->x->grad_is_new;
    real t[CHUNK];
    for (size_t first = begin; first < end; first += CHUNK) {
        size_t n = end - first < CHUNK ? end - first : CHUNK;
        const real *x = op->x->data + first, *dy = op->y->grad + first;
        real *dx = op->x->grad + first;
        inner_tanh(t, x, n);
        for (size_t i = 0; i < n; i++) {
            /* exercise 1 begins */
            real slope_of_u = SQRT_2_OVER_PI * (1 + 3 * CUBIC * x[i] * x[i]);
            real slope = (real)0.5 * (1 + t[i]) + (real)0.5 * x[i] * (1 - t[i] * t[i]) * slope_of_u;
            /* exercise 1 ends */
            dx[i] = (first_share ? 0 : dx[i]) + dy[i] * slope;
        }
    }
}

static void gelu_backward(Node *node)
{
    Gelu *op = (Gelu *)node;
    if (op->x->grad)
        parallel_for(tensor_size(op->x), parallel_grain(1), gelu_gradient_range, op);
}

Tensor *gelu(Tape *tape, Tensor *x)
{
    Gelu *op = tape_node(tape, sizeof *op, gelu_forward, gelu_backward);
    op->x = tape_input(tape, x);
    op->y = tape_tensor_like(tape, x);
    tape_run(tape, &op->node);
    return op->y;
}
