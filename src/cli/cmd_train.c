/* cmd_train.c: posgpt train: settings, corpus, run, and what is said and written around it. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "cli/card.h"
#include "cli/command.h"
#include "cli/conclude.h"
#include "cli/help.h"
#include "cli/progress.h"
#include "cli/saved.h"
#include "math/parallel.h"
#include "train/train.h"

/* Everything about one run, in one place that does not move. */
typedef struct Job {
    Arena *arena;
    Terminal terminal;
    Config config;
    Corpus corpus;
    Run run;
    int lock; /* of the run's folder */
    Trainer trainer;
} Job;

/* A flag without effect is allowed, so that one command line can serve several schemes, texts and
 * tasks; but it is named. */
static void say_idle_flags(Job *job, const Args *args)
{
    for (size_t f = 0; f < args->n_flags; f++) {
        const char *origin = args->flags[f].origin;
        const char *because = config_idle_because(&job->config, origin + strlen("--"));
        if (because)
            terminal_printf(&job->terminal, "%s has no effect: %s = %s", origin, because,
                            strcmp(because, "pos") == 0 ? config_scheme(&job->config)->name
                                                        : task_names[job->config.task.task]);
    }
}

static bool prepare(Job *job, const Args *args, Error *error)
{
    Config *config = &job->config;
    if (!args_expect(args, 0, 0, "", error) || !args_read_config(args, config, error))
        return false;
    say_idle_flags(job, args);
    if (config->threads > 0)
        parallel_set_threads(config->threads);
    return run_corpus(job->arena, config, &job->corpus, error) &&
           run_of_config(job->arena, config, &job->corpus, &job->run, error) &&
           trainer_init(&job->trainer, config, &job->corpus, error);
}

/* Takes the weights to start from, where the config names a file. */
static bool take_weights(Job *job, Error *error)
{
    const char *lacks;
    if (!trainer_init_from(&job->trainer, &lacks, error))
        return false;
    say_lacks(job->config.init_from, lacks);
    return true;
}

/* Claims the run's folder for this process until it ends. The run in it, if there is one, goes on;
 * with `fresh` it is set aside, but after the weights to start from were read: they may be its. */
static bool open_run(Job *job, bool fresh, Error *error)
{
    const char *kept = NULL;
    bool starts = fresh || !file_may_exist(job->run.checkpoint);
    if (starts && !take_weights(job, error))
        return false;
    if (fresh && !run_set_aside(job->arena, &job->run, &kept, error))
        return false;
    if (kept)
        terminal_printf(&job->terminal, "the run that was there is kept in %s", kept);
    return run_claim(&job->run, &job->lock, error) &&
           (!file_may_exist(job->run.checkpoint) ||
            trainer_resume(&job->trainer, job->run.checkpoint, error));
}

static RunEnd end_of(Job *job)
{
    return (RunEnd){job->arena, &job->terminal, &job->run, &job->trainer};
}

/* A run that is complete is shown, not trained again. */
static bool show_finished(Job *job, Error *error)
{
    RunEnd end = end_of(job);
    terminal_printf(&job->terminal, "%s is finished", job->run.folder);
    if (!is_concluded(&end))
        return conclude_run(&end, error);
    terminal_line(&job->terminal, "another seed or name makes a new run, --fresh this one anew");
    return show_run(&end, error);
}

static void say_goes_on(Job *job)
{
    size_t before = job->trainer.max_iters_before, now = job->config.max_iters;
    char change[64] = "";
    if (now != before)
        snprintf(change, sizeof change, " up to %zu; max_iters was %zu", now, before);
    terminal_printf(&job->terminal, "goes on after step %zu%s", job->trainer.progress.step, change);
}

static void say_stopped(Job *job)
{
    terminal_close_line(&job->terminal);
    terminal_printf(&job->terminal, "stopped after step %zu; the same command goes on from there",
                    job->trainer.progress.step);
}

static bool train_and_report(Job *job, int *exit_code, Error *error)
{
    Trainer *trainer = &job->trainer;
    ProgressView view;
    if (!run_write_config(&job->run, &job->config, &job->corpus, error) ||
        !progress_init(&view, job->arena, &job->terminal, trainer, error))
        return false;
    card_before(&job->terminal, &job->run, trainer);
    if (trainer->progress.step > 0)
        say_goes_on(job);
    else if (job->config.init_from[0] != '\0')
        terminal_printf(&job->terminal, "starts from the weights in %s", job->config.init_from);
    interrupt_watch();
    TrainObserver observer = progress_observer(&view);
    if (!train(trainer, &job->run, &observer, error)) {
        terminal_close_line(&job->terminal);
        return false;
    }
    if (train_is_finished(trainer)) {
        RunEnd end = end_of(job);
        return conclude_run(&end, error);
    }
    say_stopped(job);
    *exit_code = EXIT_BY_SIGNAL + interrupt_signal();
    return true;
}

bool command_train(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    Job *job = arena_alloc(arena, 1, sizeof *job);
    if (!job)
        return fail(error, "out of memory");
    job->arena = arena;
    job->terminal = terminal_open(stderr);
    if (!config_init(&job->config, error))
        return false;
    bool ok = prepare(job, args, error);
    if (ok) {
        ok = open_run(job, args_has(args, "fresh"), error);
        if (ok)
            ok = train_is_finished(&job->trainer) ? show_finished(job, error)
                                                  : train_and_report(job, exit_code, error);
        trainer_free(&job->trainer);
    }
    config_free(&job->config);
    return ok;
}

void command_train_keys(void)
{
    Config config;
    if (!config_init(&config, NULL))
        return;
    printf("\nEach flag stands with its default; ... is none. A flag wins over the file\n");
    help_row("--config", "...", "a file of settings, `key = value` lines; see configs/");
    help_row("--fresh", "", "starts a run anew; the one that is there is kept as NAME-old-1");
    for (size_t t = 0; t < config.settings.n_tables; t++)
        help_table(&config.settings.tables[t]);
    config_free(&config);
}
