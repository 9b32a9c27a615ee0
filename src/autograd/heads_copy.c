/* heads_copy.c: vectors of heads, copied to a tensor of their own.
 *
 *     y[b,h,t] = x[b,h,t]             dx[b,h,t] += dy[b,h,t]
 */
#include "autograd/heads.h"

#include <string.h>

#include "math/rows.h"

typedef struct Copy {
    Node node;
    HeadView x, y;
} Copy;

static void copy_forward(Node *node)
{
    Copy *op = (Copy *)node;
    for (size_t b = 0; b < op->x.batch; b++)
        for (size_t t = 0; t < op->x.length; t++)
            for (size_t h = 0; h < op->x.n_head; h++)
                memcpy(op->y.x->data + head_place(&op->y, b, h, t), head_data(&op->x, b, h, t),
                       op->x.head_size * sizeof(real));
}

static void copy_backward(Node *node)
{
    Copy *op = (Copy *)node;
    if (!op->x.x->grad)
        return;
    grad_ready_to_add(op->x.x);
    for (size_t b = 0; b < op->x.batch; b++)
        for (size_t t = 0; t < op->x.length; t++)
            for (size_t h = 0; h < op->x.n_head; h++)
                row_add(head_grad(&op->x, b, h, t), head_grad(&op->y, b, h, t), op->x.head_size);
}

HeadView head_view_copy(Tape *tape, const HeadView *view)
{
    size_t shape[] = {view->batch, view->length, view->n_head * view->head_size};
    Copy *op = tape_node(tape, sizeof *op, copy_forward, copy_backward);
    op->x = *view;
    tape_input(tape, view->x);
    op->y = head_view(tape_tensor(tape, 3, shape), view->n_head, 0, 1);
    tape_run(tape, &op->node);
    return op->y;
}

Heads heads_copy(Tape *tape, const Heads *heads)
{
    return (Heads){head_view_copy(tape, &heads->q), head_view_copy(tape, &heads->k),
                   head_view_copy(tape, &heads->v)};
}
