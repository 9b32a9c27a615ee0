/* comparison_case.h: what a comparison found, made up: for the tests of what shows it. */
#ifndef TESTS_SUPPORT_COMPARISON_CASE_H
#define TESTS_SUPPORT_COMPARISON_CASE_H

#include "lab/findings.h"
#include "support/place.h"

enum { CASE_BLOCK = 64, CASE_SEEDS = 3, CASE_CONTEXTS = 3, CASE_MOST_ARMS = 8 };

/* `findings` points into the rest, which a test may change. by_context [n_arms, CASE_CONTEXTS]: at
 * half the block size, at the block size, and at twice that. */
typedef struct ComparisonCase {
    Findings findings;
    Experiment experiment;
    Arm arms[CASE_MOST_ARMS];
    const char *names[CASE_MOST_ARMS];
    ArmFindings found[CASE_MOST_ARMS];
    Curve by_step[CASE_MOST_ARMS], by_position[CASE_MOST_ARMS];
    ContextFinding by_context[CASE_MOST_ARMS * CASE_CONTEXTS];
} ComparisonCase;

/* Arms whose loss is 1.5, 1.75, 2, ... +-0.25, in the folder of the place. Arm number i has the
 * i-th scheme and 1000 + 100 i parameters. All serve each context: with a loss of 1.5 on the same
 * targets, and of 1.75 in windows side by side. */
ComparisonCase *comparison_case(Place *place, size_t n_arms, const char *const *names);

/* n points at x = first, 2 first, 3 first, ... with an interval of +-0.25. */
Curve case_curve(Place *place, size_t n, double first, double (*mean)(double));

/* An interval of mean +-half_width over the seeds; and nothing at all. */
Estimate case_estimate(double mean, double half_width);
extern const Estimate no_estimate;

/* A file of the place, and what is in it. */
const char *place_read(Place *place, const char *name);

#endif
