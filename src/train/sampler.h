/* sampler.h: text from a model, one token at a time.
 *
 * The model gives odds for the next token; one is drawn and appended, and the model is asked
 * again:
 *
 *     p[v] = softmax(logits / temperature)[v]
 *
 * A low temperature makes likely tokens likelier still (0: always the likeliest one). With top_k
 * only the k likeliest take part; with top_p only so many of the likeliest as it takes to have that
 * share of the odds together (Holtzman et al. 2020, "nucleus sampling").
 *
 * The model looks at `window` tokens, and keeps what it computed of them (model/cache.h). A scheme
 * that does something else to the first tokens of a long text than to those of a short one
 * (PosScheme.lasting_length) leaves nothing to keep: all are encoded anew for each new token. A
 * text that grows longer than its window can go on in two ways, which give different texts:
 *
 *     slide   each new token looks back at the last so many; positions grow on and on. As fast
 *             as before, but not beyond the positions that the scheme has
 *     crop    the last so many are encoded anew for each new token, at positions 0, 1, 2, ...:
 *             what the model was trained on, with every scheme, and slow
 *
 * A model of random positions (placement.h) writes at such too: token t of a window stands at the
 * t-th of those that a sequence of `window` tokens has. Where a text slides, all of it is one such
 * sequence, of at most L tokens.
 */
#ifndef TRAIN_SAMPLER_H
#define TRAIN_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/random.h"
#include "model/gpt.h"
#include "train/placement.h"

typedef enum SamplePast { PAST_SLIDE, PAST_CROP, PAST_STOP } SamplePast;

typedef struct SampleOptions {
    double temperature; /* >= 0 */
    size_t top_k;       /* 0: all */
    double top_p;       /* 0 and 1: all */
    size_t window;      /* how many tokens the model looks at; 0: block_size */
    SamplePast past;    /* the window: how the text goes on there (STOP: not at all) */
    Placement placement;
    RandomKey key;
} SampleOptions;

/* What suits a model: to slide where its positions never end and what it computed of the text so
 * far stays right, else to crop. */
SamplePast sample_past_for(const Gpt *gpt, Placement placement);

/* Called for each new token; returns false to stop early. */
typedef bool (*SampleSink)(void *context, int token);

/* Draws `count` tokens that continue `prompt` (at least one token); fewer with PAST_STOP. No memory
 * is asked for from token to token. Refuses, before it draws, a text that would need a position
 * that the scheme does not have, and a model that sees both sides: it was never asked what comes
 * next. */
bool sample(const Gpt *gpt, const int *prompt, size_t prompt_length, size_t count,
            const SampleOptions *options, SampleSink sink, void *context, Error *error);

/* Draws one token from logits [n], with the i-th random number of the key. `scratch` has room for 2
 * n numbers. A token as likely as the last one that takes part takes part too. */
int sample_token(const real *logits, size_t n, const SampleOptions *options, size_t i,
                 double *scratch);

#endif
