/* test_measure.c: tests of src/lab/claims/measure.c. */
#include "support/check.h"

#include <math.h>

#include "lab/claims/measure.h"
#include "support/fixtures.h"

static void an_interval_is_written_with_its_ends(void **state)
{
    (void)state;
    Interval interval = {-0.00001, 0.25};
    assert_string_equal(measure_interval(interval, text_change, 3).text, "0.000 to +0.250");
    assert_string_equal(measure_interval(interval, text_decimal, 1).text, "0.0 to 0.2");
}

static void one_seed_has_no_interval(void **state)
{
    (void)state;
    const double x = 3;
    assert_string_equal(measure_interval(measure_seeds(&x, 1).interval, text_change, 3).text,
                        "not known with one seed");
}

static void a_change_stands_before_its_interval(void **state)
{
    Fixture *f = *state;
    assert_string_equal(measure_change(&f->arena, 0.0042, (Interval){0.0011, 0.0073}, 4),
                        "+0.0042 (+0.0011 to +0.0073)");
}

static void an_exact_curve_has_no_intervals(void **state)
{
    Fixture *f = *state;
    const double y[] = {1, 0.5, -2};
    AnswerSeries series;
    assert_true(series_exact(&f->arena, &series, "a", NULL, COUNT_OF(y), y, 10));
    assert_int_equal(series.count, COUNT_OF(y));
    for (size_t i = 0; i < COUNT_OF(y); i++)
        assert_true(series.x[i] == (double)i && series.y[i] == 10 * y[i]);
    assert_null(series.low);
    assert_null(series.high);
}

static void a_point_is_an_estimate_with_its_interval(void **state)
{
    Fixture *f = *state;
    const double losses[] = {1, 2, 3};
    Estimate loss = measure_seeds(losses, COUNT_OF(losses));
    AnswerSeries series;
    SeriesNumbers to;
    assert_true(series_begin(&f->arena, &series, "a", NULL, 2, &to));
    series_estimate(&to, 1, 7, loss);
    assert_true(series.x[1] == 7 && series.y[1] == 2);
    assert_true(series.low[1] == loss.interval.low && series.high[1] == loss.interval.high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interval_is_written_with_its_ends),
        cmocka_unit_test(one_seed_has_no_interval),
        fixture_test(a_change_stands_before_its_interval),
        fixture_test(an_exact_curve_has_no_intervals),
        fixture_test(a_point_is_an_estimate_with_its_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
