/* random_gpt.h: models whose answers are far from even, tokens for them, and their answers. */
#ifndef TESTS_SUPPORT_RANDOM_GPT_H
#define TESTS_SUPPORT_RANDOM_GPT_H

#include "support/fixtures.h"

#include "model/gpt.h"

/* Makes a model in which every parameter is random, also those that start at zero: 0.3 times a
 * standard normal number, plus the constant that it starts at. So no gradient is zero for want of a
 * start. The test fails if there is no such model. */
void random_gpt(Gpt *gpt, const GptConfig *config, const PosScheme *scheme, const void *options);

/* Random tokens below `n_symbols`. */
int *random_tokens(Arena *arena, size_t count, size_t n_symbols, uint64_t seed);

/* The model's logits [T, V] for one sequence, computed on a tape of their own without gradients;
 * they are in the arena. */
const real *logits_of(const Gpt *gpt, Arena *arena, const int *tokens, size_t length);

#endif
