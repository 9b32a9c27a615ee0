/* test_results.c: tests of src/lab/results.c, on folders of runs that are written by hand. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lab/results.h"
#include "support/experiment_case.h"
#include "support/fixtures.h"

/* A finished run: a look at steps 0, 12 and 20. */
static const RunFiles finished = {
    .config = "seed = 1\nthreads = 3\n[made with]\nversion = 0.5\ncompiler = tcc -O0\n"
              "cpu = Z80\ncorpus_sha256 = 00ff\n",
    .metrics = METRICS_HEAD "0,nan,3.5,nan,nan,nan,0.25\n"
                            "4,3.25,nan,0.001,2,8000,1\n"
                            "8,3,nan,0.001,2,1000,2\n"
                            "12,2.75,2.5,0.001,2,4000,3\n"
                            "20,2.5,2.25,0.001,2,nan,4.5\n",
    .result = RESULT_HEAD "20,2.25,2.125,0.75,900,32\n",
    .contexts = CONTEXTS_HEAD "2,4,20,40,2.5,3.6,40,2.75,3.9,\n"
                              "4,4,10,40,2.25,3.2,40,2.375,3.4,\n"
                              "8,4,0,0,nan,nan,0,nan,nan,too long\n",
    .positions = POSITIONS_HEAD "2,0,20,3\n2,1,20,2\n4,0,10,3\n4,1,10,2.5\n4,2,10,2\n4,3,10,1.5\n"
                                "8,nan,0,nan\n",
};

/* What is said of the first arm's run with the second seed, which has these files. */
static const RunResult *result_of(ExperimentCase *made, RunFiles files)
{
    RunResult *runs;
    if (made->experiment.trials == NULL)
        lay_out(made);
    write_files(experiment_trial(&made->experiment, 0, 1), files);
    if (!results_read(&made->experiment, &runs, &made->error))
        fail_msg("%s", made->error.text);
    return &runs[1];
}

static const Trial *trial_of(const ExperimentCase *made)
{
    return experiment_trial(&made->experiment, 0, 1);
}

static void assert_no_numbers(const RunResult *run)
{
    assert_false(run->finished);
    assert_true(isnan(run->outcome.val_loss) && isnan(run->outcome.train_loss));
    assert_true(isnan(run->outcome.exact));
    assert_int_equal(run->outcome.step, 0);
    assert_int_equal(run->n_contexts, 0);
    assert_int_equal(run->n_exam, 0);
}

/* --- what has become of it --- */

static void a_run_that_is_complete_is_finished(void **state)
{
    ExperimentCase *made = *state;
    const RunResult *run = result_of(made, finished);
    assert_true(run->finished && run->started);
    assert_null(run->gone);
    assert_true(result_is_final(trial_of(made)));
    assert_int_equal(run->outcome.step, 20);
    assert_true(run->outcome.val_loss == 2.25 && run->outcome.train_loss == 2.125);
    assert_true(run->outcome.exact == 0.75);
    assert_int_equal(run->outcome.parameters, 900);
    assert_int_equal(run->outcome.position_parameters, 32);
}

static void each_run_has_its_own_result(void **state)
{
    ExperimentCase *made = *state;
    RunResult *runs;
    lay_out(made);
    write_all_runs(made);
    assert_true(results_read(&made->experiment, &runs, &made->error));
    for (size_t t = 0; t < 4; t++) /* as write_all_runs has it */
        assert_close(runs[t].outcome.val_loss,
                     1.5 - 0.25 * (double)(t / 2) + 0.0625 * (double)(t % 2), 1e-15);
}

static void a_run_without_rows_is_not_begun(void **state)
{
    ExperimentCase *made = *state;
    const RunResult *run = result_of(made, (RunFiles){0});
    assert_false(run->started);
    assert_string_equal(run->gone, "not begun");
    assert_string_equal(run->build, "unknown");
    assert_no_numbers(run);
    assert_false(result_is_final(trial_of(made)));
}

static void a_run_with_rows_alone_has_begun(void **state)
{
    ExperimentCase *made = *state;
    const RunResult *run =
        result_of(made, (RunFiles){.config = finished.config, .metrics = finished.metrics});
    assert_true(run->started);
    assert_string_equal(run->gone, "not finished");
    assert_no_numbers(run);
    assert_int_equal(run->n_looks, 3);
    assert_int_equal(run->threads, 3);
    assert_false(result_is_final(trial_of(made)));
}

static void a_result_of_fewer_steps_is_not_the_last_one(void **state)
{
    ExperimentCase *made = *state;
    RunFiles files = finished;
    files.result = RESULT_HEAD "10,2.25,2.125,nan,900,32\n";
    const RunResult *run = result_of(made, files);
    assert_string_equal(run->gone, "not finished");
    assert_no_numbers(run);
    assert_false(result_is_final(trial_of(made)));
}

static void a_text_s_run_without_its_loss_by_context_is_not_finished(void **state)
{
    ExperimentCase *made = *state;
    RunFiles without_contexts = finished, without_positions = finished;
    without_contexts.contexts = NULL;
    without_positions.positions = NULL;
    const RunFiles cases[] = {without_contexts, without_positions};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const RunResult *run = result_of(made, cases[c]);
        assert_string_equal(run->gone, "not finished");
        assert_no_numbers(run);
        assert_false(result_is_final(trial_of(made)));
    }
}

/* --- of a task --- */

static const char exam[] = EXAM_HEAD "20,20,yes,512,0.5,0.75\n40,40,no,0,nan,nan\n";

/* As result_of, of a run on a task. */
static const RunResult *task_result_of(ExperimentCase *made, const char *exam_text)
{
    static const Setting common[] = {{"task", "kback"}, {"max_iters", "20"}, {"n_head", "1"}};
    RunFiles files = finished;
    files.contexts = files.positions = NULL;
    files.exam = exam_text;
    made->request.n_common = 0;
    for (size_t i = 0; i < COUNT_OF(common); i++)
        add_common(made, common[i].key, common[i].value);
    add_common(made, "out_dir", made->folder);
    return result_of(made, files);
}

static void a_task_s_run_has_an_exam_and_no_loss_by_context(void **state)
{
    ExperimentCase *made = *state;
    const RunResult *run = task_result_of(made, exam);
    assert_true(run->finished && result_is_final(trial_of(made)));
    assert_int_equal(run->n_contexts, 0);
    assert_int_equal(run->n_exam, 2);
    const ExamRow *trained = result_exam(run, 20), *longer = result_exam(run, 40);
    assert_true(trained && longer);
    assert_true(trained->trained && trained->result.exact == 0.75);
    assert_int_equal(trained->result.sequences, 512);
    assert_true(!longer->trained && longer->result.sequences == 0);
    assert_null(result_exam(run, 30));
}

static void a_task_s_run_without_its_exam_is_not_finished(void **state)
{
    ExperimentCase *made = *state;
    const RunResult *run = task_result_of(made, NULL);
    assert_string_equal(run->gone, "not finished");
    assert_no_numbers(run);
    assert_false(result_is_final(trial_of(made)));
}

static void a_damaged_exam_is_named_with_its_line(void **state)
{
    const RunResult *run = task_result_of(*state, EXAM_HEAD "20,20,yes,512,0.5,2\n");
    assert_contains(run->gone, "/exam.csv:2: exact_match = 2: expected");
    assert_no_numbers(run);
}

/* --- what is damaged --- */

static void a_damaged_file_is_named_with_its_line(void **state)
{
    ExperimentCase *made = *state;
    const struct {
        const char *file, *text, *expected;
    } cases[] = {
        {"metrics.csv", METRICS_HEAD "0,nan,x,nan,nan,nan,0\n", "/metrics.csv:2: val_loss = x"},
        {"metrics.csv", "step,loss\n0,1\n", "/metrics.csv:1: expected the columns step,"},
        {"result.csv", RESULT_HEAD "20,2.25,2.125,nan,900,-1\n",
         "/result.csv:2: position_parameters = -1"},
        {"result.csv", RESULT_HEAD, "/result.csv: has 0 rows"},
        {"contexts.csv", CONTEXTS_HEAD "2,4,20,40,2.5,3.6,40,2.75,3.9,\n4,4,10\n",
         "/contexts.csv:3: number of cells = 3"},
        {"contexts-by-position.csv", POSITIONS_HEAD "2,0,20,3\n2,2,20,2\n",
         "/contexts-by-position.csv:3: position = 2: expected 1"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        result_of(made, finished);
        const char *path = case_text(made, "%s/%s", trial_of(made)->run.folder, cases[c].file);
        write_test_file(path, cases[c].text, strlen(cases[c].text));
        RunResult *runs;
        assert_true(results_read(&made->experiment, &runs, &made->error));
        assert_contains(runs[1].gone, cases[c].expected);
        assert_contains(runs[1].gone, trial_of(made)->run.folder);
        assert_no_numbers(&runs[1]);
    }
}

/* As a run leaves it that is killed, or one that is just being written. */
static void a_last_row_that_is_half_there_does_not_count(void **state)
{
    ExperimentCase *made = *state;
    const RunResult *run = result_of(
        made, (RunFiles){.metrics = METRICS_HEAD "0,nan,3.5,nan,nan,nan,0\n4,nan,3.25,nan"});
    assert_true(run->started);
    assert_int_equal(run->n_looks, 1);
}

/* --- what it was --- */

static void looks_are_the_rows_with_a_loss_of_the_validation_split(void **state)
{
    const Look expected[] = {{0, 3.5}, {12, 2.5}, {20, 2.25}};
    const RunResult *run = result_of(*state, finished);
    assert_int_equal(run->n_looks, COUNT_OF(expected));
    for (size_t l = 0; l < COUNT_OF(expected); l++) {
        assert_int_equal(run->looks[l].step, expected[l].step);
        assert_true(run->looks[l].loss == expected[l].loss);
    }
}

/* 8 tokens in a step: at 8000, 1000 and 4000 of them in a second it takes 1, 8 and 2 ms. */
static void the_time_of_a_step_is_the_median_over_the_rows(void **state)
{
    ExperimentCase *made = *state;
    assert_close(result_of(made, finished)->ms_per_step, 2, 1e-12);
    RunFiles files = finished; /* two rows: 1 and 8 ms */
    files.metrics = METRICS_HEAD "5,nan,3,nan,nan,8000,1\n20,nan,2.25,nan,nan,1000,2\n";
    assert_close(result_of(made, files)->ms_per_step, 4.5, 1e-12);
    files.metrics = METRICS_HEAD "0,nan,3,nan,nan,nan,1\n20,nan,2.25,nan,nan,0,2\n";
    assert_true(isnan(result_of(made, files)->ms_per_step));
}

/* Lengths 4 to 8 are drawn, and a token is presented at each place: 6 in the mean, in 2
 * sequences. */
static void a_step_of_a_task_reads_sequences_of_the_mean_length(void **state)
{
    ExperimentCase *made = *state;
    made->request.common = (const Setting[]){{"task", "kback"},        {"task_min_length", "4"},
                                             {"task_max_length", "8"}, {"batch_size", "2"},
                                             {"max_iters", "20"},      {"n_head", "1"},
                                             {"out_dir", made->folder}};
    made->request.n_common = 7;
    RunFiles files = finished;
    files.metrics = METRICS_HEAD "20,nan,2.25,nan,nan,12000,1\n";
    assert_close(result_of(made, files)->ms_per_step, 1, 1e-12);
}

static void the_time_of_a_run_is_that_of_its_last_row(void **state)
{
    assert_close(result_of(*state, finished)->seconds, 4.5, 0);
}

static void what_made_a_run_stands_in_its_config(void **state)
{
    ExperimentCase *made = *state;
    const RunResult *run = result_of(made, finished);
    assert_string_equal(run->build, "0.5; tcc -O0; Z80");
    assert_int_equal(run->threads, 3);

    RunFiles files = finished;
    const char *const silent[] = {NULL, "threads = 3x\n[other]\nversion = 0.5\n"};
    for (size_t c = 0; c < COUNT_OF(silent); c++) {
        files.config = silent[c];
        run = result_of(made, files);
        assert_true(run->finished);
        assert_string_equal(run->build, "unknown");
        assert_int_equal(run->threads, 0);
    }
    files.config = "[made with]\nversion = 0.5\nno equals sign\n";
    run = result_of(made, files);
    assert_true(run->finished);
    assert_true(strncmp(run->build, "unknown: ", strlen("unknown: ")) == 0);
    assert_contains(run->build, "config.ini:3: \"no equals sign\": expected key = value");
}

static void the_loss_by_context_has_every_length_and_position(void **state)
{
    const RunResult *run = result_of(*state, finished);
    assert_int_equal(run->n_contexts, 3);
    assert_int_equal(run->contexts[1].context, 4);
    assert_true(run->contexts[1].whole.loss == 2.25 && run->contexts[1].same.loss == 2.375);
    assert_int_equal(run->contexts[1].same.questions, 40);
    assert_close(context_mean(&run->contexts[1], 1, 3), 2.25, 1e-12);
    assert_null(run->contexts[1].refused);
    assert_string_equal(run->contexts[2].refused, "too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        experiment_test(a_run_that_is_complete_is_finished),
        experiment_test(each_run_has_its_own_result),
        experiment_test(a_run_without_rows_is_not_begun),
        experiment_test(a_run_with_rows_alone_has_begun),
        experiment_test(a_result_of_fewer_steps_is_not_the_last_one),
        experiment_test(a_text_s_run_without_its_loss_by_context_is_not_finished),
        experiment_test(a_task_s_run_has_an_exam_and_no_loss_by_context),
        experiment_test(a_task_s_run_without_its_exam_is_not_finished),
        experiment_test(a_damaged_exam_is_named_with_its_line),
        experiment_test(a_damaged_file_is_named_with_its_line),
        experiment_test(a_last_row_that_is_half_there_does_not_count),
        experiment_test(looks_are_the_rows_with_a_loss_of_the_validation_split),
        experiment_test(the_time_of_a_step_is_the_median_over_the_rows),
        experiment_test(a_step_of_a_task_reads_sequences_of_the_mean_length),
        experiment_test(the_time_of_a_run_is_that_of_its_last_row),
        experiment_test(what_made_a_run_stands_in_its_config),
        experiment_test(the_loss_by_context_has_every_length_and_position),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
