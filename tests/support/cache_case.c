/* cache_case.c: one sequence at a time. */
#include "support/cache_case.h"

ModelShape long_shape(size_t length)
{
    ModelShape shape = small_model;
    shape.gpt.block_size = length;
    shape.batch_size = 1;
    shape.length = length;
    return shape;
}

const Tensor *whole_text(Tape *tape, const ModelCase *c, size_t window)
{
    GptInput input = c->input;
    input.window = window;
    return gpt_forward(&c->gpt, tape, &input);
}
