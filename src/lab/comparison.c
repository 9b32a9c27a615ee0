/* comparison.c: from a table of losses to statements about schemes. */
#include "lab/comparison.h"

#include <assert.h>
#include <math.h>

static double loss_at(const Outcomes *outcomes, size_t scheme, size_t seed)
{
    return outcomes->loss[scheme * outcomes->n_seeds + seed];
}

/* The losses that there are. x [n_seeds] */
static size_t gather_losses(const Outcomes *outcomes, size_t scheme, double *x)
{
    size_t n = 0;
    for (size_t seed = 0; seed < outcomes->n_seeds; seed++)
        if (isfinite(loss_at(outcomes, scheme, seed)))
            x[n++] = loss_at(outcomes, scheme, seed);
    return n;
}

/* The differences for the seeds that both have. d [n_seeds] */
static size_t gather_differences(const Outcomes *outcomes, size_t a, size_t b, double *d)
{
    size_t n = 0;
    for (size_t seed = 0; seed < outcomes->n_seeds; seed++) {
        double difference = loss_at(outcomes, a, seed) - loss_at(outcomes, b, seed);
        if (isfinite(difference))
            d[n++] = difference;
    }
    return n;
}

static Pair compare_pair(const Outcomes *outcomes, size_t a, size_t b, double *scratch)
{
    size_t n = gather_differences(outcomes, a, b, scratch);
    Sample difference = sample_of(scratch, n);
    return (Pair){
        .a = a,
        .b = b,
        .difference = difference,
        .interval = sample_interval(difference, CONFIDENCE),
        .p = sample_p(difference),
        .p_holm = NAN,
        .p_sign_flip = n >= SIGN_FLIP_LEAST ? sign_flip_p(scratch, n) : NAN,
        .narrower = sample_interval(difference, EQUIVALENCE_CONFIDENCE),
        .p_equivalence = NAN,
    };
}

/* Before (a, b) stand all pairs that begin with 0 ... a-1: of S schemes, S-1 with 0, S-2 with 1,
 * ... S-a with a-1, together a (2 S - a - 1) / 2. */
Pair comparison_pair(const Comparison *comparison, size_t a, size_t b)
{
    assert(a != b && a < comparison->n_schemes && b < comparison->n_schemes);
    if (a < b) {
        size_t before = a * (2 * comparison->n_schemes - a - 1) / 2;
        return comparison->pairs[before + b - a - 1];
    }
    Pair pair = comparison_pair(comparison, b, a);
    pair.a = a;
    pair.b = b;
    pair.difference.mean = -pair.difference.mean;
    pair.interval = (Interval){-pair.interval.high, -pair.interval.low};
    pair.narrower = (Interval){-pair.narrower.high, -pair.narrower.low};
    return pair;
}

bool comparison_shows_better(const Comparison *comparison, size_t a, size_t b)
{
    Pair pair = comparison_pair(comparison, a, b);
    return pair.p_holm < SIGNIFICANCE && pair.difference.mean < 0;
}

bool comparison_shows_equivalent(const Comparison *comparison, size_t a, size_t b)
{
    return comparison_pair(comparison, a, b).p_equivalence < SIGNIFICANCE;
}

double comparison_power(const Comparison *comparison, size_t a, size_t b)
{
    Sample difference = comparison_pair(comparison, a, b).difference;
    return equivalence_power(difference.n, difference.sd, comparison->margin);
}

bool comparison_has_pair(const Comparison *comparison, size_t a, size_t b)
{
    return comparison_pair(comparison, a, b).difference.n >= 2;
}

/* How far a scheme is above the others: the mean, over those with at least `least` seeds in common,
 * of the paired differences; NaN without any. Where no run failed, schemes are in the same order by
 * it as by their mean losses; where one did, a scheme has no advantage from having missed a seed at
 * which all losses are high. */
static double height(const Comparison *comparison, size_t scheme, size_t least)
{
    double sum = 0;
    size_t others = 0;
    for (size_t other = 0; other < comparison->n_schemes; other++) {
        if (other == scheme)
            continue;
        Sample difference = comparison_pair(comparison, scheme, other).difference;
        if (difference.n >= least) {
            sum += difference.mean;
            others++;
        }
    }
    return others > 0 ? sum / (double)others : NAN;
}

/* The lowest of the schemes that have so many seeds in common with another; with 0, the one with
 * the lowest mean loss. NO_SCHEME: there is none. */
static size_t lowest_with(const Comparison *comparison, size_t shared)
{
    size_t best = NO_SCHEME;
    double lowest = INFINITY;
    for (size_t s = 0; s < comparison->n_schemes; s++) {
        double mean = comparison->schemes[s].loss.mean;
        double above = shared > 0 ? height(comparison, s, shared) : mean;
        if (above < lowest) {
            best = s;
            lowest = above;
        }
    }
    return best;
}

/* Two shared seeds can be compared; one, or none, decides only where no scheme has more. */
static size_t find_best(const Comparison *comparison)
{
    size_t best = lowest_with(comparison, 2);
    if (best == NO_SCHEME)
        best = lowest_with(comparison, 1);
    return best == NO_SCHEME ? lowest_with(comparison, 0) : best;
}

static double find_margin(const Comparison *comparison, size_t without, size_t plainest)
{
    if (without >= comparison->n_schemes || plainest >= comparison->n_schemes ||
        without == plainest || !comparison_shows_better(comparison, plainest, without))
        return NAN;
    return EQUIVALENCE_SHARE * comparison_pair(comparison, without, plainest).difference.mean;
}

/* Holm's correction over all pairs. p, adjusted [n_pairs]: scratch */
static void correct_for_many(Pair *pairs, size_t n_pairs, double *p, double *adjusted)
{
    for (size_t i = 0; i < n_pairs; i++)
        p[i] = pairs[i].p;
    holm(adjusted, p, n_pairs);
    for (size_t i = 0; i < n_pairs; i++)
        pairs[i].p_holm = adjusted[i];
}

bool comparison_make(Arena *arena, const Outcomes *outcomes, Comparison *comparison, Error *error)
{
    size_t S = outcomes->n_schemes, n_pairs = S * (S - 1) / 2;
    assert(S > 0);
    SchemeResult *schemes = arena_alloc(arena, S, sizeof *schemes);
    Pair *pairs = arena_alloc(arena, n_pairs, sizeof *pairs);
    double *numbers = arena_alloc(arena, outcomes->n_seeds, sizeof *numbers);
    double *p = arena_alloc(arena, 2 * n_pairs, sizeof *p);
    if (schemes == NULL || pairs == NULL || numbers == NULL || p == NULL)
        return fail(error, "out of memory: comparison of %zu schemes", S);
    for (size_t a = 0, i = 0; a < S; a++) {
        size_t n = gather_losses(outcomes, a, numbers);
        Sample loss = sample_of(numbers, n);
        schemes[a] = (SchemeResult){loss, sample_interval(loss, CONFIDENCE)};
        for (size_t b = a + 1; b < S; b++)
            pairs[i++] = compare_pair(outcomes, a, b, numbers);
    }
    correct_for_many(pairs, n_pairs, p, p + n_pairs);
    *comparison = (Comparison){S, outcomes->n_seeds, n_pairs, schemes, pairs, NO_SCHEME, NAN};
    comparison->best = find_best(comparison);
    comparison->margin = find_margin(comparison, outcomes->without, outcomes->plainest);
    for (size_t i = 0; i < n_pairs; i++)
        pairs[i].p_equivalence = sample_equivalence_p(pairs[i].difference, comparison->margin);
    return true;
}
