/* evaluate.h: the exact loss of a model on a text.
 *
 * The text is cut into windows of T characters side by side, and every character but the first is
 * predicted once. This is no estimate from random batches, so two models can be compared to the
 * last digit. Two exceptions: the characters behind the last whole window are left out; and a model
 * that sees both sides guesses hidden characters instead (batch.h), the same ones every time.
 * Dropout is off. The result has the same bits at any batch size and on any number of threads.
 *
 * A character at the start of its window is predicted from little, one at its end from much; the
 * loss by position shows it.
 */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "data/batch.h"
#include "model/gpt.h"
#include "train/placement.h"

typedef struct Evaluation {
    double loss;      /* nats per token, mean over all questions */
    size_t questions; /* how many tokens were predicted */
    size_t windows;
} Evaluation;

/* Room for evaluating a model at one batch size and length, to be used many times. */
typedef struct Evaluator {
    const Gpt *gpt;
    Arena arena;
    Tape tape;
    Batch batch;
    Positions positions;
    double *sum_by_position;   /* [T]: nats, of the last evaluate() */
    size_t *count_by_position; /* [T]: how many tokens were predicted there */
} Evaluator;

/* Windows of `length` tokens, `batch_size` of them in a pass, at the positions that the placement
 * gives them. Refuses positions that the scheme does not have. */
bool evaluator_init(Evaluator *evaluator, const Gpt *gpt, Placement placement, size_t batch_size,
                    size_t length, Error *error);
void evaluator_free(Evaluator *evaluator);

/* A forward pass over the batch that is loaded: the loss at every position, [B, T], in nats; 0
 * where nothing is asked. It stays until the next pass. */
const real *evaluator_losses(Evaluator *evaluator);

/* The loss over the windows of `tokens`, or over `max_windows` of them that are spread evenly where
 * there are more (0: all). Fails if the text is shorter than one window and its targets. */
bool evaluate(Evaluator *evaluator, Tokens tokens, size_t max_windows, Evaluation *result,
              Error *error);

#endif
