/* bias_table.c: the table by distance as an operation on the tape.
 *
 *     table[h, d] = gain * weight[h, row(d)]
 *     dweight[h, r] += gain * sum over d with row(d) = r of dtable[h, d]
 */
#include "pos/bias_table.h"

#include <assert.h>

typedef struct BiasTable {
    Node node;
    const Pos *pos;
    Tensor *weight; /* [H, R]; NULL where `value` gives the bias */
    RowOfDistance row_of;
    BiasOfDistance value;
    real gain;
    ptrdiff_t first_distance;
    Tensor *table; /* [H, n] */
} BiasTable;

static void bias_table_forward(Node *node)
{
    BiasTable *op = (BiasTable *)node;
    size_t n_head = op->table->shape[0], width = op->table->shape[1];
    for (size_t h = 0; h < n_head; h++)
        for (size_t column = 0; column < width; column++) {
            ptrdiff_t distance = op->first_distance + (ptrdiff_t)column;
            real *bias = op->table->data + h * width + column;
            if (op->weight)
                *bias =
                    op->gain *
                    op->weight->data[h * tensor_width(op->weight) + op->row_of(op->pos, distance)];
            else
                *bias = (real)op->value(op->pos, h, distance);
        }
}

static void bias_table_backward(Node *node)
{
    BiasTable *op = (BiasTable *)node;
    if (!op->weight || !op->weight->grad)
        return;
    size_t n_head = op->table->shape[0], width = op->table->shape[1];
    for (size_t h = 0; h < n_head; h++)
        for (size_t column = 0; column < width; column++) {
            size_t row = op->row_of(op->pos, op->first_distance + (ptrdiff_t)column);
            op->weight->grad[h * tensor_width(op->weight) + row] +=
                op->gain * op->table->grad[h * width + column];
        }
}

static void range_of(Positions positions, ptrdiff_t *least, ptrdiff_t *most)
{
    *least = *most = positions.at[0];
    for (size_t t = 1; t < positions.count; t++) {
        *least = positions.at[t] < *least ? positions.at[t] : *least;
        *most = positions.at[t] > *most ? positions.at[t] : *most;
    }
}

static ScoreBias run(BiasTable *op, Tape *tape, Positions queries, Positions keys)
{
    ptrdiff_t first_query, last_query, first_key, last_key;
    range_of(queries, &first_query, &last_query);
    range_of(keys, &first_key, &last_key);
    op->first_distance = first_key - last_query;
    size_t width = (size_t)(last_key - first_query - op->first_distance + 1);
    size_t shape[] = {op->pos->shape.n_head, width};
    op->table = op->weight ? tape_tensor(tape, 2, shape) : tape_constant(tape, 2, shape);
    tape_run(tape, &op->node);
    return (ScoreBias){.by_distance = op->table, .first_distance = op->first_distance};
}

ScoreBias bias_learned(const Pos *pos, Tape *tape, Tensor *weight, RowOfDistance row_of,
                       double gain, Positions queries, Positions keys)
{
    assert(weight->shape[0] == pos->shape.n_head);
    BiasTable *op = tape_node(tape, sizeof *op, bias_table_forward, bias_table_backward);
    op->pos = pos;
    op->weight = tape_input(tape, weight);
    op->row_of = row_of;
    op->gain = (real)gain;
    return run(op, tape, queries, keys);
}

ScoreBias bias_fixed(const Pos *pos, Tape *tape, BiasOfDistance value, Positions queries,
                     Positions keys)
{
    BiasTable *op = tape_node(tape, sizeof *op, bias_table_forward, bias_table_backward);
    op->pos = pos;
    op->value = value;
    return run(op, tape, queries, keys);
}
