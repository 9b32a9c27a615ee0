/* test_accuracy.c: how far exp, tanh and softmax of src/math/rows.c are from the exact ones.
 *
 * The exact ones are the C library's in long double; the bounds are explained in accuracy.h. */
#include "support/accuracy.h"

#include "math/rows.h"
#include "support/fixtures.h"

#ifdef REAL_IS_DOUBLE
static const real exp_lowest = -700, exp_highest = 700;
#else
static const real exp_lowest = -87, exp_highest = 88;
#endif

static const long double ln_2 = 0.693147180559945309417232121458176568L;

enum { GRID = 1 << 18, MOST = GRID + (1 << 16) };

/* Arguments that stand close together, and what is near the places where something changes. */
typedef struct Arguments {
    real *x;
    size_t n;
} Arguments;

static void add_argument(Arguments *arguments, real x)
{
    assert_true(arguments->n < MOST);
    arguments->x[arguments->n++] = x;
}

/* The four numbers on each side of x, and x. */
static void add_neighbours(Arguments *arguments, real x, real lowest, real highest)
{
    for (int step = 0; step < 4; step++)
        x = nextafter(x, -(real)INFINITY);
    for (int step = 0; step < 9; step++, x = nextafter(x, (real)INFINITY))
        if (x >= lowest && x <= highest)
            add_argument(arguments, x);
}

/* A grid from `lowest` to `highest`; each power of 2 down to the least number, with both signs; the
 * odd multiples of ln 2 / 2, where exp goes on to the next power of 2, and the even ones, where its
 * polynomial is at 0; and both ends. */
static Arguments arguments_between(Arena *arena, real lowest, real highest)
{
    Arguments all = {random_numbers(arena, MOST, 1), 0};
    const double step = ((double)highest - (double)lowest) / GRID;
    for (size_t i = 0; i <= GRID; i++)
        add_argument(&all, (real)((double)lowest + step * (double)i));
    for (real x = 1; x > 0; x /= 2) {
        add_neighbours(&all, x, lowest, highest);
        add_neighbours(&all, -x, lowest, highest);
    }
    for (int half = (int)(2 * lowest); half <= (int)(2 * highest); half++)
        add_neighbours(&all, (real)(half * ln_2 / 2), lowest, highest);
    add_neighbours(&all, lowest, lowest, highest);
    add_neighbours(&all, highest, lowest, highest);
    return all;
}

/* EXP_ULP. In a build with double exp is the C library's, whose error is less than 1. With float,
 * exp(r) for r < 0 is a number of [0.7, 1), where an ulp is UNIT:
 *     the rounding of r (a quarter of that, as |r| < 1/2), times exp(r)        0.2
 *     the polynomial's missing terms, 0.35^8 / 8!                              0.1
 *     its last step, p r + 1: the product, unless it is fused, and the sum     0.25 + 0.5
 *     the step before, times r, and those before it                            0.2 + 0.05
 * For r > 0 numbers are up to 1.4, and an ulp is twice that: all but the sum weigh less. */
static void exp_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    Arguments all = arguments_between(&f->arena, exp_lowest, exp_highest);
    real *y = random_numbers(&f->arena, all.n, 1);
    row_exp(y, all.x, 0, all.n);
    for (size_t i = 0; i < all.n; i++)
        assert_within_ulp(y[i], exp((long double)all.x[i]), EXP_ULP);
}

#ifndef REAL_IS_DOUBLE

/* Roundings go up as often as down, so the mean of many errors shows what is far below a rounding:
 * whether each coefficient of the polynomial is right. Terms that it does not have are left out of
 * exp(r) here, too. Means are taken over all n, with r in one of 32 ranges: of some 8000 numbers,
 * whose errors of about 0.3 ulp leave 0.003 in their mean, and not 0.02 in any of the 32. One more
 * in the fourth digit of a coefficient is 190 ulp in the outermost range (r^2 / 2), 65, 2, 0.08,
 * and 0.026 (r^6 / 720). That of r^7 matters less: it shows from its second digit on. */
static void the_errors_of_exp_cancel(void **state)
{
    Fixture *f = *state;
    enum { BANDS = 32 };
    double sum[BANDS] = {0}, count[BANDS] = {0};
    Arguments all = {random_numbers(&f->arena, GRID, 1), GRID};
    real *y = random_numbers(&f->arena, GRID, 1);
    for (size_t i = 0; i < GRID; i++)
        all.x[i] = exp_lowest + (exp_highest - exp_lowest) * (real)i / GRID;
    row_exp(y, all.x, 0, GRID);
    for (size_t i = 0; i < GRID; i++) {
        int n = (int)lround((double)(all.x[i] / ln_2));
        long double r = all.x[i] - n * ln_2;
        long double left_out = pow(r, 8) / 40320 * (1 + r / 9 * (1 + r / 10));
        long double polynomial = ldexp(exp(r) - left_out, n);
        int band = (int)((r / ln_2 + 0.5L) * BANDS);
        band = band < 0 ? 0 : band >= BANDS ? BANDS - 1 : band;
        sum[band] += copysign(ulp_error(y[i], polynomial), (double)(y[i] - polynomial));
        count[band]++;
    }
    for (size_t band = 0; band < BANDS; band++)
        assert_close(sum[band] / count[band], 0, 0.02);
}

#endif

/* TANH_UNITS, which are ulp for t >= 1/2. t = (1 - e) / (1 + e); the sum is largest for e from 1/4
 * to 1/2, where an ulp is UNIT / 2:
 *     e's 1.3 ulp, times dt/de = -2 / (1 + e)^2                        0.83
 *     the rounding of 1 - e, divided by 1 + e                          0.4
 *     the rounding of 1 + e, times t / (1 + e)                         0.48
 *     that of the quotient                                             0.5
 * Near 0, where e is near 1, an absolute error of that size is all that can be said. */
static void tanh_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    Arguments all = arguments_between(&f->arena, -20, 20);
    real *y = random_numbers(&f->arena, all.n, 1);
    for (size_t i = 0; i < all.n; i++)
        y[i] = all.x[i];
    row_tanh(y, all.n);
    for (size_t i = 0; i < all.n; i++) {
        long double exact = tanh((long double)all.x[i]);
        if (fabs(exact) >= 0.5L)
            assert_within_ulp(y[i], exact, TANH_UNITS);
        assert_close(y[i], exact, TANH_UNITS * UNIT);
    }
}

/* What a row of numbers is compared with. */
typedef struct Exact {
    long double most, sum, log_sum;
} Exact;

static Exact exact_softmax(const real *x, size_t n)
{
    Exact exact = {.most = -INFINITY};
    for (size_t i = 0; i < n; i++)
        exact.most = fmax(exact.most, (long double)x[i]);
    for (size_t i = 0; i < n; i++)
        exact.sum += exp((long double)x[i] - exact.most);
    exact.log_sum = exact.most + log(exact.sum);
    return exact;
}

/* Relative errors in UNITs, an ulp being one or two of them. With d = x - most, exp(d) is off by
 * |d| if d had to be rounded, and by 2 EXP_ULP. In the sum, with its `added` additions, the error
 * of each term counts by its share: less than ln n + 2 EXP_ULP, since the mean of |d| is less than
 * the entropy. The quotient and the product round once each; denormal results by 1/2 ulp more. */
static void assert_softmax(const real *x, real *y, size_t n, double added)
{
    Exact exact = exact_softmax(x, n);
    const double of_sum = log((double)n) + 2 * EXP_ULP + added;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i];
    real log_sum = row_softmax(y, n);
    for (size_t i = 0; i < n; i++) {
        long double d = (long double)x[i] - exact.most;
        double of_d = (long double)(x[i] - (real)exact.most) == d ? 0 : (double)-d;
        double bound = of_d + 2 * EXP_ULP + of_sum + 2 + 0.5;
        assert_within_ulp(y[i], exp(d) / exact.sum, bound);
    }
    /* The logarithm adds its own ulp, the sum with `most` a rounding. */
    double of_log = of_sum + 2 * (double)(exact.log_sum - exact.most) + (double)fabs(exact.log_sum);
    assert_close(log_sum - exact.log_sum, 0, UNIT * of_log);
}

/* A pair has one addition, and shows each distance from the maximum alone; the lowest results are
 * denormal. */
static void softmax_of_a_pair_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    Arguments all = arguments_between(&f->arena, exp_lowest, 0);
    for (size_t i = 0; i < all.n; i += 4) {
        real y[2], third = (real)1 / 3;
        assert_softmax((real[]){0, all.x[i]}, y, 2, 1);
        if (all.x[i] > exp_lowest + 1)
            assert_softmax((real[]){all.x[i], third}, y, 2, 1);
    }
}

static void softmax_of_a_row_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    const size_t sizes[] = {3, 16, 65, 96, 256};
    const real spread[] = {(real)0.1, 1, 10}, shift[] = {0, -30, 100};
    for (size_t s = 0; s < COUNT_OF(sizes); s++)
        for (size_t round = 0; round < 90; round++) {
            size_t n = sizes[s];
            real *x = random_numbers(&f->arena, n, round), *y = random_numbers(&f->arena, n, 1);
            for (size_t i = 0; i < n; i++)
                x[i] = x[i] * spread[round % 3] + shift[round / 3 % 3];
            assert_softmax(x, y, n, row_additions(n));
            arena_reset(&f->arena);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(exp_is_within_its_bound),
#ifndef REAL_IS_DOUBLE
        fixture_test(the_errors_of_exp_cancel),
#endif
        fixture_test(tanh_is_within_its_bound),
        fixture_test(softmax_of_a_pair_is_within_its_bound),
        fixture_test(softmax_of_a_row_is_within_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
