/* bias_mlp.h: a bias by pair, computed from one number of the pair by a small network.
 *
 * A number x[i,j] that says how far a key stands from a query goes through W hidden units, each of
 * which is 0 up to some x and a straight line from there on (or the other way round); each head
 * adds them up with weights of its own:
 *
 *     bias[h,i,j] = sum over w of out[h,w] gain max(0, in[w] x[i,j] + start[w])
 *
 * so a head's bias is a chain of W straight pieces, whose slopes and bends are learned. Nothing is
 * added behind: the same number on all scores of a query is one that softmax takes out again.
 *
 * A bias by pair is no function of distance, so it cannot be read from a table by distance: it
 * takes H Tq Tk numbers in each layer, and as many for its gradient.
 */
#ifndef POS_BIAS_MLP_H
#define POS_BIAS_MLP_H

#include "pos/pos.h"

typedef struct Mlp {
    Tensor *in, *start; /* W numbers each */
    Tensor *out;        /* [H, W] */
} Mlp;

/* Declares PREFIX.c_fc.weight, PREFIX.c_fc.bias and PREFIX.c_proj.weight. At first every bias is 0,
 * and a quarter of the bends lie between x = 0 and x = 1. False when there is no more memory. */
bool mlp_declare(Mlp *mlp, ParamList *params, const char *prefix, size_t width, size_t n_head);

/* The biases [1, H, Tq, Tk] of x [Tq, Tk]. With a causal mask only those of keys up to the query
 * are computed (the queries are the last Tq of the Tk tokens); the others are 0. */
ScoreBias bias_mlp(Tape *tape, Tensor *x, Mlp mlp, double gain, bool causal);

#endif
