/* test_train.c: tests of src/train/train.c: what a run leaves in its folder, also one that fails.
 * What one leaves that was stopped is in test_train_stopped.c. */
#include "support/ten_steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* --- the rows --- */

static void rows_stand_where_the_intervals_say(void **state)
{
    Training *training = *state;
    Small *small = small_run(training, ten_steps);
    Run run = run_folder(training, "whole");
    run_to_its_end(small, &run, &nobody);
    MetricsTable table = read_metrics(run.metrics);
    const char *const steps[] = {"0", "3", "4", "6", "8", "9", "10"};
    const bool looked[] = {true, false, true, false, true, false, true};
    assert_int_equal(table.n_rows, COUNT_OF(steps));
    for (size_t row = 0; row < table.n_rows; row++) {
        assert_string_equal(table.cells[row][STEP], steps[row]);
        assert_int_equal(strcmp(table.cells[row][VAL_LOSS], "nan") != 0, looked[row]);
        for (size_t c = 0; c < N_CELLS; c++)
            if (c != STEP && c != VAL_LOSS && c != ELAPSED_S)
                assert_int_equal(strcmp(table.cells[row][c], "nan") == 0, row == 0);
    }
}

/* A row's train_loss is the mean of all batches since the row before it. */
static void rows_hold_what_the_steps_did(void **state)
{
    Training *training = *state;
    Small *small = small_run(training, ten_steps), *same = small_run(training, ten_steps);
    Run run = run_folder(training, "whole");
    run_to_its_end(small, &run, &nobody);
    MetricsTable table = read_metrics(run.metrics);
    Progress *progress = &same->trainer.progress;
    double before = 0;
    for (size_t row = 1; row < table.n_rows; row++) {
        size_t step = (size_t)atoi(table.cells[row][STEP]), steps = step - progress->step;
        take_steps(same, steps);
        double mean = (progress->loss_sum - before) / (double)(2 * steps);
        before = progress->loss_sum;
        assert_close(atof(table.cells[row][TRAIN_LOSS]), mean, 1e-7);
        assert_close(atof(table.cells[row][LEARNING_RATE]), same->trainer.learning_rate, 1e-10);
        assert_close(atof(table.cells[row][GRAD_NORM]), same->trainer.grad_norm, 1e-7);
        assert_true(trainer_evaluate(&same->trainer, NULL));
        if (strcmp(table.cells[row][VAL_LOSS], "nan") != 0)
            assert_close(atof(table.cells[row][VAL_LOSS]), progress->val_loss, 1e-7);
        assert_true(atof(table.cells[row][ELAPSED_S]) >= atof(table.cells[row - 1][ELAPSED_S]));
    }
}

typedef struct Watcher {
    size_t n_steps, n_rows, last_row;
} Watcher;

static void count_step(void *context, const Trainer *trainer)
{
    Watcher *watcher = context;
    assert_int_equal(trainer->progress.step, ++watcher->n_steps);
}

static void count_row(void *context, const Trainer *trainer, const MetricsRow *row)
{
    Watcher *watcher = context;
    assert_int_equal(row->step, trainer->progress.step);
    assert_true(watcher->n_rows == 0 || row->step > watcher->last_row);
    watcher->last_row = row->step;
    watcher->n_rows++;
}

static void an_observer_sees_each_step_and_each_row_once(void **state)
{
    Training *training = *state;
    Watcher watcher = {0};
    const TrainObserver observer = {&watcher, count_step, count_row};
    Run run = run_folder(training, "watched");
    run_to_its_end(small_run(training, ten_steps), &run, &observer);
    assert_int_equal(watcher.n_steps, STEPS);
    assert_int_equal(watcher.n_rows, read_metrics(run.metrics).n_rows);
}

/* --- the models --- */

/* A learning rate that spoils the model after a while, so that the best is not the last. */
static void the_best_model_is_kept_beside_the_last(void **state)
{
    Training *training = *state;
    Small *small = small_run(training, "max_iters = 40\neval_interval = 5\nlearning_rate = 1\n"
                                       "min_lr = 0.9\nwarmup_iters = 39\n");
    Run run = run_folder(training, "spoilt");
    run_to_its_end(small, &run, &nobody);
    const Progress *progress = &small->trainer.progress;
    assert_true(progress->best_step < 40 && progress->best_loss < progress->val_loss);
    MetricsTable table = read_metrics(run.metrics);
    double lowest = INFINITY;
    for (size_t row = 0; row < table.n_rows; row++)
        lowest = fmin(lowest, atof(table.cells[row][VAL_LOSS]));
    SavedModel best, last;
    assert_true(saved_model_open(&best, run.best, NULL));
    assert_true(saved_model_open(&last, run.checkpoint, NULL));
    assert_int_equal(best.progress.step, progress->best_step);
    assert_close(best.progress.val_loss, lowest, 1e-8);
    assert_int_equal(last.progress.step, 40);
    assert_same_bits(last.gpt.params.values, small->trainer.gpt.params.values,
                     last.gpt.params.size);
    memcpy(small->trainer.gpt.params.values, best.gpt.params.values,
           best.gpt.params.size * sizeof(real));
    assert_true(trainer_evaluate(&small->trainer, NULL));
    assert_true(progress->val_loss == best.progress.val_loss);
    saved_model_free(&best);
    saved_model_free(&last);
}

/* --- failed --- */

static void ruin(void *context, const Trainer *trainer)
{
    const size_t *step = context;
    if (trainer->progress.step == *step)
        trainer->gpt.wte->data[0] = NAN;
}

/* At step 6 the next step notices; at step 8 a look at the validation split does. */
static void a_run_that_fails_keeps_its_last_good_checkpoint(void **state)
{
    Training *training = *state;
    static const struct {
        size_t ruined;
        const char *message;
    } cases[] = {{6, "step 7: the loss is "}, {8, "step 8: the validation loss is "}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        size_t ruined = cases[c].ruined;
        const TrainObserver observer = {&ruined, ruin, NULL};
        Run run = run_folder(training, cases[c].message);
        Error error = {0};
        assert_false(train(&small_run(training, ten_steps)->trainer, &run, &observer, &error));
        assert_int_equal(error.kind, ERROR_WORK);
        assert_contains(error.text, cases[c].message);
        assert_contains(error.text, "; step 4 is kept in ");
        assert_contains(error.text, run.checkpoint);
        Small *kept = resumed(training, &run);
        assert_int_equal(kept->trainer.progress.step, 4);
        run_to_its_end(kept, &run, &nobody);
        assert_false(train(&small_run(training, ten_steps)->trainer, &run, &observer, NULL));
    }
}

/* They would be of another model than the checkpoint. A run that is at its end writes no checkpoint
 * and keeps them. */
static void a_checkpoint_leaves_no_files_of_an_earlier_end(void **state)
{
    Training *training = *state;
    Run run = run_folder(training, "run");
    const char *const files[] = {run.samples, run.contexts, run.result};
    run_to_its_end(small_run(training, ten_steps), &run, &nobody);
    Small *again = resumed(training, &run);
    for (size_t f = 0; f < COUNT_OF(files); f++)
        write_test_file(files[f], "", 0);
    run_to_its_end(again, &run, &nobody);
    for (size_t f = 0; f < COUNT_OF(files); f++)
        assert_true(file_exists(files[f]));
    again->config.max_iters++;
    run_to_its_end(again, &run, &nobody);
    for (size_t f = 0; f < COUNT_OF(files); f++)
        assert_false(file_exists(files[f]));
}

static void a_run_that_cannot_be_written_says_which_file(void **state)
{
    Training *training = *state;
    Run run = run_folder(training, "run");
    assert_true(folder_make(run.metrics, NULL)); /* where the file should be */
    Error error = {0};
    assert_false(train(&small_run(training, ten_steps)->trainer, &run, &nobody, &error));
    assert_int_equal(error.kind, ERROR_WORK);
    assert_contains(error.text, run.metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(rows_stand_where_the_intervals_say),
        training_test(rows_hold_what_the_steps_did),
        training_test(an_observer_sees_each_step_and_each_row_once),
        training_test(the_best_model_is_kept_beside_the_last),
        training_test(a_run_that_fails_keeps_its_last_good_checkpoint),
        training_test(a_checkpoint_leaves_no_files_of_an_earlier_end),
        training_test(a_run_that_cannot_be_written_says_which_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
