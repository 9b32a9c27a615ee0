/* cmd_train.c: posgpt train: settings, corpus, run, and what is said and written around it. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "cli/card.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/plot.h"
#include "cli/progress.h"
#include "cli/sample_text.h"
#include "math/parallel.h"
#include "train/train.h"

enum {
    KILLED = 128,               /* as a shell counts: 128 + the signal's number */
    MAX_SAMPLE_BYTES = 1 << 28, /* far more than sample_chars allows */
};

/* Everything about one run, in one place that does not move. */
typedef struct Session {
    Arena *arena;
    Terminal terminal;
    Config config;
    Corpus corpus;
    Run run;
    Trainer trainer;
} Session;

/* Later wins: built-in default, config file, flag. */
static bool read_settings(Session *session, const Args *args, Error *error)
{
    Settings *settings = &session->config.settings;
    const char *file = args_value(args, "config");
    if (file && !settings_read(settings, file, error)) {
        error->kind = ERROR_REQUEST; /* also where it cannot be read: the request named it */
        return false;
    }
    if (!args_apply(args, settings, "config", error))
        return false;
    config_settle(&session->config);
    return config_check(&session->config, error);
}

/* An option of another scheme is allowed, so that one command line can serve several schemes. */
static void say_idle_flags(Session *session, const Args *args)
{
    for (size_t f = 0; f < args->n_flags; f++) {
        const char *origin = args->flags[f].origin;
        if (config_key_is_idle(&session->config, origin + strlen("--")))
            terminal_printf(&session->terminal, "%s has no effect: pos = %s", origin,
                            config_scheme(&session->config)->name);
    }
}

static bool prepare(Session *session, const Args *args, Error *error)
{
    Config *config = &session->config;
    if (!args_expect(args, 0, 0, "", error) || !read_settings(session, args, error))
        return false;
    say_idle_flags(session, args);
    if (config->threads > 0)
        parallel_set_threads(config->threads);
    return corpus_load(session->arena, config->data, &session->corpus, error) &&
           corpus_check_block_size(&session->corpus, config->block_size, error) &&
           run_of_config(session->arena, config, &session->corpus, &session->run, error) &&
           trainer_init(&session->trainer, config, &session->corpus, error);
}

/* Text from the model as it is now: to stdout, and to samples.txt. */
static bool write_sample(Session *session, Error *error)
{
    const Config *config = &session->config;
    TextBuffer text = {0};
    SampleOptions options = {
        .temperature = config->temperature,
        .top_k = config->top_k,
        .key = random_for(random_seed(config->seed), "sample"),
    };
    terminal_line(&session->terminal, "");
    bool ok = sample_text(&session->trainer.gpt, &session->corpus.vocab, "", config->sample_chars,
                          &options, stdout, &text, error);
    printf("\n");
    fflush(stdout);
    terminal_line(&session->terminal, "");
    ok = ok && file_write(session->run.samples, text.failed ? "" : text.bytes, text.length, error);
    say_known_words(&session->terminal, session->corpus.path, &text);
    text_buffer_free(&text);
    return ok;
}

/* A run that is complete is shown, not trained again. */
static bool show_finished(Session *session, Error *error)
{
    FileBytes text;
    terminal_printf(&session->terminal, "%s is finished", session->run.folder);
    terminal_line(&session->terminal, "another seed or name makes a new run");
    terminal_line(&session->terminal, "");
    card_after(&session->terminal, &session->trainer.progress, &session->corpus,
               session->config.block_size);
    if (!file_exists(session->run.samples))
        return true;
    if (!file_read(session->arena, session->run.samples, MAX_SAMPLE_BYTES, &text, error))
        return false;
    terminal_line(&session->terminal, "");
    fwrite(text.bytes, 1, text.length, stdout);
    printf("\n");
    return true;
}

static void say_stopped(Session *session)
{
    terminal_close_line(&session->terminal);
    terminal_printf(&session->terminal,
                    "stopped after step %zu; the same command goes on from there",
                    session->trainer.progress.step);
}

/* The run's end: losses, a sample, a picture. */
static bool conclude(Session *session, Error *error)
{
    terminal_line(&session->terminal, "");
    card_after(&session->terminal, &session->trainer.progress, &session->corpus,
               session->config.block_size);
    if (session->config.causal && session->config.sample_chars > 0 && !write_sample(session, error))
        return false;
    bool picture = plot_loss(&session->terminal, &session->run, &session->trainer);
    CARD_LINE(&session->terminal, "written to", "%s", session->run.folder);
    if (picture)
        CARD_LINE(&session->terminal, "the loss", "%s", session->run.picture);
    return true;
}

static bool train_and_report(Session *session, int *exit_code, Error *error)
{
    Trainer *trainer = &session->trainer;
    ProgressView view;
    if (!folder_make(session->run.folder, error) ||
        !run_write_config(&session->run, &session->config, &session->corpus, error) ||
        !progress_init(&view, session->arena, &session->terminal, trainer, error))
        return false;
    card_before(&session->terminal, &session->run, trainer);
    if (trainer->progress.step > 0)
        terminal_printf(&session->terminal, "goes on after step %zu", trainer->progress.step);
    interrupt_watch();
    TrainObserver observer = progress_observer(&view);
    bool ok = train(trainer, &session->run, &observer, error);
    if (!ok || train_is_finished(trainer)) {
        if (!ok)
            terminal_close_line(&session->terminal);
        return ok && conclude(session, error);
    }
    say_stopped(session);
    *exit_code = KILLED + interrupt_signal();
    return true;
}

bool command_train(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    Session *session = arena_alloc(arena, 1, sizeof *session);
    if (!session)
        return fail(error, "out of memory");
    session->arena = arena;
    session->terminal = terminal_open(stderr);
    if (!config_init(&session->config, error))
        return false;
    bool ok = prepare(session, args, error);
    if (ok) {
        ok = !file_exists(session->run.checkpoint) ||
             trainer_resume(&session->trainer, session->run.checkpoint, error);
        if (ok)
            ok = train_is_finished(&session->trainer) ? show_finished(session, error)
                                                      : train_and_report(session, exit_code, error);
        trainer_free(&session->trainer);
    }
    config_free(&session->config);
    return ok;
}

void command_train_keys(void)
{
    Config config;
    if (!config_init(&config, NULL))
        return;
    printf("\nEach flag is shown with its default. A file of settings comes before flags\n");
    help_row("--config", "...", "a file of `key = value` lines; see configs/");
    for (size_t t = 0; t < config.settings.n_tables; t++)
        help_table(&config.settings.tables[t]);
    config_free(&config);
}
