/* over_seeds.c: gathers the numbers that there are. */
#include "lab/over_seeds.h"

#include <math.h>

Estimate over_seeds(const Desk *desk, size_t arm, OfRun number, const void *context)
{
    size_t n = 0;
    for (size_t seed = 0; seed < desk->experiment->n_seeds; seed++) {
        const RunResult *run = desk_run(desk, arm, seed);
        double x = run->finished ? number(run, context) : NAN;
        if (isfinite(x))
            desk->x[n++] = x;
    }
    Sample sample = sample_of(desk->x, n);
    return (Estimate){sample, sample_interval(sample, CONFIDENCE)};
}
