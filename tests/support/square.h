/* square.h: the operation of the tests of the tape: y = x^2, dx += 2 x dy. */
#ifndef TESTS_SUPPORT_SQUARE_H
#define TESTS_SUPPORT_SQUARE_H

#include "autograd/tape.h"

Tensor *square(Tape *tape, Tensor *x);

/* x to the power of 2^n. */
Tensor *squares(Tape *tape, Tensor *x, size_t n);

/* Appends "f<name>" to the log when its forward runs, "b<name>" when its backward does. */
Tensor *logged_square(Tape *tape, Tensor *x, char *log, char name);

#endif
