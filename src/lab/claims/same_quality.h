/* same_quality.h: are sinusoids as good as a learned table, and how large are their vectors? */
#ifndef LAB_CLAIMS_SAME_QUALITY_H
#define LAB_CLAIMS_SAME_QUALITY_H

#include "lab/claims/claim.h"

/* How large the vectors of a model are: the root of their mean square. */
typedef struct Amplitude {
    double positions; /* what is added for positions 0 ... T-1 */
    double varying;   /* the same without what all of them share, which says nothing */
    double tokens;    /* the token table */
} Amplitude;

bool amplitude_of(const Gpt *gpt, size_t length, Amplitude *amplitude, Error *error);

/* The loss of arm a less that of arm b, over the seeds that both have; the two experiments have the
 * same seeds. */
Sample quality_difference(const Findings *of_a, size_t a, const Findings *of_b, size_t b);

/* The three ways to scale a sinusoid, in the order of the setting sinusoidal_gain. */
enum { N_GAINS = 3 };

typedef struct QualityEvidence {
    double margin;              /* nats: less than that is the same; NaN: not known */
    Sample difference[N_GAINS]; /* a sinusoid's loss less that of the learned table */
} QualityEvidence;

/* as_good[i]: is gain number i shown to be as good as the table? */
Verdict quality_judge(const QualityEvidence *evidence, bool as_good[N_GAINS]);

#endif
