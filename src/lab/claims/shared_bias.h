/* shared_bias.h: what can be said of a bias by distance without training anything. */
#ifndef LAB_CLAIMS_SHARED_BIAS_H
#define LAB_CLAIMS_SHARED_BIAS_H

#include "lab/claims/claim.h"
#include "lab/claims/specimen.h"

typedef struct SharedBias {
    double largest;     /* |bias| of any pair: were it 0, there would be nothing to compare */
    double unequal;     /* most that two pairs at the same distance differ by */
    double score_error; /* most that a bias differs from what it adds to the log of a weight */
    bool elsewhere;     /* does the scheme use another door too? */

    /* Of the distances T ... 8 T - 1, which no training window of T tokens has: */
    size_t further; /* how many there are */
    size_t shared;  /* how many take the numbers of a distance below T, in all heads */
    size_t from_first, from_last; /* and which distances have those */
} SharedBias;

/* Looks at a specimen of the scheme, with those options (see specimen_init). */
bool shared_bias_measure(const PosScheme *scheme, const Setting *options, RandomKey key,
                         SharedBias *found, Error *error);

/* What a scheme makes of the lengths beyond training: does not hold (one is refused), holds under a
 * condition (the loss is shown to rise at one of them), not shown, or holds (at all of them by less
 * than the margin of comparison.h). */
Verdict shared_bias_lengths(const Findings *findings, size_t arm);

/* Of all schemes together; lengths[i] is that of found[i]. */
Verdict shared_bias_verdict(const SharedBias *found, const Verdict *lengths, size_t n);

#endif
