/* test_findings.c: tests of src/lab/findings.c, on a small table of runs that are written by hand:
 * losses, and what is said of them. Steps and time are in test_findings_pace.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lab/findings.h"
#include "support/experiment_case.h"
#include "support/fixtures.h"
#include "support/three_schemes.h"

/* --- losses --- */

/* 1.7, 1.9, 1.8: a standard deviation of 0.1. 1.0 and 1.25: 0.25 / sqrt(2). */
static void a_mean_over_the_finished_runs_stands_with_its_interval(void **state)
{
    ExperimentCase *made = *state;
    write_three_schemes(made);
    Findings findings = findings_of(made, NAN);
    const ArmFindings *arms = findings.arms;
    assert_estimate(arms[LEARNED].val_loss, 3, 1.8, T2 * 0.1 / sqrt(3));
    assert_estimate(arms[LEARNED].train_loss, 3, 1.3, T2 * 0.1 / sqrt(3));
    assert_estimate(arms[ROPE].val_loss, 2, 1.125, T1 * 0.125);
    assert_true(isnan(arms[ROPE].exact.over_seeds.mean));
    assert_int_equal(arms[LEARNED].parameters, 900);
    assert_int_equal(arms[LEARNED].pos_parameters, 10 * LEARNED);
}

/* Windows of 4 positions, and one head: ALiBi's slope is then 2^-8. */
static void an_arm_says_what_its_scheme_says_of_such_a_model(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "none,alibi,rope";
    lay_out(made);
    Findings findings = findings_of(made, NAN);
    assert_string_equal(findings.arms[0].says, "");
    assert_string_equal(findings.arms[1].says, "scores fall by 0.0156 over 4 tokens");
    assert_contains(findings.arms[2].says, "base 10000");
}

/* What is found of rope, with two seeds that have these shares all right. */
static Findings findings_of_shares(ExperimentCase *made, double first, double second)
{
    lay_out(made);
    for (size_t seed = 0; seed < 2; seed++) {
        const Trial *trial = experiment_trial(&made->experiment, 1, seed);
        RunFiles files = files_of(made, trial, (MadeRun){.loss = {4, 3, 2}});
        files.result =
            case_text(made, RESULT_HEAD "20,2,nan,%.17g,900,0\n", seed == 0 ? first : second);
        write_files(trial, files);
    }
    return findings_of(made, NAN);
}

static void the_share_that_is_all_right_is_a_mean_too(void **state)
{
    Findings findings = findings_of_shares(*state, 0.48, 0.52);
    assert_estimate(findings.arms[1].exact, 2, 0.5, T1 * 0.02);
    assert_true(isnan(findings.arms[1].train_loss.over_seeds.mean));
}

/* 0.5 +- 12.7062 * 0.25 */
static void a_share_and_its_interval_stay_within_0_and_1(void **state)
{
    Estimate exact = findings_of_shares(*state, 0.25, 0.75).arms[1].exact;
    assert_close(exact.over_seeds.mean, 0.5, 1e-12);
    assert_true(exact.interval.low == 0 && exact.interval.high == 1);
}

static void lengths_of_a_task_come_before_what_is_not_shown(void **state)
{
    ExperimentCase *made = *state;
    made->request.n_common = 0;
    add_common(made, "task", "kback");
    add_common(made, "max_iters", "20");
    add_common(made, "out_dir", made->folder);
    lay_out(made);
    for (size_t t = 0; t < 4; t++) {
        const Trial *trial = made->experiment.trials[t];
        RunFiles files = files_of(made, trial, (MadeRun){.loss = {4, 3, 2}});
        files.exam = t < 2 ? EXAM_HEAD "40,40,no,512,1,0.25\n" : EXAM_HEAD "40,40,no,512,1,0.5\n";
        write_files(trial, files);
    }
    Findings findings = findings_of(made, NAN);
    assert_contains(findings.headline, "Which scheme is best is not shown: the loss of none came");
    static const char first[] = "All right at 40 symbols, of 512 sequences (training ended at 20): "
                                "rope 50.0 %, none 25.0 %.\nWhether any are ";
    assert_memory_equal(findings.caveats, first, strlen(first));
}

static void runs_that_are_not_there_are_left_out_and_told(void **state)
{
    ExperimentCase *made = *state;
    write_three_schemes(made);
    Findings findings = findings_of(made, NAN);
    assert_int_equal(findings.finished, 8);
    assert_int_equal(findings.arms[LEARNED].finished, 3);
    assert_int_equal(findings.arms[ROPE].finished, 2);
    assert_string_equal(findings.runs[3 * ROPE + 2].gone, "not begun");
    assert_contains(findings.caveats, "Without a loss: 1 of the 3 runs of rope.\n");
    assert_int_equal(comparison_pair(&findings.comparison, ROPE, NONE).difference.n, 2);
}

static void the_lowest_mean_comes_first_and_what_has_none_last(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "none,learned,sinusoidal,relative,t5,alibi,rope";
    made->request.n_seeds = 1;
    lay_out(made);
    static const double loss[] = {2, 0, 1.5, 2, 1, 0, 1.5}; /* 0: that run is not there */
    static const size_t expected[] = {4, 2, 6, 0, 3, 1, 5};
    for (size_t arm = 0; arm < COUNT_OF(loss); arm++)
        if (loss[arm] > 0)
            write_loss(made, arm, 0, loss[arm]);
    Findings findings = findings_of(made, NAN);
    for (size_t place = 0; place < COUNT_OF(expected); place++)
        assert_int_equal(findings.order[place], expected[place]);
}

/* The differences of the two seeds in common are 0.999 and 0.998. */
static void the_headline_is_one_line_and_the_rest_stands_apart(void **state)
{
    ExperimentCase *made = *state;
    made->request.n_seeds = 3;
    lay_out(made);
    for (size_t seed = 0; seed < 3; seed++) {
        write_loss(made, 0, seed, 3 + 0.25 * (double)seed);
        if (seed > 0)
            write_loss(made, 1, seed, 2 + 0.251 * (double)seed);
    }
    Findings findings = findings_of(made, NAN);
    assert_contains(findings.headline,
                    "rope leads: the loss of rope is 0.9985 nats below that of none");
    assert_null(strchr(findings.headline, '\n'));
    assert_string_equal(findings.caveats, "Without a loss: 1 of the 3 runs of rope.\n");
    assert_string_equal(findings.names[0], "none");
    assert_string_equal(findings.names[1], "rope");
}

static void without_any_run_nothing_is_found(void **state)
{
    ExperimentCase *made = *state;
    lay_out(made);
    Findings findings = findings_of(made, NAN);
    assert_int_equal(findings.finished, 0);
    assert_int_equal(findings.n_builds, 0);
    assert_int_equal(findings.n_contexts, 0);
    assert_true(isnan(findings.stated_loss) && isnan(findings.equal_time));
    assert_string_equal(findings.headline, "Nothing is shown: no run has a loss.");
    assert_string_equal(findings.caveats, "");
    for (size_t arm = 0; arm < 2; arm++) {
        assert_int_equal(findings.order[arm], arm);
        assert_true(isnan(findings.arms[arm].ms_per_step));
        assert_true(isnan(findings.arms[arm].loss_at_time.over_seeds.mean));
        assert_int_equal(findings.by_step[arm].n_points, 0);
    }
}

/* --- what made it --- */

static void each_build_that_made_a_finished_run_counts_once(void **state)
{
    ExperimentCase *made = *state;
    static const char *const builds[2][3] = {{"b", "a", "b"}, {"c", "a", "d"}};
    made->request.n_seeds = 3;
    lay_out(made);
    for (size_t t = 0; t < 6; t++)
        write_run(made, t / 3, t % 3, (MadeRun){.loss = {4, 3, 2}, .build = builds[t / 3][t % 3]});
    const Trial *unfinished = experiment_trial(&made->experiment, 1, 2); /* by d */
    assert_int_equal(remove(unfinished->run.result), 0);
    Findings findings = findings_of(made, NAN);
    static const char *const expected[] = {"b", "a", "c"};
    assert_int_equal(findings.n_builds, COUNT_OF(expected));
    for (size_t b = 0; b < COUNT_OF(expected); b++)
        assert_string_equal(findings.builds[b], expected[b]);
}

/* The curves have a test of their own; these belong to the runs at hand. */
static void curves_are_those_of_the_runs(void **state)
{
    ExperimentCase *made = *state;
    write_three_schemes(made);
    Findings findings = findings_of(made, NAN);
    assert_int_equal(findings.by_step[LEARNED].n_points, MADE_LOOKS);
    assert_close(findings.by_step[LEARNED].points[2].mean, 1.8, 1e-12);
    assert_int_equal(findings.n_contexts, 2);
    assert_int_equal(findings.same_targets, 40);
    const ContextFinding *found = &findings.by_context[LEARNED * 2 + 1];
    assert_close(found->same.over_seeds.mean, 1.8 + 0.625, 1e-12);
    assert_close(found->plain.over_seeds.mean, 1.8 + 0.125, 1e-12);
    assert_int_equal(findings.by_position[LEARNED].n_points, 4);
    assert_close(findings.by_position[LEARNED].points[1].mean, 1, 1e-12); /* of windows of 2 */
    assert_close(findings.by_position[LEARNED].points[2].mean, 2, 1e-12); /* of windows of 4 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        experiment_test(a_mean_over_the_finished_runs_stands_with_its_interval),
        experiment_test(an_arm_says_what_its_scheme_says_of_such_a_model),
        experiment_test(the_share_that_is_all_right_is_a_mean_too),
        experiment_test(a_share_and_its_interval_stay_within_0_and_1),
        experiment_test(lengths_of_a_task_come_before_what_is_not_shown),
        experiment_test(runs_that_are_not_there_are_left_out_and_told),
        experiment_test(the_lowest_mean_comes_first_and_what_has_none_last),
        experiment_test(the_headline_is_one_line_and_the_rest_stands_apart),
        experiment_test(without_any_run_nothing_is_found),
        experiment_test(each_build_that_made_a_finished_run_counts_once),
        experiment_test(curves_are_those_of_the_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
