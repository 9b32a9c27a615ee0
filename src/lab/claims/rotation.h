/* rotation.h: what a scheme does to a token's vector, its queries, keys and values. */
#ifndef LAB_CLAIMS_ROTATION_H
#define LAB_CLAIMS_ROTATION_H

#include "lab/claims/claim.h"
#include "lab/claims/specimen.h"

enum { TURN_POSITIONS = 32, TURN_PLANES = 8 }; /* of a head of 16 channels */

/* Errors are the largest over all layers, heads, positions and planes; 0: none at all. */
typedef struct Turning {
    double stream_change; /* of the token's vector, at the embedding door */
    double stream_error;  /* how far its angle, in any pair of channels, is from position * 1 */
    double turned;        /* the largest angle that a query or key is turned by, in radians */
    double angle_error;   /* how far a plane's angle is from position * theta[i], in radians */
    double length_error;  /* how much a pair's length changes, relative to it */
    double matrix_error;  /* how far the vector is from R(m) x, relative to its length */
    double value_change;

    /* The angle between a query and itself turned, 0 ... pi, at each position: as a whole, and in
     * each plane. Of head 0 in the first layer. */
    double whole[TURN_POSITIONS], plane[TURN_PLANES][TURN_POSITIONS];
} Turning;

bool rotation_measure(const PosScheme *scheme, RandomKey key, Turning *found, Error *error);

/* Holds: the token's own vector turns, as a whole, by its position times one theta (of 1). Under a
 * condition: queries and keys turn, in every plane by the position times that plane's theta, and
 * the token's own vector is left alone. */
Verdict rotation_verdict(const Turning *found);

#endif
