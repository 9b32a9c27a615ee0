/* strengths_measure.c: one arm beside the best of the others, and what several such make of a
 * claim. */
#include "lab/claims/strengths.h"

#include <math.h>

static size_t best_of_others(const Comparison *comparison, size_t arm)
{
    size_t best = NO_SCHEME;
    for (size_t other = 0; other < comparison->n_schemes; other++) {
        double mean = comparison->schemes[other].loss.mean;
        if (other != arm && comparison_has_pair(comparison, arm, other) &&
            (best == NO_SCHEME || mean < comparison->schemes[best].loss.mean))
            best = other;
    }
    return best;
}

/* One question for each of the others, with Holm's correction. */
static bool is_worse(const Comparison *comparison, size_t arm)
{
    double p[MAX_ARMS], adjusted[MAX_ARMS];
    for (size_t other = 0; other < comparison->n_schemes; other++)
        p[other] = other == arm ? NAN : comparison_pair(comparison, arm, other).p;
    holm(adjusted, p, comparison->n_schemes);
    for (size_t other = 0; other < comparison->n_schemes; other++)
        if (adjusted[other] < SIGNIFICANCE &&
            comparison_pair(comparison, arm, other).difference.mean > 0)
            return true;
    return false;
}

bool strength_measure(Arena *arena, const Outcomes *outcomes, size_t arm, Strength *strength,
                      Error *error)
{
    Comparison comparison;
    if (!comparison_make(arena, outcomes, &comparison, error))
        return false;
    strength->best = best_of_others(&comparison, arm);
    strength->above = (Pair){.difference = {.mean = NAN}, .interval = {NAN, NAN}};
    strength->rank = UNDECIDED;
    if (strength->best == NO_SCHEME)
        return true;
    strength->above = comparison_pair(&comparison, arm, strength->best);
    strength->above.difference.mean += 0; /* makes 0 of -0, which a pair turned round may have, */
    strength->above.interval.low += 0;    /* and a table need not */
    strength->above.interval.high += 0;
    if (strength->above.narrower.high < strength->margin)
        strength->rank = AS_GOOD;
    else if (is_worse(&comparison, arm))
        strength->rank = WORSE;
    return true;
}

static size_t count(const Strength *strengths, size_t n, Rank rank)
{
    size_t found = 0;
    for (size_t s = 0; s < n; s++)
        found += strengths[s].rank == rank;
    return found;
}

Verdict strengths_judge(const Strength *strengths, size_t n)
{
    size_t good = count(strengths, n, AS_GOOD), worse = count(strengths, n, WORSE);
    if (good == n)
        return HOLDS;
    if (worse == 0)
        return NOT_SHOWN;
    return good >= worse ? HOLDS_UNDER_A_CONDITION : DOES_NOT_HOLD;
}
