/* test_pace.c: tests of src/lab/pace.c. */
#include "support/check.h"

#include <math.h>

#include "lab/pace.h"

/* 4 at the start, 2 at step 100, 1 at step 300, 1.5 at step 400. */
static const Look looks[] = {{0, 4}, {100, 2}, {300, 1}, {400, 1.5}};
enum { COUNT = sizeof looks / sizeof *looks };

static void a_loss_is_reached_on_the_line_between_two_looks(void **state)
{
    (void)state;
    assert_close(pace_steps_to(looks, COUNT, 3), 50, 1e-9);
    assert_close(pace_steps_to(looks, COUNT, 1.25), 250, 1e-9);
    assert_close(pace_steps_to(looks, COUNT, 1), 300, 1e-9);
    assert_close(pace_steps_to(looks, COUNT, 2), 100, 1e-9);
}

static void a_loss_that_is_there_at_the_start_takes_no_steps(void **state)
{
    (void)state;
    assert_close(pace_steps_to(looks, COUNT, 5), 0, 0);
    assert_close(pace_steps_to(looks, COUNT, 4), 0, 0);
}

static void a_loss_that_is_never_reached_has_no_step(void **state)
{
    (void)state;
    assert_true(isnan(pace_steps_to(looks, COUNT, 0.99)));
    assert_true(isnan(pace_steps_to(looks, 0, 5)));
    assert_true(isnan(pace_steps_to(looks, COUNT, NAN)));
}

static void the_loss_between_two_looks_lies_on_a_line(void **state)
{
    (void)state;
    assert_close(pace_loss_at(looks, COUNT, 0), 4, 0);
    assert_close(pace_loss_at(looks, COUNT, 25), 3.5, 1e-12);
    assert_close(pace_loss_at(looks, COUNT, 200), 1.5, 1e-12);
    assert_close(pace_loss_at(looks, COUNT, 400), 1.5, 0);
}

static void there_is_no_loss_outside_of_the_looks(void **state)
{
    (void)state;
    assert_true(isnan(pace_loss_at(looks, COUNT, -1)));
    assert_true(isnan(pace_loss_at(looks, COUNT, 401)));
    assert_true(isnan(pace_loss_at(looks, COUNT, NAN)));
    assert_true(isnan(pace_loss_at(looks, 0, 0)));
    assert_true(isnan(pace_loss_at(looks + 1, COUNT - 1, 50)));
}

/* The time of a whole run, divided by the time of a step, is its last step but for rounding. */
static void a_step_behind_the_last_by_a_rounding_is_the_last(void **state)
{
    (void)state;
    assert_close(pace_loss_at(looks, COUNT, 400 * (1 + 1e-12)), 1.5, 0);
}

static void the_median_is_the_middle_number_or_the_mean_of_two(void **state)
{
    (void)state;
    assert_close(pace_median((double[]){9, 1, 5}, 3), 5, 0);
    assert_close(pace_median((double[]){9, 1, 5, 2}, 4), 3.5, 0);
    assert_close(pace_median((double[]){7}, 1), 7, 0);
    assert_true(isnan(pace_median(NULL, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loss_is_reached_on_the_line_between_two_looks),
        cmocka_unit_test(a_loss_that_is_there_at_the_start_takes_no_steps),
        cmocka_unit_test(a_loss_that_is_never_reached_has_no_step),
        cmocka_unit_test(the_loss_between_two_looks_lies_on_a_line),
        cmocka_unit_test(there_is_no_loss_outside_of_the_looks),
        cmocka_unit_test(a_step_behind_the_last_by_a_rounding_is_the_last),
        cmocka_unit_test(the_median_is_the_middle_number_or_the_mean_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
