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

/* dx with W read as if it were [C, O]; db without the last row, or without the first. */
static void guess(Judge *judge, const Operation *op, size_t input, const double *r,
                  Numbers *numbers)
{
    const double *weight = judge_as_doubles(judge, op->inputs[1]->data, O * C);
    double *other = judge_doubles(judge, N * C), *no_last = judge_doubles(judge, O);
    double *no_first = judge_doubles(judge, O);
    for (size_t n = 0; n < N; n++)
        for (size_t o = 0; o < O; o++) {
            for (size_t c = 0; c < C; c++)
                other[n * C + c] += r[n * O + o] * weight[c * O + o];
            no_last[o] += n + 1 < N ? r[n * O + o] : 0;
            no_first[o] += n > 0 ? r[n * O + o] : 0;
        }
    if (input == 0)
        numbers->guesses[0] =
            (Guess){"from the transpose of W (W[o,c] stands at weight[o * in + c])", other};
    if (input == 2) {
        numbers->guesses[0] = (Guess){"the sum lacks the last row", no_last};
        numbers->guesses[1] = (Guess){"the sum lacks the first row", no_first};
    }
    numbers->factors[0] = (Factor){"N, the number of rows", N};
    numbers->factors[1] = (Factor){"C, the number of inputs", C};
    numbers->factors[2] = (Factor){"O, the number of outputs", O};
}

/* Constants have no gradient, and there may be no bias: neither may end in a crash. */
static void judge_what_is_not_there(Judge *judge)
{
    Tensor *x = judge_tensor(judge, 4, N, C), *weight = judge_tensor(judge, 5, O, C);
    x->grad = NULL;
    tape_reset(&judge->tape);
    Tensor *y = linear(&judge->tape, x, weight, NULL);
    int targets[N] = {0};
    tape_backward(&judge->tape, cross_entropy(&judge->tape, y, targets, NULL));
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
