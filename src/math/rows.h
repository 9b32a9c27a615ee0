/* rows.h: loops over one row of numbers: sums, exp, tanh.
 *
 * Each function takes a row of n numbers that stand side by side and runs on the calling thread.
 * Sums are taken in a fixed order (LANES partial sums, then those), so they have the same bits
 * on each call. NaN and infinity keep their meaning: a NaN in a row is a NaN in its sum, its
 * maximum and its exp.
 */
#ifndef MATH_ROWS_H
#define MATH_ROWS_H

#include <stddef.h>

#include "math/real.h"

/* sum of x_i; sum of x_i y_i; max of x_i (n >= 1) */
real row_sum(const real *x, size_t n);
real row_dot(const real *x, const real *y, size_t n);
real row_max(const real *x, size_t n);

/* y_i += x_i;  y_i += a x_i;  y_i = a y_i */
void row_add(real *y, const real *x, size_t n);
void row_add_scaled(real *y, real a, const real *x, size_t n);
void row_scale(real *y, real a, size_t n);

/* y_i = exp(x_i - shift), where x_i - shift is rounded first. y may be x. To within 1.3 ulp for
 * arguments in [-87, 88] (double: [-700, 700]); 0 below, and above what it is at the upper end:
 * 1.7e38 (double: 1e304). */
void row_exp(real *y, const real *x, real shift, size_t n);

/* x_i becomes tanh(x_i), to within 2.25 ulp where |tanh(x_i)| >= 1/2, and where it is smaller to
 * within as much there: 1.4e-7 (double: 2.5e-16). */
void row_tanh(real *x, size_t n);

/* x becomes softmax(x): exp(x_i - max) / sum. Returns log(sum of exp(x_i)), from which any of the
 * probabilities can be computed again: p_i = exp(x_i - that). */
real row_softmax(real *x, size_t n);

#endif
