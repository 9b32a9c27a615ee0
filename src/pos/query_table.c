/* query_table.c: queries times vectors as an operation on the tape.
 *
 *     z[b,h,i,r] = scale * q[b,h,i].e[r]      each head: z = scale q e^T    q [Tq, D]   e [R, D]
 *
 *     dq += (scale dz) e      de += sum over b and h of (scale dz)^T q
 */
#include "pos/query_table.h"

#include <assert.h>

#include "math/parallel.h"
#include "math/rows.h"

Tensor **query_tables(Pos *pos, ParamList *params, size_t rows, Error *error)
{
    const PosShape *shape = &pos->shape;
    Tensor **tables = arena_alloc(&pos->arena, shape->n_layer, sizeof *tables);
    for (size_t layer = 0; tables && layer < shape->n_layer; layer++) {
        char *name =
            text_format(&pos->arena, "transformer.h.%zu.attn.%s.weight", layer, pos->scheme->name);
        if (name)
            tables[layer] = param_add(params, name, 2, (size_t[]){rows, pos_head_size(shape)},
                                      (Init){INIT_CONSTANT, 0}, WEIGHT_DECAY);
        if (!tables[layer])
            tables = NULL;
    }
    if (!tables)
        fail(error, "out of memory: vectors of %s", pos->scheme->name);
    return tables;
}

typedef struct QueryTable {
    Node node;
    HeadView q;
    Tensor *vectors; /* [R, D] */
    Tensor *z;       /* [B, H, Tq, R] */
    real scale;
} QueryTable;

/* The queries of a head, [Tq, D]; heads are counted through the batch. */
static Matrix queries_of(const QueryTable *op, size_t head)
{
    size_t b = head / op->q.n_head, h = head % op->q.n_head;
    return matrix(head_data(&op->q, b, h, 0), op->q.token_stride);
}

static void multiply_heads(void *context, size_t begin, size_t end)
{
    const QueryTable *op = context;
    size_t n_query = op->q.length, D = op->q.head_size, R = op->vectors->shape[0];
    for (size_t head = begin; head < end; head++) {
        real *z = op->z->data + head * n_query * R;
        /* z = q e^T */
        gemm(n_query, R, D, queries_of(op, head), matrix_transposed(op->vectors->data, D), GEMM_SET,
             z, R);
        row_scale(z, op->scale, n_query * R);
    }
}

/* Nobody reads dz after this operation, so scale dz takes its place, also for the vectors below. */
static void add_query_gradients(void *context, size_t begin, size_t end)
{
    const QueryTable *op = context;
    size_t n_query = op->q.length, D = op->q.head_size, R = op->vectors->shape[0];
    for (size_t head = begin; head < end; head++) {
        size_t b = head / op->q.n_head, h = head % op->q.n_head;
        real *dz = op->z->grad + head * n_query * R;
        row_scale(dz, op->scale, n_query * R);
        if (op->q.x->grad) /* dq += (scale dz) e */
            gemm(n_query, D, R, matrix(dz, R), matrix(op->vectors->data, D), GEMM_ADD,
                 head_grad(&op->q, b, h, 0), op->q.token_stride);
    }
}

/* de += (scale dz)^T q: the same vectors get a share from every head, so one head comes after the
 * other. */
static void add_vector_gradients(const QueryTable *op)
{
    size_t n_query = op->q.length, D = op->q.head_size, R = op->vectors->shape[0];
    for (size_t head = 0; head < op->q.batch * op->q.n_head; head++)
        gemm(R, D, n_query, matrix_transposed(op->z->grad + head * n_query * R, R),
             queries_of(op, head), GEMM_ADD, op->vectors->grad, D);
}

static size_t grain(const QueryTable *op)
{
    return parallel_grain(op->q.length * tensor_size(op->vectors));
}

static void query_table_forward(Node *node)
{
    QueryTable *op = (QueryTable *)node;
    parallel_for(op->q.batch * op->q.n_head, grain(op), multiply_heads, op);
}

static void query_table_backward(Node *node)
{
    QueryTable *op = (QueryTable *)node;
    grad_ready_to_add(op->q.x);
    grad_ready_to_add(op->vectors);
    parallel_for(op->q.batch * op->q.n_head, grain(op), add_query_gradients, op);
    if (op->vectors->grad)
        add_vector_gradients(op);
}

Tensor *query_table(Tape *tape, HeadView q, Tensor *vectors, double scale)
{
    assert(vectors->rank == 2 && vectors->shape[1] == q.head_size);
    QueryTable *op = tape_node(tape, sizeof *op, query_table_forward, query_table_backward);
    op->q = q;
    op->vectors = tape_input(tape, vectors);
    tape_input(tape, q.x);
    op->scale = (real)scale;
    op->z = tape_tensor(tape, 4, (size_t[]){q.batch, q.n_head, q.length, vectors->shape[0]});
    tape_run(tape, &op->node);
    return op->z;
}
