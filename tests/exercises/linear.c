/* linear.c: judges exercise 2, the gradients of a linear layer. */
#include "autograd/ops.h"
#include "exercises/judge.h"

enum { N = 5, C = 7, O = 3 };

static void define(const Tensor *const shapes[], double *const inputs[], double *y)
{
    (void)shapes;
    const double *x = inputs[0], *weight = inputs[1], *bias = inputs[2];
    for (size_t n = 0; n < N; n++)
        for (size_t o = 0; o < O; o++) {
            y[n * O + o] = bias[o];
            for (size_t c = 0; c < C; c++)
                y[n * O + o] += x[n * C + c] * weight[o * C + c];
        }
}

static Tensor *record(Tape *tape, Tensor *const inputs[])
{
    return linear(tape, inputs[0], inputs[1], inputs[2]);
}

/* A gradient whose sum is taken over begin ... end - 1 only: over o for dx, over n for dW and db.
 * dy is r, or 1 everywhere where it was forgotten. */
static double *partial(Judge *judge, const Operation *op, size_t input, const double *r,
                       size_t begin, size_t end)
{
    const real *x = op->inputs[0]->data, *weight = op->inputs[1]->data;
    double *sums = judge_doubles(judge, tensor_size(op->inputs[input]));
    for (size_t n = 0; n < N; n++)
        for (size_t o = 0; o < O; o++) {
            size_t summed = input == 0 ? o : n;
            double dy = r ? r[n * O + o] : 1;
            if (summed < begin || summed >= end)
                continue;
            for (size_t c = 0; c < C && input == 0; c++)
                sums[n * C + c] += dy * (double)weight[o * C + c];
            for (size_t c = 0; c < C && input == 1; c++)
                sums[o * C + c] += dy * (double)x[n * C + c];
            if (input == 2)
                sums[o] += dy;
        }
    return sums;
}

/* dx with W read as if it were [C, O]. */
static double *from_transpose(Judge *judge, const Operation *op, const double *r)
{
    double *dx = judge_doubles(judge, N * C);
    for (size_t n = 0; n < N; n++)
        for (size_t c = 0; c < C; c++)
            for (size_t o = 0; o < O; o++)
                dx[n * C + c] += r[n * O + o] * (double)op->inputs[1]->data[c * O + o];
    return dx;
}

/* A gradient whose rows of C numbers were added as if they were O apart. */
static double *too_close(Judge *judge, const double *right, size_t rows)
{
    double *sums = judge_doubles(judge, rows * C);
    for (size_t i = 0; i < rows * C; i++)
        sums[i / C * O + i % C] += right[i];
    return sums;
}

static void guess(Judge *judge, const Operation *op, size_t input, const double *r,
                  Numbers *numbers)
{
    static const char *const lacks[][3] = {
        {"the sum over o lacks the last output", "the sum over o lacks the first output",
         "only the last output is there: the sum over o needs +="},
        {"the sum over n lacks the last row", "the sum over n lacks the first row",
         "only the last row is there: the sum over n needs +="},
    };
    const char *const *words = lacks[input > 0];
    size_t end = input == 0 ? O : N;
    const Guess guesses[] = {
        {words[0], partial(judge, op, input, r, 0, end - 1)},
        {words[1], partial(judge, op, input, r, 1, end)},
        {words[2], partial(judge, op, input, r, end - 1, end)},
        {"dy is missing", partial(judge, op, input, NULL, 0, end)},
        {input < 2 ? "each row begins `out` after the one before: here a row has `in` numbers"
                   : NULL,
         too_close(judge, numbers->expected,
                   input == 0   ? N
                   : input == 1 ? O
                                : 0)},
        {input == 0 ? "from the transpose of W (W[o,c] stands at weight[o * in + c])" : NULL,
         from_transpose(judge, op, r)},
    };
    for (size_t g = 0; g < sizeof guesses / sizeof *guesses; g++)
        numbers->guesses[g] = guesses[g];
    numbers->factors[0] = (Factor){"N, the number of rows", N, 0};
    numbers->factors[1] = (Factor){"C, the number of inputs", C, 0};
    numbers->factors[2] = (Factor){"O, the number of outputs", O, 0};
}

/* Constants have no gradient, and there may be no bias: neither may end in a crash. */
static void judge_what_is_not_there(Judge *judge)
{
    static const char *const missing[] = {"op->x->grad", "op->weight->grad", "op->bias->grad",
                                          "op->bias"};
    static const int targets[N] = {0};
    for (size_t i = 0; i < 4; i++) {
        Tensor *inputs[] = {judge_tensor(judge, 4, N, C), judge_tensor(judge, 5, O, C),
                            judge_tensor(judge, 6, 1, O)};
        if (i < 3)
            inputs[i]->grad = NULL;
        judge_try("NULL", "stops where %s is NULL: there is nothing to add to", missing[i]);
        tape_reset(&judge->tape);
        Tensor *y = linear(&judge->tape, inputs[0], inputs[1], i < 3 ? inputs[2] : NULL);
        tape_backward(&judge->tape, cross_entropy(&judge->tape, y, targets, NULL));
    }
}

void judge_linear(Judge *judge)
{
    size_t wrong = judge->wrong;
    judge_operation(
        judge, &(Operation){.names = {"dx", "dW", "db"},
                            .inputs = {judge_tensor(judge, 1, N, C), judge_tensor(judge, 2, O, C),
                                       judge_tensor(judge, 3, 1, O)},
                            .n_inputs = 3,
                            .rows = N,
                            .width = O,
                            .record = record,
                            .define = define,
                            .guess = guess});
    if (judge->wrong == wrong)
        judge_what_is_not_there(judge);
}
