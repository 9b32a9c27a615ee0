/* sinusoid.c: judges exercise 5, the clocks of the sinusoidal embedding. */
#include <math.h>

#include "exercises/judge.h"
#include "pos/sinusoid.h"

enum { POSITIONS = 9, CHANNELS = 10 };

/* The table with w[i] = 10000^(exponent i), sines in channels of this parity. */
static double *table(Judge *judge, double exponent, size_t sines)
{
    double *numbers = judge_doubles(judge, POSITIONS * CHANNELS);
    for (size_t p = 0; p < POSITIONS; p++)
        for (size_t c = 0; c < CHANNELS; c++) {
            size_t pair = c / 2;
            double angle = (double)p * pow(10000, exponent * (double)pair);
            numbers[p * CHANNELS + c] = c % 2 == sines ? sin(angle) : cos(angle);
        }
    return numbers;
}

void judge_sinusoid(Judge *judge)
{
    const double two = 2.0 / CHANNELS;
    double *got = judge_doubles(judge, POSITIONS * CHANNELS);
    for (size_t p = 0; p < POSITIONS; p++)
        for (size_t c = 0; c < CHANNELS; c++)
            got[p * CHANNELS + c] = sinusoid_at(p, c, CHANNELS);
    Numbers numbers = {.name = "S",
                       .got = got,
                       .expected = table(judge, -two, 0),
                       .rows = POSITIONS,
                       .width = CHANNELS,
                       .row = "position",
                       .column = "channel",
                       .guesses = {
                           {"sines and cosines have changed places", table(judge, -two, 1)},
                           {"the clocks become faster, not slower: the exponent lacks its minus",
                            table(judge, two, 0)},
                           {"the clocks slow down half as fast: the exponent lacks its 2",
                            table(judge, -two / 2, 0)},
                           {"the clocks slow down twice as fast: is `pair` doubled already?",
                            table(judge, -2 * two, 0)},
                           {"all clocks are as fast as the first: is -2 * pair / n_embd a quotient "
                            "of whole numbers?",
                            table(judge, 0, 0)},
                       }};
    judge_numbers(judge, numbers);
}
