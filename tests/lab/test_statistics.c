/* test_statistics.c: tests of src/lab/statistics.c: published examples, small cases by hand.
 * That the tests err as seldom as they say is in test_statistics_simulated.c. */
#include "support/check.h"

#include <math.h>

#include "lab/distributions.h"
#include "lab/statistics.h"
#include "support/fixtures.h"

/* Student's own example (1908): hours of sleep that ten patients gained with one drug more than
 * with another. What R prints of it (?sleep; t.test, paired): t = 4.0621, df = 9, p = 0.002833,
 * interval 0.7001142 to 2.4598858. */
static void students_sleep_has_its_published_interval(void **state)
{
    (void)state;
    const double hours[] = {1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4};
    Sample sample = sample_of(hours, 10);
    assert_int_equal(sample.n, 10);
    assert_close(sample.mean, 1.58, 1e-12);
    assert_close(sample.mean / (sample.sd / sqrt(10)), 4.0621, 5e-5);
    assert_close(sample_p(sample), 0.002833, 5e-7);
    Interval interval = sample_interval(sample, 0.95);
    assert_close(interval.low, 0.7001142, 5e-8);
    assert_close(interval.high, 2.4598858, 5e-8);
}

/* Fisher's own example (1935): by how many eighths of an inch fifteen of Darwin's crossed plants
 * were taller than their self-fertilised twins. He finds t = 2.148 with 4.970 %, and a sum as far
 * from 0 as this one in 1726 of the 32768 ways to choose signs. */
static void darwins_maize_has_fishers_p_values(void **state)
{
    (void)state;
    const double eighths[] = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
    Sample sample = sample_of(eighths, 15);
    assert_close(sample.mean / (sample.sd / sqrt(15)), 2.148, 5e-4);
    assert_close(sample_p(sample), 0.04970, 5e-6);
    assert_close(sign_flip_p(eighths, 15), 1726.0 / 32768, 0);
}

/* With two numbers the interval is mean +- 12.706 |a - b| / 2: t has one degree of freedom, and
 * s = |a - b| / sqrt(2). */
static void two_numbers_have_a_wide_interval(void **state)
{
    (void)state;
    Sample sample = sample_of((double[]){3, 5}, 2);
    Interval interval = sample_interval(sample, 0.95);
    assert_close(sample.sd, sqrt(2), 1e-15);
    assert_close(interval.low, 4 - 12.7062047, 1e-7);
    assert_close(interval.high, 4 + 12.7062047, 1e-7);
    assert_close(sample_p(sample), 1 - 2 / 3.14159265358979323846 * atan(4), 1e-14);
}

static void one_number_shows_nothing(void **state)
{
    (void)state;
    Sample none = sample_of(NULL, 0), one = sample_of((double[]){7}, 1);
    assert_true(none.n == 0 && isnan(none.mean) && isnan(none.sd));
    assert_true(one.n == 1 && one.mean == 7 && isnan(one.sd));
    for (int i = 0; i < 2; i++) {
        Sample sample = i == 0 ? none : one;
        Interval interval = sample_interval(sample, 0.95);
        assert_true(isnan(interval.low) && isnan(interval.high));
        assert_true(isnan(sample_p(sample)) && isnan(sample_equivalence_p(sample, 100)));
        assert_true(isnan(equivalence_power(sample.n, 1, 100)));
    }
}

/* The same program twice gives the same losses: no difference, and no doubt about it. */
static void equal_numbers_are_no_division_by_zero(void **state)
{
    (void)state;
    Sample zero = sample_of((double[]){0, 0, 0}, 3), half = sample_of((double[]){.5, .5, .5}, 3);
    assert_close(sample_p(zero), 1, 0);
    assert_close(sample_p(half), 0, 0);
    assert_close(sample_interval(half, 0.95).low, 0.5, 0);
    assert_close(sample_interval(half, 0.95).high, 0.5, 0);
    assert_close(sample_equivalence_p(zero, 0.1), 0, 0);
    assert_close(sample_equivalence_p(half, 0.1), 1, 0);
    assert_close(sign_flip_p((double[]){0, 0, 0}, 3), 1, 0);
    assert_close(equivalence_power(3, 0, 0.1), 1, 0);
}

static void sign_flips_of_few_numbers_are_counted_by_hand(void **state)
{
    (void)state;
    assert_close(sign_flip_p((double[]){5}, 1), 1, 0);
    assert_close(sign_flip_p((double[]){1, 2, 3}, 3), 2.0 / 8, 0);  /* only +++ and --- */
    assert_close(sign_flip_p((double[]){-1, 2, 3}, 3), 4.0 / 8, 0); /* sums 6 4 2 0: 4 or more */
    assert_close(sign_flip_p((double[]){1, 1, 1, -1}, 4), 10.0 / 16, 0); /* 4: 2 ways, 2: 8 ways */
    /* In decimal fractions the sums that are equal differ in rounding: they count all the same. */
    assert_close(sign_flip_p((double[]){.1, .2, -.3, .6}, 4), 10.0 / 16, 0);
    assert_close(sign_flip_p((double[]){.1, .1, .1, -.3}, 4), 1, 0); /* a sum of 0 */
}

static void sign_flips_of_many_numbers_are_not_counted(void **state)
{
    (void)state;
    double ones[SIGN_FLIP_MOST + 1];
    for (size_t i = 0; i <= SIGN_FLIP_MOST; i++)
        ones[i] = 1;
    assert_close(sign_flip_p(ones, SIGN_FLIP_MOST), ldexp(2, -SIGN_FLIP_MOST), 0);
    assert_true(isnan(sign_flip_p(ones, SIGN_FLIP_MOST + 1)) && isnan(sign_flip_p(ones, 0)));
}

static void holm_multiplies_step_by_step(void **state)
{
    (void)state;
    const struct {
        double p[4], adjusted[4];
    } cases[] = {
        {{.01, .04, .03, .005}, {.03, .06, .06, .02}}, /* 3 p, 1 p but not under 2 * .03, ... */
        {{.2, .3, .4, .5}, {.8, .9, .9, .9}},          /* 4 p, 3 p, and no less for the others */
        {{.3, .3, .9, .9}, {1, 1, 1, 1}},              /* never above 1 */
        {{.01, .01, .01, .01}, {.04, .04, .04, .04}},  /* equal ones stay equal */
        {{NAN, .01, NAN, .02}, {NAN, .02, NAN, .02}},  /* a family of two */
        {{NAN, NAN, NAN, .04}, {NAN, NAN, NAN, .04}},  /* one question needs no correction */
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        double adjusted[4];
        holm(adjusted, cases[c].p, 4);
        for (size_t i = 0; i < 4; i++)
            if (isnan(cases[c].adjusted[i]))
                assert_true(isnan(adjusted[i]));
            else
                assert_close(adjusted[i], cases[c].adjusted[i], 1e-15);
    }
}

/* For four numbers with mean 1 and s = 2 the 90 % interval is 1 +- 2.3534: it ends at 3.3534. */
/* A mean just above the least that is shown has p just below 0.05 / count, one just below it does
 * not. 4 numbers and 3 questions: t of 3 degrees of freedom leaves out 0.05 / 3 at 4.857. */
static void the_least_that_is_shown_has_the_p_value_of_the_first_step_of_holm(void **state)
{
    (void)state;
    const size_t counts[] = {1, 3, 105};
    for (size_t n = 2; n < 12; n++)
        for (size_t c = 0; c < COUNT_OF(counts); c++) {
            double least = least_shown(n, counts[c]), limit = 0.05 / (double)counts[c];
            assert_true(sample_p((Sample){n, 1.0001 * least * 7, 7}) < limit);
            assert_true(sample_p((Sample){n, 0.9999 * least * 7, 7}) > limit);
        }
    assert_close(least_shown(4, 3), 4.857 / 2, 5e-4);
    assert_true(isnan(least_shown(1, 3)));
}

static void equivalence_is_shown_where_the_narrower_interval_is_within_the_margin(void **state)
{
    (void)state;
    const double reach = 1 + 2.353363435;
    for (int sign = -1; sign <= 1; sign += 2) {
        Sample sample = {4, sign * 1.0, 2};
        assert_close(sample_interval(sample, 0.90).high, sign + 2.353363435, 1e-8);
        assert_close(sample_equivalence_p(sample, reach), 0.05, 1e-9);
        assert_true(sample_equivalence_p(sample, reach * 1.0001) < 0.05);
        assert_true(sample_equivalence_p(sample, reach * 0.9999) > 0.05);
        assert_close(sample_equivalence_p(sample, 1), 0.5, 1e-15); /* the mean is at the margin */
        assert_true(isnan(sample_equivalence_p(sample, NAN)));
    }
}

/* The power for n = 5, exactly: the mean is normal with 1/sqrt(5), and independent of the variance,
 * of which w = 4 s^2 has the chi-square density w exp(-w/2) / 4 with 4 degrees of freedom. For a
 * given s the mean has to be within h = margin - t s / sqrt(5): the chance is erf(h sqrt(5/2)). */
static double exact_power_of_five(double margin)
{
    const double t = 2.131846786, step = 1e-3;
    double power = 0;
    for (double w = step / 2; w < 60; w += step) {
        double h = margin - t * sqrt(w / 4 / 5);
        if (h > 0)
            power += step * w * exp(-w / 2) / 4 * erf(h * sqrt(2.5));
    }
    return power;
}

static void power_is_the_integral_over_all_variances(void **state)
{
    (void)state;
    for (double margin = 0.5; margin < 3; margin += 0.25) {
        assert_close(equivalence_power(5, 1, margin), exact_power_of_five(margin), 0.015);
        assert_close(equivalence_power(5, 0.01, 0.01 * margin), exact_power_of_five(margin), 0.015);
    }
    assert_true(exact_power_of_five(0.5) < 0.05 && exact_power_of_five(2.75) > 0.99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(students_sleep_has_its_published_interval),
        cmocka_unit_test(darwins_maize_has_fishers_p_values),
        cmocka_unit_test(two_numbers_have_a_wide_interval),
        cmocka_unit_test(one_number_shows_nothing),
        cmocka_unit_test(equal_numbers_are_no_division_by_zero),
        cmocka_unit_test(sign_flips_of_few_numbers_are_counted_by_hand),
        cmocka_unit_test(sign_flips_of_many_numbers_are_not_counted),
        cmocka_unit_test(holm_multiplies_step_by_step),
        cmocka_unit_test(the_least_that_is_shown_has_the_p_value_of_the_first_step_of_holm),
        cmocka_unit_test(equivalence_is_shown_where_the_narrower_interval_is_within_the_margin),
        cmocka_unit_test(power_is_the_integral_over_all_variances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
