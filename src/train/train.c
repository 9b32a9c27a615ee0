/* train.c: the loop, and when what is written. */
#include "train/train.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/terminal.h"

typedef struct Loop {
    Trainer *trainer;
    const Run *run;
    const TrainObserver *observer;
    FILE *metrics;
    double clock;         /* the time up to which elapsed_s counts */
    double step_seconds;  /* that steps took since the last row of metrics.csv */
    size_t tokens_at_row; /* trainer->tokens at that row */
    size_t saved_step;    /* of the last checkpoint */
    bool computes;        /* or it writes: the next time there may be room */
} Loop;

bool train_is_finished(const Trainer *trainer)
{
    return trainer->progress.step >= trainer->config->max_iters;
}

/* Brings elapsed_s up to date, and returns the seconds since the last time: 0 if the clock jumped
 * back. */
static double take_time(Loop *loop)
{
    double now = clock_seconds(), passed = now > loop->clock ? now - loop->clock : 0;
    loop->clock = now;
    loop->trainer->progress.elapsed_s += passed;
    return passed;
}

/* A row for this moment, with the validation loss where it was measured at this step. The sums for
 * the next row begin anew. */
static bool write_row(Loop *loop, bool measured, Error *error)
{
    Trainer *trainer = loop->trainer;
    Progress *progress = &trainer->progress;
    size_t tokens = trainer->tokens - loop->tokens_at_row;
    bool trained = progress->loss_count > 0;
    MetricsRow row = {
        .step = progress->step,
        .train_loss = trained ? progress->loss_sum / (double)progress->loss_count : NAN,
        .val_loss = measured ? progress->val_loss : NAN,
        .learning_rate = trained ? trainer->learning_rate : NAN,
        .grad_norm = trained ? trainer->grad_norm : NAN,
        .chars_per_second = loop->step_seconds > 0 ? (double)tokens / loop->step_seconds : NAN,
        .elapsed_s = progress->elapsed_s,
    };
    if (!metrics_append(loop->metrics, loop->run->metrics, &row, error))
        return false;
    progress->loss_sum = 0;
    progress->loss_count = 0;
    loop->step_seconds = 0;
    loop->tokens_at_row = trainer->tokens;
    if (loop->observer->at_row)
        loop->observer->at_row(loop->observer->context, trainer, &row);
    return true;
}

/* In this order, as the process may be killed between any two: first the rows that the checkpoint
 * goes on from are on the disk; then what was made of an older model is removed; then the
 * checkpoint takes the place of the one before. */
static bool save(Loop *loop, Error *error)
{
    if (!metrics_sync(loop->metrics, loop->run->metrics, error) ||
        !run_remove_end(loop->run, error) ||
        !trainer_save(loop->trainer, loop->run->checkpoint, true, error))
        return false;
    loop->saved_step = loop->trainer->progress.step;
    return true;
}

/* The validation loss, the model if it is the best so far, a row and a checkpoint. */
static bool evaluate_and_save(Loop *loop, Error *error)
{
    Trainer *trainer = loop->trainer;
    loop->computes = true;
    if (!trainer_evaluate(trainer, error))
        return false;
    if (train_is_finished(trainer) && !trainer_evaluate_training(trainer, error))
        return false;
    loop->computes = false;
    take_time(loop);
    bool best = trainer->progress.best_step == trainer->progress.step;
    if (best && !trainer_save(trainer, loop->run->best, false, error))
        return false;
    return write_row(loop, true, error) && save(loop, error);
}

static bool step_once(Loop *loop, Error *error)
{
    Trainer *trainer = loop->trainer;
    take_time(loop); /* up to here: not of the step */
    loop->computes = true;
    if (!trainer_step(trainer, error))
        return false;
    loop->computes = false;
    loop->step_seconds += take_time(loop);
    size_t step = trainer->progress.step;
    if (loop->observer->at_step)
        loop->observer->at_step(loop->observer->context, trainer);
    if (train_is_finished(trainer) || step % trainer->config->eval_interval == 0)
        return evaluate_and_save(loop, error);
    if (step % trainer->config->log_interval == 0)
        return write_row(loop, false, error);
    return true;
}

static bool run_steps(Loop *loop, Error *error)
{
    Trainer *trainer = loop->trainer;
    loop->clock = clock_seconds();
    loop->saved_step = trainer->progress.step;
    loop->tokens_at_row = trainer->tokens;
    if (trainer->progress.step == 0 && !evaluate_and_save(loop, error))
        return false;
    while (!train_is_finished(trainer) && !interrupt_signal())
        if (!step_once(loop, error))
            return false;
    if (train_is_finished(trainer))
        return true; /* its last step has saved it */
    return save(loop, error);
}

/* Adds to a failure's message which step is left to go on from, if there is one. Returns false. */
static bool fail_naming_checkpoint(const Loop *loop, Error *error)
{
    if (!error || !file_exists(loop->run->checkpoint))
        return false;
    ErrorKind kind = error->kind; /* which fail() sets */
    fail(error, "%s; step %zu is kept in %s%s", error->text, loop->saved_step,
         loop->run->checkpoint, loop->computes ? "" : ": the same command goes on from there");
    error->kind = kind;
    return false;
}

/* The file that rows go to. A run that goes on keeps those up to its checkpoint: later ones will
 * come again. */
static FILE *open_metrics(const Loop *loop, Arena *arena, Error *error)
{
    MetricsRow *rows = NULL;
    size_t count = 0, kept = 0, step = loop->trainer->progress.step;
    if (step > 0 && !metrics_read(arena, loop->run->metrics, &rows, &count, error))
        return NULL;
    while (kept < count && rows[kept].step <= step)
        kept++;
    return metrics_open(loop->run->metrics, rows, kept, error);
}

bool train(Trainer *trainer, const Run *run, const TrainObserver *observer, Error *error)
{
    Arena arena = {0};
    Loop loop = {.trainer = trainer, .run = run, .observer = observer};
    loop.metrics = open_metrics(&loop, &arena, error);
    arena_free(&arena);
    if (!loop.metrics)
        return false;
    bool ok = run_steps(&loop, error) || fail_naming_checkpoint(&loop, error);
    if (fclose(loop.metrics) != 0 && ok)
        ok = fail(error, "%s: cannot be written: %s", run->metrics, strerror(errno));
    return ok;
}
