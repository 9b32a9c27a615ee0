/* bias_table.h: a bias by head and distance, for the schemes at the score door that need no more.
 *
 * The scores of a whole T x T square take only 2T - 1 different biases from a scheme that looks at
 * distances alone, d = position of the key - position of the query. The table [H, n] holds one row
 * for each head and one column for each distance that occurs; attention reads it along the
 * diagonals, and no T x T matrix is ever made. That two pairs at the same distance share a bias,
 * wherever they stand, is not a property that these schemes learn: it is how they are stored.
 *
 *         keys   0    1    2
 *     queries 0  d=0            (causal: a query sees no key behind it)
 *             1  d=-1 d=0
 *             2  d=-2 d=-1 d=0
 */
#ifndef POS_BIAS_TABLE_H
#define POS_BIAS_TABLE_H

#include "pos/pos.h"

/* bias[h, d] = gain * weight[h, row_of(pos, d)]           weight [H, R], learned */
typedef size_t (*RowOfDistance)(const Pos *pos, ptrdiff_t distance);
ScoreBias bias_learned(const Pos *pos, Tape *tape, Tensor *weight, RowOfDistance row_of,
                       double gain, Positions queries, Positions keys);

/* bias[h, d] = value(pos, h, d), not learned */
typedef double (*BiasOfDistance)(const Pos *pos, size_t h, ptrdiff_t distance);
ScoreBias bias_fixed(const Pos *pos, Tape *tape, BiasOfDistance value, Positions queries,
                     Positions keys);

/* bias[h, d] = curve(pos, h, weight[h], d, slopes)        weight [H, R], learned
 * The curve also tells its derivatives by the R numbers of weight[h]. */
enum { MAX_CURVE_NUMBERS = 4 }; /* R is at most this */
typedef double (*CurveOfDistance)(const Pos *pos, size_t h, const real *numbers, ptrdiff_t distance,
                                  double slopes[MAX_CURVE_NUMBERS]);
ScoreBias bias_curve(const Pos *pos, Tape *tape, Tensor *weight, CurveOfDistance curve,
                     Positions queries, Positions keys);

/* The distances of all pairs lie among these: `count` whole numbers from `first` on. */
typedef struct Distances {
    ptrdiff_t first;
    size_t count;
} Distances;
Distances distances_between(Positions queries, Positions keys);

#endif
