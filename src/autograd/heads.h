/* heads.h: where the vectors of attention's heads stand in a tensor.
 *
 * One linear layer computes queries, keys and values at once, 3 C channels for each token:
 *
 *     x[b,t]   | q of head 0 | q of head 1 | ... | k of head 0 | ... | v of head 0 | ... |
 *
 * Attention works on one head at a time, on T vectors of D channels. They need not be gathered for
 * that: the vectors of one head stand at equal distances, which is all that a matrix product asks
 * for. So queries, keys and values are three views of x, and their gradients go straight into the
 * gradient of x.
 */
#ifndef AUTOGRAD_HEADS_H
#define AUTOGRAD_HEADS_H

#include <stdbool.h>
#include <stddef.h>

#include "autograd/tape.h"

/* A vector for each sequence, head and token. Views of one tensor are the same or have no number in
 * common. */
typedef struct HeadView {
    Tensor *x;                                      /* whose numbers they are */
    size_t batch, n_head, length, head_size;        /* B H T D */
    size_t start;                                   /* where the first vector begins in x, and */
    size_t batch_stride, head_stride, token_stride; /* how far it is to the next of each kind */
} HeadView;

typedef struct Heads {
    HeadView q, k, v;
} Heads;

/* Where the vector of token t in head h of sequence b begins. */
static inline size_t head_place(const HeadView *view, size_t b, size_t h, size_t t)
{
    return view->start + b * view->batch_stride + h * view->head_stride + t * view->token_stride;
}

static inline const real *head_data(const HeadView *view, size_t b, size_t h, size_t t)
{
    return view->x->data + head_place(view, b, h, t);
}

static inline real *head_grad(const HeadView *view, size_t b, size_t h, size_t t)
{
    return view->x->grad + head_place(view, b, h, t);
}

static inline size_t head_view_size(const HeadView *view)
{
    return view->batch * view->n_head * view->length * view->head_size;
}

/* The channels of each token in x [B, T, parts H D] are `parts` vectors side by side, each of them
 * the heads side by side: a view of one of these parts. */
HeadView head_view(Tensor *x, size_t n_head, size_t part, size_t parts);

/* Queries, keys and values, the three parts of x [B, T, 3 C]. */
Heads split_heads(Tensor *x, size_t n_head);

/* Does each number of x belong to exactly one of q, k and v? Then a node that reads them gives x
 * its whole gradient. */
bool heads_fill(const Heads *heads, const Tensor *x);

/* Says that the newest node reads the tensors of these views, each of them once. */
void heads_input(Tape *tape, const Heads *heads);

/* What the newest node computes in the place of these (tape_over). */
Heads heads_over(Tape *tape, const Heads *heads);

/* An operation: copies of these vectors, each view in a tensor of its own, [B, T, H D]. They may be
 * given to what changes vectors where they stand (heads_over). */
HeadView head_view_copy(Tape *tape, const HeadView *view);
Heads heads_copy(Tape *tape, const Heads *heads);

/* Where a tensor has numbers beside those of the views, its gradient is set to zero before shares
 * are added to it. */
void heads_ready_to_add(const Heads *heads);

#endif
