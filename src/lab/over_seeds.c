/* over_seeds.c: gathers the numbers that there are. */
#include "lab/over_seeds.h"

#include <math.h>
#include <stdlib.h>

Estimate over_seeds(const Desk *desk, size_t arm, RunNumber number, const void *context)
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

static int compare_sizes(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

size_t each_length_once(size_t *lengths, size_t count)
{
    size_t kept = 0;
    qsort(lengths, count, sizeof *lengths, compare_sizes);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || lengths[i] != lengths[i - 1])
            lengths[kept++] = lengths[i];
    return kept;
}
