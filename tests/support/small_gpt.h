/* small_gpt.h: models that are quick to ask, and whose answers are far from even. */
#ifndef TESTS_SUPPORT_SMALL_GPT_H
#define TESTS_SUPPORT_SMALL_GPT_H

#include "support/fixtures.h"

#include "model/gpt.h"

typedef struct SmallGpt {
    Settings settings; /* with the default options of every scheme */
    PosOptions options;
    Gpt gpt;
} SmallGpt;

/* Two layers, two heads, 16 channels, 11 symbols; parameters are normal numbers of deviation 0.3.
 * It must stay where it is. */
void small_gpt_init(SmallGpt *small, const char *scheme, size_t block_size, double dropout,
                    bool causal);
void small_gpt_free(SmallGpt *small);

enum { SMALL_GPT_SYMBOLS = 11 };

/* Random tokens below `n_symbols`. */
int *random_tokens(Arena *arena, size_t count, size_t n_symbols, uint64_t seed);

/* The model's logits [T, V] for one sequence, computed on a tape of their own without gradients;
 * they are in the arena. */
const real *logits_of(const Gpt *gpt, Arena *arena, const int *tokens, size_t length);

#endif
