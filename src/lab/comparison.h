/* comparison.h: which schemes are better than which, as far as the seeds show it.
 *
 * Each of n_schemes schemes is trained with each of n_seeds seeds; the outcome of a run is one
 * loss. From the table of losses come
 *
 *     for each scheme   its mean, and the 95 % interval of that
 *     for each pair     the mean of the paired differences, its 95 % interval and its p-value, with
 *                       Holm's correction over all pairs together; from 9 seeds on, the sign-flip
 *                       test's p-value beside it; and the equivalence test
 *     as a whole        the best scheme, and those that are not shown to be worse
 *
 * (see statistics.h). The intervals of two schemes may overlap while the interval of their
 * difference is far from 0: what a seed does to both is in the first two, and not in the third.
 *
 * A run without a loss is NaN. Its seed is left out wherever its scheme takes part, and each result
 * says how many seeds it has. A scheme whose runs fail where they would have had a bad loss looks
 * better than it is; so the failed runs have to be told.
 */
#ifndef LAB_COMPARISON_H
#define LAB_COMPARISON_H

#include <stdint.h>

#include "base/arena.h"
#include "lab/statistics.h"

#define NO_SCHEME SIZE_MAX

/* Two schemes are as good as each other if their difference is below the margin: a tenth of what
 * separates the scheme without any position from the plainest one. That distance is an estimate
 * from the same seeds, and is taken as exact: a tenth of its error is small beside the error of a
 * difference, and turns the test's 5 % into 5.5 % at most. */
#define EQUIVALENCE_SHARE 0.1

typedef struct Outcomes {
    size_t n_schemes, n_seeds;
    const double *loss;       /* [n_schemes, n_seeds]; NaN (or infinite): the run failed */
    size_t without, plainest; /* the two schemes that set the margin; NO_SCHEME: not here */
} Outcomes;

/* How far a is above b. */
typedef struct Pair {
    size_t a, b;
    Sample difference;    /* loss of a minus loss of b, over the seeds that both have */
    Interval interval;    /* 95 % */
    double p, p_holm;     /* of the t-test, alone and as one of all pairs */
    double p_sign_flip;   /* alone; NaN for fewer than SIGN_FLIP_LEAST seeds */
    Interval narrower;    /* 90 %: within +-margin, the schemes are as good as each other */
    double p_equivalence; /* alone; NaN without a margin */
} Pair;

/* With 8 seeds the sign-flip test cannot get below 2 / 2^8 = 0.008, with 9 it can get to 0.004. */
enum { SIGN_FLIP_LEAST = 9 };

typedef struct SchemeResult {
    Sample loss;
    Interval interval; /* 95 % */
} SchemeResult;

typedef struct Comparison {
    size_t n_schemes, n_seeds, n_pairs;
    const SchemeResult *schemes; /* [n_schemes] */
    const Pair *pairs;           /* [n_pairs]: (0, 1), (0, 2), ... (1, 2), ... with a < b */
    size_t best;                 /* the lowest mean loss, shown to be so or not; or NO_SCHEME */
    double margin;               /* NaN where the distance it comes from is not shown */
} Comparison;

/* The results live in the arena. Fails for lack of memory only. */
bool comparison_make(Arena *arena, const Outcomes *outcomes, Comparison *comparison, Error *error);

/* A pair of different schemes in either order: what stands in `pairs`, or the same turned round. */
Pair comparison_pair(const Comparison *comparison, size_t a, size_t b);

/* Is a better (its loss lower) than b? By the t-test with Holm's correction. Where no scheme is
 * better than another, one such statement or more is made in at most 5 % of experiments. */
bool comparison_shows_better(const Comparison *comparison, size_t a, size_t b);

/* Are they as good as each other? By the equivalence test; 5 % for each statement. A pair may have
 * both, a better scheme and one as good to within the margin: then the difference is small. */
bool comparison_shows_equivalent(const Comparison *comparison, size_t a, size_t b);

/* How often would the equivalence test come out for two equal schemes whose difference strays as
 * that of a and b? See equivalence_power; NaN without a margin. */
double comparison_power(const Comparison *comparison, size_t a, size_t b);

/* Can a and b be compared at all? It takes two seeds that both have. */
bool comparison_has_pair(const Comparison *comparison, size_t a, size_t b);

#endif
