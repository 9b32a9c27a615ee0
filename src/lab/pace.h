/* pace.h: how fast a loss falls.
 *
 * A run is looked at every now and then: at some steps the loss of the whole validation split is
 * known. Between two looks it is taken to fall in a straight line.
 */
#ifndef LAB_PACE_H
#define LAB_PACE_H

#include <stddef.h>

/* The validation loss at one step. */
typedef struct Look {
    size_t step;
    double loss;
} Look;

/* The first step at which the loss is no higher than this; NaN if it never is. looks [count], in
 * order of steps. */
double pace_steps_to(const Look *looks, size_t count, double loss);

/* The loss at a step, which may lie between two looks; NaN before the first and behind the last. A
 * step behind the last by less than a millionth is the last. */
double pace_loss_at(const Look *looks, size_t count, double step);

/* The median of some numbers, which are sorted by that; NaN of none. */
double pace_median(double *x, size_t count);

#endif
