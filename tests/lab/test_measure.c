/* test_measure.c: tests of src/lab/claims/measure.c. */
#include "support/check.h"

#include <math.h>

#include "lab/claims/measure.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interval_is_written_with_its_ends),
        cmocka_unit_test(one_seed_has_no_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
