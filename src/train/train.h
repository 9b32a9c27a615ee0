/* train.h: a whole run, from the first step (or from where it stopped) to the last.
 *
 *     each step                          the observer is called
 *     every `log_interval` steps         a row in metrics.csv
 *     every `eval_interval` steps,       the loss of the whole validation split, a row with it, the
 *     before the first and at the last   checkpoint, and best.safetensors if no loss was lower yet
 *
 * Ctrl-C and SIGTERM end the run after the step in progress, with a checkpoint, from which it goes
 * on as if nothing had happened.
 */
#ifndef TRAIN_TRAIN_H
#define TRAIN_TRAIN_H

#include "train/metrics.h"
#include "train/run.h"
#include "train/trainer.h"

/* Who watches a run. A function that is NULL is not called. */
typedef struct TrainObserver {
    void *context;
    void (*at_step)(void *context, const Trainer *trainer);
    void (*at_row)(void *context, const Trainer *trainer, const MetricsRow *row);
} TrainObserver;

/* Trains until max_iters or a signal (see interrupt.h), and leaves a checkpoint either way. The
 * run's folder must be there (run_claim). On failure the last checkpoint is kept, and the message
 * says which step it is of. */
bool train(Trainer *trainer, const Run *run, const TrainObserver *observer, Error *error);

/* Has it reached max_iters? */
bool train_is_finished(const Trainer *trainer);

#endif
