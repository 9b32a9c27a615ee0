/* small_gpt.c: models that are quick to ask. */
#include "support/small_gpt.h"

#include <string.h>

void small_gpt_init(SmallGpt *small, const char *scheme, size_t block_size, double dropout,
                    bool causal)
{
    *small = (SmallGpt){0};
    const GptConfig config = {.n_layer = 2,
                              .n_head = 2,
                              .n_embd = 16,
                              .block_size = block_size,
                              .vocab_size = SMALL_GPT_SYMBOLS,
                              .dropout = dropout,
                              .bias = true,
                              .causal = causal};
    assert_true(pos_options_add(&small->options, &small->settings, NULL));
    const PosScheme *found = pos_find(scheme);
    assert_non_null(found);
    const void *options = pos_options_of(&small->options, found);
    assert_true(gpt_init(&small->gpt, &config, found, options, NULL));
    assert_true(gpt_allocate(&small->gpt, NULL));
    for (Param *param = small->gpt.params.first; param; param = param->next)
        for (size_t i = 0; i < tensor_size(&param->tensor); i++)
            param->tensor.data[i] =
                (real)(0.3 * random_normal(random_for(random_seed(1), param->name), i));
}

void small_gpt_free(SmallGpt *small)
{
    gpt_free(&small->gpt);
    settings_free(&small->settings);
}

int *random_tokens(Arena *arena, size_t count, size_t n_symbols, uint64_t seed)
{
    int *tokens = arena_alloc(arena, count, sizeof *tokens);
    assert_non_null(tokens);
    for (size_t i = 0; i < count; i++)
        tokens[i] = (int)random_below(random_seed(seed), i, n_symbols);
    return tokens;
}

const real *logits_of(const Gpt *gpt, Arena *arena, const int *tokens, size_t length)
{
    Tape tape;
    GptInput input = {.tokens = tokens, .batch_size = 1, .length = length};
    const size_t count = length * gpt->config.vocab_size;
    real *logits = arena_alloc(arena, count, sizeof *logits);
    assert_true(logits && tape_init(&tape, false, NULL) &&
                positions_from_0(arena, length, &input.positions, NULL));
    memcpy(logits, gpt_forward(gpt, &tape, &input)->data, count * sizeof *logits);
    tape_free(&tape);
    return logits;
}
