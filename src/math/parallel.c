/* parallel.c: parallel_for on OpenMP, or on nothing. */
#include "math/parallel.h"

#include <assert.h>

#ifdef _OPENMP
#include <omp.h>
#endif

enum { RANGE_NUMBERS = 8192 }; /* about 1 to 10 microseconds of element-wise work */

/* The thread count is one of the two pieces of global state in this program (the other is the flag
 * that a signal sets). 0: not chosen yet. */
static size_t thread_count = 0;

size_t parallel_threads(void)
{
#ifdef _OPENMP
    return thread_count > 0 ? thread_count : (size_t)omp_get_num_procs();
#else
    return 1;
#endif
}

void parallel_set_threads(size_t threads)
{
    assert(threads > 0);
    thread_count = threads;
}

bool parallel_available(void)
{
#ifdef _OPENMP
    return true;
#else
    return false;
#endif
}

size_t parallel_thread(void)
{
#ifdef _OPENMP
    return (size_t)omp_get_thread_num();
#else
    return 0;
#endif
}

size_t parallel_columns(size_t columns)
{
    enum { CACHE_LINE = 16 }; /* numbers: one line of floats, two of doubles */
    size_t share = (columns + parallel_threads() - 1) / parallel_threads();
    return share < CACHE_LINE ? CACHE_LINE : (share + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

size_t parallel_grain(size_t width)
{
    return width >= RANGE_NUMBERS ? 1 : RANGE_NUMBERS / (width > 0 ? width : 1);
}

typedef struct Work {
    size_t count, grain, n_ranges;
    ParallelBody body;
    void *context;
} Work;

static void run_ranges(const Work *work, size_t first, size_t end)
{
    for (size_t range = first; range < end; range++) {
        size_t begin = range * work->grain, left = work->count - begin;
        work->body(work->context, begin, left < work->grain ? work->count : begin + work->grain);
    }
}

void parallel_for(size_t count, size_t grain, ParallelBody body, void *context)
{
    assert(grain > 0);
    size_t n_ranges = count / grain + (count % grain != 0);
    Work work = {count, grain, n_ranges, body, context};
#ifdef _OPENMP
    if (n_ranges > 1 && parallel_threads() > 1 && !omp_in_parallel()) {
        /* Neighbouring ranges go to one thread, and to the same one in every loop: what a thread
         * wrote is still in its cache. */
#pragma omp parallel num_threads((int)parallel_threads())
        {
            size_t thread = (size_t)omp_get_thread_num(), threads = (size_t)omp_get_num_threads();
            run_ranges(&work, n_ranges * thread / threads, n_ranges * (thread + 1) / threads);
        }
        return;
    }
#endif
    run_ranges(&work, 0, n_ranges);
}
