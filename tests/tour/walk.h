/* walk.h: one pass of a model, forward and backward, with everything in it to be looked at.
 *
 * The pass is that of src: gpt_forward, cross_entropy, tape_backward. What happens inside is seen
 * through the three doors, which exist so that something may stand in them. Here it is a scheme
 * that passes on what the real one does, and puts an operation in between that copies its input:
 * its forward sees the numbers, its backward sees their gradients. At the score door it adds a bias
 * of zeros for each pair, whose gradient is that of the scores.
 */
#ifndef TESTS_TOUR_WALK_H
#define TESTS_TOUR_WALK_H

#include "model/gpt.h"

/* Numbers of the pass and the gradient of the loss by them, of the same shape. */
typedef struct Sight {
    const Tensor *x;
    const real *grad; /* NULL before the backward pass */
} Sight;

/* What was seen in the first layer. Gone when the walk is. */
typedef struct Sights {
    Sight token;                         /* [1, T, C]: rows of the token table */
    Sight input;                         /* [1, T, C]: behind door 1 */
    const Tensor *read;                  /* [1, T, C]: what the first block is given, */
    const Tensor *normalised;            /* [1, T, C]: and what it makes q, k and v from */
    HeadView q, k, v;                    /* before door 2 */
    HeadView turned_q, turned_k;         /* behind it */
    Sight qkv, of_turned_q, of_turned_k; /* the tensors of these, with gradients */
    Sight bias;            /* [1, H, T, T]: zeros; its gradient is that of the scores */
    ScoreBias door_3;      /* what the scheme itself adds */
    const Tensor *weights; /* [1, H, T, T]: behind the softmax */
    const Tensor *mixed;   /* [1, T, C]: the heads' answers side by side */
    const Tensor *output;  /* [1, T, C]: behind the last block */
    const Tensor *last;    /* [1, T, C]: the same, normalised */
    Sight logits;          /* [1, T, V] */
} Sights;

/* A line of text in front of a model. Only what follows the token `at` is asked for. */
typedef struct Question {
    const int *tokens; /* T + 1: the last one is only a target */
    size_t length;     /* T */
    Positions positions;
    size_t at;
} Question;

typedef struct Walk {
    Gpt *gpt;
    Question question;
    int *targets;
    PosScheme eyes; /* the scheme that looks: walk.c finds its Walk from here */
    const PosScheme *real;
    Tape tape, plain; /* with gradients; without, for the weights */
    Node *before_attention;
    Sights see;
    double loss;
    Arena arena;
} Walk;

/* Forward and backward. The gradients of the parameters are those of this walk alone. The question
 * outlives the walk, which must stay where it is. Refuses positions that the scheme does not
 * have. */
bool walk_begin(Walk *walk, Gpt *gpt, Question question, Error *error);
void walk_end(Walk *walk);

/* -ln p of what really follows, by a pass that nobody looks at. */
double walk_loss(Walk *walk);

#endif
