/* test_check.c: tests of the comparison that all tests rely on. */
#include "support/check.h"

#include <float.h>
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

/* The neighbours of 1 are 2^-23 above and 2^-24 below, those of the largest number 2^104 apart, and
 * all up to 2^-125 stand 2^-149 apart. */
static void an_ulp_is_the_distance_between_neighbours(void **state)
{
    (void)state;
    assert_true(ulp_error(1.0f, 1) == 0 && ulp_error(1.0f, 1.25) == 0x1p21);
    assert_true(ulp_error(1.0f, 1 + 0x1p-23L) == 1 && ulp_error(1.0f, 1 + 0x1p-25L) == 0.25);
    assert_true(ulp_error(1.0f, 1 - 0x1p-24L) == 1 && ulp_error(1 - 0x1p-24f, 1) == 0.5);
    assert_true(ulp_error(-3.0f, -3 - 0x1p-22L) == 1 && ulp_error(3.0f, -3) == 3 * 0x1p23);
    assert_true(ulp_error(FLT_MAX, 0x1.fffffcp127L) == 1);
    const float lowest[] = {0x1p-126f, 0x1p-127f, 0x1p-149f, 0};
    for (size_t i = 0; i < sizeof lowest / sizeof *lowest; i++)
        assert_true(ulp_error(lowest[i], (long double)lowest[i] + 0x1p-148L) == 2);
    assert_true(ulp_error(1.0, 1 + 0x1p-52L) == 1 && ulp_error(0.0, 0x1p-1074L) == 1);
    assert_true(ulp_error(0.0f, -0.0L) == 0);
}

static void a_nan_is_infinitely_far_and_so_is_a_wrong_infinity(void **state)
{
    (void)state;
    assert_true(isinf(ulp_error(NAN, 1)) && isinf(ulp_error(1.0f, (long double)NAN)));
    assert_true(isinf(ulp_error((float)NAN, (long double)NAN)));
    assert_true(isinf(ulp_error(INFINITY, 1e38)) && isinf(ulp_error(1.0f, (long double)INFINITY)));
    assert_true(isinf(ulp_error((double)INFINITY, -(long double)INFINITY)));
    assert_true(ulp_error((double)-INFINITY, -(long double)INFINITY) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_within_the_tolerance_are_close_and_others_are_not),
        cmocka_unit_test(nothing_is_close_to_nan_and_nothing_within_nan),
        cmocka_unit_test(an_infinity_is_close_to_itself_alone),
        cmocka_unit_test(an_ulp_is_the_distance_between_neighbours),
        cmocka_unit_test(a_nan_is_infinitely_far_and_so_is_a_wrong_infinity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
