/* embedding.c: looking up rows of a table.
 *
 *     y[n] = table[index[n]]                  table [V, C], y [N, C]
 *
 * It is a linear layer on one-hot vectors, without the multiplications. Backward, each row of the
 * table gets the gradients of all places that used it:
 *
 *     dtable[v] += sum over n with index[n] = v of dy[n]
 *
 * Two places may use the same row, so the sum is shared out by columns: each range of channels
 * goes through all n in order.
 */
#include <string.h>

#include "autograd/ops.h"
#include "math/parallel.h"
#include "math/rows.h"

typedef struct Embedding {
    Node node;
    Tensor *table, *y;
    const int *index;
} Embedding;

static void embedding_forward(Node *node)
{
    Embedding *op = (Embedding *)node;
    size_t width = tensor_width(op->y), rows = tensor_rows(op->y);
    for (size_t n = 0; n < rows; n++)
        memcpy(op->y->data + n * width, op->table->data + (size_t)op->index[n] * width,
               width * sizeof(real));
}

/* The gradient of the table's columns begin ... end - 1. */
static void add_columns(void *context, size_t begin, size_t end)
{
    Embedding *op = context;
    size_t width = tensor_width(op->y), rows = tensor_rows(op->y);
    for (size_t n = 0; n < rows; n++)
        row_add(op->table->grad + (size_t)op->index[n] * width + begin,
                op->y->grad + n * width + begin, end - begin);
}

static void embedding_backward(Node *node)
{
    Embedding *op = (Embedding *)node;
    grad_ready_to_add(op->table);
    if (op->table->grad)
        parallel_for(tensor_width(op->y), parallel_columns(tensor_width(op->y)), add_columns, op);
}

Tensor *embedding(Tape *tape, Tensor *table, const int *index, size_t n)
{
    Embedding *op = tape_node(tape, sizeof *op, embedding_forward, embedding_backward);
    op->table = tape_input(tape, table);
    op->index = index;
    op->y = tape_tensor(tape, 2, (size_t[]){n, tensor_width(table)});
    tape_run(tape, &op->node);
    return op->y;
}
