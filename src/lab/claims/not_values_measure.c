/* not_values_measure.c: queries, keys, values, and the order of turning and mapping.
 *
 * A query is a linear map of a token's vector x, a key one of y: q = W x, k = V y. RoPE turns what
 * comes out of the maps,
 *
 *     R(m) W x . R(n) V y  =  W x . R(n - m) V y           the distance alone
 *
 * To turn the tokens' vectors once, before all maps, would be simpler:
 *
 *     W R(m) x . V R(n) y  =  x . R(-m) W^T V R(n) y
 *
 * but W^T V stands between the two turns, and they only join to one where it commutes with R, which
 * a learned matrix has no reason to do. So both are computed, for one x and one y at each pair of
 * positions.
 */
#include "lab/claims/not_values.h"

#include "lab/claims/measure.h"

enum { SHIFT = 1000 };

/* --- what is turned? --- */

static void measure_heads(Specimen *s, Positions positions, RandomKey key, WhatTurns *found)
{
    for (size_t layer = 0; layer < specimen_config.n_layer; layer++) {
        Tensor *qkv = random_vectors(&s->tape, positions.count, 3 * specimen_config.n_embd,
                                     random_at(key, layer));
        Heads before = split_heads(qkv, specimen_config.n_head);
        Heads after = through_query_key(&s->tape, &s->gpt, layer, before, positions);
        found->q = measure_worse(found->q, heads_apart(&before.q, &after.q));
        found->k = measure_worse(found->k, heads_apart(&before.k, &after.k));
        found->v = measure_worse(found->v, heads_apart(&before.v, &after.v));
    }
}

/* --- behind the linear maps, or before them? --- */

/* q.k / sqrt(D), of the query at position m and the key at position n. */
static double score_of(const Heads *heads, size_t h, size_t m, size_t n)
{
    const real *q = head_data(&heads->q, 0, h, m), *k = head_data(&heads->k, 0, h, n);
    size_t D = heads->q.head_size;
    return dot_of(q, k, D) / sqrt((double)D);
}

/* The most that two scores at one distance differ by, over all distances and heads, relative to the
 * largest score. */
static double spread_at_one_distance(const Heads *heads)
{
    double spread = 0, largest = 0;
    for (size_t h = 0; h < heads->q.n_head; h++)
        for (size_t d = 0; d < heads->q.length; d++) {
            double low = INFINITY, high = -INFINITY;
            for (size_t n = 0; n + d < heads->q.length; n++) {
                double score = score_of(heads, h, n + d, n);
                low = fmin(low, score);
                high = measure_worse(high, score);
                largest = measure_worse(largest, fabs(score));
            }
            spread = measure_worse(spread, high - low);
        }
    return spread / largest;
}

static void draw_scores(const Heads *heads, double *score)
{
    for (size_t n = 0; n < SCORE_STARTS; n++)
        score[n] = score_of(heads, 0, n + SCORE_DISTANCE, n);
}

/* Queries from x, keys and values from y, by the linear maps of the first layer. */
static Heads map(Specimen *s, HeadView x, HeadView y)
{
    Tensor *weight = s->gpt.blocks[0].c_attn_weight;
    Heads of_x = split_heads(linear(&s->tape, x.x, weight, NULL), specimen_config.n_head);
    Heads of_y = split_heads(linear(&s->tape, y.x, weight, NULL), specimen_config.n_head);
    return (Heads){of_x.q, of_y.k, of_y.v};
}

static void measure_scores(Specimen *s, Positions positions, RandomKey key, WhatTurns *found)
{
    size_t T = positions.count, C = specimen_config.n_embd, H = specimen_config.n_head;
    HeadView x = head_view(repeated_vector(&s->tape, T, C, random_for(key, "x")), H, 0, 1);
    HeadView y = head_view(repeated_vector(&s->tape, T, C, random_for(key, "y")), H, 0, 1);
    Heads behind = through_query_key(&s->tape, &s->gpt, 0, map(s, x, y), positions);
    Heads turned = through_query_key(&s->tape, &s->gpt, 0, (Heads){x, y, y}, positions);
    Heads before = map(s, turned.q, turned.k);
    found->behind_maps = spread_at_one_distance(&behind);
    found->before_maps = spread_at_one_distance(&before);
    draw_scores(&behind, found->score_behind);
    draw_scores(&before, found->score_before);
}

/* --- does the model notice where the text stands? --- */

static void measure_shift(Specimen *s, size_t T, RandomKey key, WhatTurns *found)
{
    int *tokens = tape_struct(&s->tape, T * sizeof *tokens);
    for (size_t t = 0; t < T; t++)
        tokens[t] = (int)random_below(key, t, specimen_config.vocab_size);
    GptInput input = {.tokens = tokens, .batch_size = 1, .length = T};
    input.positions = positions_on(&s->tape, 0, T);
    const Tensor *here = gpt_forward(&s->gpt, &s->tape, &input);
    input.positions = positions_on(&s->tape, SHIFT, T);
    const Tensor *there = gpt_forward(&s->gpt, &s->tape, &input);
    double change = 0, largest = 0;
    for (size_t i = 0; i < tensor_size(here); i++) {
        change = measure_worse(change, fabs((double)there->data[i] - (double)here->data[i]));
        largest = measure_worse(largest, fabs((double)here->data[i]));
    }
    found->of_a_shift = change / largest;
}

bool not_values_measure(const PosScheme *scheme, const Setting *options, RandomKey key,
                        WhatTurns *found, Error *error)
{
    Specimen s;
    if (!specimen_init(&s, scheme, options, key, error))
        return false;
    *found = (WhatTurns){0};
    Positions positions = positions_on(&s.tape, 0, specimen_config.block_size);
    measure_heads(&s, positions, random_for(key, "queries, keys, values"), found);
    measure_scores(&s, positions, random_for(key, "vectors"), found);
    measure_shift(&s, specimen_config.block_size, random_for(key, "tokens"), found);
    specimen_free(&s);
    return true;
}

/* Turned: by more than any rounding. A score sums up 16 products of numbers that were rounded. */
Verdict not_values_verdict(const WhatTurns *found, Interval loss_of_turning)
{
    bool exact = found->q > 0.1 && found->k > 0.1 && found->v == 0 &&
                 found->behind_maps <= measure_rounding() && found->before_maps > 0.1;
    return !exact ? DOES_NOT_HOLD : loss_of_turning.high < 0 ? HOLDS_UNDER_A_CONDITION : HOLDS;
}
