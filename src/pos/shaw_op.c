/* shaw_op.c: a number for each pair, picked by its distance, as an operation on the tape.
 *
 *     bias[b,h,i,j] = z[b,h,i,r]               r: the row of the distance from i to j
 *
 *     dz[b,h,i,r] += sum of dbias[b,h,i,j] over the keys j whose row is r
 */
#include "pos/shaw_op.h"

#include <assert.h>

#include "math/parallel.h"

typedef struct Pick {
    Node node;
    Tensor *z;       /* [B, H, Tq, R] */
    Tensor *bias;    /* [B, H, Tq, Tk] */
    int left, right; /* the distances of the first and the last row are -left and right */
    bool causal;
    Positions queries, keys;
} Pick;

/* The numbers of one query in one head. Heads and sequences are counted through. */
typedef struct Row {
    int position;
    size_t z, bias; /* where they begin */
    size_t seen;    /* how many keys the query may see */
} Row;

static Row row_at(const Pick *op, size_t row)
{
    size_t n_query = op->queries.count, n_key = op->keys.count, i = row % n_query;
    return (Row){
        .position = op->queries.at[i],
        .z = row * tensor_width(op->z),
        .bias = row * n_key,
        .seen = op->causal ? n_key - n_query + i + 1 : n_key,
    };
}

static inline size_t row_of_distance(const Pick *op, int distance)
{
    int clipped = distance < -op->left ? -op->left : distance > op->right ? op->right : distance;
    /* NOLINTNEXTLINE(bugprone-misplaced-widening-cast): a row of the table, far below INT_MAX */
    return (size_t)(clipped + op->left);
}

static void pick_rows(void *context, size_t begin, size_t end)
{
    const Pick *op = context;
    for (size_t r = begin; r < end; r++) {
        Row row = row_at(op, r);
        const real *z = op->z->data + row.z;
        real *bias = op->bias->data + row.bias;
        for (size_t j = 0; j < row.seen; j++)
            bias[j] = z[row_of_distance(op, op->keys.at[j] - row.position)];
        memset(bias + row.seen, 0, (op->keys.count - row.seen) * sizeof *bias);
    }
}

static void add_gradient_rows(void *context, size_t begin, size_t end)
{
    const Pick *op = context;
    for (size_t r = begin; r < end; r++) {
        Row row = row_at(op, r);
        const real *dbias = op->bias->grad + row.bias;
        real *dz = op->z->grad + row.z;
        for (size_t j = 0; j < row.seen; j++)
            dz[row_of_distance(op, op->keys.at[j] - row.position)] += dbias[j];
    }
}

static void pick_forward(Node *node)
{
    Pick *op = (Pick *)node;
    parallel_for(tensor_rows(op->bias), parallel_grain(op->keys.count), pick_rows, op);
}

static void pick_backward(Node *node)
{
    Pick *op = (Pick *)node;
    if (!op->z->grad)
        return;
    grad_ready_to_add(op->z);
    parallel_for(tensor_rows(op->bias), parallel_grain(op->keys.count), add_gradient_rows, op);
}

Tensor *picked_bias(Tape *tape, Tensor *z, int left, bool causal, Positions queries, Positions keys)
{
    assert(z->shape[2] == queries.count && queries.count <= keys.count);
    Pick *op = tape_node(tape, sizeof *op, pick_forward, pick_backward);
    op->z = tape_input(tape, z);
    op->bias =
        tape_tensor(tape, 4, (size_t[]){z->shape[0], z->shape[1], queries.count, keys.count});
    op->left = left;
    op->right = (int)tensor_width(z) - 1 - left;
    op->causal = causal;
    op->queries = queries;
    op->keys = keys;
    tape_run(tape, &op->node);
    return op->bias;
}
