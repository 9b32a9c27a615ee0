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

/* What may stand where p[n,v] belongs; and the column of the 1 that is taken from it. */
typedef enum Predicted { P, EXP, LOG_P, NOTHING } Predicted;
typedef enum Truth { AT_TARGET, AT_ROW, NOWHERE } Truth;

static double predicted_at(Predicted predicted, double x, double sum)
{
    return predicted == P ? exp(x) / sum : predicted == EXP ? exp(x) : log(exp(x) / sum);
}

static double *mixed(Judge *judge, const Operation *op, double share, Predicted predicted,
                     Truth truth)
{
    double *mix = judge_doubles(judge, N * V);
    for (size_t n = 0; n < N; n++) {
        const real *x = op->inputs[0]->data + n * V;
        double sum = 0;
        for (size_t v = 0; v < V; v++)
            sum += exp((double)x[v]);
        if (targets[n] < 0)
            continue;
        for (size_t v = 0; v < V && predicted != NOTHING; v++)
            mix[n * V + v] = share * predicted_at(predicted, (double)x[v], sum);
        if (truth != NOWHERE)
            mix[n * V + (truth == AT_ROW ? n : (size_t)targets[n])] -= share;
    }
    return mix;
}

static void guess(Judge *judge, const Operation *op, size_t input, const double *r,
                  Numbers *numbers)
{
    (void)input;
    double share = r[0] / ASKED;
    const Guess guesses[] = {
        {"p is not divided by the sum of exp: take away log_sum before exp",
         mixed(judge, op, share, EXP, AT_TARGET)},
        {"ln p stands where p should: exp is missing", mixed(judge, op, share, LOG_P, AT_TARGET)},
        {"the 1 is taken away at the number of the row: it belongs to its target, op->targets[n]",
         mixed(judge, op, share, P, AT_ROW)},
    };
    for (size_t g = 0; g < sizeof guesses / sizeof *guesses; g++)
        numbers->guesses[g] = guesses[g];
    numbers->terms[0] = (Term){"what was predicted (p, for every x[v] is in the sum of exp)",
                               mixed(judge, op, share, P, NOWHERE)};
    numbers->terms[1] = (Term){"what was true (the 1 at the target, for the loss has -x[target])",
                               mixed(judge, op, share, NOTHING, AT_TARGET)};
    numbers->factors[0] = (Factor){"`share`", share, 1};
    numbers->factors[1] = (Factor){"the number of rows that have a target", ASKED, -1};
    numbers->factors[2] = (Factor){"the gradient of the loss", r[0], 1};
    numbers->factors[3] = (Factor){"the width of a row", V, 0};
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
