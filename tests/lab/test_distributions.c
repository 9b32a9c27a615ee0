/* test_distributions.c: tests of src/lab/distributions.c. */
#include "support/check.h"

#include <math.h>

#include "lab/distributions.h"
#include "support/fixtures.h"

#define PI 3.141592653589793238463

static const double distances[] = {1e-9, 1e-3, 0.3, 1, 1.7, 2.776, 6, 31, 1e3, 1e7};

static void assert_relative(double actual, double expected, double tolerance)
{
    assert_close(actual, expected, tolerance * fabs(expected));
}

/* For df = 1 and 2 the density can be integrated by hand. The tail as a difference from 1 would
 * lose its digits, so it is written without: 1 - t/r = 2 / (r (r + t)) with r = sqrt(2 + t^2). */
static void tails_with_one_and_two_degrees_are_the_closed_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(distances); i++) {
        double t = distances[i], r = sqrt(2 + t * t);
        assert_relative(t_two_sided(t, 1), 2 / PI * atan2(1, t), 1e-13);
        assert_relative(t_two_sided(t, 2), 2 / (r * (r + t)), 1e-13);
    }
}

/* P(|T| < t) with whole degrees of freedom is a sum: Abramowitz and Stegun, 26.7.3 and 26.7.4, with
 * theta = atan(t / sqrt(df)):
 *
 *     odd   2/pi (theta + sin cos (1 + 2/3 cos^2 + 2 4/(3 5) cos^4 + ... to cos^(df-3)))
 *     even  sin (1 + 1/2 cos^2 + 1 3/(2 4) cos^4 + ... to cos^(df-2))                     */
static double inside(double t, int df)
{
    double theta = atan(t / sqrt(df)), cosine = cos(theta), sum = 0, term = 1;
    for (int k = df % 2 == 0 ? 2 : 3; k <= df; k += 2) {
        sum += term;
        term *= (k - 1.0) / k * cosine * cosine;
    }
    return df % 2 == 0 ? sin(theta) * sum : 2 / PI * (theta + sin(theta) * cosine * sum);
}

static void tails_with_whole_degrees_are_the_finite_sums(void **state)
{
    (void)state;
    for (int df = 1; df <= 1000; df += df < 30 ? 1 : 97)
        for (size_t i = 0; i < COUNT_OF(distances); i++)
            assert_close(t_two_sided(distances[i], df), 1 - inside(distances[i], df), 2e-12);
}

/* Simpson's rule on the density, from 0 to t. Its constant comes from the recursion of Gamma, from
 * Gamma(1.25) and Gamma(1.75), tabulated in Abramowitz and Stegun, table 6.1. */
static void degrees_need_not_be_whole(void **state)
{
    (void)state;
    const double gamma_125 = 0.9064024770554771, gamma_175 = 0.9190625268488883;
    const double df = 2.5, c = gamma_175 / (gamma_125 * sqrt(df * PI)), t = 1.9;
    enum { STEPS = 2000 };
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        double u = t * i / STEPS, weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * c * pow(1 + u * u / df, -(df + 1) / 2);
    }
    assert_close(t_cdf(t, df), 0.5 + sum * t / STEPS / 3, 1e-12);
}

/* The table of every textbook, which goes back to Fisher, "Statistical methods for research
 * workers", 1925. */
static void quantiles_are_those_of_the_printed_table(void **state)
{
    (void)state;
    const struct {
        double df, at_950, at_975, at_995;
    } table[] = {
        {1, 6.314, 12.706, 63.657}, {2, 2.920, 4.303, 9.925},   {3, 2.353, 3.182, 5.841},
        {4, 2.132, 2.776, 4.604},   {5, 2.015, 2.571, 4.032},   {6, 1.943, 2.447, 3.707},
        {8, 1.860, 2.306, 3.355},   {9, 1.833, 2.262, 3.250},   {10, 1.812, 2.228, 3.169},
        {20, 1.725, 2.086, 2.845},  {30, 1.697, 2.042, 2.750},  {60, 1.671, 2.000, 2.660},
        {120, 1.658, 1.980, 2.617}, {1e6, 1.645, 1.960, 2.576},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        assert_close(t_quantile(0.95, table[i].df), table[i].at_950, 5.1e-4);
        assert_close(t_quantile(0.975, table[i].df), table[i].at_975, 5.1e-4);
        assert_close(t_quantile(0.995, table[i].df), table[i].at_995, 5.1e-4);
    }
}

/* tan(pi (p - 1/2)), and (2p - 1) sqrt(2 / (4 p (1-p))). */
static void quantiles_with_one_and_two_degrees_are_the_closed_forms(void **state)
{
    (void)state;
    const double shares[] = {1e-12, 1e-3, 0.025, 0.3, 0.5, 0.6, 0.975, 0.9995};
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        double p = shares[i];
        assert_relative(t_quantile(p, 1), p == 0.5 ? 0 : -1 / tan(PI * p), 1e-11);
        assert_relative(t_quantile(p, 2), (2 * p - 1) / sqrt(2 * p * (1 - p)), 1e-11);
    }
}

static void quantile_undoes_the_distribution_and_is_odd(void **state)
{
    (void)state;
    const double degrees[] = {1, 1.5, 4, 37, 1000};
    for (size_t d = 0; d < COUNT_OF(degrees); d++)
        for (double p = 1.0 / 64; p < 1; p += 1.0 / 64) { /* 1 - p is exact */
            assert_close(t_cdf(t_quantile(p, degrees[d]), degrees[d]), p, 1e-12);
            assert_close(t_quantile(p, degrees[d]), -t_quantile(1 - p, degrees[d]), 0);
        }
}

static void ends_are_infinite_and_nan_stays(void **state)
{
    (void)state;
    for (double df = 1; df < 10; df += 0.5) {
        assert_close(t_quantile(0, df), -INFINITY, 0);
        assert_close(t_quantile(1, df), INFINITY, 0);
        assert_close(t_two_sided(INFINITY, df), 0, 0);
        assert_close(t_two_sided(0, df), 1, 0);
        assert_close(t_cdf(-INFINITY, df), 0, 0);
        assert_close(t_cdf(INFINITY, df), 1, 0);
        assert_close(t_cdf(0, df), 0.5, 0);
        assert_true(isnan(t_two_sided(NAN, df)) && isnan(t_cdf(NAN, df)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_with_one_and_two_degrees_are_the_closed_forms),
        cmocka_unit_test(tails_with_whole_degrees_are_the_finite_sums),
        cmocka_unit_test(degrees_need_not_be_whole),
        cmocka_unit_test(quantiles_are_those_of_the_printed_table),
        cmocka_unit_test(quantiles_with_one_and_two_degrees_are_the_closed_forms),
        cmocka_unit_test(quantile_undoes_the_distribution_and_is_odd),
        cmocka_unit_test(ends_are_infinite_and_nan_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
