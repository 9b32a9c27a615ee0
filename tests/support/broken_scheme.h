/* broken_scheme.h: schemes that are not what they should be, to see that it is noticed.
 *
 *     PosScheme broken = broken_rope(WRONG_SIGN);
 *
 * They are rotary schemes with rope's own options, where one thing is wrong.
 */
#ifndef TESTS_SUPPORT_BROKEN_SCHEME_H
#define TESTS_SUPPORT_BROKEN_SCHEME_H

#include "support/check.h"

#include "pos/pos.h"

typedef enum RopeFault {
    NO_FAULT,         /* rope itself, put together as the others are */
    WRONG_SIGN,       /* every plane turns the other way round */
    WRONG_BASE,       /* the planes turn by other speeds */
    LONGER,           /* a key grows a little */
    KEYS_ONE_AHEAD,   /* keys are turned as if they stood one position further on */
    KEYS_BY_POSITION, /* and by the square of their position: no distance decides a score */
    VALUES_TOO,       /* values turn as well */
    QUERIES_ONLY,     /* keys stay as they are */
    EMBEDDING_TOO,    /* something is added to the token's vector */
    ONLY_FIRST_LAYER, /* the others turn nothing */
    NAN_IN_A_KEY,
    TOKENS_VECTOR, /* the token's own vector turns, as a whole, and nothing else */
} RopeFault;

PosScheme broken_rope(RopeFault fault);

#endif
