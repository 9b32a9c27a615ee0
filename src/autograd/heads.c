/* heads.c: the channels of queries, keys and values sorted by head.
 *
 * One linear layer computes all three at once, 3 C channels for each token:
 *
 *     x[b,t]   | q of head 0 | q of head 1 | ... | k of head 0 | ... | v of head 0 | ... |
 *
 * Attention works on one head at a time and wants its T vectors side by side: [B, H, T, D]. Nothing
 * is computed, numbers only move; backward moves their gradients the other way.
 */
#include <assert.h>
#include <string.h>

#include "autograd/ops.h"
#include "math/parallel.h"
#include "math/rows.h"

typedef struct SplitHeads {
    Node node;
    Tensor *x;
    Heads heads;
    size_t batch, length, n_head, head_size; /* B T H D */
} SplitHeads;

/* Part 0, 1, 2 is q, k, v. */
static Tensor *part_of(const SplitHeads *op, size_t part)
{
    return part == 0 ? op->heads.q : part == 1 ? op->heads.k : op->heads.v;
}

/* Where the vector of (b, t, part, h) stands in x; in its part it stands at ((b H + h) T + t) D. */
static size_t place_in_x(const SplitHeads *op, size_t b, size_t t, size_t part, size_t h)
{
    return (((b * op->length + t) * 3 + part) * op->n_head + h) * op->head_size;
}

/* The sequences and parts (b, part) = (index / 3, index mod 3) for index begin ... end - 1. */
static void split_range(void *context, size_t begin, size_t end)
{
    SplitHeads *op = context;
    for (size_t index = begin; index < end; index++) {
        size_t b = index / 3, part = index % 3;
        real *y = part_of(op, part)->data + b * op->n_head * op->length * op->head_size;
        for (size_t h = 0; h < op->n_head; h++)
            for (size_t t = 0; t < op->length; t++, y += op->head_size)
                memcpy(y, op->x->data + place_in_x(op, b, t, part, h),
                       op->head_size * sizeof(real));
    }
}

static void join_gradient_range(void *context, size_t begin, size_t end)
{
    SplitHeads *op = context;
    for (size_t index = begin; index < end; index++) {
        size_t b = index / 3, part = index % 3;
        const real *dy = part_of(op, part)->grad + b * op->n_head * op->length * op->head_size;
        for (size_t h = 0; h < op->n_head; h++)
            for (size_t t = 0; t < op->length; t++, dy += op->head_size) {
                real *dx = op->x->grad + place_in_x(op, b, t, part, h);
                if (op->x->grad_is_new)
                    memcpy(dx, dy, op->head_size * sizeof(real));
                else
                    row_add(dx, dy, op->head_size);
            }
    }
}

static size_t grain(const SplitHeads *op)
{
    return parallel_grain(op->n_head * op->length * op->head_size);
}

static void split_heads_forward(Node *node)
{
    SplitHeads *op = (SplitHeads *)node;
    parallel_for(3 * op->batch, grain(op), split_range, op);
}

static void split_heads_backward(Node *node)
{
    SplitHeads *op = (SplitHeads *)node;
    if (op->x->grad)
        parallel_for(3 * op->batch, grain(op), join_gradient_range, op);
}

Heads split_heads(Tape *tape, Tensor *x, size_t n_head)
{
    assert(x->rank == 3 && tensor_width(x) % (3 * n_head) == 0);
    SplitHeads *op = tape_node(tape, sizeof *op, split_heads_forward, split_heads_backward);
    op->x = tape_input(tape, x);
    op->batch = x->shape[0];
    op->length = x->shape[1];
    op->n_head = n_head;
    op->head_size = tensor_width(x) / (3 * n_head);
    size_t shape[] = {op->batch, n_head, op->length, op->head_size};
    op->heads.q = tape_tensor(tape, 4, shape);
    op->heads.k = tape_tensor(tape, 4, shape);
    op->heads.v = tape_tensor(tape, 4, shape);
    tape_run(tape, &op->node);
    return op->heads;
}
