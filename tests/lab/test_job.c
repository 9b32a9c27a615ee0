/* test_job.c: tests of src/lab/job.c: what the files of a run say of its way. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/terminal.h"
#include "lab/job.h"
#include "support/experiment_case.h"
#include "support/fixtures.h"

/* A job of the first arm's run with this seed, with `rows` in its metrics.csv (NULL: no file). */
static Job job_with_rows(ExperimentCase *made, size_t seed, const char *rows)
{
    Arena scratch = {0};
    if (made->experiment.trials == NULL)
        lay_out(made);
    const Trial *trial = experiment_trial(&made->experiment, 0, seed);
    if (rows)
        write_files(trial, (RunFiles){.metrics = case_text(made, METRICS_HEAD "%s", rows)});
    Job job = {.experiment = &made->experiment, .trial = trial, .loss = NAN, .threads = 1};
    job_look(&job, &scratch);
    arena_free(&scratch);
    return job;
}

/* --- how far it is --- */

static void a_run_is_at_its_last_row_with_its_last_loss(void **state)
{
    Job job = job_with_rows(*state, 0,
                            "0,nan,4,nan,nan,nan,0\n"
                            "5,3,3.5,nan,nan,nan,1\n"
                            "6,3,nan,nan,nan,nan,2\n");
    assert_int_equal(job.step, 6);
    assert_true(job.loss == 3.5);
}

static void a_run_without_readable_rows_is_at_its_beginning(void **state)
{
    ExperimentCase *made = *state;
    static const char *const rows[] = {NULL, "", "5,3,x,nan,nan,nan,1\n"};
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        Job job = job_with_rows(made, r % 2, rows[r]);
        assert_int_equal(job.step, 0);
        assert_true(isnan(job.loss));
    }
}

/* A run that is started anew has no rows for a moment. */
static void what_was_known_stays_where_nothing_can_be_read(void **state)
{
    ExperimentCase *made = *state;
    Arena scratch = {0};
    Job job = job_with_rows(made, 0, "5,3,3.5,nan,nan,nan,1\n");
    write_files(job.trial, (RunFiles){0});
    job_look(&job, &scratch);
    assert_int_equal(job.step, 5);
    assert_true(job.loss == 3.5);
    arena_free(&scratch);
}

static void the_share_that_is_done_is_that_of_its_steps(void **state)
{
    ExperimentCase *made = *state;
    Job job = job_with_rows(made, 0, "5,3,3.5,nan,nan,nan,1\n"); /* of 20 */
    assert_close(job_done(&job), 0.25, 1e-12);
    assert_close(job_cost_left(&job), 0.75 * job.trial->cost, 1e-6 * job.trial->cost);
    job.step = 30; /* of a run that was longer once */
    assert_close(job_done(&job), 1, 0);
    assert_close(job_cost_left(&job), 0, 0);
}

static void nothing_is_left_of_a_run_that_has_ended(void **state)
{
    Job job = job_with_rows(*state, 0, "5,3,3.5,nan,nan,nan,1\n");
    const JobState ended[] = {JOB_FINISHED, JOB_FAILED};
    for (size_t s = 0; s < COUNT_OF(ended); s++) {
        job.state = ended[s];
        assert_close(job_done(&job), 1, 0);
        assert_close(job_cost_left(&job), 0, 0);
    }
}

/* From step 5 to step 10 in 100 s: the 10 steps that are left take 200 s. */
static void the_time_left_goes_by_the_steps_since_the_start(void **state)
{
    Job job = job_with_rows(*state, 0, "10,3,3.5,nan,nan,nan,1\n");
    job.begun = clock_seconds() - 100;
    job.begun_step = 5;
    assert_close(job_seconds_left(&job), 200, 1);
    job.begun_step = 10;
    assert_true(isnan(job_seconds_left(&job)));
    job.begun_step = 12; /* its checkpoint lay before the last row */
    assert_true(isnan(job_seconds_left(&job)));
}

/* --- who comes first --- */

static void the_job_with_more_left_comes_first(void **state)
{
    ExperimentCase *made = *state;
    static const char *const vary[] = {"max_iters=10,20"};
    made->request.pos = "rope";
    made->request.vary = vary;
    made->request.n_vary = 1;
    lay_out(made);
    Job shorter = {.trial = experiment_trial(&made->experiment, 0, 0)},
        longer = {.trial = experiment_trial(&made->experiment, 1, 1)};
    assert_true(job_compare(&longer, &shorter) < 0);
    assert_true(job_compare(&shorter, &longer) > 0);
    longer.step = 15; /* 5 are left: fewer than 10 */
    assert_true(job_compare(&shorter, &longer) < 0);
}

static void of_equal_jobs_the_earlier_seed_comes_first(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "none,alibi"; /* neither costs anything beside the other */
    lay_out(made);
    Job jobs[2][2];
    for (size_t arm = 0; arm < 2; arm++)
        for (size_t seed = 0; seed < 2; seed++)
            jobs[arm][seed] = (Job){.trial = experiment_trial(&made->experiment, arm, seed)};
    assert_true(jobs[0][0].trial->cost == jobs[1][0].trial->cost);
    for (size_t a = 0; a < 2; a++)
        for (size_t b = 0; b < 2; b++) {
            assert_true(job_compare(&jobs[a][0], &jobs[b][1]) < 0);
            assert_true(job_compare(&jobs[a][1], &jobs[b][0]) > 0);
            assert_true(job_compare(&jobs[a][0], &jobs[b][0]) == 0);
        }
}

/* --- why it failed --- */

/* The reason that a process gives with this log (NULL: none) and exit code. */
static const char *reason_of(ExperimentCase *made, const char *log, int status)
{
    const char *path = case_text(made, "%s/x.log", made->folder);
    remove(path);
    if (log)
        write_test_file(path, log, strlen(log));
    return job_reason(&(Job){.log = path}, status, &made->arena);
}

static void the_reason_is_the_last_line_of_the_log(void **state)
{
    ExperimentCase *made = *state;
    static const struct {
        const char *log, *expected;
    } cases[] = {
        {"posgpt: a.txt: No such file or directory\n", "a.txt: No such file or directory"},
        {"step 10\nposgpt: the loss is nan\n", "the loss is nan"},
        {"posgpt: the first\nposgpt: the second\n\n\n", "the second"},
        {"Killed: no memory", "Killed: no memory"},
        {"one\nposgpt:\n", "posgpt:"},
        {"this is posgpt: x\n", "this is posgpt: x"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        assert_string_equal(reason_of(made, cases[c].log, 1), cases[c].expected);
}

static void of_a_long_log_the_end_is_read(void **state)
{
    ExperimentCase *made = *state;
    TextBuffer log = {0};
    for (size_t line = 0; line < 3000; line++)
        text_append_format(&log, "step %zu\n", line);
    text_append_format(&log, "posgpt: step 3000: the loss is nan\n");
    assert_string_equal(reason_of(made, log.bytes, 1), "step 3000: the loss is nan");
    text_buffer_free(&log);
}

/* As long as what is read at once, and a byte less and more. */
static void a_log_of_any_length_has_its_last_line(void **state)
{
    ExperimentCase *made = *state;
    static const char line[] = "posgpt: it broke\n";
    char log[5001];
    for (size_t length = 4094; length <= 4098; length++) {
        memset(log, '\n', length);
        memcpy(log + length - strlen(line), line, strlen(line) + 1);
        assert_string_equal(reason_of(made, log, 1), "it broke");
    }
}

static void without_words_the_exit_code_is_the_reason(void **state)
{
    ExperimentCase *made = *state;
    static const char *const logs[] = {NULL, "", "\n\n"};
    for (size_t l = 0; l < COUNT_OF(logs); l++)
        assert_string_equal(reason_of(made, logs[l], 7), "ended with exit code 7");
}

/* What stands in the log then is no reason: the run was at work. */
static void a_signal_is_the_reason_whatever_the_log_says(void **state)
{
    ExperimentCase *made = *state;
    assert_string_equal(reason_of(made, "step 5: 2.5\n", 128 + 9), "ended by signal 9");
    assert_string_equal(reason_of(made, NULL, 128 + 11), "ended by signal 11");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        experiment_test(a_run_is_at_its_last_row_with_its_last_loss),
        experiment_test(a_run_without_readable_rows_is_at_its_beginning),
        experiment_test(what_was_known_stays_where_nothing_can_be_read),
        experiment_test(the_share_that_is_done_is_that_of_its_steps),
        experiment_test(nothing_is_left_of_a_run_that_has_ended),
        experiment_test(the_time_left_goes_by_the_steps_since_the_start),
        experiment_test(the_job_with_more_left_comes_first),
        experiment_test(of_equal_jobs_the_earlier_seed_comes_first),
        experiment_test(the_reason_is_the_last_line_of_the_log),
        experiment_test(of_a_long_log_the_end_is_read),
        experiment_test(a_log_of_any_length_has_its_last_line),
        experiment_test(without_words_the_exit_code_is_the_reason),
        experiment_test(a_signal_is_the_reason_whatever_the_log_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
