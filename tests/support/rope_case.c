/* rope_case.c: models with rope. */
#include "support/rope_case.h"

ModelCase *rope_case(Fixture *f, const char *options, size_t n_head, size_t head_size)
{
    ModelShape shape = small_model;
    shape.gpt.n_head = n_head;
    shape.gpt.n_embd = n_head * head_size;
    return model_case(f, pos_find("rope"), options, shape);
}

Heads random_heads(Fixture *f, size_t batch, size_t n_head, size_t T, size_t D)
{
    return split_heads(random_tensor(&f->arena, 1, SHAPE(batch, T, 3 * n_head * D)), n_head);
}
