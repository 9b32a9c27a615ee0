/* shaw_op.h: the operation behind shaw.c: a number for each pair, picked by its distance. */
#ifndef POS_SHAW_OP_H
#define POS_SHAW_OP_H

#include "pos/pos.h"

/* bias[b,h,i,j] = z[b,h,i,r], where row r is the distance d = position of key j - position of query
 * i, counted from -left on: r = d + left, with the first row for d < -left and the last for any d
 * beyond it. z [B, H, Tq, R], the bias [B, H, Tq, Tk]. With a causal mask the queries are the last
 * Tq of the Tk tokens, and where a key stands behind its query the bias is 0. */
Tensor *picked_bias(Tape *tape, Tensor *z, int left, bool causal, Positions queries,
                    Positions keys);

#endif
