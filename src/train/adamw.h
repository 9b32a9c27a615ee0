/* adamw.h: the optimiser, and the learning rate it follows.
 *
 * AdamW (Loshchilov, Hutter 2019, algorithm 2) keeps for each parameter a running mean of its
 * gradient and of the gradient's square:
 *
 *     m = beta1 m + (1 - beta1) g             v = beta2 v + (1 - beta2) g^2
 *     p = p - lr ( m' / (sqrt(v') + 1e-8)  +  decay p )
 *     m' = m / (1 - beta1^t)                  v' = v / (1 - beta2^t)      t: steps done, from 1
 *
 * m and v start at zero, which m' and v' make up for: of a gradient g that stays the same, step t
 * has m = (1 - beta1^t) g, and so m' = g; likewise v' = g^2. Then m' / sqrt(v') is +-1, whatever
 * the size of g: a parameter moves by about the learning rate a step. (The 1e-8 keeps 0 / 0
 * away.) Decay pulls a parameter towards 0; it acts on matrices and embeddings only.
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
    double *partial;     /* room for adamw_gradient_norm: a sum of squares for each range */
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
