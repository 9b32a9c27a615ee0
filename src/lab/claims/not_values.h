/* not_values.h: what a rotary scheme turns, where, and what follows from it. */
#ifndef LAB_CLAIMS_NOT_VALUES_H
#define LAB_CLAIMS_NOT_VALUES_H

#include "lab/claims/claim.h"
#include "lab/claims/specimen.h"

enum { SCORE_STARTS = 24, SCORE_DISTANCE = 5 }; /* the pairs (5, 0), (6, 1), ... (28, 23) */

typedef struct WhatTurns {
    double q, k, v; /* the largest change of a number at the query-key door; 0: the same bits */

    /* The most that the scores of one query vector and one key vector differ by at one distance,
     * relative to the largest score: turned as the scheme does, behind the linear maps that make
     * queries and keys; and turned before them. */
    double behind_maps, before_maps;
    double score_behind[SCORE_STARTS], score_before[SCORE_STARTS]; /* of head 0, for a picture */

    /* The most that a logit changes when the text stands 1000 positions later, relative to the
     * largest logit. */
    double of_a_shift;
} WhatTurns;

/* Looks at a specimen of the scheme, with those options (see specimen_init). */
bool not_values_measure(const PosScheme *scheme, const Setting *options, RandomKey key,
                        WhatTurns *found, Error *error);

/* Does not hold: values change, or queries or keys do not, or a score depends on more than the
 * distance. Under a condition: the loss of a model whose values turn too, less that of one where
 * they do not, is shown to be below 0. */
Verdict not_values_verdict(const WhatTurns *found, Interval loss_of_turning);

#endif
