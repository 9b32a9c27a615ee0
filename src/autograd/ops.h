/* ops.h: the operations that a transformer is made of.
 *
 * Each one computes its output at once, records itself on the tape, and has its backward under its
 * forward in a file of its own. Shapes use the letters of tensor.h; [.., C] means any number of
 * dimensions before the last. What an operation is given (tokens, positions, keys) must live
 * until the tape is reset.
 */
#ifndef AUTOGRAD_OPS_H
#define AUTOGRAD_OPS_H

#include <stdbool.h>
#include <stddef.h>

#include "autograd/heads.h"
#include "autograd/tape.h"
#include "base/random.h"

/* embedding.c   y[n] = table[index[n]]      table [V, C], index N numbers in 0..V-1, y [N, C] */
Tensor *embedding(Tape *tape, Tensor *table, const int *index, size_t n);

/* linear.c      y = x W^T + b               x [.., C], W [O, C], b [O] or NULL, y [.., O] */
Tensor *linear(Tape *tape, Tensor *x, Tensor *weight, Tensor *bias);

/* add.c         z = x + y                   y has the shape of x, or that of its last dimensions;
 *               then it is added to each part of x of that shape: [B, T, C] + [T, C] */
Tensor *add(Tape *tape, Tensor *x, Tensor *y);

/* layer_norm.c  y = (x - mean) / sqrt(variance + 1e-5) * w + b
 *                                           over the last dimension; w [C], b [C] or NULL
 *               (Ba, Kiros, Hinton 2016) */
Tensor *layer_norm(Tape *tape, Tensor *x, Tensor *weight, Tensor *bias);

/* gelu.c        y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
 *               (Hendrycks, Gimpel 2016, the tanh form, as in GPT-2) */
Tensor *gelu(Tape *tape, Tensor *x);

/* dropout.c     y = x * factor, where factor is 0 with probability `rate`, else 1 / (1 - rate)
 *               (Srivastava et al. 2014). Which elements are dropped depends on the key alone. With
 *               rate 0, or on a tape without gradients, the output is x itself. */
Tensor *dropout(Tape *tape, Tensor *x, double rate, RandomKey key);

/* The factors of one row; attention drops its weights with them. */
void dropout_factors(real *factors, size_t n, double rate, RandomKey key);

/* What may be added to attention's scores: nothing, a number by head and distance, or a number by
 * pair. The distance of a pair is the key's position minus the query's: 0 for itself, -1 for the
 * token before. */
typedef struct ScoreBias {
    Tensor *by_distance; /* [H, n]: column d - first_distance holds the bias of distance d */
    ptrdiff_t first_distance;
    Tensor *by_pair; /* [B, H, Tq, Tk], or [1, H, Tq, Tk] for the whole batch */
} ScoreBias;

typedef struct AttentionOptions {
    /* A query sees the keys up to itself: the queries are the last Tq of the Tk tokens. */
    bool causal;
    size_t window; /* and of those the last so many, its own among them; 0: all */
    ScoreBias bias;
    const int *query_positions; /* Tq and Tk numbers, for by_distance; may be NULL without it */
    const int *key_positions;
    double dropout; /* of the weights */
    RandomKey key;  /* and which of them */
} AttentionOptions;

/* attention.c   weights = softmax(q k^T / sqrt(D) + bias),  y = weights v, the heads side by side
 *               for each head, q of Tq tokens, k and v of Tk, y [B, Tq, H D]
 *               (Vaswani et al. 2017, equation 1) */
Tensor *attention(Tape *tape, Heads heads, AttentionOptions options);

/* attention_reference.c   the same in plain loops, without dropout and backward; keeps the weights
 *               [B, H, Tq, Tk] (zero where the mask is): what the tests compare with, and what one
 *               looks at to see what a head does */
Tensor *attention_reference(Tape *tape, Heads heads, AttentionOptions options, Tensor **weights);

/* cross_entropy.c   loss = mean over n of -log softmax(logits[n])[target[n]]
 *               logits [.., V], one target for each row; a negative target counts for nothing. The
 *               loss is a tensor [1]. *losses (unless NULL) are those of each row, 0 for a
 *               negative target. */
Tensor *cross_entropy(Tape *tape, Tensor *logits, const int *targets, real **losses);

#endif
