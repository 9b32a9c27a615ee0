/* doors.h: what a positional scheme does at each of its doors, found out by asking.
 *
 * Nothing here knows a scheme. A door is a function, and it shows what it is by what it makes of a
 * few vectors and where they stand:
 *
 *     [1] embedding    a vector at every position        ->  what the door makes of it there
 *     [2] query-key    a query and a key at every one    ->  the same
 *     [3] scores       queries and keys at random        ->  what the door adds to their scores
 *
 * A scheme that is new tomorrow answers as well.
 */
#ifndef LAB_INSPECT_DOORS_H
#define LAB_INSPECT_DOORS_H

#include "pos/pos.h"

/* A scheme, and the positions that it is asked about. It must stay where it is. */
typedef struct Doors {
    const Pos *pos;
    Positions positions;
    size_t T, C, H, D; /* how many positions; the letters of tensor.h */
    Arena arena;
    Tape tape;
    Tensor x;       /* what is shown to a door: at most [1, T, 3 C] */
    void *prepared; /* by the scheme, on the tape */
} Doors;

/* The positions live as long as the doors. Refuses those that the scheme does not have. */
bool doors_init(Doors *doors, const Pos *pos, Positions positions, Error *error);
void doors_free(Doors *doors);

/* [1] out [T, C]: what becomes of the vector x [C] at each position. */
void door_embedding(Doors *doors, const double *x, double *out);

/* [2] q_out and k_out [T, H, D]: what becomes of the query q and the key k [D], which all heads of
 * that layer have at all positions. */
void door_query_key(Doors *doors, size_t layer, const double *q, const double *k, double *q_out,
                    double *k_out);

/* [3] out [H, T, T]: what is added to the score of each query (row) with each key (column) in that
 * layer; NaN where the mask is. The queries and keys are the draw-th at random. */
void door_scores(Doors *doors, size_t layer, size_t draw, double *out);

/* What a bias adds to the score of query i and key j in head h; 0 without a bias. */
double bias_of_pair(const ScoreBias *bias, size_t h, Positions queries, size_t i, Positions keys,
                    size_t j);

#endif
