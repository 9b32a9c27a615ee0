/* test_train_stopped.c: tests of src/train/train.c: a run that was stopped, by a signal or by a
 * crash, leaves the same files as one that was not.
 *
 * The flag that a signal raises stays up, so a run that is to be stopped runs in a child
 * process. */
#include "support/ten_steps.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"

/* At which step what happens to the child. */
typedef struct Stop {
    size_t step;
    int signal; /* 0: it ends there and then, as in a crash */
} Stop;

static void stop_at_step(void *context, const Trainer *trainer)
{
    const Stop *stop = context;
    if (trainer->progress.step != stop->step)
        return;
    if (stop->signal == 0)
        _exit(0);
    raise(stop->signal);
}

/* Goes on with a run in a child, which is stopped. Only the files tell what happened. */
static void run_until(Training *training, const Run *run, Stop stop)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const TrainObserver observer = {&stop, stop_at_step, NULL};
        Small *small = small_run(training, ten_steps);
        interrupt_watch();
        if (stop.step == 0)
            raise(stop.signal);
        bool ok = (!file_exists(run->checkpoint) ||
                   trainer_resume(&small->trainer, run->checkpoint, NULL)) &&
                  train(&small->trainer, run, &observer, NULL) &&
                  small->trainer.progress.step == stop.step && interrupt_signal() == stop.signal;
        _exit(ok ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_run_that_was_stopped_anywhere_leaves_the_same_files(void **state)
{
    Training *training = *state;
    Small *small = small_run(training, ten_steps);
    Run whole = run_folder(training, "whole");
    run_to_its_end(small, &whole, &nobody);
    MetricsTable expected = read_metrics(whole.metrics);
    for (size_t step = 0; step < STEPS; step++) {
        char name[32];
        snprintf(name, sizeof name, "stopped at %zu", step);
        Run run = run_folder(training, name);
        run_until(training, &run, (Stop){step, step % 2 == 0 ? SIGTERM : SIGINT});
        Small *rest = resumed(training, &run);
        assert_int_equal(rest->trainer.progress.step, step);
        run_to_its_end(rest, &run, &nobody);
        assert_same_state(rest, small);
        MetricsTable table = read_metrics(run.metrics);
        assert_same_rows(&table, &expected);
        assert_int_equal(rest->trainer.progress.best_step, small->trainer.progress.best_step);
    }
}

static void a_run_that_was_stopped_at_every_step_leaves_the_same_files(void **state)
{
    Training *training = *state;
    Small *small = small_run(training, ten_steps);
    Run whole = run_folder(training, "whole"), run = run_folder(training, "tired");
    run_to_its_end(small, &whole, &nobody);
    for (size_t step = 0; step < STEPS; step++)
        run_until(training, &run, (Stop){step, SIGINT});
    Small *rest = resumed(training, &run);
    run_to_its_end(rest, &run, &nobody);
    assert_same_state(rest, small);
    MetricsTable table = read_metrics(run.metrics), expected = read_metrics(whole.metrics);
    assert_same_rows(&table, &expected);
}

/* Rows that were written behind the last checkpoint come again, and half a row is none. */
static void a_run_that_crashed_goes_on_from_its_checkpoint(void **state)
{
    Training *training = *state;
    Small *small = small_run(training, ten_steps);
    Run whole = run_folder(training, "whole");
    run_to_its_end(small, &whole, &nobody);
    MetricsTable expected = read_metrics(whole.metrics);
    for (size_t step = 1; step <= STEPS; step++) {
        char name[32];
        snprintf(name, sizeof name, "crashed at %zu", step);
        Run run = run_folder(training, name);
        run_until(training, &run, (Stop){step, 0});
        FILE *metrics = fopen(run.metrics, "a");
        assert_non_null(metrics);
        fprintf(metrics, "%zu,3.1", step);
        fclose(metrics);
        Small *rest = resumed(training, &run);
        assert_int_equal(rest->trainer.progress.step, (step - 1) / 4 * 4); /* the last look */
        run_to_its_end(rest, &run, &nobody);
        assert_same_state(rest, small);
        MetricsTable table = read_metrics(run.metrics);
        assert_same_rows(&table, &expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(a_run_that_was_stopped_anywhere_leaves_the_same_files),
        training_test(a_run_that_was_stopped_at_every_step_leaves_the_same_files),
        training_test(a_run_that_crashed_goes_on_from_its_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
