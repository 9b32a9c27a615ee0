/* bias_table.c: the table by distance as an operation on the tape.
 *
 *     table[h, d] = gain * weight[h, row(d)]     or   value(h, d)   or   curve(weight[h], d)
 *
 *     dweight[h, r] += gain * sum over d with row(d) = r of dtable[h, d]
 *     dweight[h, r] += sum over d of dtable[h, d] * (d curve / d weight[h, r])
 */
#include "pos/bias_table.h"

#include <assert.h>

typedef struct BiasTable {
    Node node;
    const Pos *pos;
    Tensor *weight;       /* [H, R]; NULL where nothing is learned */
    RowOfDistance row_of; /* one of these three; the others are NULL */
    BiasOfDistance value;
    CurveOfDistance curve;
    real gain;           /* of row_of */
    Distances distances; /* n of them, one for each column of the table */
    Tensor *table;       /* [H, n] */
} BiasTable;

static real bias_at(const BiasTable *op, size_t h, ptrdiff_t distance)
{
    double slopes[MAX_CURVE_NUMBERS]; /* for backward alone */
    if (op->value)
        return (real)op->value(op->pos, h, distance);
    const real *numbers = op->weight->data + h * tensor_width(op->weight);
    if (op->curve)
        return (real)op->curve(op->pos, h, numbers, distance, slopes);
    return op->gain * numbers[op->row_of(op->pos, distance)];
}

static void bias_table_forward(Node *node)
{
    BiasTable *op = (BiasTable *)node;
    size_t n_head = op->table->shape[0], width = op->table->shape[1];
    for (size_t h = 0; h < n_head; h++)
        for (size_t column = 0; column < width; column++)
            op->table->data[h * width + column] =
                bias_at(op, h, op->distances.first + (ptrdiff_t)column);
}

/* The gradient of one bias, given to the numbers that it came from. */
static void give_gradient(const BiasTable *op, size_t h, ptrdiff_t distance, real dbias)
{
    size_t first = h * tensor_width(op->weight);
    real *dnumbers = op->weight->grad + first;
    if (op->row_of) {
        dnumbers[op->row_of(op->pos, distance)] += op->gain * dbias;
        return;
    }
    double slopes[MAX_CURVE_NUMBERS];
    op->curve(op->pos, h, op->weight->data + first, distance, slopes);
    for (size_t r = 0; r < tensor_width(op->weight); r++)
        dnumbers[r] += (real)slopes[r] * dbias;
}

static void bias_table_backward(Node *node)
{
    BiasTable *op = (BiasTable *)node;
    if (!op->weight || !op->weight->grad)
        return;
    size_t n_head = op->table->shape[0], width = op->table->shape[1];
    for (size_t h = 0; h < n_head; h++)
        for (size_t column = 0; column < width; column++)
            give_gradient(op, h, op->distances.first + (ptrdiff_t)column,
                          op->table->grad[h * width + column]);
}

static void range_of(Positions positions, ptrdiff_t *least, ptrdiff_t *most)
{
    *least = *most = positions.at[0];
    for (size_t t = 1; t < positions.count; t++) {
        *least = positions.at[t] < *least ? positions.at[t] : *least;
        *most = positions.at[t] > *most ? positions.at[t] : *most;
    }
}

Distances distances_between(Positions queries, Positions keys)
{
    ptrdiff_t first_query, last_query, first_key, last_key;
    range_of(queries, &first_query, &last_query);
    range_of(keys, &first_key, &last_key);
    ptrdiff_t first = first_key - last_query, last = last_key - first_query;
    return (Distances){first, (size_t)(last - first + 1)};
}

static BiasTable *bias_table_node(const Pos *pos, Tape *tape, Tensor *weight)
{
    assert(!weight || weight->shape[0] == pos->shape.n_head);
    BiasTable *op = tape_node(tape, sizeof *op, bias_table_forward, bias_table_backward);
    op->pos = pos;
    op->weight = tape_input(tape, weight);
    return op;
}

/* With one of the three chosen: makes the table. */
static ScoreBias run(BiasTable *op, Tape *tape, Positions queries, Positions keys)
{
    op->distances = distances_between(queries, keys);
    size_t shape[] = {op->pos->shape.n_head, op->distances.count};
    op->table = op->weight ? tape_tensor(tape, 2, shape) : tape_constant(tape, 2, shape);
    tape_run(tape, &op->node);
    return (ScoreBias){.by_distance = op->table, .first_distance = op->distances.first};
}

ScoreBias bias_learned(const Pos *pos, Tape *tape, Tensor *weight, RowOfDistance row_of,
                       double gain, Positions queries, Positions keys)
{
    BiasTable *op = bias_table_node(pos, tape, weight);
    op->row_of = row_of;
    op->gain = (real)gain;
    return run(op, tape, queries, keys);
}

ScoreBias bias_fixed(const Pos *pos, Tape *tape, BiasOfDistance value, Positions queries,
                     Positions keys)
{
    BiasTable *op = bias_table_node(pos, tape, NULL);
    op->value = value;
    return run(op, tape, queries, keys);
}

ScoreBias bias_curve(const Pos *pos, Tape *tape, Tensor *weight, CurveOfDistance curve,
                     Positions queries, Positions keys)
{
    assert(tensor_width(weight) <= MAX_CURVE_NUMBERS);
    BiasTable *op = bias_table_node(pos, tape, weight);
    op->curve = curve;
    return run(op, tape, queries, keys);
}
