/* sampled_text.h: what the tests of sampling share: how a token is drawn, and texts that a small
 * model writes. */
#ifndef TESTS_SUPPORT_SAMPLED_TEXT_H
#define TESTS_SUPPORT_SAMPLED_TEXT_H

#include "support/model_case.h"
#include "train/sampler.h"

enum { MOST_SAMPLED = 64 };

SampleOptions options_of(double temperature, size_t top_k, uint64_t seed);

typedef struct Text {
    int tokens[MOST_SAMPLED];
    size_t length, stop_after; /* 0: never */
} Text;

/* A TakeToken: appends to a Text, and stops after as many as that says. */
bool take_token(void *context, int token);

/* `count` tokens behind a prompt. A failure fails the test. */
Text text_of(const Gpt *gpt, const int *prompt, size_t prompt_length, size_t count,
             const SampleOptions *options);

/* The first `count` tokens are these; or some token among them is another. */
void assert_same_text(const Text *actual, const int *expected, size_t count);
bool differs(const Text *a, const Text *b, size_t count);

#endif
