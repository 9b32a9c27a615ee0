/* conclude.h: the end of a run: what is shown of it, and what is made of the model as it is at its
 * last step: a sample (or the exam of a task), the loss by context length, a picture, and as the
 * very last file result.csv.
 *
 * A run that was killed before that, or is asked for something more now, is concluded without being
 * trained again; what is there already is kept.
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

/* Is everything there that its settings ask for? */
bool is_concluded(const RunEnd *end);

/* Shows the losses, and the sample or the exam, which are made if need be. */
bool show_run(const RunEnd *end, Error *error);

/* The same, and makes the rest of what is missing. */
bool conclude_run(const RunEnd *end, Error *error);

#endif
