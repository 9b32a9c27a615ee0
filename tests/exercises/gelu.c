/* gelu.c: judges exercise 1, the slope of GELU. */
#include <math.h>

#include "autograd/ops.h"
#include "exercises/judge.h"

enum { ROWS = 5, WIDTH = 60 };

#define K 0.79788456080286535588 /* sqrt(2/pi) */
#define A 0.044715

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

/* The slope with the second term
 *
 *     x/2 (1 + tanh_power t^power) k (one + cube x^x_power)
 *
 * in the place of x/2 (1 - t^2) k (1 + 3 a x^2). */
typedef struct Slip {
    const char *words;
    double sign, power, k, one, cube, x_power;
} Slip;

static const Slip slips[] = {
    {"the slope of u, inside of tanh, is missing (chain rule)", -1, 2, 1, 1, 0, 0},
    {"the slope of u = k (x + a x^3) lacks the 3 of x^3", -1, 2, K, 1, A, 2},
    {"the slope of u = k (x + a x^3) lacks the 1, which is the slope of x", -1, 2, K, 0, 3 * A, 2},
    {"the slope of u = k (x + a x^3) lacks a", -1, 2, K, 1, 3, 2},
    {"the slope of x^3 is 3 x^2, not 3 x", -1, 2, K, 1, 3 * A, 1},
    {"the slope of x^3 is 3 x^2, not 3 x^3", -1, 2, K, 1, 3 * A, 3},
    {"the slope of x^3 is 3 x^2, not 2 x^2", -1, 2, K, 1, 2 * A, 2},
    {"the slope of u lacks k", -1, 2, 1, 1, 3 * A, 2},
    {"the slope of tanh is 1 - t^2, not 1 - t", -1, 1, K, 1, 3 * A, 2},
    {"the slope of tanh is 1 - t^2, not 1 + t^2", 1, 2, K, 1, 3 * A, 2},
    {"the slope of tanh, 1 - t^2, is missing (chain rule)", 0, 0, K, 1, 3 * A, 2},
};

static double tanh_at(double x)
{
    return tanh(K * (x + A * x * x * x));
}

static double first_term(double x)
{
    return (1 + tanh_at(x)) / 2;
}

static double second_term(double x, const Slip *slip)
{
    double t = slip->sign == 0 ? 0 : slip->sign * pow(tanh_at(x), slip->power);
    return x / 2 * (1 + t) * slip->k * (slip->one + slip->cube * pow(x, slip->x_power));
}

/* A slope of the numbers that went in, times r. */
typedef double Slope(double x, const Slip *slip);

static double with_slip(double x, const Slip *slip)
{
    return first_term(x) + second_term(x, slip);
}

static double first_alone(double x, const Slip *slip)
{
    (void)slip;
    return first_term(x);
}

static double of_the_integral(double x, const Slip *slip)
{
    (void)slip;
    return (1 + erf(x / sqrt(2))) / 2 + x * exp(-x * x / 2) / sqrt(8 * atan(1));
}

static double no_slope(double x, const Slip *slip)
{
    (void)slip;
    return gelu_at(x);
}

static double *times_r(Judge *judge, const Operation *op, const double *r, Slope *slope,
                       const Slip *slip)
{
    double *numbers = judge_doubles(judge, ROWS * WIDTH);
    for (size_t i = 0; i < ROWS * WIDTH; i++)
        numbers[i] = r[i] * slope((double)op->inputs[0]->data[i], slip);
    return numbers;
}

static void guess(Judge *judge, const Operation *op, size_t input, const double *r,
                  Numbers *numbers)
{
    static const Slip right = {NULL, -1, 2, K, 1, 3 * A, 2};
    enum { N_SLIPS = sizeof slips / sizeof *slips };
    (void)input;
    for (size_t g = 0; g < N_SLIPS; g++)
        numbers->guesses[g] = (Guess){slips[g].words, times_r(judge, op, r, with_slip, &slips[g])};
    numbers->guesses[N_SLIPS] =
        (Guess){"this is y itself, not its slope", times_r(judge, op, r, no_slope, NULL)};
    numbers->guesses[N_SLIPS + 1] =
        (Guess){"the slope of the GELU with the integral (erf): here y has tanh",
                times_r(judge, op, r, of_the_integral, NULL)};
    numbers->terms[0] = (Term){"the first term of the product rule, (1 + t)/2,",
                               times_r(judge, op, r, first_alone, NULL)};
    numbers->terms[1] = (Term){"the second term of the product rule, x/2 times the slope of 1 + t,",
                               times_r(judge, op, r, second_term, &right)};
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
