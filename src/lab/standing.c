/* standing.c: each scheme beside the best one, and beside the next. */
#include "lab/standing.h"

/* How far its mean is above that of the best. */
static double above_best(const Comparison *comparison, size_t scheme)
{
    return comparison_pair(comparison, scheme, comparison->best).difference.mean;
}

static bool is_worse(const Comparison *comparison, size_t scheme)
{
    return scheme != comparison->best &&
           comparison_shows_better(comparison, comparison->best, scheme);
}

Standings standings_of(const Comparison *comparison)
{
    size_t next = NO_SCHEME;
    for (size_t s = 0; s < comparison->n_schemes; s++)
        if (is_worse(comparison, s) &&
            (next == NO_SCHEME || above_best(comparison, s) < above_best(comparison, next)))
            next = s;
    return (Standings){comparison, next};
}

Standing standing_of(const Standings *standings, size_t scheme)
{
    const Comparison *comparison = standings->comparison;
    if (scheme == comparison->best)
        return LEADS;
    if (!comparison_has_pair(comparison, comparison->best, scheme))
        return UNKNOWN;
    if (is_worse(comparison, scheme))
        return IS_WORSE;
    bool trails = standings->next != NO_SCHEME &&
                  above_best(comparison, scheme) > above_best(comparison, standings->next);
    return trails ? TRAILS : LEADS;
}
