/* random_gpt.c: models with random parameters. */
#include "support/random_gpt.h"

#include <string.h>

#include "base/random.h"

void random_gpt(Gpt *gpt, const GptConfig *config, const PosScheme *scheme, const void *options)
{
    Error error = {0};
    if (!gpt_init(gpt, config, scheme, options, &error) || !gpt_allocate(gpt, &error))
        fail_msg("%s: %s", scheme->name, error.text);
    for (Param *param = gpt->params.first; param; param = param->next) {
        RandomKey key = random_for(random_seed(1), param->name);
        double start = param->init.kind == INIT_CONSTANT ? param->init.value : 0;
        for (size_t i = 0; i < tensor_size(&param->tensor); i++)
            param->tensor.data[i] = (real)(start + 0.3 * random_normal(key, i));
    }
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
