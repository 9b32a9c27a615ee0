/* order.h: how far a model can tell two sentences of the same words apart. */
#ifndef LAB_CLAIMS_ORDER_H
#define LAB_CLAIMS_ORDER_H

#include "lab/claims/claim.h"

/* Two sentences of the same words, none of them twice, in another order; the last one is the
 * same. */
typedef struct Sentences {
    const int *first, *second; /* [length]: tokens */
    size_t length;
} Sentences;

/* How far the logits of the second are from those of the first, at most, as a share of the largest
 * logit. Rounding alone makes about 1e-6. */
typedef struct OrderDifference {
    double by_word; /* each word beside the same word in the other sentence */
    double pooled;  /* the mean over all words */
    double last;    /* the last word, where the answer is asked */
} OrderDifference;

bool order_difference(const Gpt *gpt, Sentences sentences, OrderDifference *difference,
                      Error *error);

/* What is known of models without positions. Differences are those of fresh models; shares are how
 * often trained ones have the answer right, over seeds. */
typedef struct OrderEvidence {
    double both_sides; /* the largest, of any depth, by word or pooled */
    double one_layer;  /* at the last word of a causal layer */
    double deeper;     /* the least at the last word of several causal layers */
    Estimate right_both_sides, right_one_layer, right_deeper;
} OrderEvidence;

/* *condition is set where there is one. */
Verdict order_judge(const OrderEvidence *evidence, const char **condition);

#endif
