/* pace.c: straight lines between looks: between (s, a) and (t, b), where a is not b,
 *
 *     the loss at step x is y     (x - s) / (t - s)  =  (y - a) / (b - a)                       */
#include "lab/pace.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

double pace_steps_to(const Look *looks, size_t count, double loss)
{
    for (size_t l = 0; l < count; l++) {
        if (!(looks[l].loss <= loss)) /* also where one of them is NaN */
            continue;
        if (l == 0)
            return (double)looks[0].step;
        double above = looks[l - 1].loss, share = (above - loss) / (above - looks[l].loss);
        double before = (double)looks[l - 1].step;
        return before + share * ((double)looks[l].step - before);
    }
    return NAN;
}

double pace_loss_at(const Look *looks, size_t count, double step)
{
    const double ROUNDING = 1e-6;
    for (size_t l = 0; l < count; l++) {
        double at = (double)looks[l].step;
        if (step > at)
            continue;
        if (step == at)
            return looks[l].loss;
        if (l == 0)
            return NAN;
        double before = (double)looks[l - 1].step, share = (step - before) / (at - before);
        return looks[l - 1].loss + share * (looks[l].loss - looks[l - 1].loss);
    }
    bool at_end = count > 0 && step <= (double)looks[count - 1].step * (1 + ROUNDING);
    return at_end ? looks[count - 1].loss : NAN;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double pace_median(double *x, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(x, count, sizeof *x, compare_numbers);
    return count % 2 == 1 ? x[count / 2] : (x[count / 2 - 1] + x[count / 2]) / 2;
}
