/* test_check.c: tests of the comparison that all tests rely on. */
#include "support/check.h"

#include <math.h>

static void numbers_within_the_tolerance_are_close_and_others_are_not(void **state)
{
    (void)state;
    assert_true(is_close(1, 1.5, 0.5) && is_close(1.5, 1, 0.5) && is_close(-1, -1, 0));
    assert_false(is_close(1, 1.5, 0.49) || is_close(1.5, 1, 0.49) || is_close(1, -1, 1));
}

static void nothing_is_close_to_nan_and_nothing_within_nan(void **state)
{
    (void)state;
    assert_false(is_close(NAN, 1, 1e-6) || is_close(1, NAN, 1e-6));
    assert_false(is_close(NAN, NAN, INFINITY) || is_close(1, 1, NAN));
}

static void an_infinity_is_close_to_itself_alone(void **state)
{
    (void)state;
    assert_true(is_close(INFINITY, INFINITY, 0) && is_close(-INFINITY, -INFINITY, 0));
    assert_false(is_close(INFINITY, -INFINITY, INFINITY) || is_close(INFINITY, 1e308, INFINITY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_within_the_tolerance_are_close_and_others_are_not),
        cmocka_unit_test(nothing_is_close_to_nan_and_nothing_within_nan),
        cmocka_unit_test(an_infinity_is_close_to_itself_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
