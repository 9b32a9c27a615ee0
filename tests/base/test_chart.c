/* test_chart.c: tests of src/base/chart.c: what stands where, sizes, and whatever a caller may have
 * to draw. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "support/chart_page.h"
#include "support/fixtures.h"

static ChartPage page;

static double steps[TRAINING_STEPS], losses[TRAINING_STEPS];

static void check_range(Chart *chart, double low, double high, size_t begin, size_t end)
{
    chart->range_low = low;
    chart->range_high = high;
    chart_page_read(&page, chart);
    size_t row = page.bottom + 2;
    const uint32_t *cells = page.cells[row];
    assert_contains(page.text[row], "trained on");
    for (size_t column = 0; column < begin; column++)
        assert_int_equal(cells[column], ' ');
    assert_int_equal(cells[begin], '|');
    assert_int_equal(cells[end], '|');
    bool inside = chart_page_column_of(&page, row, "trained on") < end;
    assert_int_equal(page.columns[row] - 1, inside ? end : end + 1 + strlen("trained on"));
}

static void a_range_is_marked_from_end_to_end(void **state)
{
    (void)state;
    ChartSeries series = chart_page_training(steps, losses);
    Chart chart = chart_page_chart(&series, 1);
    chart.range_name = "trained on";
    chart_page_read(&page, &chart);
    size_t left = page.left, last = page.right - 1;
    size_t half = (size_t)floor(chart_page_column(&page, 0.5) + 0.5);
    size_t tenth = (size_t)floor(chart_page_column(&page, 0.1) + 0.5);
    check_range(&chart, 0, 100, left, half);
    check_range(&chart, 100, 200, half, last);
    check_range(&chart, -50, 900, left, last);
    check_range(&chart, 0, 20, left, tenth);
    check_range(&chart, 20, 20, tenth, tenth);
}

/* --- sizes and odd data --- */

static void no_chart_is_larger_than_it_may_be(void **state)
{
    (void)state;
    ChartSeries series[20];
    for (size_t s = 0; s < 20; s++)
        series[s] = chart_page_training(steps, losses);
    for (size_t n = 0; n <= 20; n += 4)
        for (size_t columns = 40; columns <= 120; columns += 8)
            for (size_t rows = 11; rows <= 44; rows += 3) {
                Chart chart = chart_page_chart(series, n);
                chart.columns = columns;
                chart.rows = rows;
                chart.unicode = rows % 2;
                chart.range_name = columns % 16 == 0 ? "a range of a rather long name" : NULL;
                chart.y_name = "a name of the axis of y that is longer than the page is wide, "
                               "which happens where the page is narrow";
                chart.x_name = chart.y_name;
                chart_page_read(&page, &chart);
                assert_true(chart_page_count(&page, "a name of the axis") == 2);
                bool names_fit = 10 * n < columns && rows > 11 + n;
                assert_true(page.n_rows == rows || (!names_fit && page.n_rows > rows));
            }
}

static void sizes_that_are_too_small_are_raised(void **state)
{
    (void)state;
    ChartSeries series = chart_page_training(steps, losses);
    Chart chart = chart_page_chart(&series, 1);
    chart.columns = chart.rows = 0;
    chart_page_read(&page, &chart);
    assert_true(page.n_rows >= CHART_MIN_ROWS);
}

static void a_chart_of_nothing_has_axes(void **state)
{
    (void)state;
    Chart chart = chart_page_chart(NULL, 0);
    chart_page_read(&page, &chart);
    assert_int_equal(chart_page_marks(&page), 0);
    chart.x_is_log = true;
    chart_page_read(&page, &chart);
    assert_int_equal(chart_page_marks(&page), 0);
}

static void a_single_point_is_drawn(void **state)
{
    (void)state;
    const double values[] = {0, 1.5, -7, 1e-300, 9e99, -9e99, 5e-324};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        for (size_t j = 0; j < COUNT_OF(values); j++) {
            ChartSeries series = {"a", "", &values[i], &values[j], 1};
            Chart chart = chart_page_chart(&series, 1);
            chart.unicode = (i + j) % 2;
            chart_page_read(&page, &chart);
            assert_int_equal(chart_page_marks(&page), 1);
            assert_int_equal(chart_page_letters(&page, 'a'), 1);
            chart.x_is_log = true;
            chart_page_read(&page, &chart);
            assert_int_equal(chart_page_marks(&page), values[i] > 1e-100);
        }
}

static void equal_values_are_a_level_line(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3}, values[] = {0, 2.5, -1e80, 1e-90};
    for (size_t v = 0; v < COUNT_OF(values); v++) {
        const double y[] = {values[v], values[v], values[v]};
        ChartSeries series = {"a", "", x, y, 3};
        Chart chart = chart_page_chart(&series, 1);
        chart_page_read(&page, &chart);
        assert_int_equal(chart_page_marks(&page), page.right - page.left);
    }
}

/* A double of any kind: a number of any size, infinite, or none at all. */
static double any_double(uint64_t seed, uint64_t i)
{
    uint64_t bits = random_bits(random_seed(seed), 2 * i);
    if (random_bits(random_seed(seed), 2 * i + 1) % 4 != 0)
        bits = (bits & ~(UINT64_C(0x7ff) << 52)) | (UINT64_C(1021) + bits % 5) << 52;
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static void whatever_the_numbers_a_chart_is_drawn(void **state)
{
    (void)state;
    static double x[8][12], y[8][12];
    for (uint64_t seed = 0; seed < 1500; seed++) {
        ChartSeries series[8];
        for (size_t s = 0; s < 8; s++) {
            for (size_t i = 0; i < 12; i++) {
                x[s][i] = any_double(seed, 40 * s + i);
                y[s][i] = any_double(seed, 40 * s + i + 20);
            }
            series[s] = (ChartSeries){"a name", "", x[s], y[s], (seed + s) % 13};
        }
        Chart chart = chart_page_chart(series, 1 + seed % 8);
        chart.unicode = seed % 2;
        chart.x_is_log = seed % 3 == 0;
        chart.cut_fall = seed % 5 < 2;
        chart.columns = 40 + seed % 60;
        chart.range_name = seed % 7 < 2 ? "range" : NULL;
        chart.range_low = any_double(seed, 1000);
        chart.range_high = any_double(seed, 1001);
        chart.x_low = seed % 4 == 0 ? any_double(seed, 1002) : 0;
        chart.x_high = seed % 4 == 0 ? any_double(seed, 1003) : 0;
        chart.x_ticks = x[0];
        chart.n_x_ticks = seed % 11 < 3 ? 12 : 0;
        chart_page_read(&page, &chart);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_is_marked_from_end_to_end),
        cmocka_unit_test(no_chart_is_larger_than_it_may_be),
        cmocka_unit_test(sizes_that_are_too_small_are_raised),
        cmocka_unit_test(a_chart_of_nothing_has_axes),
        cmocka_unit_test(a_single_point_is_drawn),
        cmocka_unit_test(equal_values_are_a_level_line),
        cmocka_unit_test(whatever_the_numbers_a_chart_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
