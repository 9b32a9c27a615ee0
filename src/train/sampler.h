/* sampler.h: text from a model, one character at a time.
 *
 * The model gives odds for the next character; one is drawn and appended, and the model is asked
 * again:
 *
 *     p[v] = softmax(logits / temperature)[v]
 *
 * A low temperature makes likely characters likelier still (0: always the likeliest one). With
 * top_k only the k likeliest take part. The model sees at most its last block_size characters,
 * encoded anew for each one, at positions 0, 1, 2, ...: what it was trained on, and what every
 * scheme can do.
 */
#ifndef TRAIN_SAMPLER_H
#define TRAIN_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/random.h"
#include "model/gpt.h"

typedef struct SampleOptions {
    double temperature; /* >= 0 */
    size_t top_k;       /* 0: all */
    RandomKey key;
} SampleOptions;

/* Called for each new token; returns false to stop early. */
typedef bool (*SampleSink)(void *context, int token);

/* Draws `count` tokens that continue `prompt` (at least one token). Refuses a model that sees both
 * sides: it was never asked what comes next. */
bool sample(const Gpt *gpt, const int *prompt, size_t prompt_length, size_t count,
            const SampleOptions *options, SampleSink sink, void *context, Error *error);

/* Draws one token from logits [n], with the i-th random number of the key. `scratch` has room for n
 * numbers. Ties at the k-th place all take part. */
int sample_token(const real *logits, size_t n, const SampleOptions *options, size_t i,
                 double *scratch);

#endif
