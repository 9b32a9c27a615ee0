/* contexts.h: the exact loss of a model at several context lengths.
 *
 * A model is trained on windows of block_size tokens. What does it make of longer ones? Each length
 * cuts the same text into windows of its own, so its loss is the exact one (see evaluate.h), as a
 * whole and by position. A longer window has fewer tokens that stand near its start, where little
 * is known; so the mean alone may fall even for a model that makes nothing of what is far away. Two
 * things tell the two apart: the loss by position, and the loss on the same targets at every length
 * (see sliding.h).
 */
#ifndef TRAIN_CONTEXTS_H
#define TRAIN_CONTEXTS_H

#include "train/sliding.h"

typedef struct ContextLoss {
    size_t context;            /* tokens in a window */
    const char *refused;       /* why there is no loss; NULL where there is one */
    size_t batch_size;         /* windows at once, */
    Placement placement;       /* and how they stand */
    TargetRun targets;         /* the same ones at every length; none if both sides are seen */
    Evaluation whole;          /* what follows is filled in by context_evaluate */
    Evaluation same;           /* on those targets; no questions and NaN where there are none */
    double *sum_by_position;   /* [context]: nats */
    size_t *count_by_position; /* [context]: how many tokens were predicted there */
} ContextLoss;

/* The lengths of a run's report: 1/4, 1/2, 1, 2, 4 and 8 times block_size, each of them once and at
 * least 1. Returns how many. */
enum { CONTEXT_LENGTHS = 6 };
size_t context_lengths(size_t block_size, size_t lengths[CONTEXT_LENGTHS]);

/* The memory that several windows at once may take. One long window has work enough for all cores,
 * so more of them would take memory and save no time. */
enum { PASS_BYTES = 32 << 20 };

/* Decides for each losses[c].context, which the caller has filled in, whether it can be had and by
 * how many windows at once, `most` at most; nothing is computed yet. A length that the placement,
 * the positional scheme, the text or this machine's memory cannot serve gets its reason in
 * `refused`. The targets that all lengths share depend on the lengths and the text alone. `unit` is
 * what a token is called: "character". */
bool contexts_plan(Arena *arena, const Gpt *gpt, Placement placement, Tokens tokens,
                   const char *unit, size_t most, ContextLoss *losses, size_t count, Error *error);

/* The loss at a length that was not refused. */
bool context_evaluate(Arena *arena, const Gpt *gpt, Tokens tokens, ContextLoss *loss, Error *error);

/* The mean loss at the positions first ... end - 1, in nats per token; NaN where none was asked. */
double context_mean(const ContextLoss *loss, size_t first, size_t end);

#endif
