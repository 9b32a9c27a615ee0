/* planes.h: does a scheme turn queries and keys in planes? In which, and how fast?
 *
 * The vectors e_0, e_1, ... with a single 1 are shown to the query-key door at every position m. If
 * the door is a linear map, y = R(m) x, what becomes of e_c is column c of R(m). From the columns:
 *
 *     mixing    the mean of |R(m)| over all positions says which channel reaches which
 *     planes    if each channel reaches only one other one, and is reached by it, the two are a
 *               plane; a channel that reaches none is alone
 *     angles    in a plane, R(m) may be a turn with a change of length:
 *
 *                   R(m) = length * ( cos angle  -sin angle )
 *                                   ( sin angle   cos angle )
 *
 * Nothing is assumed on how the channels are paired, nor on how an angle grows; it is counted on
 * over full turns, and taken to change by less than half a turn from a position to the next.
 */
#ifndef LAB_INSPECT_PLANES_H
#define LAB_INSPECT_PLANES_H

#include "lab/inspect/doors.h"

typedef struct Turn {
    double *angle, *length; /* [T]: radians; what a vector's length is multiplied by */
} Turn;

typedef struct Plane {
    size_t first, second; /* its channels; the same one twice for a channel that is alone */
    Turn q, k;
    double theta; /* radians that q turns by from a position to the next, on average */
} Plane;

typedef struct Planes {
    double *mixing; /* [D, D]: row = channel that is reached */

    bool linear;    /* R(m) x is what the door makes of a vector x at random */
    bool alike;     /* and that is the same in every layer and head */
    bool are_turns; /* the door is linear and a turn in planes; otherwise there are no planes */

    size_t count;
    Plane *at;   /* [count], in the order of their first channels */
    bool steady; /* each angle is its position times theta, for keys as for queries */
} Planes;

/* Asks about queries and keys of head 0 in layer 0, at positions 0, 1, 2, ... */
bool planes_find(Arena *arena, Doors *doors, Planes *planes, Error *error);

/* matrix [D, D]: the R of queries at one of the positions, in layer 0 and head 0. */
bool door_matrix(Doors *doors, size_t position, double *matrix, Error *error);

#endif
