/* square.c: an operation that may keep a log. */
#include "support/square.h"

#include <string.h>

typedef struct Square {
    Node node;
    Tensor *x, *y;
    char *log; /* NULL: none */
    char name;
} Square;

static void log_call(const Square *op, char pass)
{
    if (op->log) {
        size_t length = strlen(op->log);
        op->log[length] = pass;
        op->log[length + 1] = op->name;
        op->log[length + 2] = '\0';
    }
}

static void square_forward(Node *node)
{
    Square *op = (Square *)node;
    log_call(op, 'f');
    for (size_t i = 0; i < tensor_size(op->x); i++)
        op->y->data[i] = op->x->data[i] * op->x->data[i];
}

static void square_backward(Node *node)
{
    Square *op = (Square *)node;
    log_call(op, 'b');
    grad_ready_to_add(op->x);
    for (size_t i = 0; i < tensor_size(op->x); i++)
        op->x->grad[i] += 2 * op->x->data[i] * op->y->grad[i];
}

Tensor *logged_square(Tape *tape, Tensor *x, char *log, char name)
{
    Square *op = tape_node(tape, sizeof *op, square_forward, square_backward);
    op->x = tape_input(tape, x);
    op->log = log;
    op->name = name;
    op->y = tape_tensor_like(tape, x);
    tape_run(tape, &op->node);
    return op->y;
}

Tensor *square(Tape *tape, Tensor *x)
{
    return logged_square(tape, x, NULL, 0);
}

Tensor *squares(Tape *tape, Tensor *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x = square(tape, x);
    return x;
}
