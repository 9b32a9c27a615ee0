/* sinusoid.c: judges exercise 5, the clocks of the sinusoidal embedding. */
#include <math.h>
#include <stdio.h>

#include "exercises/judge.h"
#include "pos/sinusoid.h"

enum { POSITIONS = 9, CHANNELS = 10 };

/* What a channel holds at an angle, if the sines are in the channels of this parity. */
static double hand(double angle, size_t c, size_t sines)
{
    return c % 2 == sines ? sin(angle) : cos(angle);
}

/* The table with w[i] = base^(exponent i). */
static double *table(Judge *judge, double base, double exponent, size_t sines)
{
    double *numbers = judge_doubles(judge, POSITIONS * CHANNELS);
    for (size_t p = 0; p < POSITIONS; p++)
        for (size_t c = 0; c < CHANNELS; c++) {
            size_t pair = c / 2;
            numbers[p * CHANNELS + c] =
                hand((double)p * pow(base, exponent * (double)pair), c, sines);
        }
    return numbers;
}

/* The right table in the channels of this parity. */
static double *half_of(Judge *judge, const double *all, size_t parity)
{
    double *numbers = judge_doubles(judge, POSITIONS * CHANNELS);
    for (size_t i = 0; i < POSITIONS * CHANNELS; i++)
        numbers[i] = i % 2 == parity ? all[i] : 0;
    return numbers;
}

/* If what came out are clocks, only with other speeds: says the first of these that is wrong. */
static Guess other_clocks(Judge *judge, const double *got, char *words, size_t size)
{
    double *numbers = judge_doubles(judge, POSITIONS * CHANNELS);
    *words = '\0';
    for (size_t c = 0; c < CHANNELS; c++) {
        size_t pair = c / 2;
        double right = pow(10000, -2.0 * (double)pair / CHANNELS);
        double speed = atan2(got[CHANNELS + 2 * pair], got[CHANNELS + 2 * pair + 1]);
        for (size_t p = 0; p < POSITIONS; p++)
            numbers[p * CHANNELS + c] = hand((double)p * speed, c, 0);
        if (*words == '\0' && fabs(speed - right) > 1e-3 * right)
            snprintf(
                words, size,
                "the clocks are there, but do not turn as fast as they should: w[%zu] is %.5g, "
                "expected %.5g",
                pair, speed, right);
    }
    return (Guess){*words ? words : NULL, numbers};
}

void judge_sinusoid(Judge *judge)
{
    const double two = 2.0 / CHANNELS;
    double *got = judge_doubles(judge, POSITIONS * CHANNELS);
    for (size_t p = 0; p < POSITIONS; p++)
        for (size_t c = 0; c < CHANNELS; c++)
            got[p * CHANNELS + c] = sinusoid_at(p, c, CHANNELS);
    const double *expected = table(judge, 10000, -two, 0);
    char clocks[160];
    Numbers numbers = {
        .name = "S",
        .got = got,
        .expected = expected,
        .rows = POSITIONS,
        .width = CHANNELS,
        .row = "position",
        .column = "channel",
        .not_a_number = "is -2 * pair / n_embd computed in whole numbers? A size_t has no minus",
        .guesses =
            {
                {"sines and cosines have changed places", table(judge, 10000, -two, 1)},
                {"the clocks become faster, not slower: the exponent lacks its minus",
                 table(judge, 10000, two, 0)},
                {"the clocks slow down half as fast: the exponent lacks its 2",
                 table(judge, 10000, -two / 2, 0)},
                {"the clocks slow down twice as fast: is `pair` doubled already?",
                 table(judge, 10000, -2 * two, 0)},
                {"all clocks are as fast as the first: is -2 * pair / n_embd a quotient of whole "
                 "numbers?",
                 table(judge, 10000, 0, 0)},
                {"1 / n_embd is missing in the exponent", table(judge, 10000, -2, 0)},
                {"exp() has the base e: the base is 10000", table(judge, exp(1), -two, 0)},
                other_clocks(judge, got, clocks, sizeof clocks),
            },
        .terms = {{"the sine", half_of(judge, expected, 0)},
                  {"the cosine", half_of(judge, expected, 1)}}};
    judge_numbers(judge, numbers);
}
