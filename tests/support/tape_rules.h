/* tape_rules.h: what everything that is recorded on a tape must keep besides having the right
 * gradients: the same bits on any number of threads, the memory that was measured, and that a
 * gradient is set before anything is added to it.
 *
 * As in gradcheck.h, what is checked is a graph with its inputs.
 */
#ifndef TESTS_SUPPORT_TAPE_RULES_H
#define TESTS_SUPPORT_TAPE_RULES_H

#include "support/gradcheck.h"

/* y and all gradients have the same bits on 1, 2, 3 and 8 threads. To be a test of anything, y must
 * be large enough to be shared out: parallel_for runs a single range on one thread. */
bool threads_agree(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                   Error *error);

/* The graph takes exactly the bytes that it was measured to take, in the backward pass none, and
 * with those reserved no block is asked for; on a tape with gradients and on one without. */
bool memory_is_as_measured(GradGraph graph, void *context, Error *error);

/* Both as an assertion. */
#define assert_tape_rules(graph, context, inputs, n_inputs)                                        \
    check_tape_rules(graph, context, inputs, n_inputs, __FILE__, __LINE__)
void check_tape_rules(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                      const char *file, int line);

/* The gradient of an input that another node made may hold anything before its first share: with
 * NaNs there it ends as one that was zero from the start. (An operation on what is always a
 * parameter may rely on the zero.) */
bool first_shares_are_set(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                          Error *error);

#define assert_first_shares_are_set(graph, context, inputs, n_inputs)                              \
    check_first_shares(graph, context, inputs, n_inputs, __FILE__, __LINE__)
void check_first_shares(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                        const char *file, int line);

#endif
