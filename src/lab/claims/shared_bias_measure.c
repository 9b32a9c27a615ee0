/* shared_bias_measure.c: a bias from position to position, and in the scores.
 *
 *     b[h, i, j]        of the query at position i and the key at position j
 *
 * Three things are measured. Do pairs at the same distance have the same b, whichever they are and
 * wherever they stand? What b does to a weight of attention: weights are softmax(s + b), so
 *
 *     ln w[i, j] - ln w[i, i]   grows by   b[i, j] - b[i, i]
 *
 * whatever the scores s are, if b is added to them. And the numbers of distances beyond the
 * training length: are they those of a distance that training has?
 */
#include "lab/claims/shared_bias.h"

#include <stdint.h>

#include "lab/claims/measure.h"

static const int starts[] = {0, 1, 1000, 100000}; /* where the first token stands */
enum { N_STARTS = sizeof starts / sizeof *starts, TIMES = 8 };

/* --- the same for the same distance? --- */

/* Every pair of T tokens against the first token and one so far behind it, by distance in `first`
 * [H, T]. */
static void compare_pairs(Specimen *s, size_t layer, int start, const double *first,
                          SharedBias *found)
{
    size_t T = specimen_config.block_size;
    Positions positions = positions_on(&s->tape, start, T);
    ScoreBias bias = through_scores(&s->tape, &s->gpt, layer, (Heads){0}, positions, positions);
    for (size_t h = 0; h < specimen_config.n_head; h++)
        for (size_t i = 0; i < T; i++)
            for (size_t j = 0; j <= i; j++) {
                double b = bias_of_pair(&bias, h, positions, i, positions, j);
                found->largest = fmax(found->largest, fabs(b));
                found->unequal = measure_worse(found->unequal, fabs(b - first[h * T + i - j]));
            }
}

static void measure_pairs(Specimen *s, double *first, SharedBias *found)
{
    size_t T = specimen_config.block_size;
    Positions positions = positions_on(&s->tape, 0, T);
    for (size_t layer = 0; layer < specimen_config.n_layer; layer++) {
        ScoreBias bias = through_scores(&s->tape, &s->gpt, layer, (Heads){0}, positions, positions);
        for (size_t h = 0; h < specimen_config.n_head; h++)
            for (size_t d = 0; d < T; d++)
                first[h * T + d] = bias_of_pair(&bias, h, positions, d, positions, 0);
        for (size_t n = 0; n < N_STARTS; n++)
            compare_pairs(s, layer, starts[n], first, found);
    }
}

/* --- in the scores? --- */

/* ln w[i, j] - ln w[i, i]. With unit vectors for values, value j being 1 in channel j, the mix of a
 * query shows its weights one by one. */
static double log_share(const Tensor *mixed, size_t h, size_t i, size_t j)
{
    size_t D = specimen_config.n_embd / specimen_config.n_head;
    const real *weights = mixed->data + (i * specimen_config.n_head + h) * D;
    return log((double)weights[j]) - log((double)weights[i]);
}

static void measure_scores(Specimen *s, RandomKey key, SharedBias *found)
{
    size_t H = specimen_config.n_head, C = specimen_config.n_embd, T = C / H;
    Positions positions = positions_on(&s->tape, 0, T);
    Heads heads = split_heads(random_vectors(&s->tape, T, 3 * C, key), H);
    for (size_t t = 0; t < T; t++)
        for (size_t c = 0; c < C; c++)
            heads.v.x->data[heads.v.start + t * heads.v.token_stride + c] = c % T == t;
    AttentionOptions options = {
        .causal = true, .query_positions = positions.at, .key_positions = positions.at};
    const Tensor *without = attention(&s->tape, heads, options);
    options.bias = through_scores(&s->tape, &s->gpt, 0, (Heads){0}, positions, positions);
    const Tensor *with = attention(&s->tape, heads, options);
    for (size_t h = 0; h < H; h++)
        for (size_t i = 0; i < T; i++)
            for (size_t j = 0; j < i; j++) {
                double added = bias_of_pair(&options.bias, h, positions, i, positions, j) -
                               bias_of_pair(&options.bias, h, positions, i, positions, i);
                double seen = log_share(with, h, i, j) - log_share(without, h, i, j);
                found->score_error = measure_worse(found->score_error, fabs(seen - added));
            }
}

/* --- which numbers have the distances beyond training? --- */

/* The query stands last: key j is `last` - j tokens before it. */
static bool same_numbers(const ScoreBias *of_layers, Positions query, Positions keys, size_t d,
                         size_t e)
{
    size_t last = keys.count - 1;
    for (size_t layer = 0; layer < specimen_config.n_layer; layer++)
        for (size_t h = 0; h < specimen_config.n_head; h++)
            if (bias_of_pair(&of_layers[layer], h, query, 0, keys, last - d) !=
                bias_of_pair(&of_layers[layer], h, query, 0, keys, last - e))
                return false;
    return true;
}

static void measure_further(Specimen *s, SharedBias *found)
{
    size_t T = specimen_config.block_size, longest = TIMES * T;
    ScoreBias *of_layers = tape_struct(&s->tape, specimen_config.n_layer * sizeof *of_layers);
    Positions query = positions_on(&s->tape, (int)longest - 1, 1);
    Positions keys = positions_on(&s->tape, 0, longest);
    for (size_t layer = 0; layer < specimen_config.n_layer; layer++)
        of_layers[layer] = through_scores(&s->tape, &s->gpt, layer, (Heads){0}, query, keys);
    found->further = longest - T;
    found->from_first = SIZE_MAX;
    for (size_t d = T; d < longest; d++) {
        bool shared = false;
        for (size_t e = 0; e < T; e++) {
            if (!same_numbers(of_layers, query, keys, d, e))
                continue;
            shared = true;
            found->from_first = e < found->from_first ? e : found->from_first;
            found->from_last = e > found->from_last ? e : found->from_last;
        }
        found->shared += shared;
    }
}

bool shared_bias_measure(const PosScheme *scheme, const Setting *options, RandomKey key,
                         SharedBias *found, Error *error)
{
    Specimen s;
    if (!specimen_init(&s, scheme, options, key, error))
        return false;
    size_t H = specimen_config.n_head, T = specimen_config.block_size;
    *found = (SharedBias){.elsewhere = scheme->at_embedding || scheme->at_query_key};
    measure_pairs(&s, tape_struct(&s.tape, H * T * sizeof(double)), found);
    measure_scores(&s, random_for(key, "queries and keys"), found);
    measure_further(&s, found);
    specimen_free(&s);
    return true;
}

/* A weight may be as small as e^-10 beside another, with a relative error of some roundings; its
 * logarithm has the same error as a number. The scores themselves are of size 10 or so. */
static bool is_exact(const SharedBias *found)
{
    return found->largest > 0 && found->unequal == 0 && !found->elsewhere &&
           found->score_error <= 10 * measure_rounding();
}

Verdict shared_bias_lengths(const Findings *findings, size_t arm)
{
    size_t trained = measure_block_size(findings);
    double margin = findings->comparison.margin;
    bool rises = false, unknown = false;
    for (size_t c = 0; c < findings->n_contexts; c++) {
        if (findings_at_context(findings, arm, c)->refused)
            return DOES_NOT_HOLD;
        if (findings->contexts[c] <= trained)
            continue;
        Estimate rise = measure_rise(findings, arm, trained, findings->contexts[c]);
        bool served = rise.interval.high < margin;
        rises = rises || (!served && rise.interval.low > 0);
        unknown = unknown || !served;
    }
    return rises ? HOLDS_UNDER_A_CONDITION : unknown ? NOT_SHOWN : HOLDS;
}

Verdict shared_bias_verdict(const SharedBias *found, const Verdict *lengths, size_t n)
{
    bool rises = false, unknown = false;
    for (size_t i = 0; i < n; i++) {
        if (!is_exact(&found[i]) || lengths[i] == DOES_NOT_HOLD)
            return DOES_NOT_HOLD;
        rises = rises || lengths[i] == HOLDS_UNDER_A_CONDITION;
        unknown = unknown || lengths[i] == NOT_SHOWN;
    }
    return rises ? HOLDS_UNDER_A_CONDITION : unknown ? NOT_SHOWN : HOLDS;
}
