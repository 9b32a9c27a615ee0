/* test_chart_curves.c: tests of src/base/chart_curves.c: where curves are drawn, seen through
 * chart_append. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "support/chart_page.h"
#include "support/fixtures.h"

static ChartPage page;

enum { MOST_POINTS = 500 };

/* A number in [0, 1). */
static double chance(uint64_t seed, uint64_t i)
{
    return (double)(random_bits(random_seed(seed), i) >> 11) * 0x1p-53;
}

static Chart chart_of(const ChartSeries *series, size_t n_series, bool unicode)
{
    Chart chart = chart_page_chart(series, n_series);
    chart.unicode = unicode;
    return chart;
}

static void read_curve(const double *x, const double *y, size_t count, bool unicode)
{
    ChartSeries series = {"curve", "", x, y, count};
    Chart chart = chart_of(&series, 1, unicode);
    chart_page_read(&page, &chart);
}

/* Is the curve drawn at this place? On the border between two dots, either will do. */
static bool shows(double row, double column)
{
    const double hair = 1e-6;
    return chart_page_shows(&page, row - hair, column - hair, 'c') ||
           chart_page_shows(&page, row - hair, column + hair, 'c') ||
           chart_page_shows(&page, row + hair, column - hair, 'c') ||
           chart_page_shows(&page, row + hair, column + hair, 'c');
}

static void check_points(const double *x, const double *y, size_t count, bool unicode)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    read_curve(x, y, count, unicode);
    for (size_t i = 0; i < count; i++) {
        double row = chart_page_row(&page, y[i]);
        double column = chart_page_column(&page, (x[i] - low) / (high - low));
        assert_true(shows(row, column));
    }
}

static void each_point_is_drawn_where_it_belongs(void **state)
{
    (void)state;
    double x[MOST_POINTS], y[MOST_POINTS];
    for (uint64_t seed = 0; seed < 40; seed++) {
        size_t count = 2 + (size_t)(chance(seed, 0) * 60) * (1 + seed % 8);
        double size = pow(10, 20 * chance(seed, 1) - 10), shift = size * chance(seed, 2);
        for (size_t i = 0; i < count; i++) {
            x[i] = size * (double)i / 7 + shift;
            y[i] = size * (chance(seed, 10 + i) - 0.5);
        }
        check_points(x, y, count, false);
        check_points(x, y, count, true);
    }
}

static void points_in_any_order_are_drawn_where_they_belong(void **state)
{
    (void)state;
    double x[30], y[30];
    for (size_t i = 0; i < 30; i++) {
        x[i] = 100 * chance(1, i);
        y[i] = chance(2, i);
    }
    check_points(x, y, 30, false);
    check_points(x, y, 30, true);
}

static void between_two_points_the_line_is_straight(void **state)
{
    (void)state;
    const double x[] = {0, 1}, y[] = {3, -2};
    for (int unicode = 0; unicode < 2; unicode++) {
        read_curve(x, y, 2, unicode);
        size_t dots = (unicode ? 2 : 1) * (page.right - page.left);
        for (size_t d = 1; d + 1 < dots; d++) { /* the middles of the columns of dots */
            double column = (double)page.left - 0.5 + ((double)d + 0.5) / (unicode ? 2 : 1);
            double share = (column - (double)page.left) / (double)(page.right - page.left - 1);
            double row = chart_page_row(&page, 3 - 5 * share);
            assert_true(shows(row, column));
        }
    }
}

/* From the top; first > last where nothing is drawn in the column. */
typedef struct Rows {
    size_t first, last;
} Rows;

static Rows rows_in(size_t column)
{
    Rows rows = {SIZE_MAX, 0};
    for (size_t row = page.top; row < page.bottom; row++)
        if (page.cells[row][column] != ' ') {
            rows.first = rows.first < row ? rows.first : row;
            rows.last = row;
        }
    return rows;
}

static void a_curve_that_falls_is_drawn_falling_and_unbroken(void **state)
{
    (void)state;
    double x[MOST_POINTS], y[MOST_POINTS];
    for (uint64_t seed = 0; seed < 30; seed++) {
        size_t count = 2 + (size_t)(chance(seed, 0) * 200);
        y[0] = 4;
        for (size_t i = 0; i < count; i++) {
            x[i] = (double)i;
            y[i] = i == 0 ? 4 : y[i - 1] - pow(chance(seed, 1 + i), 8);
        }
        read_curve(x, y, count, seed % 2);
        for (size_t column = page.left; column < page.right; column++) {
            Rows here = rows_in(column), next = rows_in(column + 1);
            assert_true(here.first <= here.last);
            for (size_t row = here.first; row <= here.last; row++)
                assert_true(page.cells[row][column] != ' ');
            if (column + 1 == page.right)
                continue;
            assert_true(here.first <= next.first && here.last <= next.last);
            assert_true(next.first <= here.last + 1);
        }
    }
}

static void a_missing_number_is_a_gap(void **state)
{
    (void)state;
    const double missing[] = {NAN, INFINITY, -INFINITY, 1e100, -1e100};
    for (size_t m = 0; m < COUNT_OF(missing); m++) {
        const double x[] = {0, 1, 2, 3, 4}, y[] = {1, 2, missing[m], 2, 1};
        read_curve(x, y, 5, m % 2);
        for (size_t column = page.left; column < page.right; column++) {
            double share = (double)(column - page.left) / (double)(page.right - page.left - 1);
            bool in_gap = share > 0.27 && share < 0.73;
            if (in_gap)
                assert_true(rows_in(column).first > rows_in(column).last);
            else if (share < 0.23 || share > 0.77)
                assert_true(rows_in(column).first <= rows_in(column).last);
        }
    }
}

static void curves_that_run_together_take_turns(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2}, falling[] = {5, 1, 1}, flat[] = {1, 1, 1};
    for (size_t n = 2; n <= 5; n++)
        for (int shape = 0; shape < 2; shape++) {
            const double *y = shape == 0 ? falling : flat;
            ChartSeries series[5];
            for (size_t s = 0; s < n; s++)
                series[s] =
                    (ChartSeries){(const char *[]){"v", "w", "x", "y", "z"}[s], "", x, y, 3};
            Chart chart = chart_of(series, n, false);
            chart_page_read(&page, &chart);
            size_t all = chart_page_marks(&page);
            for (size_t s = 0; s < n; s++) {
                size_t share = chart_page_letters(&page, series[s].name[0]);
                assert_true(share == all / n || share == all / n + 1);
            }
        }
}

static void flat_curves_that_run_together_alternate_by_column(void **state)
{
    (void)state;
    const double x[] = {0, 1}, y[] = {1, 1};
    const ChartSeries series[] = {{"u", "", x, y, 2}, {"v", "", x, y, 2}, {"w", "", x, y, 2}};
    Chart chart = chart_of(series, 3, false);
    chart_page_read(&page, &chart);
    Rows rows = rows_in(page.left);
    assert_int_equal(rows.first, rows.last);
    for (size_t c = page.left; c + 3 < page.right; c++) {
        const uint32_t *cell = &page.cells[rows.first][c];
        assert_int_equal(cell[0], cell[3]);
        assert_true(cell[0] != cell[1] && cell[1] != cell[2] && cell[0] != cell[2]);
    }
}

/* With fine dots the letters are few: on the last point, and then on those that are far enough. */
static void a_line_of_dots_bears_its_letter_on_its_points(void **state)
{
    (void)state;
    double x[200], y[200];
    for (size_t i = 0; i < 200; i++) {
        x[i] = (double)i;
        y[i] = 1 / (1 + x[i]);
    }
    const double far_x[] = {0, 1, 2, 3}, far_y[] = {4, 3, 1, 2};
    read_curve(far_x, far_y, 4, true);
    assert_int_equal(chart_page_letters(&page, 'c'), 4);
    for (size_t i = 0; i < 4; i++) {
        size_t row = (size_t)floor(chart_page_row(&page, far_y[i]) + 0.5);
        size_t column = (size_t)floor(chart_page_column(&page, far_x[i] / 3) + 0.5);
        assert_int_equal(page.cells[row][column], 'c');
    }
    read_curve(x, y, 200, true);
    size_t letters = chart_page_letters(&page, 'c'), columns = page.right - page.left;
    assert_int_equal(letters, (columns + 5) / 6);
    size_t row = (size_t)floor(chart_page_row(&page, y[199]) + 0.5);
    assert_int_equal(page.cells[row][page.right - 1], 'c');
}

/* Points that are nearer to each other than letters may be. */
static void a_letter_stands_on_a_point_and_nowhere_else(void **state)
{
    (void)state;
    double x[20], y[20];
    for (size_t count = 2; count <= 20; count++) {
        for (size_t i = 0; i < count; i++) {
            x[i] = (double)i;
            y[i] = chance(count, i);
        }
        read_curve(x, y, count, true);
        size_t on_points = 0;
        for (size_t i = 0; i < count; i++) {
            double column = chart_page_column(&page, x[i] / (double)(count - 1));
            size_t row = (size_t)floor(chart_page_row(&page, y[i]) + 0.5);
            on_points += page.cells[row][(size_t)floor(column + 0.5)] == 'c';
        }
        assert_int_equal(on_points, chart_page_letters(&page, 'c'));
        assert_true(on_points >= (count < 8 ? count : 6));
    }
}

static void what_leaves_the_range_of_x_is_cut_at_its_ends(void **state)
{
    (void)state;
    const double x[] = {-10, 0.5, 30}, y[] = {1000, 1, -1000};
    ChartSeries series = {"curve", "", x, y, 3};
    for (int unicode = 0; unicode < 2; unicode++) {
        Chart chart = chart_of(&series, 1, unicode);
        chart.x_low = 0;
        chart.x_high = 1;
        chart_page_read(&page, &chart);
        double column = chart_page_column(&page, 0.5);
        assert_true(shows(chart_page_row(&page, 1), column));
        assert_true(chart_page_row(&page, 1000) < (double)page.top); /* does not count for y */
        assert_int_equal(chart_page_count(&page, "up to"), 0);
    }
}

static void each_curve_has_its_colour(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2}, a[] = {1, 2, 3}, b[] = {3, 2, 1};
    const ChartSeries series[] = {{"able", "\033[31m", x, a, 3}, {"bad", "\033[32m", x, b, 3}};
    const ChartSeries plain[] = {{"able", "", x, a, 3}, {"bad", NULL, x, b, 3}};
    static ChartPage without;
    Chart chart = chart_of(series, 2, false), uncoloured = chart_of(plain, 2, false);
    chart_page_read(&page, &chart);
    chart_page_read(&without, &uncoloured);
    for (size_t row = 0; row < page.n_rows; row++)
        assert_string_equal(page.text[row], without.text[row]);
    for (size_t row = page.top; row < page.bottom; row++)
        for (size_t column = page.left; column < page.right; column++) {
            uint32_t cell = page.cells[row][column];
            const char *colour = cell == 'a' ? "\033[31m" : cell == 'b' ? "\033[32m" : NULL;
            if (colour != NULL)
                assert_string_equal(page.colours[row][column], colour);
            assert_string_equal(without.colours[row][column], "");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_point_is_drawn_where_it_belongs),
        cmocka_unit_test(points_in_any_order_are_drawn_where_they_belong),
        cmocka_unit_test(between_two_points_the_line_is_straight),
        cmocka_unit_test(a_curve_that_falls_is_drawn_falling_and_unbroken),
        cmocka_unit_test(a_missing_number_is_a_gap),
        cmocka_unit_test(curves_that_run_together_take_turns),
        cmocka_unit_test(flat_curves_that_run_together_alternate_by_column),
        cmocka_unit_test(a_line_of_dots_bears_its_letter_on_its_points),
        cmocka_unit_test(a_letter_stands_on_a_point_and_nowhere_else),
        cmocka_unit_test(what_leaves_the_range_of_x_is_cut_at_its_ends),
        cmocka_unit_test(each_curve_has_its_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
