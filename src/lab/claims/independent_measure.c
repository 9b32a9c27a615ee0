/* independent_measure.c: cosines by distance, and what shuffled rows make of them.
 *
 *     cos(p, q) = row p . row q / (|row p| |row q|)
 *     gap       = mean of cos(p, p + 1)  -  mean of cos(p, p + d) over all d >= T/2
 *
 * Rows that know nothing of their place have a gap of about 0; how far from 0 it strays by chance
 * is seen by shuffling: the same rows in a random order have the same cosines, at distances that
 * mean nothing. A direction that all rows share raises all cosines alike, and leaves the gap.
 */
#include "lab/claims/independent.h"

#include <assert.h>

#include "lab/claims/specimen.h"

typedef struct Cosines {
    double of[MOST_ROWS][MOST_ROWS];
    size_t T;
} Cosines;

static void fill_cosines(Cosines *cosines, const real *rows, size_t T, size_t C)
{
    cosines->T = T;
    for (size_t p = 0; p < T; p++)
        for (size_t q = 0; q < T; q++) {
            const real *x = rows + p * C, *y = rows + q * C;
            cosines->of[p][q] = dot_of(x, y, C) / sqrt(dot_of(x, x, C) * dot_of(y, y, C));
        }
}

/* The sum over all pairs at a distance, where place p holds row order[p]. */
static double sum_at(const Cosines *cosines, const size_t *order, size_t distance)
{
    double sum = 0;
    for (size_t p = 0; p + distance < cosines->T; p++)
        sum += cosines->of[order[p]][order[p + distance]];
    return sum;
}

static double gap_of(const Cosines *cosines, const size_t *order)
{
    size_t T = cosines->T, far_pairs = 0;
    double far_sum = 0;
    for (size_t d = (T + 1) / 2; d < T; d++) {
        far_sum += sum_at(cosines, order, d);
        far_pairs += T - d;
    }
    return sum_at(cosines, order, 1) / (double)(T - 1) - far_sum / (double)far_pairs;
}

/* Each order is as likely as any other (Fisher and Yates). */
static void shuffle(size_t *order, size_t n, RandomKey key)
{
    for (size_t i = n - 1; i > 0; i--) {
        size_t j = (size_t)random_below(key, i, i + 1), row = order[i];
        order[i] = order[j];
        order[j] = row;
    }
}

Nearness nearness_of(const real *rows, size_t T, size_t C, RandomKey key)
{
    assert(T >= 4 && T <= MOST_ROWS);
    Cosines cosines;
    Nearness found = {.rows = T};
    size_t order[MOST_ROWS];
    fill_cosines(&cosines, rows, T, C);
    for (size_t p = 0; p < T; p++)
        order[p] = p;
    for (size_t d = 1; d < T; d++)
        found.by_distance[d] = sum_at(&cosines, order, d) / (double)(T - d);
    found.gap = gap_of(&cosines, order);
    for (size_t n = 0; n < SHUFFLES; n++) {
        shuffle(order, T, random_at(key, n));
        double gap = gap_of(&cosines, order);
        found.shuffled += gap / SHUFFLES;
        found.as_wide += (double)(fabs(gap) >= fabs(found.gap)) / SHUFFLES;
    }
    return found;
}

NearnessVerdict nearness_judge(Estimate gap)
{
    if (gap.interval.low > 0)
        return NEARER;
    if (gap.interval.high < 0)
        return FURTHER;
    return gap.interval.low > -NEARNESS_MARGIN && gap.interval.high < NEARNESS_MARGIN ? NEITHER
                                                                                      : NOT_KNOWN;
}

Verdict independent_verdict(const NearnessVerdict *kinds, size_t n)
{
    size_t neither = 0, unknown = 0;
    for (size_t i = 0; i < n; i++) {
        neither += kinds[i] == NEITHER;
        unknown += kinds[i] == NOT_KNOWN;
    }
    if (neither == n)
        return HOLDS;
    if (neither + unknown == 0)
        return DOES_NOT_HOLD;
    return neither > 0 && neither + unknown < n ? HOLDS_UNDER_A_CONDITION : NOT_SHOWN;
}
