/* independent.h: are the vectors of neighbouring positions nearer to each other than those of far
 * ones, or further apart? */
#ifndef LAB_CLAIMS_INDEPENDENT_H
#define LAB_CLAIMS_INDEPENDENT_H

#include "base/random.h"
#include "lab/claims/claim.h"

enum { MOST_ROWS = 64, SHUFFLES = 200 };

/* Of a table of position vectors, a row for each position. */
typedef struct Nearness {
    size_t rows;
    double by_distance[MOST_ROWS]; /* mean cosine of all pairs of rows at distance 1, 2, ...: [d] */
    double gap;                    /* that at distance 1 less that at distances rows/2 and more */
    double shuffled;               /* the same of shuffled rows, on average */
    double as_wide;                /* share of the shuffles whose gap is as far from 0, or more */
} Nearness;

/* rows [T, C], T from 4 to MOST_ROWS; the shuffles depend on the key alone. */
Nearness nearness_of(const real *rows, size_t T, size_t C, RandomKey key);

/* What is known of a kind of table, by the gaps over those of shuffled rows, one for each seed:
 * neighbours are nearer, if the gaps are shown to be above 0; further apart, if below 0; neither,
 * if they are shown to lie within +-NEARNESS_MARGIN. */
typedef enum NearnessVerdict { NEITHER, NEARER, FURTHER, NOT_KNOWN } NearnessVerdict;
#define NEARNESS_MARGIN 0.1
NearnessVerdict nearness_judge(Estimate gap);

/* Of n kinds of tables together: holds, if it is neither for all; does not, if for none; under a
 * condition, if for some it is, and for others shown not to be. */
Verdict independent_verdict(const NearnessVerdict *kinds, size_t n);

#endif
