/* attention_bias.h: what a positional scheme adds to the scores of attention (its third door).
 *
 * A ScoreBias (see ops.h) holds a number for each pair of tokens, or one for each distance. Here it
 * is read for one query at a time, and its gradient goes back the same way:
 *
 *     s[j] += bias of (i, j)          dbias of (i, j) += ds[j]          j: the keys that i may see
 */
#ifndef AUTOGRAD_ATTENTION_BIAS_H
#define AUTOGRAD_ATTENTION_BIAS_H

#include "autograd/ops.h"

/* The keys that a query may see: `count` of them from `first` on. */
typedef struct Visible {
    size_t first, count;
} Visible;

/* Query i of head h in sequence b. Its scores are a row in which column j is that of key j. */
typedef struct Query {
    size_t b, h, i;
    Visible seen;
} Query;

typedef struct AttentionBias {
    ScoreBias scores;
    const int *query_positions, *key_positions; /* [Tq] and [Tk], for the biases by distance */
    bool without_gaps; /* does each key stand one position behind the one before? */
} AttentionBias;

AttentionBias attention_bias(const AttentionOptions *options, size_t n_key);

/* Adds the biases to a query's scores. */
void add_score_bias(const AttentionBias *bias, const Query *query, real *scores);

/* Adds the gradients of a query's scores to those of its biases, if these learn. */
void add_score_bias_gradient(const AttentionBias *bias, const Query *query, const real *ds);

/* Do all sequences of a batch give shares to the gradients of the same biases? */
bool batch_shares_bias(const ScoreBias *bias);

#endif
