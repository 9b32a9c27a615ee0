/* three_schemes.h: a small table of runs, written by hand, and what is found of it:
 *
 *     seed         1     2     3
 *     none       2.0   2.2 2.115
 *     learned    1.7   1.9   1.8
 *     rope       1.0  1.25     -
 */
#ifndef TESTS_SUPPORT_THREE_SCHEMES_H
#define TESTS_SUPPORT_THREE_SCHEMES_H

#include "lab/findings.h"
#include "support/experiment_case.h"

enum { NONE, LEARNED, ROPE }; /* the arms */

/* Lays that out. The losses are those of the last step; before it, all runs had 4 and 3. */
void write_three_schemes(ExperimentCase *made);

/* A run on one thread with 2 ms a step that ends with this loss. */
void write_loss(ExperimentCase *made, size_t arm, size_t seed, double loss);

/* A failure fails the test. */
Findings findings_of(ExperimentCase *made, double stated_loss);

/* Student's t for 95 % and 1 and 2 degrees of freedom, as tables have it. */
extern const double T1, T2;

/* A mean over n seeds, with an interval of `half` to both sides. */
void assert_estimate(Estimate estimate, size_t n, double mean, double half);

#endif
