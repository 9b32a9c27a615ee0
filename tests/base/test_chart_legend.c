/* test_chart_legend.c: tests of src/base/chart_legend.c: letters, names and values, seen through
 * chart_append. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/chart_page.h"
#include "support/fixtures.h"

static ChartPage page;

enum { MOST_SERIES = 20 };

static char names[MOST_SERIES][64];
static double ys[MOST_SERIES][2];
static const double xs[2] = {0, 100};
static ChartSeries series[MOST_SERIES];

/* Straight lines that all begin at 10 and end at these values. */
static Chart lines_to(const double *ends, size_t n)
{
    for (size_t s = 0; s < n; s++) {
        snprintf(names[s], sizeof names[s], "%c-name%02zu", (char)('a' + s), s);
        ys[s][0] = 10;
        ys[s][1] = ends[s];
        series[s] = (ChartSeries){names[s], "", xs, ys[s], 2};
    }
    return chart_page_chart(series, n);
}

/* The row of a name, which stands on the page once, with its letter before it. */
static size_t row_of(const char *name, char letter)
{
    char text[80];
    snprintf(text, sizeof text, "%c %s", letter, name);
    assert_int_equal(chart_page_count(&page, name), 1);
    return chart_page_find(&page, text);
}

static void each_series_is_named_once_with_its_last_value(void **state)
{
    (void)state;
    double ends[MOST_SERIES];
    for (size_t n = 1; n <= MOST_SERIES; n++)
        for (size_t columns = 40; columns <= 100; columns += 20) {
            for (size_t s = 0; s < n; s++)
                ends[s] = (double)(7 * s % n) / 4;
            Chart chart = lines_to(ends, n);
            chart.columns = columns;
            chart.rows = n % 2 == 0 ? 14 : 24;
            chart_page_read(&page, &chart);
            for (size_t s = 0; s < n; s++) {
                char expected[80];
                snprintf(expected, sizeof expected, "%.40s %.2f", names[s], ends[s]);
                assert_contains(page.text[row_of(names[s], names[s][0])], expected);
            }
        }
}

static void names_stand_in_the_order_of_the_last_values(void **state)
{
    (void)state;
    const double ends[] = {2, 5, 5.01, 1, 5};
    Chart chart = lines_to(ends, 5);
    chart_page_read(&page, &chart);
    size_t order[] = {2, 1, 4, 0, 3};
    for (size_t i = 0; i + 1 < COUNT_OF(order); i++)
        assert_true(row_of(names[order[i]], names[order[i]][0]) <
                    row_of(names[order[i + 1]], names[order[i + 1]][0]));
}

static size_t end_row(double value)
{
    return (size_t)floor(chart_page_row(&page, value) + 0.5);
}

static void a_name_stands_beside_the_end_of_its_curve(void **state)
{
    (void)state;
    const double ends[] = {9, 1, 5};
    Chart chart = lines_to(ends, 3);
    chart_page_read(&page, &chart);
    for (size_t s = 0; s < 3; s++)
        assert_int_equal(row_of(names[s], names[s][0]), end_row(ends[s]));
}

/* Three that end in one row: one above it, one in it, one below. Two: one of them is moved. */
static void names_of_curves_that_end_together_are_moved_apart_evenly(void **state)
{
    (void)state;
    const double ends[] = {6, 6, 6, 0, 0};
    Chart chart = lines_to(ends, 4);
    chart_page_read(&page, &chart);
    for (size_t s = 0; s < 3; s++)
        assert_int_equal(row_of(names[s], names[s][0]), end_row(6) - 1 + s);
    assert_int_equal(row_of(names[3], names[3][0]), end_row(0));
    chart = lines_to(ends, 5);
    chart_page_read(&page, &chart);
    assert_int_equal(row_of(names[3], 'd'), page.bottom - 2); /* there is nothing below */
    assert_int_equal(row_of(names[4], 'e'), page.bottom - 1);
}

/* All ways of placing three names, tried one by one: none is nearer to the ends. */
static void no_other_places_are_nearer_to_the_ends(void **state)
{
    (void)state;
    for (int a = 0; a <= 12; a++)
        for (int b = a; b <= 12; b++) {
            const double ends[] = {10 - (double)a / 2, 10 - (double)b / 2, 10 - (double)b / 2, 2};
            Chart chart = lines_to(ends, 4);
            chart_page_read(&page, &chart);
            double wish[3], cost = 0, least = INFINITY;
            for (size_t s = 0; s < 3; s++) {
                wish[s] = (double)end_row(ends[s]);
                cost += pow((double)row_of(names[s], names[s][0]) - wish[s], 2);
            }
            for (size_t i = page.top; i < page.bottom; i++)
                for (size_t j = i + 1; j < page.bottom; j++)
                    for (size_t k = j + 1; k < page.bottom; k++)
                        least =
                            fmin(least, pow((double)i - wish[0], 2) + pow((double)j - wish[1], 2) +
                                            pow((double)k - wish[2], 2));
            assert_close(cost, least, 1e-9);
        }
}

static void names_that_begin_differently_give_the_letters(void **state)
{
    (void)state;
    const double ends[] = {1, 4, 7};
    Chart chart = lines_to(ends, 3);
    series[0].name = "rope";
    series[1].name = "alibi";
    series[2].name = "T5";
    chart_page_read(&page, &chart);
    row_of("rope", 'r');
    row_of("alibi", 'a');
    row_of("T5", 'T');
    assert_true(chart_page_letters(&page, 'r') > 0 && chart_page_letters(&page, 'T') > 0);
}

static void otherwise_the_letters_are_those_of_the_alphabet(void **state)
{
    (void)state;
    const double ends[] = {1, 4, 7};
    const char *const tries[][3] = {
        {"rope", "relative", "none"}, {"", "x", "y"}, {"1", "x", "y"}, {"x", "é", "y"}};
    for (size_t t = 0; t < COUNT_OF(tries); t++) {
        Chart chart = lines_to(ends, 3);
        for (size_t s = 0; s < 3; s++)
            series[s].name = tries[t][s];
        chart_page_read(&page, &chart);
        for (size_t s = 0; s < 3; s++) {
            char text[40];
            snprintf(text, sizeof text, "%c %s", (char)('a' + s), series[s].name);
            assert_true(chart_page_count(&page, text) >= 1);
            assert_true(chart_page_letters(&page, (char)('a' + s)) > 0);
        }
    }
}

static void a_series_without_points_is_missing(void **state)
{
    (void)state;
    const double ends[] = {1, 4, 7, 6};
    const double nothing[] = {NAN, NAN};
    for (int under = 0; under < 2; under++) {
        Chart chart = lines_to(ends, 4);
        chart.columns = under ? 40 : 80;
        series[1] = (ChartSeries){"b-empty", "", NULL, NULL, 0};
        series[2].y = nothing;
        chart_page_read(&page, &chart);
        assert_contains(page.text[row_of("b-empty", 'b')], "missing");
        assert_contains(page.text[row_of("c-name02", 'c')], "missing");
        assert_int_equal(chart_page_letters(&page, 'b') + chart_page_letters(&page, 'c'), 0);
        assert_true(chart_page_letters(&page, 'a') > 0);
        assert_true(under || row_of("b-empty", 'b') > row_of("a-name00", 'a'));
    }
}

static void a_curve_that_ends_early_says_where(void **state)
{
    (void)state;
    const double ends[] = {1, 4, 7}, early[] = {0, 37};
    Chart chart = lines_to(ends, 3);
    series[1].x = early;
    chart_page_read(&page, &chart);
    assert_int_equal(chart_page_count(&page, " at "), 1);
    assert_contains(page.text[row_of(names[1], 'b')], "4.000 at 37");
    for (size_t s = 0; s < 3; s++) /* as in runs that are not done yet: they ended together */
        series[s].x = early;
    chart.x_high = 100;
    chart_page_read(&page, &chart);
    assert_int_equal(chart_page_count(&page, " at "), 0);
}

static void a_long_name_is_cut(void **state)
{
    (void)state;
    const double ends[] = {1, 4};
    Chart chart = lines_to(ends, 2);
    series[0].name = "äbcdefghijklmnopqrstuvwxyzäbcdefghijklmnopqrstuvwxyz";
    for (size_t columns = 40; columns <= 200; columns += 40) {
        chart.columns = columns;
        chart_page_read(&page, &chart);
        assert_contains(page.text[chart_page_find(&page, "äbcdefghi")], " 1.000");
        assert_contains(page.text[row_of("b-name01", 'b')], " 4.000");
    }
}

/* Arms of a comparison often differ at the ends of their names alone. */
static void names_that_would_be_cut_stand_in_full_under_the_plot(void **state)
{
    (void)state;
    const double ends[] = {1, 4};
    Chart chart = lines_to(ends, 2);
    series[0].name = "rope (learning_rate = 1e-3)";
    series[1].name = "rope (learning_rate = 2e-3)";
    for (size_t columns = 40; columns <= 200; columns += 40) {
        chart.columns = columns;
        chart_page_read(&page, &chart);
        bool is_cut = strlen(series[0].name) > columns / 4;
        for (size_t s = 0; s < 2; s++)
            assert_true((row_of(series[s].name, (char)('a' + s)) > page.bottom) == is_cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_series_is_named_once_with_its_last_value),
        cmocka_unit_test(names_stand_in_the_order_of_the_last_values),
        cmocka_unit_test(a_name_stands_beside_the_end_of_its_curve),
        cmocka_unit_test(names_of_curves_that_end_together_are_moved_apart_evenly),
        cmocka_unit_test(no_other_places_are_nearer_to_the_ends),
        cmocka_unit_test(names_that_begin_differently_give_the_letters),
        cmocka_unit_test(otherwise_the_letters_are_those_of_the_alphabet),
        cmocka_unit_test(a_series_without_points_is_missing),
        cmocka_unit_test(a_curve_that_ends_early_says_where),
        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(names_that_would_be_cut_stand_in_full_under_the_plot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
