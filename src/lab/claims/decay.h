/* decay.h: scores by distance, for queries and keys of several kinds: measured, for decay.c. */
#ifndef LAB_CLAIMS_DECAY_H
#define LAB_CLAIMS_DECAY_H

#include "lab/claims/claim.h"
#include "model/gpt.h"

/* Distances 0 ... 255, as in the paper's figure; those of a near and of a far pair, both within
 * what the models saw in training. */
enum { DISTANCES = 256, NEAR_END = 8, FAR_BEGIN = 16, FAR_END = 32 };

/* Means over many pairs of a query and a key. */
typedef struct ByDistance {
    double score[DISTANCES]; /* |q.k| / (|q||k|), the query so far behind the key */
    double bound[DISTANCES]; /* the bound on it of RoFormer's section 3.4.3, in the same unit */
    double useful; /* share of pairs and distances at which the bound is below what |q.k| cannot
                      exceed anyway, however its planes are turned: see decay_measure.c */
} ByDistance;

/* The means over distances that are far, as a share of those that are near; and how often a step
 * further on brings more than the one before. */
double decay_far(const double by_distance[DISTANCES]);
size_t decay_rises(const double by_distance[DISTANCES]);

/* Pairs that no model has learned. */
typedef enum DecayKind {
    EQUAL,  /* the query is its key: all ones */
    RANDOM, /* standard normal numbers, each of them by itself */
    TURNED, /* the query is its key before that was turned for position TURN */
    SMOOTH, /* the planes' shares of q.k rise and fall like half a wave: good for the bound */
    N_KINDS,
} DecayKind;

enum { TURN = 20 };

/* One head of D channels, 64 at most, whose query-key door is that of the scheme. */
bool decay_of_kind(const PosScheme *scheme, size_t D, DecayKind kind, RandomKey key,
                   ByDistance *decay, Error *error);

/* The queries that the first layer of a model makes of a text, each with the keys up to its own;
 * all heads together. */
bool decay_of_model(const Gpt *gpt, const int *tokens, size_t count, ByDistance *decay,
                    Error *error);

/* The verdict, by decay_far of equal and of random pairs, and of those of trained models over the
 * seeds. */
Verdict decay_judge(double equal, double random, Estimate trained);

#endif
