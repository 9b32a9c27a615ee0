/* first_layer.c: the first layer of gpt.c, with its parts in view. */
#include "lab/claims/first_layer.h"

#include "lab/claims/specimen.h"

FirstLayer first_layer(const Gpt *gpt, Tape *tape, const int *tokens, Positions positions)
{
    const GptBlock *block = &gpt->blocks[0];
    Tensor *x = embedding(tape, gpt->wte, tokens, positions.count);
    x = tape_reshape(tape, x, 3, (size_t[]){1, positions.count, gpt->config.n_embd});
    FirstLayer layer = {.positions = positions};
    layer.vectors = x = through_embedding(tape, gpt, x, positions);
    x = layer_norm(tape, x, block->ln_1_weight, block->ln_1_bias);
    x = linear(tape, x, block->c_attn_weight, block->c_attn_bias);
    layer.straight = split_heads(x, gpt->config.n_head);
    layer.turned = through_query_key(tape, gpt, 0, layer.straight, positions);
    layer.bias = through_scores(tape, gpt, 0, layer.turned, positions, positions);
    return layer;
}

double first_layer_score(const FirstLayer *layer, size_t h, size_t i, size_t j)
{
    size_t D = layer->turned.q.head_size;
    const real *q = head_data(&layer->turned.q, 0, h, i), *k = head_data(&layer->turned.k, 0, h, j);
    return dot_of(q, k, D) / sqrt((double)D) +
           bias_of_pair(&layer->bias, h, layer->positions, i, layer->positions, j);
}

double first_layer_most(const FirstLayer *layer, size_t h, size_t i, size_t j)
{
    size_t D = layer->turned.q.head_size;
    const real *q = head_data(&layer->turned.q, 0, h, i), *k = head_data(&layer->turned.k, 0, h, j);
    return sqrt(dot_of(q, q, D) * dot_of(k, k, D) / (double)D);
}
