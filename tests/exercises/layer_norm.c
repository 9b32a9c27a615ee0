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

/* dx = s^powers[0] weights[0] g[c]  -  s^powers[1] weights[1] mean(g)
 *      -  s^powers[2] ( weights[2] h[c] mean(g h) + mean_gh mean(g h) + h_mean h[c] mean(g) )
 *
 * which is right if all powers and weights are 1, and mean_gh and h_mean are 0. */
typedef struct Slip {
    const char *words;
    double powers[3], weights[3], mean_gh, h_mean;
} Slip;

static double *with_slip(Judge *judge, const Operation *op, const double *r, Slip slip)
{
    double *dx = judge_doubles(judge, N * C);
    for (size_t n = 0; n < N; n++) {
        const real *x = op->inputs[0]->data + n * C, *weight = op->inputs[1]->data;
        double mean = 0, variance = 0, g[C], h[C], mean_g = 0, mean_gh = 0, s[3];
        for (size_t c = 0; c < C; c++)
            mean += (double)x[c] / C;
        for (size_t c = 0; c < C; c++)
            variance += ((double)x[c] - mean) * ((double)x[c] - mean) / C;
        for (size_t k = 0; k < 3; k++)
            s[k] = pow(variance + 1e-5, -slip.powers[k] / 2);
        for (size_t c = 0; c < C; c++) {
            g[c] = r[n * C + c] * (double)weight[c];
            h[c] = ((double)x[c] - mean) / sqrt(variance + 1e-5);
            mean_g += g[c] / C;
            mean_gh += g[c] * h[c] / C;
        }
        for (size_t c = 0; c < C; c++)
            dx[n * C + c] = s[0] * slip.weights[0] * g[c] - s[1] * slip.weights[1] * mean_g -
                            s[2] * (slip.weights[2] * h[c] * mean_gh + slip.mean_gh * mean_gh +
                                    slip.h_mean * h[c] * mean_g);
    }
    return dx;
}

static void guess(Judge *judge, const Operation *op, size_t input, const double *r,
                  Numbers *numbers)
{
    static const Slip slips[] = {
        {"s is missing", {0, 0, 0}, {1, 1, 1}, 0, 0},
        {"s is there once too often", {2, 2, 2}, {1, 1, 1}, 0, 0},
        {"s multiplies g[c] alone: it belongs to all three (parentheses)",
         {1, 0, 0},
         {1, 1, 1},
         0,
         0},
        {"s multiplies the term of the variance alone: it belongs to all three (parentheses)",
         {0, 0, 1},
         {1, 1, 1},
         0,
         0},
        {"h[c] is missing beside mean(g h)", {1, 1, 1}, {1, 1, 0}, 1, 0},
        {"h[c] is multiplied by mean(g), where mean(g h) belongs", {1, 1, 1}, {1, 1, 0}, 0, 1},
    };
    static const Slip terms[] = {
        {"g[c], x[c] in itself,", {1, 1, 1}, {1, 0, 0}, 0, 0},
        {"what flows through the mean", {1, 1, 1}, {0, 1, 0}, 0, 0},
        {"what flows through the variance", {1, 1, 1}, {0, 0, 1}, 0, 0},
    };
    numbers->factors[0] = (Factor){"C, the numbers of a row", C, input == 0 ? -1 : 0};
    numbers->factors[1] = (Factor){"C / (C - 1)", C / (C - 1.0), 0};
    numbers->factors[2] = (Factor){"N, the number of rows", N, 0};
    if (input != 0)
        return;
    for (size_t g = 0; g < sizeof slips / sizeof *slips; g++)
        numbers->guesses[g] = (Guess){slips[g].words, with_slip(judge, op, r, slips[g])};
    for (size_t t = 0; t < sizeof terms / sizeof *terms; t++)
        numbers->terms[t] = (Term){terms[t].words, with_slip(judge, op, r, terms[t])};
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
