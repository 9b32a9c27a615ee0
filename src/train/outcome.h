/* outcome.h: what came of a run, as a table of one row in a file: result.csv.
 *
 *     step,val_loss,train_loss,exact,parameters,position_parameters
 *     2000,1.25006557,1.21986635,nan,795648,0
 *
 * It is the last file that a run writes. Where it is there for the run's last step, all else is.
 */
#ifndef TRAIN_OUTCOME_H
#define TRAIN_OUTCOME_H

#include "train/trainer.h"

typedef struct Outcome {
    size_t step;
    double val_loss;   /* of the whole validation split (of a task: in nats per answer) */
    double train_loss; /* of an equal part of the training split, without dropout; NaN for a task */
    double exact;      /* share of a task's sequences with all answers right; NaN for a text */
    size_t parameters, position_parameters; /* position_parameters: of them, the scheme's own */
} Outcome;

/* Of a trainer that has looked at its validation split or its task (trainer_evaluate,
 * trainer_examine). */
Outcome outcome_of(const Trainer *trainer);

bool outcome_write(const char *path, const Outcome *outcome, Error *error);

/* Numbers come back as the same floats. Refuses what is not one such row. */
bool outcome_read(Arena *arena, const char *path, Outcome *outcome, Error *error);

#endif
