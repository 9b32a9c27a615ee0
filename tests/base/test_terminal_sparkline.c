/* test_terminal_sparkline.c: tests of src/base/terminal.c: numbers as a row of bars. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/terminal.h"

static void assert_bars(const double *values, size_t count, size_t columns, const char *digits)
{
    char out[100];
    sparkline(out, sizeof out, values, count, columns, false);
    assert_string_equal(out, digits);
}

static void bars_go_from_the_lowest_to_the_highest(void **state)
{
    (void)state;
    const double rising[] = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    assert_bars(rising, 10, 10, "0123456789");
    char out[100];
    sparkline(out, sizeof out, rising, 8, 8, true);
    assert_string_equal(out, "▁▂▃▄▅▆▇█");
}

static void more_values_than_columns_are_averaged(void **state)
{
    (void)state;
    const double pairs[] = {0, 0, 8, 10, 4, 4};
    assert_bars(pairs, 6, 3, "094");
    const double five[] = {0, 9, 9, 3, 3}; /* the shares of two columns: 2 and 3 values */
    assert_bars(five, 5, 2, "09");
}

static void fewer_values_than_columns_have_a_bar_each(void **state)
{
    (void)state;
    const double values[] = {1, 2};
    assert_bars(values, 2, 40, "09");
    assert_bars(values, 0, 40, "");
    assert_bars(values, 2, 0, "");
}

static void equal_values_are_short_bars(void **state)
{
    (void)state;
    const double values[] = {5, 5, 5};
    assert_bars(values, 3, 3, "000");
}

static void what_is_not_finite_is_blank(void **state)
{
    (void)state;
    const double values[] = {1, NAN, 10, INFINITY, -INFINITY, 5.5};
    assert_bars(values, 6, 6, "0 9  5");
    const double half[] = {4, NAN, 4, 4, 0, 0, 8, 8};
    assert_bars(half, 8, 4, "5509"); /* a mean of one is as good as a mean of two */
    assert_bars(values + 3, 2, 2, "  ");
}

static void huge_values_do_not_overflow(void **state)
{
    (void)state;
    const double values[] = {-1.7e308, 1.7e308, 1.7e308, 1.7e308, 0, 0};
    assert_bars(values, 2, 2, "09");
    assert_bars(values, 6, 3, "090");
}

static void a_sparkline_is_cut_between_characters(void **state)
{
    (void)state;
    const double values[] = {0, 1, 2, 3};
    for (size_t size = 1; size <= 14; size++) {
        char out[20];
        memset(out, 'x', sizeof out);
        sparkline(out, size, values, 4, 4, true);
        size_t expected = (size - 1) / 3 * 3;
        assert_int_equal(strlen(out), expected < 12 ? expected : 12);
        assert_int_equal(out[size], 'x');
    }
    char untouched = 'x';
    sparkline(&untouched, 0, values, 4, 4, true);
    assert_int_equal(untouched, 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_go_from_the_lowest_to_the_highest),
        cmocka_unit_test(more_values_than_columns_are_averaged),
        cmocka_unit_test(fewer_values_than_columns_have_a_bar_each),
        cmocka_unit_test(equal_values_are_short_bars),
        cmocka_unit_test(what_is_not_finite_is_blank),
        cmocka_unit_test(huge_values_do_not_overflow),
        cmocka_unit_test(a_sparkline_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
