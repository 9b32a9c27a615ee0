/* gelu.c: judges exercise 1, the slope of GELU. */
#include <math.h>

#include "autograd/ops.h"
#include "exercises/judge.h"

enum { ROWS = 5, WIDTH = 60 };

static const double K = 0.79788456080286535588, A = 0.044715;

static double gelu_at(double x)
{
    return x / 2 * (1 + tanh(K * (x + A * x * x * x)));
}

static void define(const Tensor *const shapes[], double *const inputs[], double *y)
{
    (void)shapes;
    for (size_t i = 0; i < ROWS * WIDTH; i++)
        y[i] = gelu_at(inputs[0][i]);
}

static Tensor *record(Tape *tape, Tensor *const inputs[])
{
    return gelu(tape, inputs[0]);
}

/* Slopes as they come out with one slip each. */
static double slip(size_t which, double x)
{
    double t = tanh(K * (x + A * x * x * x)), first = (1 + t) / 2;
    double bend = x / 2 * (1 - t * t), u = K * (1 + 3 * A * x * x);
    switch (which) {
    case 0:
        return first;
    case 1:
        return bend * u;
    case 2:
        return first + bend;
    case 3:
        return first + bend * K * (1 + A * x * x);
    case 4:
        return first + x / 2 * (1 - t) * u;
    case 5:
        return first + 2 * bend * u;
    case 6:
        return first + bend * u / K;
    default:
        return first - bend * u;
    }
}

static void guess(Judge *judge, const Operation *op, size_t input, const double *r,
                  Numbers *numbers)
{
    static const char *const words[MAX_GUESSES] = {
        "x/2 times the slope of 1 + t is missing (the product rule has two terms)",
        "(1 + t)/2 is missing (the product rule has two terms)",
        "the slope of u, inside of tanh, is missing (chain rule)",
        "the slope of u = k (x + a x^3) lacks the 3 of x^3",
        "the slope of tanh is 1 - t^2, not 1 - t",
        "the second term of the product rule lacks its 1/2",
        "the slope of u lacks k",
        "the second term has the wrong sign",
    };
    for (size_t g = 0; g < MAX_GUESSES; g++) {
        double *wrong = judge_doubles(judge, ROWS * WIDTH);
        for (size_t i = 0; i < ROWS * WIDTH; i++)
            wrong[i] = r[i] * slip(g, (double)op->inputs[input]->data[i]);
        numbers->guesses[g] = (Guess){words[g], wrong};
    }
}

void judge_gelu(Judge *judge)
{
    judge_operation(judge, &(Operation){.names = {"dx"},
                                        .inputs = {judge_tensor(judge, 1, ROWS, WIDTH)},
                                        .n_inputs = 1,
                                        .rows = ROWS,
                                        .width = WIDTH,
                                        .record = record,
                                        .define = define,
                                        .guess = guess});
}
