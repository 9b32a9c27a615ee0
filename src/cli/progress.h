/* progress.h: a run as one sees it go by: a line for each look at the validation split, and under
 * them, on a terminal, one that lives:
 *
 *     step  500/2000   loss 1.733   val 1.702    68,400 char/s   25 s left   █▆▅▄▃▃▂▂▁▁
 *
 * On a terminal no line is wider than it: first the speed gives way, then the time that is left.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "base/terminal.h"
#include "train/train.h"

typedef struct ProgressView {
    Terminal *terminal;
    double *losses; /* of all rows so far, for the sparkline */
    size_t n_losses, max_losses;
    double val_loss, chars_per_second; /* of the last row that had one */
    double begin, drawn;               /* the clock at the start, and at the last redrawing */
    size_t first_step;                 /* of this sitting */
} ProgressView;

bool progress_init(ProgressView *view, Arena *arena, Terminal *terminal, const Trainer *trainer,
                   Error *error);

/* The view as an observer of train(). */
TrainObserver progress_observer(ProgressView *view);

#endif
