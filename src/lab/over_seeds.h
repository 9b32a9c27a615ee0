/* over_seeds.h: a number that each run of an arm has, as a mean over its seeds with an interval.
 *
 * This is where seeds become statistics: everything that findings.h says of an arm goes through it.
 */
#ifndef LAB_OVER_SEEDS_H
#define LAB_OVER_SEEDS_H

#include "lab/findings.h"

/* Where findings are worked out: what they are made from, and what has been found so far. */
typedef struct Desk {
    const Experiment *experiment;
    const RunResult *runs; /* [n_arms, n_seeds] */
    Arena *arena;
    double *x; /* [n_seeds]: scratch */
    Findings *findings;
} Desk;

static inline const RunResult *desk_run(const Desk *desk, size_t arm, size_t seed)
{
    return &desk->runs[arm * desk->experiment->n_seeds + seed];
}

/* A number of a finished run; NaN: it has none. */
typedef double (*RunNumber)(const RunResult *run, const void *context);

/* Its mean over the finished runs of an arm that have it, and the 95 % interval of that. */
Estimate over_seeds(const Desk *desk, size_t arm, RunNumber number, const void *context);

/* Sorts the lengths that runs were asked at, and keeps each of them once. Returns how many. */
size_t each_length_once(size_t *lengths, size_t count);

#endif
