/* made_up_pos.h: schemes that do what a test wants at the query-key or the score door, to see that
 * nothing but the doors is looked at. */
#ifndef TESTS_SUPPORT_MADE_UP_POS_H
#define TESTS_SUPPORT_MADE_UP_POS_H

#include "pos/pos.h"

/* y [D] from x [D]: what becomes of a query or a key of a head at a position. */
typedef void (*MakeVector)(size_t h, double position, bool is_key, const double *x, double *y,
                           size_t D);

/* What is added to the score of a pair; q [D] is the query. */
typedef double (*MakeScore)(size_t layer, size_t h, int query, int key, const real *q);

/* Two layers, three heads of `head_size` channels. The functions must be there as long as the
 * scheme. */
Pos made_up_query_key(MakeVector *make, size_t head_size);
Pos made_up_scores(MakeScore *make, bool causal);

#endif
