/* parallel.h: one loop on several cores.
 *
 *     static void rows(void *context, size_t begin, size_t end) { ...rows begin to end - 1... }
 *     parallel_for(n_rows, 16, rows, &context);
 *
 * The loop is cut into ranges of `grain` items, and each range runs once, on some thread. The
 * ranges do not depend on the number of threads. Rule: a range writes only what no other range
 * reads or writes. Then the result has the same bits on one thread as on sixteen. A sum over items
 * is never collected from threads in the order in which they finish; it is cut by its outputs
 * instead, or its parts are stored and added in order of their number.
 *
 * Threads come from OpenMP where the compiler has it; without it the loop runs on one. Inside a
 * body parallel_for runs on the calling thread.
 */
#ifndef MATH_PARALLEL_H
#define MATH_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

typedef void (*ParallelBody)(void *context, size_t begin, size_t end);

void parallel_for(size_t count, size_t grain, ParallelBody body, void *context);

/* How many threads a loop may use: at first one for each core this process may run on. */
size_t parallel_threads(void);
void parallel_set_threads(size_t threads);

/* Was the program compiled with threads at all? */
bool parallel_available(void);

/* The number of the calling thread, 0 ... parallel_threads() - 1: to pick its scratch memory. */
size_t parallel_thread(void);

/* The grain of loops that are shared out by columns: as many as make one range for each thread, in
 * whole cache lines, so that no two threads write to the same one. It depends on the number of
 * threads, so it is for loops in which each column is computed by itself. */
size_t parallel_columns(size_t columns);

/* A grain for loops over rows of `width` numbers, such that a range is worth the hand-over (some
 * thousand numbers). Depends on the shape alone. */
size_t parallel_grain(size_t width);

#endif
