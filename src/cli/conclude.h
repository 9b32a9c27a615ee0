/* conclude.h: the end of a run. Its losses are shown, and the model of its last step is put to
 * work: a sample (or the exam of a task), the loss by context length, a picture, and as the very
 * last file result.csv.
 *
 * A run that was killed before that, or whose settings ask for something more now, is concluded
 * without being trained again; the files that are there already are kept.
 */
#ifndef CLI_CONCLUDE_H
#define CLI_CONCLUDE_H

#include "base/terminal.h"
#include "train/run.h"
#include "train/trainer.h"

/* A run whose trainer stands at its last step. */
typedef struct RunEnd {
    Arena *arena;
    Terminal *terminal;
    const Run *run;
    Trainer *trainer;
} RunEnd;

/* Are all files there that its settings ask for? (A picture need not be: see plot.h.) */
bool is_concluded(const RunEnd *end);

/* Shows the losses, and the sample or the exam, which are made if need be. */
bool show_run(const RunEnd *end, Error *error);

/* Shows the same, and makes the files that are missing. */
bool conclude_run(const RunEnd *end, Error *error);

#endif
