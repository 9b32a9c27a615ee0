/* test_chart_scale.c: tests of src/base/chart_scale.c: ranges, and the numbers at the axes, seen
 * through chart_append. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "support/chart_page.h"
#include "support/fixtures.h"

static ChartPage page;

static double steps[TRAINING_STEPS], losses[TRAINING_STEPS];

/* --- the axis of y --- */

/* 1, 2 or 5 times a power of ten. */
static bool is_round(double number)
{
    double mantissa = number / pow(10, floor(log10(number) + 1e-9));
    return fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 || fabs(mantissa - 5) < 1e-6;
}

/* chart_page_read sees to it that there are at least two ticks, at equal distances. */
static void numbers_at_y_are_round_and_the_curve_fills_the_rows(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        double chance = (double)(random_bits(random_seed(3), seed) >> 11) * 0x1p-53;
        double height = pow(10, 8 * chance - 4);
        const double x[] = {0, 1}, y[] = {3.7, 3.7 + height};
        ChartSeries series = {"a", "", x, y, 2};
        Chart chart = chart_page_chart(&series, 1);
        chart.rows = 11 + seed % 30;
        chart_page_read(&page, &chart);
        size_t rows_per_tick = 0;
        for (size_t row = (size_t)page.tick_row + 1; rows_per_tick == 0; row++)
            if (page.cells[row][page.left - 1] == '+')
                rows_per_tick = row - (size_t)page.tick_row;
        double step = page.per_row * (double)rows_per_tick, rows = (double)(page.bottom - page.top);
        assert_true(is_round(step));
        assert_true(fabs(remainder(page.tick_value, step)) < 1e-3 * step);
        assert_true(height / page.per_row >= rows / 2 - 1); /* at least half of the plot */
        assert_true(height / page.per_row <= rows);
    }
}

static void the_whole_curve_is_shown_unless_told_otherwise(void **state)
{
    (void)state;
    ChartSeries series = chart_page_training(steps, losses);
    Chart chart = chart_page_chart(&series, 1);
    chart_page_read(&page, &chart);
    assert_true(chart_page_row(&page, losses[0]) > (double)page.top - 0.5);
    assert_int_equal(chart_page_count(&page, "up to"), 0);
}

/* The last three quarters of this curve lie between 1.5 and 1.8. */
static void a_fall_is_cut_to_show_the_slow_part(void **state)
{
    (void)state;
    ChartSeries series = chart_page_training(steps, losses);
    Chart chart = chart_page_chart(&series, 1);
    chart.cut_fall = true;
    chart_page_read(&page, &chart);
    double rows = (double)(page.bottom - page.top), top = (double)page.top - 0.5;
    assert_true(chart_page_row(&page, losses[0]) < top);
    assert_true(chart_page_row(&page, losses[50]) > top);
    double slow = chart_page_row(&page, losses[200]) - chart_page_row(&page, losses[50]);
    assert_true(slow > rows / 4);
    char expected[40];
    snprintf(expected, sizeof expected, "^ up to %.2f", losses[0]);
    assert_contains(page.text[0], "loss");
    assert_contains(page.text[0], expected);
    chart.y_name = "a name that leaves no room for what stands behind it";
    chart.columns = 40;
    chart_page_read(&page, &chart);
    assert_contains(page.text[0], expected);
    for (size_t row = page.top; row < page.bottom; row++) /* and it leaves at the top */
        assert_true(row > page.top || strchr(page.text[row], 't') != NULL);
}

/* A loss that is looked at every 100 steps, in runs of 60 to 400 steps: with two points the last
 * one alone would be left, as a line from the top. */
static void a_curve_of_few_points_is_shown_as_a_whole(void **state)
{
    (void)state;
    const double x[] = {0, 100, 200, 300, 400}, y[] = {4.2, 2.3, 2.0, 1.9, 1.85},
                 z[] = {4.1, 2.2, 1.8, 1.7, 1.65};
    for (size_t count = 2; count <= COUNT_OF(x); count++) {
        ChartSeries series[] = {{"a", "", x, y, count}, {"b", "", x, z, count}};
        Chart chart = chart_page_chart(series, 2);
        chart.cut_fall = true;
        chart_page_read(&page, &chart);
        bool whole = chart_page_row(&page, y[0]) > (double)page.top - 0.5;
        assert_int_equal(whole, count < 5);
        assert_int_equal(chart_page_count(&page, "up to"), whole ? 0 : 1);
    }
}

static void a_last_value_is_never_cut(void **state)
{
    (void)state;
    ChartSeries series = chart_page_training(steps, losses);
    losses[TRAINING_STEPS - 1] = 30;
    Chart chart = chart_page_chart(&series, 1);
    chart.cut_fall = true;
    chart_page_read(&page, &chart);
    assert_true(chart_page_row(&page, 30) > (double)page.top - 0.5);
}

/* --- the axis of x --- */

/* Each number stands under its tick (its middle at most half a column from it, but within the
 * page), and the tick at its place; `place` gives the share of the axis at which a number is. */
static size_t check_x_axis(size_t columns, double (*place)(double))
{
    size_t count = 0;
    const char *text = page.text[page.bottom + 1], *at = text;
    for (;;) {
        at += strspn(at, " ");
        if (*at == '\0')
            return count;
        char *end = NULL;
        double value = strtod(at, &end);
        assert_true(end > at);
        double middle = ((double)(at - text) + (double)(end - text) - 1) / 2;
        double column = floor(chart_page_column(&page, place(value)) + 0.5);
        assert_true(fabs(middle - column) <= 0.5 || end == text + columns);
        assert_int_equal(page.cells[page.bottom][(size_t)column], '+');
        at = end;
        count++;
    }
}

static double of_200(double x)
{
    return x / 200;
}

static double of_1e6(double x)
{
    return x / 1e6;
}

static double from_16_to_512(double x)
{
    return (log2(x) - 4) / 5;
}

static double from_3_to_300(double x)
{
    return log(x / 3) / log(100);
}

static void numbers_at_x_stand_where_they_belong(void **state)
{
    (void)state;
    ChartSeries series = chart_page_training(steps, losses);
    for (size_t columns = 40; columns <= 160; columns += 7) {
        Chart chart = chart_page_chart(&series, 1);
        chart.columns = columns;
        chart_page_read(&page, &chart);
        size_t ticks = 0;
        for (size_t column = page.left; column < page.right; column++)
            ticks += page.cells[page.bottom][column] == '+';
        assert_true(ticks >= 3);
        assert_int_equal(check_x_axis(chart.columns, of_200), ticks); /* each has its number */
        chart.x_low = 0;
        chart.x_high = 1e6;
        chart_page_read(&page, &chart);
        assert_true(check_x_axis(chart.columns, of_1e6) >= 3);
    }
}

static void a_logarithmic_axis_has_the_ticks_that_are_given(void **state)
{
    (void)state;
    const double x[] = {16, 32, 64, 128, 256, 512}, y[] = {3, 2, 1, 1, 2, 3};
    const double ticks[] = {4, 16, 64, 1024}; /* two are outside */
    ChartSeries series = {"a", "", x, y, 6};
    Chart chart = chart_page_chart(&series, 1);
    chart.x_is_log = true;
    chart.x_ticks = ticks;
    chart.n_x_ticks = 4;
    chart_page_read(&page, &chart);
    assert_int_equal(check_x_axis(chart.columns, from_16_to_512), 2);
    for (size_t i = 0; i < 6; i++)
        assert_true(chart_page_shows(&page, chart_page_row(&page, y[i]),
                                     chart_page_column(&page, (double)i / 5), 'a'));
    chart.n_x_ticks = 0; /* the powers of two */
    chart_page_read(&page, &chart);
    assert_int_equal(check_x_axis(chart.columns, from_16_to_512), 6);
    chart.x_low = 3;
    chart.x_high = 300;
    chart_page_read(&page, &chart);
    assert_int_equal(check_x_axis(chart.columns, from_3_to_300), 7); /* 4 ... 256 */
}

static void numbers_that_would_touch_are_left_out(void **state)
{
    (void)state;
    double ticks[200];
    for (size_t t = 0; t < 200; t++)
        ticks[t] = (double)t;
    ChartSeries series = chart_page_training(steps, losses);
    Chart chart = chart_page_chart(&series, 1);
    chart.x_ticks = ticks;
    chart.n_x_ticks = 200;
    chart_page_read(&page, &chart);
    assert_true(check_x_axis(chart.columns, of_200) >= 10);
}

/* In a range as narrow as these, rounding leaves no room for ticks. */
static void ends_of_x_that_are_not_apart_are_not_used(void **state)
{
    (void)state;
    const double ends[][2] = {{0, 5e-324}, {1, 1 + 0x1p-52}, {5, 5},         {9, 2},
                              {0, NAN},    {0, INFINITY},    {-1e300, 1e300}};
    ChartSeries series = chart_page_training(steps, losses);
    for (size_t e = 0; e < COUNT_OF(ends); e++) {
        Chart chart = chart_page_chart(&series, 1);
        chart.x_low = ends[e][0];
        chart.x_high = ends[e][1];
        chart_page_read(&page, &chart);
        assert_true(check_x_axis(chart.columns, of_200) >= 3);
    }
}

static void what_has_no_logarithm_is_not_drawn(void **state)
{
    (void)state;
    const double x[] = {-5, 0, 1, 2, 4}, y[] = {1000, 2000, 1, 2, 3};
    ChartSeries series = {"a", "", x, y, 5};
    Chart chart = chart_page_chart(&series, 1);
    chart.x_is_log = true;
    chart_page_read(&page, &chart);
    assert_true(chart_page_row(&page, 1000) < (double)page.top);
    assert_true(
        chart_page_shows(&page, chart_page_row(&page, 2), chart_page_column(&page, 0.5), 'a'));
    chart.x_low = 0.5;
    chart.x_high = 4;
    chart_page_read(&page, &chart);
    size_t first = (size_t)floor(chart_page_column(&page, log(2) / log(8)) + 0.5);
    for (size_t row = page.top; row < page.bottom; row++) /* no line comes from the left */
        for (size_t column = page.left; column < first; column++)
            assert_int_equal(page.cells[row][column], ' ');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_at_y_are_round_and_the_curve_fills_the_rows),
        cmocka_unit_test(the_whole_curve_is_shown_unless_told_otherwise),
        cmocka_unit_test(a_fall_is_cut_to_show_the_slow_part),
        cmocka_unit_test(a_curve_of_few_points_is_shown_as_a_whole),
        cmocka_unit_test(a_last_value_is_never_cut),
        cmocka_unit_test(numbers_at_x_stand_where_they_belong),
        cmocka_unit_test(a_logarithmic_axis_has_the_ticks_that_are_given),
        cmocka_unit_test(numbers_that_would_touch_are_left_out),
        cmocka_unit_test(ends_of_x_that_are_not_apart_are_not_used),
        cmocka_unit_test(what_has_no_logarithm_is_not_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
