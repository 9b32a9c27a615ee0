/* gradcheck.h: hand-derived gradients held against differences, for everything from a single
 * operation to the whole model.
 *
 * What is checked is a graph: a function that records y, of any shape, from inputs that it finds in
 * its context. It is called many times and must record the same each time.
 *
 *     static Tensor *gelu_of(Tape *tape, void *context)  { return gelu(tape, context); }
 *     ...
 *     GradInput inputs[] = {{.name = "x", .x = x}};
 *     assert_gradients(gelu_of, x, inputs, 1);
 */
#ifndef TESTS_SUPPORT_GRADCHECK_H
#define TESTS_SUPPORT_GRADCHECK_H

#include "support/check.h"

#include "autograd/tape.h"
#include "base/error.h"

typedef Tensor *(*GradGraph)(Tape *tape, void *context);

typedef struct GradInput {
    const char *name;
    Tensor *x;
    bool vanishes; /* its gradient is known to be zero, to rounding; then it must be */
    bool kinks;    /* the graph may have kinks; see below */
    double step;   /* of the differences; 0 stands for 1/1024, which suits inputs of about 1. For
                      others: a thousandth of the length over which the graph bends */
} GradInput;

/* Compares the gradient of each input with differences of y. With g = d (sum of r y) / dx for
 * random numbers r, a from tape_backward and n by the central difference of fourth order,
 *
 *     n = ( 8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h)) ) / 12 h     error: h^4 f''''' / 30
 *
 * each entry must hold |a - n| <= 1e-7 max(|a|, |n|) + 1e-9 max |g|, the last maximum over the
 * input. A NaN or an infinity fails, and so does a gradient that is zero everywhere by both
 * accounts (nothing was checked), unless the input says that it vanishes: then |a| and |n| must be
 * below 1e-9. A second backward pass on a second tape must double every gradient. The error names
 * input, entry and both numbers.
 *
 * A difference across a kink (of a maximum, say) is not the derivative on either side. Of an input
 * that says `kinks` an entry that fails is tried again with steps of h/8 and h/64, of which one may
 * stay on this side. A gradient that is wrong fails with these as well.
 *
 * In a build with float the differences are noise, and no verdict means anything. */
bool gradcheck(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
               uint64_t seed, Error *error);

/* The same as an assertion, with three different r. In a build with float it skips the test. */
#define assert_gradients(graph, context, inputs, n_inputs)                                         \
    check_gradients(graph, context, inputs, n_inputs, __FILE__, __LINE__)
void check_gradients(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                     const char *file, int line);

/* Upstream gradients for a test: n numbers of both signs, none alike, between 0.5 and 1.5 in size.
 */
void upstream_gradients(real *r, size_t n, uint64_t seed);

/* An operation: the sum of r[i] y[i], a tensor [1]. Backward from it, y gets the gradient r. */
Tensor *weighted_sum(Tape *tape, Tensor *y, const real *r);

#endif
