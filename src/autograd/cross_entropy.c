/* cross_entropy.c: how surprised the model is by what really comes next.
 *
 *     p[n,v] = exp(x[n,v]) / sum over u of exp(x[n,u])        x: logits [N, V]
 *     loss   = mean over n of -ln p[n, target n]              in nats
 *
 * With l[n] = ln(sum over u of exp(x[n,u])) a row's loss is l[n] - x[n, target n], and since
 * dl[n]/dx[n,v] = p[n,v], its gradient is as plain as can be: what was predicted minus what was
 * true,
 *
 *     dx[n,v] = ( p[n,v] - [v = target n] ) / N
 *
 * Rows with a negative target ask nothing: no loss, no gradient, and they do not count in N. l is
 * computed as m + ln(sum over u of exp(x[n,u] - m)), where m is the row's largest logit: the same
 * number, without an exp that overflows.
 */
#include <string.h>

#include "autograd/ops.h"
#include "math/parallel.h"
#include "math/rows.h"

typedef struct CrossEntropy {
    Node node;
    Tensor *logits, *loss;
    const int *targets;
    real *log_sum; /* [N]: l */
    real *losses;  /* [N] */
    real *scratch; /* [threads, V] */
    size_t asked;  /* rows with a target */
} CrossEntropy;

static void row_losses(void *context, size_t begin, size_t end)
{
    CrossEntropy *op = context;
    size_t width = tensor_width(op->logits);
    real *row = op->scratch + parallel_thread() * width;
    for (size_t n = begin; n < end; n++) {
        op->losses[n] = 0;
        if (op->targets[n] < 0)
            continue;
        const real *x = op->logits->data + n * width;
        real most = row_max(x, width);
        row_exp(row, x, most, width);
        op->log_sum[n] = most + log(row_sum(row, width));
        op->losses[n] = op->log_sum[n] - x[op->targets[n]];
    }
}

static void cross_entropy_forward(Node *node)
{
    CrossEntropy *op = (CrossEntropy *)node;
    size_t rows = tensor_rows(op->logits);
    parallel_for(rows, parallel_grain(tensor_width(op->logits)), row_losses, op);
    double sum = 0;
    op->asked = 0;
    for (size_t n = 0; n < rows; n++) {
        sum += (double)op->losses[n];
        op->asked += op->targets[n] >= 0;
    }
    op->loss->data[0] = op->asked > 0 ? (real)(sum / (double)op->asked) : 0;
}

static void add_logits_gradient(void *context, size_t begin, size_t end)
{
    CrossEntropy *op = context;
    size_t width = tensor_width(op->logits);
    real *p = op->scratch + parallel_thread() * width;
    real share = op->loss->grad[0] / (real)op->asked;
    for (size_t n = begin; n < end; n++) {
        real *dx = op->logits->grad + n * width;
        if (op->logits->grad_is_new)
            memset(dx, 0, width * sizeof *dx);
        if (op->targets[n] < 0)
            continue;
        /* exercise 3 begins */
        row_exp(p, op->logits->data + n * width, op->log_sum[n], width);
        row_add_scaled(dx, share, p, width);
        dx[op->targets[n]] -= share;
        /* exercise 3 ends */
    }
}

static void cross_entropy_backward(Node *node)
{
    CrossEntropy *op = (CrossEntropy *)node;
    if (op->logits->grad)
        parallel_for(tensor_rows(op->logits), parallel_grain(tensor_width(op->logits)),
                     add_logits_gradient, op);
}

Tensor *cross_entropy(Tape *tape, Tensor *logits, const int *targets, real **losses)
{
    CrossEntropy *op = tape_node(tape, sizeof *op, cross_entropy_forward, cross_entropy_backward);
    op->logits = tape_input(tape, logits);
    op->targets = targets;
    op->log_sum = tape_numbers(tape, tensor_rows(logits));
    op->losses = tape_numbers(tape, tensor_rows(logits));
    op->scratch = tape_numbers(tape, parallel_threads() * tensor_width(logits));
    op->loss = tape_tensor(tape, 1, (size_t[]){1});
    tape_run(tape, &op->node);
    if (losses)
        *losses = op->losses;
    return op->loss;
}
