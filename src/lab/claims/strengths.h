/* strengths.h: how one scheme stands beside the best of the others, at one thing and at several. */
#ifndef LAB_CLAIMS_STRENGTHS_H
#define LAB_CLAIMS_STRENGTHS_H

#include "lab/claims/claim.h"

enum { N_STRENGTHS = 5 };

typedef enum Rank {
    AS_GOOD,   /* not worse than the best of the others by the margin, or more */
    WORSE,     /* shown to be worse than another one */
    UNDECIDED, /* neither: too few seeds */
} Rank;

/* By a number that is the better the lower: a loss, a share of wrong answers. */
typedef struct Strength {
    const char *name;
    double margin; /* what is less does not count; NaN: not known */
    size_t best;   /* of the others: the arm with the lowest mean; NO_SCHEME: there is none */
    Pair above;    /* the scheme less that one */
    Rank rank;
} Strength;

/* For one arm among those of `outcomes`. */
bool strength_measure(Arena *arena, const Outcomes *outcomes, size_t arm, Strength *strength,
                      Error *error);

/* The verdict from `count` of them. */
Verdict strengths_judge(const Strength *strengths, size_t count);

#endif
