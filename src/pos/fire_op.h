/* fire_op.h: the operation behind fire.c: how far away a key is, as a share of the way back. */
#ifndef POS_FIRE_OP_H
#define POS_FIRE_OP_H

#include "pos/pos.h"

/* x[i,j] = psi(distance of i and j) / psi(max(L, position of i)) with psi(v) = ln(1 + c v), for
 * c = first_c exp(C) and L = first_threshold exp(M). `scale` [2] holds C and M; x [Tq, Tk]. */
Tensor *shares_of_way(Tape *tape, Tensor *scale, double first_c, double first_threshold,
                      Positions queries, Positions keys);

#endif
