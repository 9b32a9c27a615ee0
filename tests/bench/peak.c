/* peak.c: what the cores can do at most: nothing but multiply-adds in registers.
 *
 * One multiply-add waits some cycles for its result, and the next one of the same chain waits for
 * it; so there are as many chains as the registers hold, of the width that src/math was compiled
 * for. */
#include <math.h>
#include <stdio.h>

#include "base/machine.h"
#include "base/terminal.h"
#include "bench/bench.h"
#include "math/parallel.h"
#include "math/simd.h"

enum { CHAINS = 12 }; /* enough to hide the wait, few enough for 16 registers */
enum { ROUNDS = 200000, FLOPS_PER_ROUND = 2 * CHAINS * LANES };

/* Clang may cut wide vectors into halves, as it does where AVX-512 is slow on some processors of
 * the kind. The yardstick is the whole width. */
#if defined(__has_attribute)
#if __has_attribute(min_vector_width)
#define WHOLE_VECTORS __attribute__((min_vector_width(8 * VECTOR_BYTES)))
#endif
#endif
#ifndef WHOLE_VECTORS
#define WHOLE_VECTORS
#endif

/* x = x a + b, which comes to rest at b / (1 - a) = 1. The chains start apart, and the compiler
 * does not know a and b: so it cannot leave out any. */
WHOLE_VECTORS static void burn(void *context, size_t begin, size_t end)
{
    volatile real *numbers = context;
    Vector a = numbers[0] + (Vector){0}, b = numbers[1] + (Vector){0}, x[CHAINS];
    for (size_t range = begin; range < end; range++) {
        UNROLL_FULLY
        for (size_t i = 0; i < CHAINS; i++)
            x[i] = (real)i + (Vector){0};
        for (size_t round = 0; round < ROUNDS; round++)
            UNROLL_FULLY
        for (size_t i = 0; i < CHAINS; i++)
            x[i] = x[i] * a + b;
        Vector sum = {0};
        UNROLL_FULLY
        for (size_t i = 0; i < CHAINS; i++)
            sum += x[i];
        numbers[2 + range] = sum[0];
    }
}

static double seconds_of_round(size_t threads)
{
    enum { MOST = 1024 };
    real numbers[2 + MOST] = {(real)0.5, (real)0.5};
    parallel_set_threads(threads < MOST ? threads : MOST);
    double start = clock_seconds();
    parallel_for(threads < MOST ? threads : MOST, 1, burn, numbers);
    return clock_seconds() - start;
}

/* The best of some rounds. Threads that have just been woken may share a core: a virtual machine
 * gives each its own only after tens of milliseconds of work. That is waited for, if in vain not
 * for long, so that cores are measured and not the waking. */
double peak_flops(size_t threads)
{
    enum { BEST_OF = 3 };
    const double PATIENCE = 0.3;
    size_t before = parallel_threads();
    double alone = seconds_of_round(1), start = clock_seconds(), least = alone;
    if (threads > 1)
        do
            least = seconds_of_round(threads);
        while (least > 1.3 * alone && clock_seconds() - start < PATIENCE);
    for (size_t round = 1; round < BEST_OF; round++)
        least = fmin(least, seconds_of_round(threads));
    parallel_set_threads(before);
    return (double)threads * ROUNDS * FLOPS_PER_ROUND / least;
}

bool bench_peak(const Plan *plan, Error *error)
{
    (void)error;
    Series one = {0}, all = {0};
    char cpu[CPU_NAME_SIZE], text[SPREAD_SIZE], cores[CORES_SIZE];
    for (size_t r = 0; r < plan->repetitions; r++) {
        series_add(&one, peak_flops(1) / 1e9);
        series_add(&all, peak_flops(plan->cores) / 1e9);
    }
    say(plan, "posgpt %s (%s) on %s\n%s\n\n", program_version, REAL_NAME, machine_cpu(cpu),
        program_compiler);
    say(plan, "Median (least, greatest) of %zu rounds; 3 at most where steps take seconds.\n\n",
        plan->repetitions);
    say(plan, "Peak: multiply-adds in registers, GFLOP/s\n");
    say(plan, "  1 core     %s\n", spread(text, &one, 1));
    say(plan, "  %-10s %s\n", cores_text(cores, plan->cores), spread(text, &all, 1));
    record(plan, "peak", "fma", 1, "GFLOP/s", &one);
    record(plan, "peak", "fma", plan->cores, "GFLOP/s", &all);
    return true;
}
