/* query_table.h: a table of vectors that every query is multiplied with, for the schemes at the
 * score door whose bias is scale * q[i].e[r], with an r that depends on the pair.
 *
 * Taken pair by pair that would be a vector for each of T x T pairs. But the table holds only R
 * different ones, so it is done in two steps:
 *
 *     z[b,h,i,r] = scale * q[b,h,i].e[r]      one matrix product for each head    (here)
 *     bias[b,h,i,j] = z[b,h,i, r of i and j]  a number is picked for each pair    (in the scheme)
 *
 * The heads share the table; each layer has its own. Only the biases are T x T numbers for each
 * head. They are what such a scheme costs in memory, and the reason why a scheme that can do with a
 * table by distance (bias_table.h) does not make them.
 */
#ifndef POS_QUERY_TABLE_H
#define POS_QUERY_TABLE_H

#include "pos/pos.h"

/* Declares a table [rows, D] for each layer, "transformer.h.N.attn.SCHEME.weight", and returns them
 * in the memory of `pos`. They start at zero, so that a model starts as one without a scheme, and
 * decay as other embeddings do. */
Tensor **query_tables(Pos *pos, ParamList *params, size_t rows, Error *error);

/* z [B, H, Tq, R] of the vectors [R, D]. */
Tensor *query_table(Tape *tape, HeadView q, Tensor *vectors, double scale);

#endif
