/* cope_case.c: inputs for src/pos/cope_op.c, and where its keys stand. */
#include "support/cope_case.h"

#include <math.h>

CopeCase cope_case(Fixture *f, AttentionShape shape, size_t last)
{
    CopeCase c = {.attention = attention_case(&f->arena, shape)};
    c.z = random_tensor(&f->arena, 7, SHAPE(shape.batch, shape.n_head, shape.n_query, last + 1));
    c.inputs[c.n_inputs++] = c.attention.inputs[c.attention.q_input];
    if (c.attention.k_input != c.attention.q_input)
        c.inputs[c.n_inputs++] = c.attention.inputs[c.attention.k_input];
    c.inputs[c.n_inputs++] = (GradInput){.name = "z", .x = c.z};
    return c;
}

Tensor *cope_case_bias(Tape *tape, void *context)
{
    CopeCase *c = context;
    return counted_bias(tape, &c->attention.heads, c->z);
}

const AttentionShape cope_shapes[] = {
    {.batch = 2, .n_head = 3, .n_query = 5, .n_key = 5, .head_size = 4},
    {.batch = 1, .n_head = 2, .n_query = 1, .n_key = 9, .head_size = 3},
    {.batch = 2, .n_head = 1, .n_query = 4, .n_key = 7, .head_size = 5},
    {.batch = 2, .n_head = 2, .n_query = 70, .n_key = 70, .head_size = 8}, /* two blocks */
    {.batch = 1, .n_head = 2, .n_query = 66, .n_key = 131, .head_size = 2},
    {.batch = 2, .n_head = 3, .n_query = 6, .n_key = 6, .head_size = 3, .layout = THREE_PARTS},
};
const size_t n_cope_shapes = COUNT_OF(cope_shapes);

CopeRow cope_row(const CopeCase *c, size_t head, size_t i)
{
    const AttentionShape *s = &c->attention.shape;
    size_t row = head * s->n_query + i;
    return (CopeRow){row * s->n_key, row * tensor_width(c->z), s->n_key - s->n_query + i + 1,
                     head_data(&c->attention.heads.q, head / s->n_head, head % s->n_head, i)};
}

const real *cope_key(const CopeCase *c, size_t head, size_t u)
{
    size_t n_head = c->attention.shape.n_head;
    return head_data(&c->attention.heads.k, head / n_head, head % n_head, u);
}

double cope_gate(const CopeCase *c, const CopeRow *row, size_t head, size_t u)
{
    size_t D = c->attention.shape.head_size;
    double score = 0;
    for (size_t d = 0; d < D; d++)
        score += (double)row->q[d] * (double)cope_key(c, head, u)[d];
    return 1 / (1 + exp(-score / sqrt((double)D)));
}

double cope_position(const CopeCase *c, const CopeRow *row, size_t head, size_t j)
{
    double position = 0;
    for (size_t u = j; u < row->seen; u++)
        position += cope_gate(c, row, head, u);
    return position;
}
