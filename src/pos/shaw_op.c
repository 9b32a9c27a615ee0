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

/* One query in one head of one sequence. */
typedef struct Query {
    int position;
    size_t z, bias; /* where its numbers begin in z and in the bias: [R] and [Tk] */
    size_t seen;    /* how many keys it may see, from the first one on */
} Query;

/* Number n of all B H Tq, in the order in which they lie in memory: (b, h, i). */
static Query query_at(const Pick *op, size_t n)
{
    size_t n_query = op->queries.count, n_key = op->keys.count, i = n % n_query;
    return (Query){
        .position = op->queries.at[i],
        .z = n * tensor_width(op->z),
        .bias = n * n_key,
        .seen = op->causal ? n_key - n_query + i + 1 : n_key,
    };
}

/* r */
static inline size_t row_of_distance(const Pick *op, int distance)
{
    int clipped = distance < -op->left ? -op->left : distance > op->right ? op->right : distance;
    /* NOLINTNEXTLINE(bugprone-misplaced-widening-cast): a row of the table, far below INT_MAX */
    return (size_t)(clipped + op->left);
}

static void pick_for_queries(void *context, size_t begin, size_t end)
{
    const Pick *op = context;
    for (size_t n = begin; n < end; n++) {
        Query query = query_at(op, n);
        const real *z = op->z->data + query.z;
        real *bias = op->bias->data + query.bias;
        for (size_t j = 0; j < query.seen; j++)
            bias[j] = z[row_of_distance(op, op->keys.at[j] - query.position)];
        memset(bias + query.seen, 0, (op->keys.count - query.seen) * sizeof *bias);
    }
}

static void add_gradients_of_queries(void *context, size_t begin, size_t end)
{
    const Pick *op = context;
    for (size_t n = begin; n < end; n++) {
        Query query = query_at(op, n);
        const real *dbias = op->bias->grad + query.bias;
        real *dz = op->z->grad + query.z;
        for (size_t j = 0; j < query.seen; j++)
            dz[row_of_distance(op, op->keys.at[j] - query.position)] += dbias[j];
    }
}

static void pick_forward(Node *node)
{
    Pick *op = (Pick *)node;
    parallel_for(tensor_rows(op->bias), parallel_grain(op->keys.count), pick_for_queries, op);
}

static void pick_backward(Node *node)
{
    Pick *op = (Pick *)node;
    if (!op->z->grad)
        return;
    grad_ready_to_add(op->z);
    parallel_for(tensor_rows(op->bias), parallel_grain(op->keys.count), add_gradients_of_queries,
                 op);
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
