/* heads.c: views of queries, keys and values. */
#include "autograd/heads.h"

#include <assert.h>

HeadView head_view(Tensor *x, size_t n_head, size_t part, size_t parts)
{
    size_t width = tensor_width(x), C = width / parts;
    assert(x->rank == 3 && width % (parts * n_head) == 0);
    return (HeadView){
        .x = x,
        .batch = x->shape[0],
        .n_head = n_head,
        .length = x->shape[1],
        .head_size = C / n_head,
        .start = part * C,
        .batch_stride = x->shape[1] * width,
        .head_stride = C / n_head,
        .token_stride = width,
    };
}

Heads split_heads(Tensor *x, size_t n_head)
{
    return (Heads){head_view(x, n_head, 0, 3), head_view(x, n_head, 1, 3),
                   head_view(x, n_head, 2, 3)};
}

bool heads_fill(const Heads *heads, const Tensor *x)
{
    const HeadView *views[] = {&heads->q, &heads->k, &heads->v};
    size_t size = 0;
    for (size_t i = 0; i < 3; i++) {
        if (views[i]->x != x)
            continue;
        for (size_t j = 0; j < i; j++)
            if (views[j]->x == x && views[j]->start == views[i]->start)
                return false; /* two shares */
        size += head_view_size(views[i]);
    }
    return size == tensor_size(x);
}

void heads_input(Tape *tape, const Heads *heads)
{
    tape_input(tape, heads->q.x);
    if (heads->k.x != heads->q.x)
        tape_input(tape, heads->k.x);
    if (heads->v.x != heads->q.x && heads->v.x != heads->k.x)
        tape_input(tape, heads->v.x);
}

Heads heads_over(Tape *tape, const Heads *heads)
{
    Heads over = *heads;
    Tensor *q = heads->q.x, *k = heads->k.x, *v = heads->v.x;
    over.q.x = tape_over(tape, q);
    over.k.x = k == q ? over.q.x : tape_over(tape, k);
    over.v.x = v == q ? over.q.x : v == k ? over.k.x : tape_over(tape, v);
    return over;
}

void heads_ready_to_add(const Heads *heads)
{
    Tensor *inputs[] = {heads->q.x, heads->k.x, heads->v.x};
    for (size_t i = 0; i < 3; i++)
        if (!heads_fill(heads, inputs[i]))
            grad_ready_to_add(inputs[i]);
}
