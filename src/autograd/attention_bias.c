/* attention_bias.c: where in their tensors the biases of a query stand.
 *
 * By pair they stand in the order of the keys, so a row is added to a row. By distance the bias of
 * key j is that of the distance (position of j) - (position of i), in the row of the head:
 *
 *     distance     first_distance  ...  -2  -1   0   1  ...
 *     row of head h     | . . . . . . .  .   .   .   .  . . . |
 *                                            ^ the key just before the query
 *
 * Where the keys' positions have no gaps, the biases of neighbours are neighbours: again a row is
 * added to a row. */
#include "autograd/attention_bias.h"

#include "math/rows.h"

static bool count_up(const int *positions, size_t count)
{
    for (size_t j = 0; j + 1 < count; j++)
        if (positions[j + 1] != positions[j] + 1)
            return false;
    return true;
}

AttentionBias attention_bias(const AttentionOptions *options, size_t n_key)
{
    return (AttentionBias){
        .scores = options->bias,
        .query_positions = options->query_positions,
        .key_positions = options->key_positions,
        .without_gaps = options->key_positions && count_up(options->key_positions, n_key),
    };
}

/* In a tensor by pair, [B or 1, H, Tq, Tk], the bias of key j stands at this place + j. */
static size_t start_by_pair(const Tensor *by_pair, const Query *query)
{
    const size_t *shape = by_pair->shape;
    size_t b = shape[0] == 1 ? 0 : query->b;
    return ((b * shape[1] + query->h) * shape[2] + query->i) * shape[3];
}

/* And in one by distance, [H, n], at this place + the position of key j. */
static ptrdiff_t start_by_distance(const AttentionBias *bias, const Query *query)
{
    ptrdiff_t row = (ptrdiff_t)(query->h * tensor_width(bias->scores.by_distance));
    return row - bias->query_positions[query->i] - bias->scores.first_distance;
}

void add_score_bias(const AttentionBias *bias, const Query *query, real *scores)
{
    const Tensor *by_pair = bias->scores.by_pair, *by_distance = bias->scores.by_distance;
    size_t first = query->seen.first, count = query->seen.count;
    if (by_pair)
        row_add(scores + first, by_pair->data + start_by_pair(by_pair, query) + first, count);
    if (by_distance) {
        const real *table = by_distance->data;
        ptrdiff_t start = start_by_distance(bias, query);
        const int *keys = bias->key_positions;
        if (bias->without_gaps)
            row_add(scores + first, table + start + keys[first], count);
        else
            for (size_t j = first; j < first + count; j++)
                scores[j] += table[start + keys[j]];
    }
}

void add_score_bias_gradient(const AttentionBias *bias, const Query *query, const real *ds)
{
    const Tensor *by_pair = bias->scores.by_pair, *by_distance = bias->scores.by_distance;
    size_t first = query->seen.first, count = query->seen.count;
    if (by_pair && by_pair->grad)
        row_add(by_pair->grad + start_by_pair(by_pair, query) + first, ds + first, count);
    if (by_distance && by_distance->grad) {
        real *table = by_distance->grad;
        ptrdiff_t start = start_by_distance(bias, query);
        const int *keys = bias->key_positions;
        if (bias->without_gaps)
            row_add(table + start + keys[first], ds + first, count);
        else
            for (size_t j = first; j < first + count; j++)
                table[start + keys[j]] += ds[j];
    }
}

bool batch_shares_bias(const ScoreBias *bias)
{
    return (bias->by_distance && bias->by_distance->grad) ||
           (bias->by_pair && bias->by_pair->grad && bias->by_pair->shape[0] == 1);
}
