/* test_tape_rules.c: tests of the checks of what every operation keeps to (tape_rules.c): an
 * operation that breaks a rule (planted.h) is found. */
#include "support/check.h"

#include "math/parallel.h"
#include "support/fixtures.h"
#include "support/planted.h"
#include "support/tape_rules.h"

static void a_result_that_depends_on_the_threads_is_found(void **state)
{
    Plan plan = plan_of(*state, NO_FAULT);
    Error error = {0};
    assert_true(threads_agree(planted, &plan, plan.inputs, 2, &error));
    plan.fault = THREADS_IN_RESULT;
    if (!parallel_available())
        skip();
    assert_false(threads_agree(planted, &plan, plan.inputs, 2, &error));
    assert_contains(error.text, "2 threads");
}

static void memory_that_was_not_measured_is_found(void **state)
{
    Plan plan = plan_of(*state, NO_FAULT);
    Error error = {0};
    assert_true(memory_is_as_measured(planted, &plan, &error));
    plan.fault = MEMORY_IN_FORWARD;
    assert_false(memory_is_as_measured(planted, &plan, &error));
    assert_contains(error.text, "were measured");
    plan.fault = MEMORY_IN_BACKWARD;
    assert_false(memory_is_as_measured(planted, &plan, &error));
    assert_contains(error.text, "backward pass");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_result_that_depends_on_the_threads_is_found),
        fixture_test(memory_that_was_not_measured_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
