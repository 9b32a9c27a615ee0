/* test_findings_pace.c: tests of src/lab/findings.c: in how many steps a loss is reached, and which
 * loss in how much time. */
#include "support/check.h"

#include <math.h>

#include "lab/findings.h"
#include "support/experiment_case.h"
#include "support/fixtures.h"
#include "support/three_schemes.h"

/* --- steps --- */

static void the_stated_loss_is_what_every_arm_reaches_in_the_mean(void **state)
{
    ExperimentCase *made = *state;
    write_three_schemes(made); /* the highest mean is that of none: 2.105 */
    assert_close(findings_of(made, NAN).stated_loss, 2.11, 1e-12);
    assert_close(findings_of(made, 1.75).stated_loss, 1.75, 0);
}

/* From 3 at step 10 to the last loss at step 20: 2.11 is reached on that line. */
static void steps_are_counted_of_the_runs_that_reach_the_stated_loss(void **state)
{
    ExperimentCase *made = *state;
    write_three_schemes(made);
    Findings findings = findings_of(made, 2.11);
    Sample none = findings.arms[NONE].steps_to_reach.over_seeds; /* 2.2 and 2.115 do not */
    assert_int_equal(none.n, 1);
    assert_close(none.mean, 10 + 10 * 0.89 / 1.0, 1e-9);
    double a = 10 + 10 * 0.89 / 2, b = 10 + 10 * 0.89 / 1.75;
    assert_estimate(findings.arms[ROPE].steps_to_reach, 2, (a + b) / 2, T1 * fabs(a - b) / 2);
    findings = findings_of(made, 0.5);
    assert_true(isnan(findings.arms[ROPE].steps_to_reach.over_seeds.mean));
    assert_int_equal(findings.arms[ROPE].steps_to_reach.over_seeds.n, 0);
}

/* 1.25 is reached after 1.75 / 2 of the last ten steps, and at the very last of 20. */
static void no_interval_of_steps_leaves_those_of_a_run(void **state)
{
    ExperimentCase *made = *state;
    write_three_schemes(made);
    Estimate steps = findings_of(made, 1.25).arms[ROPE].steps_to_reach;
    double a = 10 + 10 * 1.75 / 2, b = 20;
    assert_int_equal(steps.over_seeds.n, 2);
    assert_true(steps.over_seeds.mean + T1 * (b - a) / 2 > MADE_STEPS);
    assert_close(steps.interval.low, (a + b) / 2 - T1 * (b - a) / 2, 1e-4);
    assert_close(steps.interval.high, MADE_STEPS, 0);
}

/* --- time --- */

/* none: 20 steps of 1 ms. rope takes 2 ms a step, so it is at step 10 by then. */
static void loss_at_equal_time_is_that_at_the_end_of_the_fastest_arm(void **state)
{
    ExperimentCase *made = *state;
    lay_out(made);
    for (size_t seed = 0; seed < 2; seed++) {
        double more = 0.5 * (double)seed;
        write_run(made, 0, seed, (MadeRun){.loss = {4, 3, 2 + more}, .ms = 1, .threads = 1});
        write_run(made, 1, seed, (MadeRun){.loss = {4, 2.5 + more, 1}, .ms = 2, .threads = 1});
    }
    Findings findings = findings_of(made, NAN);
    assert_close(findings.equal_time, 0.020, 1e-12);
    assert_estimate(findings.arms[0].loss_at_time, 2, 2.25, T1 * 0.25);
    assert_estimate(findings.arms[1].loss_at_time, 2, 2.75, T1 * 0.25);
}

static void the_pace_is_the_median_of_the_runs(void **state)
{
    ExperimentCase *made = *state;
    static const double ms[] = {3, 50, 2, 4};
    made->request.n_seeds = COUNT_OF(ms);
    lay_out(made);
    for (size_t seed = 0; seed < COUNT_OF(ms); seed++)
        write_run(made, 0, seed, (MadeRun){.loss = {4, 3, 2}, .ms = ms[seed], .threads = 1});
    Findings findings = findings_of(made, NAN);
    assert_close(findings.arms[0].ms_per_step, 3.5, 1e-9);
    assert_int_equal(findings.arms[0].threads, 1);
}

/* Times of runs on several threads do not compare with those on one. */
static void runs_on_one_thread_make_the_pace_where_there_are_any(void **state)
{
    ExperimentCase *made = *state;
    static const struct {
        double ms[3];
        size_t threads[3], expected_threads;
        double expected;
    } cases[] = {
        {{8, 5, 2}, {1, 2, 1}, 1, 5 /* of 8 and 2 */},
        {{4, 5, 9}, {2, 2, 2}, 2, 5},
        {{4, 5, 9}, {2, 3, 3}, 0, 5},
        {{4, 5, 9}, {3, 2, 3}, 0, 5},
        {{9, 8, 0}, {4, 1, 4}, 1, 8},
    };
    made->request.pos = "rope";
    made->request.n_seeds = 3;
    lay_out(made);
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        for (size_t seed = 0; seed < 3; seed++)
            write_run(made, 0, seed,
                      (MadeRun){.loss = {4, 3, 2},
                                .ms = cases[c].ms[seed],
                                .threads = cases[c].threads[seed]});
        Findings findings = findings_of(made, NAN);
        assert_close(findings.arms[0].ms_per_step, cases[c].expected, 1e-9);
        assert_int_equal(findings.arms[0].threads, cases[c].expected_threads);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        experiment_test(the_stated_loss_is_what_every_arm_reaches_in_the_mean),
        experiment_test(steps_are_counted_of_the_runs_that_reach_the_stated_loss),
        experiment_test(no_interval_of_steps_leaves_those_of_a_run),
        experiment_test(loss_at_equal_time_is_that_at_the_end_of_the_fastest_arm),
        experiment_test(the_pace_is_the_median_of_the_runs),
        experiment_test(runs_on_one_thread_make_the_pace_where_there_are_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
