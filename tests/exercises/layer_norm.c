/* layer_norm.c: judges exercise 8, the gradient through the mean and the variance. */
#include <math.h>

#include "autograd/ops.h"
#include "exercises/judge.h"

enum { N = 5, C = 7 };

static void define(const Tensor *const shapes[], double *const inputs[], double *y)
{
    (void)shapes;
    for (size_t n = 0; n < N; n++) {
        const double *x = inputs[0] + n * C;
        double mean = 0, variance = 0;
        for (size_t c = 0; c < C; c++)
            mean += x[c] / C;
        for (size_t c = 0; c < C; c++)
            variance += (x[c] - mean) * (x[c] - mean) / C;
        for (size_t c = 0; c < C; c++)
            y[n * C + c] = (x[c] - mean) / sqrt(variance + 1e-5) * inputs[1][c] + inputs[2][c];
    }
}

static Tensor *record(Tape *tape, Tensor *const inputs[])
{
    return layer_norm(tape, inputs[0], inputs[1], inputs[2]);
}

/* s (g - a mean(g) - b h mean(g h)), and with s to another power. */
static double *with_weights(Judge *judge, const Operation *op, const double *r, double a, double b,
                            double power)
{
    double *dx = judge_doubles(judge, N * C);
    for (size_t n = 0; n < N; n++) {
        const real *x = op->inputs[0]->data + n * C, *weight = op->inputs[1]->data;
        double mean = 0, variance = 0, g[C], h[C], mean_g = 0, mean_gh = 0;
        for (size_t c = 0; c < C; c++)
            mean += (double)x[c] / C;
        for (size_t c = 0; c < C; c++)
            variance += ((double)x[c] - mean) * ((double)x[c] - mean) / C;
        double s = 1 / sqrt(variance + 1e-5);
        for (size_t c = 0; c < C; c++) {
            g[c] = r[n * C + c] * (double)weight[c];
            h[c] = ((double)x[c] - mean) * s;
            mean_g += g[c] / C;
            mean_gh += g[c] * h[c] / C;
        }
        for (size_t c = 0; c < C; c++)
            dx[n * C + c] = pow(s, power) * (g[c] - a * mean_g - b * h[c] * mean_gh);
    }
    return dx;
}

static void guess(Judge *judge, const Operation *op, size_t input, const double *r,
                  Numbers *numbers)
{
    if (input != 0)
        return;
    Guess guesses[] = {
        {"what flows through the mean is missing, and what flows through the variance",
         with_weights(judge, op, r, 0, 0, 1)},
        {"what flows through the mean is missing", with_weights(judge, op, r, 0, 1, 1)},
        {"what flows through the variance is missing", with_weights(judge, op, r, 1, 0, 1)},
        {"the term of the mean has the wrong sign", with_weights(judge, op, r, -1, 1, 1)},
        {"the term of the variance has the wrong sign", with_weights(judge, op, r, 1, -1, 1)},
        {"s is missing", with_weights(judge, op, r, 1, 1, 0)},
        {"1/C is missing: sums stand where means should", with_weights(judge, op, r, C, C, 1)},
        {"s is there once too often", with_weights(judge, op, r, 1, 1, 2)},
    };
    for (size_t g = 0; g < sizeof guesses / sizeof *guesses; g++)
        numbers->guesses[g] = guesses[g];
}

void judge_layer_norm(Judge *judge)
{
    judge_operation(
        judge, &(Operation){.names = {"dx", "dw", "db"},
                            .inputs = {judge_tensor(judge, 1, N, C), judge_tensor(judge, 2, 1, C),
                                       judge_tensor(judge, 3, 1, C)},
                            .n_inputs = 3,
                            .rows = N,
                            .width = C,
                            .record = record,
                            .define = define,
                            .guess = guess});
}
