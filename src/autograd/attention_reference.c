/* attention_reference.c: attention as its formula says, with nothing clever.
 *
 * The same as attention.c, one number at a time, and the T x T weights are kept. The tests hold the
 * fast one against this; a heat map of attention is a picture of these weights.
 */
#include "autograd/ops.h"

typedef struct AttentionReference {
    Node node;
    Heads in;
    AttentionOptions options;
    Tensor *weights; /* [B, H, Tq, Tk] */
    Tensor *y;       /* [B, Tq, H D] */
} AttentionReference;

static real bias_of(const AttentionReference *op, size_t b, size_t h, size_t i, size_t j)
{
    const ScoreBias *bias = &op->options.bias;
    real sum = 0;
    if (bias->by_distance) {
        ptrdiff_t distance = op->options.key_positions[j] - op->options.query_positions[i];
        size_t column = (size_t)(distance - bias->first_distance);
        sum += bias->by_distance->data[h * tensor_width(bias->by_distance) + column];
    }
    if (bias->by_pair) {
        const size_t *shape = bias->by_pair->shape;
        size_t sequence = shape[0] == 1 ? 0 : b;
        sum += bias->by_pair->data[((sequence * shape[1] + h) * shape[2] + i) * shape[3] + j];
    }
    return sum;
}

/* The weights of query i over all keys, into row[Tk]. */
static void weights_of_query(const AttentionReference *op, size_t b, size_t h, size_t i, real *row)
{
    size_t n_query = op->in.q.length, n_key = op->in.k.length, D = op->in.q.head_size;
    size_t end = op->options.causal ? n_key - n_query + i + 1 : n_key, window = op->options.window;
    size_t first = window > 0 && window < end ? end - window : 0;
    const real *query = head_data(&op->in.q, b, h, i);
    real most = -(real)INFINITY, sum = 0;
    for (size_t j = first; j < end; j++) {
        const real *key = head_data(&op->in.k, b, h, j);
        real score = 0;
        for (size_t d = 0; d < D; d++)
            score += query[d] * key[d];
        row[j] = score / sqrt((real)D) + bias_of(op, b, h, i, j);
        most = fmax(most, row[j]);
    }
    for (size_t j = first; j < end; j++) {
        row[j] = exp(row[j] - most);
        sum += row[j];
    }
    for (size_t j = 0; j < n_key; j++)
        row[j] = j >= first && j < end ? row[j] / sum : 0;
}

static void reference_forward(Node *node)
{
    AttentionReference *op = (AttentionReference *)node;
    size_t batch = op->in.q.batch, n_head = op->in.q.n_head, D = op->in.q.head_size;
    size_t n_query = op->in.q.length, n_key = op->in.k.length;
    for (size_t b = 0; b < batch; b++)
        for (size_t h = 0; h < n_head; h++)
            for (size_t i = 0; i < n_query; i++) {
                real *row = op->weights->data + ((b * n_head + h) * n_query + i) * n_key;
                real *y = op->y->data + ((b * n_query + i) * n_head + h) * D;
                weights_of_query(op, b, h, i, row);
                for (size_t d = 0; d < D; d++) {
                    y[d] = 0;
                    for (size_t j = 0; j < n_key; j++)
                        y[d] += row[j] * head_data(&op->in.v, b, h, j)[d];
                }
            }
}

/* For looking, not for learning: nothing flows back. */
static void no_backward(Node *node)
{
    (void)node;
}

Tensor *attention_reference(Tape *tape, Heads heads, AttentionOptions options, Tensor **weights)
{
    AttentionReference *op = tape_node(tape, sizeof *op, reference_forward, no_backward);
    size_t batch = heads.q.batch, n_head = heads.q.n_head, n_query = heads.q.length;
    op->in = heads;
    op->options = options;
    op->weights = tape_constant(tape, 4, (size_t[]){batch, n_head, n_query, heads.k.length});
    op->y = tape_tensor(tape, 3, (size_t[]){batch, n_query, n_head * heads.q.head_size});
    tape_run(tape, &op->node);
    if (weights)
        *weights = op->weights;
    return op->y;
}
