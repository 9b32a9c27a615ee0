/* literal_pos.h: the positional schemes once more, on double and straight from their definitions:
 * what they do to one vector at one position, or to the score of one pair. */
#ifndef TESTS_SUPPORT_LITERAL_POS_H
#define TESTS_SUPPORT_LITERAL_POS_H

#include "support/model_case.h"

/* Is there a definition of this scheme here? */
bool literal_knows(const PosScheme *scheme);

/* [1] on the vector x [C] of a token, [2] on a query, a key and a value [D], [3] the number that a
 * score gets. */
void literal_at_embedding(ModelCase *c, double *x, int position);
void literal_at_query(ModelCase *c, double *x, int position);
void literal_at_key(ModelCase *c, double *x, int position);
void literal_at_value(ModelCase *c, double *x, int position);
double literal_at_scores(ModelCase *c, size_t layer, size_t h, int query, int key);

/* [3] once more: the number that the score of token j for token i of a head gets from what their
 * vectors say. `q` is the query [D] of token i; the key of token t begins at keys + t * stride. */
typedef struct LiteralPair {
    size_t layer, i, j;
    const int *at; /* the positions of the sequence's tokens */
    const double *q, *keys;
    size_t stride;
} LiteralPair;
double literal_from_vectors(ModelCase *c, const LiteralPair *pair);

/* Is it of that kind? */
bool literal_looks_at_vectors(const PosScheme *scheme);

/* The numbers of a parameter; NULL where the model has none of that name. */
const real *literal_values(const ModelCase *c, const char *name);

/* How fast plane i of a rotation of d channels turns in a text of `length` tokens, after training
 * on `trained`: with rope_scaling as in the papers (Chen et al. 2023; Peng et al. 2023 with alpha
 * = 1), where beta is 32 for 4096 tokens as for Llama 2, and in the same place on the scale of
 * logarithms for others. */
double literal_rope_theta(const char *scaling, double base, double d, double trained, double length,
                          double i);

/* T5's bucket of a pair (Raffel et al. 2020), r = key - query. */
size_t literal_t5_bucket(bool causal, ptrdiff_t r, size_t n_buckets, size_t max_distance);

/* ALiBi's slopes 2^-e for 1 to 16 heads: the e (Press et al. 2022; footnote on other
 * numbers than powers of 2). */
extern const double literal_alibi_exponents[16][16];

#endif
