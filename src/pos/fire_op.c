/* fire_op.c: distances as shares of the way back to the start of the text, as an operation.
 *
 *     u = c |i - j|      v = c max(L, i)              c = first c * exp(C),  L = first L * exp(M)
 *     x[i,j] = ln(1 + u) / ln(1 + v)                  i and j: the positions of query and key
 *
 * Backward, from dx: C acts on u and v, and as dc/dC = c, du/dC = u and dv/dC = v. With the
 * derivative 1 / (1 + u) of ln(1 + u), the quotient rule gives
 *
 *     dC += sum over i and j of dx[i,j] ( u / (1 + u)  -  x v / (1 + v) ) / ln(1 + v)
 *
 * M acts on v alone, and only where the query stands before L: there dv/dM = v, and
 *
 *     dM += sum over i < L and j of dx[i,j] ( -x v / (1 + v) ) / ln(1 + v)
 */
#include "pos/fire_op.h"

#include "pos/bias_table.h"

typedef struct Shares {
    Node node;
    Tensor *scale; /* [2]: C and M */
    double first_c, first_threshold;
    Positions queries, keys;
    Distances distances;
    real *psi; /* of each of the distances, made once for all pairs that have it */
    Tensor *x; /* [Tq, Tk] */
} Shares;

/* c and L */
static void get_scale(const Shares *op, double *c, double *threshold)
{
    *c = op->first_c * exp((double)op->scale->data[0]);
    *threshold = op->first_threshold * exp((double)op->scale->data[1]);
}

static void shares_forward(Node *node)
{
    Shares *op = (Shares *)node;
    double c, threshold;
    get_scale(op, &c, &threshold);
    for (size_t column = 0; column < op->distances.count; column++)
        op->psi[column] = (real)log1p(c * fabs((double)op->distances.first + (double)column));
    for (size_t i = 0; i < op->queries.count; i++) {
        ptrdiff_t of_position_0 = -op->queries.at[i] - op->distances.first; /* its place in psi */
        real whole_way = (real)log1p(c * fmax(threshold, (double)op->queries.at[i]));
        for (size_t j = 0; j < op->keys.count; j++)
            op->x->data[i * op->keys.count + j] =
                op->psi[of_position_0 + op->keys.at[j]] / whole_way;
    }
}

static void shares_backward(Node *node)
{
    Shares *op = (Shares *)node;
    if (!op->scale->grad)
        return;
    double c, threshold, dC = 0, dM = 0;
    get_scale(op, &c, &threshold);
    for (size_t i = 0; i < op->queries.count; i++) {
        double query = op->queries.at[i], v = c * fmax(threshold, query), whole_way = log1p(v);
        for (size_t j = 0; j < op->keys.count; j++) {
            double x = (double)op->x->data[i * op->keys.count + j];
            double dx = (double)op->x->grad[i * op->keys.count + j] / whole_way;
            double u = c * fabs(op->keys.at[j] - query);
            dC += dx * (u / (1 + u) - x * v / (1 + v));
            dM -= query < threshold ? dx * x * v / (1 + v) : 0;
        }
    }
    op->scale->grad[0] += (real)dC;
    op->scale->grad[1] += (real)dM;
}

Tensor *shares_of_way(Tape *tape, Tensor *scale, double first_c, double first_threshold,
                      Positions queries, Positions keys)
{
    Shares *op = tape_node(tape, sizeof *op, shares_forward, shares_backward);
    op->scale = tape_input(tape, scale);
    op->first_c = first_c;
    op->first_threshold = first_threshold;
    op->queries = queries;
    op->keys = keys;
    op->distances = distances_between(queries, keys);
    op->psi = tape_numbers(tape, op->distances.count);
    op->x = tape_tensor(tape, 2, (size_t[]){queries.count, keys.count});
    tape_run(tape, &op->node);
    return op->x;
}
