/* cope_op.h: the operation behind cope.c: positions that are counted by content, and the bias of
 * each. */
#ifndef POS_COPE_OP_H
#define POS_COPE_OP_H

#include "pos/pos.h"

/* bias[b,h,i,j] = z[b,h,i,p], read between two whole numbers, where p is how many of the keys
 * j ... i query i counts. z [B, H, Tq, P + 1] is what the queries say to the vectors of the
 * positions 0 ... P (see query_table.h); p is at most P. The queries are the last Tq of the Tk
 * tokens; where a key stands behind its query the bias is 0. */
Tensor *counted_bias(Tape *tape, const Heads *heads, Tensor *z);

#endif
