/* planted.h: an operation with every mistake that one makes in deriving a gradient: for the tests
 * of what is to find them.
 *
 *     y[i,j] = 3 x[i,j] w[j,i] + x[i,j]^2
 *     dx[i,j] += (3 w[j,i] + 2 x[i,j]) dy[i,j]        dw[j,i] += 3 x[i,j] dy[i,j]
 */
#ifndef TESTS_SUPPORT_PLANTED_H
#define TESTS_SUPPORT_PLANTED_H

#include "support/fixtures.h"
#include "support/gradcheck.h"

enum { SIDE = 4 }; /* of x, w and y */

typedef enum Fault {
    NO_FAULT,
    FLIPPED_SIGN,
    TRANSPOSED,
    MISSING_SCALE,
    DROPPED_TERM,
    NO_GRADIENT,
    NOT_A_NUMBER,
    INFINITE,
    OVERWRITTEN,     /* = where += belongs */
    ONE_WRONG_ENTRY, /* and it is a small one */
    SLIGHTLY_WRONG,  /* by a millionth */
    NAN_IN_FORWARD,
    THREADS_IN_RESULT,
    MEMORY_IN_FORWARD,
    MEMORY_IN_BACKWARD,
} Fault;

/* Random numbers, and the fault of the operation on them. */
typedef struct Plan {
    Tensor *x, *w;
    Fault fault;
    GradInput inputs[2]; /* x and w */
} Plan;

Plan plan_of(Fixture *f, Fault fault);

/* The operation as a graph (see gradcheck.h) of a Plan. */
Tensor *planted(Tape *tape, void *context);

#endif
