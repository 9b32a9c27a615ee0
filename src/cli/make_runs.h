/* make_runs.h: the runs of experiments, made by this program itself, as one watches. */
#ifndef CLI_MAKE_RUNS_H
#define CLI_MAKE_RUNS_H

#include "base/terminal.h"
#include "cli/args.h"
#include "lab/experiment.h"

typedef struct RunsToMake {
    Arena *arena;
    const Args *args; /* of this program's call */
    Terminal *terminal;
    const Experiment *const *experiments; /* [n_experiments] */
    size_t n_experiments;
    const char *folder; /* where logs go */
    size_t threads;     /* 0: one for each core */
} RunsToMake;

/* Is a run of them not finished? */
bool runs_are_missing(const RunsToMake *runs);

/* Makes those that are not, with a board (see board.h), until all are done or a signal comes (see
 * interrupt.h). *failed says how many of them did not make it, of *count. */
bool make_runs(const RunsToMake *runs, size_t *count, size_t *failed, Error *error);

#endif
