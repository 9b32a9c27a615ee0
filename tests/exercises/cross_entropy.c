/* cross_entropy.c: judges exercise 3, the gradient of the logits. */
#include <math.h>

#include "autograd/ops.h"
#include "exercises/judge.h"

enum { N = 6, V = 7, ASKED = 5 };

static const int targets[N] = {2, 0, -1, 6, 2, 5};

static void define(const Tensor *const shapes[], double *const inputs[], double *y)
{
    (void)shapes;
    y[0] = 0;
    for (size_t n = 0; n < N; n++) {
        const double *x = inputs[0] + n * V;
        double sum = 0;
        for (size_t v = 0; v < V; v++)
            sum += exp(x[v]);
        if (targets[n] >= 0)
            y[0] += (log(sum) - x[targets[n]]) / ASKED;
    }
}

static Tensor *record(Tape *tape, Tensor *const inputs[])
{
    return cross_entropy(tape, inputs[0], targets, NULL);
}

/* The gradient with other weights for what was predicted and for what was true; `divided`: for exp
 * that nobody divided by its sum. */
static double *mixed(Judge *judge, const Operation *op, double predicted, double truth,
                     bool divided)
{
    double *mix = judge_doubles(judge, N * V);
    for (size_t n = 0; n < N; n++) {
        const real *x = op->inputs[0]->data + n * V;
        double sum = 0;
        for (size_t v = 0; v < V; v++)
            sum += exp((double)x[v]);
        for (size_t v = 0; v < V && targets[n] >= 0; v++)
            mix[n * V + v] = predicted * exp((double)x[v]) / (divided ? sum : 1) -
                             truth * ((size_t)targets[n] == v);
    }
    return mix;
}

static void guess(Judge *judge, const Operation *op, size_t input, const double *r,
                  Numbers *numbers)
{
    (void)input;
    double share = r[0] / ASKED;
    Guess guesses[] = {
        {"what was predicted is there, what was true is missing: x[target] itself is in the loss",
         mixed(judge, op, share, 0, true)},
        {"what was true is there, what was predicted is missing: every x[v] is in the sum of exp",
         mixed(judge, op, 0, share, true)},
        {"what was true is added where it should be taken away",
         mixed(judge, op, share, -share, true)},
        {"the target's 1 is not multiplied by share", mixed(judge, op, share, 1, true)},
        {"p is not multiplied by share", mixed(judge, op, 1, share, true)},
        {"p is not divided by the sum of exp: take away log_sum before exp",
         mixed(judge, op, share, share, false)},
    };
    for (size_t g = 0; g < sizeof guesses / sizeof *guesses; g++)
        numbers->guesses[g] = guesses[g];
    numbers->factors[0] = (Factor){"N, the number of rows that have a target", ASKED};
    numbers->factors[1] = (Factor){"share", fabs(share)};
    numbers->factors[2] = (Factor){"the gradient of the loss", fabs(r[0])};
}

void judge_cross_entropy(Judge *judge)
{
    judge_operation(judge, &(Operation){.names = {"dlogits"},
                                        .inputs = {judge_tensor(judge, 1, N, V)},
                                        .n_inputs = 1,
                                        .rows = 1,
                                        .width = 1,
                                        .record = record,
                                        .define = define,
                                        .guess = guess});
}
