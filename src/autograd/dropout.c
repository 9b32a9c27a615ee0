/* dropout.c: numbers left out at random in training, so that none becomes indispensable.
 *
 *     y[i] = f[i] x[i]      f[i] = 0 with probability r, else 1 / (1 - r)      dx[i] = f[i] dy[i]
 *
 * The mean of f is 1, so nothing has to be scaled when there is no dropout. The factors are a
 * function of the key and i alone: backward draws the same ones again instead of keeping them.
 */
#include <assert.h>

#include "autograd/ops.h"
#include "math/parallel.h"

enum { CHUNK = 256 }; /* numbers that share a key */

typedef struct Dropout {
    Node node;
    Tensor *x, *y;
    double rate;
    RandomKey key;
} Dropout;

void dropout_factors(real *factors, size_t n, double rate, RandomKey key)
{
    /* 32 random bits are below r 2^32 with probability r. Each draw of 64 serves two numbers. */
    uint32_t threshold = (uint32_t)(rate * 0x1p32);
    real kept = (real)(1 / (1 - rate));
    size_t i = 0;
    for (; i + 2 <= n; i += 2) {
        uint64_t bits = random_bits(key, i / 2);
        factors[i] = (uint32_t)bits < threshold ? 0 : kept;
        factors[i + 1] = (uint32_t)(bits >> 32) < threshold ? 0 : kept;
    }
    if (i < n)
        factors[i] = (uint32_t)random_bits(key, i / 2) < threshold ? 0 : kept;
}

/* to[i] += or = factor[i] * from[i] for the chunks begin ... end - 1 */
static void apply_factors(const Dropout *op, const real *from, real *to, bool add, size_t begin,
                          size_t end)
{
    size_t size = tensor_size(op->x);
    real factors[CHUNK];
    for (size_t chunk = begin; chunk < end; chunk++) {
        size_t first = chunk * CHUNK, n = size - first < CHUNK ? size - first : CHUNK;
        dropout_factors(factors, n, op->rate, random_at(op->key, chunk));
        for (size_t i = 0; i < n; i++)
            to[first + i] = (add ? to[first + i] : 0) + factors[i] * from[first + i];
    }
}

static size_t chunk_count(const Tensor *x)
{
    return (tensor_size(x) + CHUNK - 1) / CHUNK;
}

static void drop_chunks(void *context, size_t begin, size_t end)
{
    Dropout *op = context;
    apply_factors(op, op->x->data, op->y->data, false, begin, end);
}

static void dropout_forward(Node *node)
{
    Dropout *op = (Dropout *)node;
    parallel_for(chunk_count(op->x), parallel_grain(CHUNK), drop_chunks, op);
}

static void drop_gradient_chunks(void *context, size_t begin, size_t end)
{
    Dropout *op = context;
    apply_factors(op, op->y->grad, op->x->grad, !op->x->grad_is_new, begin, end);
}

static void dropout_backward(Node *node)
{
    Dropout *op = (Dropout *)node;
    if (op->x->grad)
        parallel_for(chunk_count(op->x), parallel_grain(CHUNK), drop_gradient_chunks, op);
}

Tensor *dropout(Tape *tape, Tensor *x, double rate, RandomKey key)
{
    assert(rate >= 0 && rate < 1);
    if (rate == 0 || !tape->gradients)
        return x;
    Dropout *op = tape_node(tape, sizeof *op, dropout_forward, dropout_backward);
    op->x = tape_input(tape, x);
    op->rate = rate;
    op->key = key;
    op->y = tape_tensor_like(tape, x);
    tape_run(tape, &op->node);
    return op->y;
}
