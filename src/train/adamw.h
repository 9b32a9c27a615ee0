/* adamw.h: the optimiser, and the learning rate it follows.
 *
 * AdamW (Loshchilov, Hutter 2019, algorithm 2) keeps for each parameter a running mean of its
 * gradient and of the gradient's square:
 *
 *     m = beta1 m + (1 - beta1) g             v = beta2 v + (1 - beta2) g^2
 *     p = p - lr ( m' / (sqrt(v') + 1e-8)  +  decay p )
 *     m' = m / (1 - beta1^t)                  v' = v / (1 - beta2^t)      t: steps done, from 1
 *
 * m' and v' make up for the start at zero. m' / sqrt(v') is about +-1 while the gradient keeps its
 * sign, whatever its size: a parameter moves by about the learning rate a step. Decay acts on
 * matrices and embeddings only.
 */
#ifndef TRAIN_ADAMW_H
#define TRAIN_ADAMW_H

#include <stddef.h>

#include "autograd/param.h"
#include "base/arena.h"

typedef struct AdamW {
    double beta1, beta2, weight_decay;
    real *mean, *square; /* m and v, in the order of the parameters' flat buffer */
    size_t steps;        /* t: updates done */
    size_t size;         /* of the flat buffer */
    double *partial;     /* sums of squares of fixed ranges, for the norm */
} AdamW;

/* Moments of zero for these parameters, in the arena. */
bool adamw_init(AdamW *adamw, Arena *arena, const ParamList *params, double beta1, double beta2,
                double weight_decay, Error *error);

/* The length of the gradient: sqrt of the sum of all squares. The same on any number of threads. */
double adamw_gradient_norm(AdamW *adamw, const ParamList *params);

/* One update with the gradients times `gradient_scale` (1, or less where they are clipped). */
void adamw_step(AdamW *adamw, ParamList *params, double learning_rate, double gradient_scale);

/* The factor that brings a gradient of this length down to `clip` (0: no limit):
 * min(1, clip / length). */
double clip_scale(double norm, double clip);

/* The learning rate of step s = 0, 1, 2, ...: linear warm-up, then half a cosine to the minimum:
 *     s < warmup:  peak (s + 1) / (warmup + 1)
 *     s < end:     min + (peak - min) (1 + cos(pi (s - warmup) / (end - warmup))) / 2
 *     then:        min                                                                  */
typedef struct Schedule {
    double peak, min;
    size_t warmup, end;
} Schedule;

double schedule_at(const Schedule *schedule, size_t step);

#endif
