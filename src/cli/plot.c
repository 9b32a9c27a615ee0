/* plot.c: calls gnuplot with a script of scripts/, in the folder of what is drawn: so the script
 * names no paths, and no file name is ever part of a gnuplot command. */
#include "cli/plot.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/spawn.h"
#include "base/text.h"
#include "lab/report/svg_dark.h"

enum { MAX_WORDS = 9 }; /* gnuplot's ARG1 ... ARG9 */

/* Runs a script in a folder; on failure the error says why there is no picture. */
static bool run_script(const char *folder, const char *script, const char *const words[],
                       size_t n_words, Error *error)
{
    bool missing;
    int status;
    char *path = realpath(script, NULL);
    if (!path)
        return fail(error, "%s: %s", script, strerror(errno));
    /* -d: without the user's own settings */
    const char *arguments[4 + MAX_WORDS + 1] = {"gnuplot", "-d", "-c", path};
    for (size_t w = 0; w < n_words; w++)
        arguments[4 + w] = words[w];
    bool ran = spawn_wait((char *const *)arguments, folder, NULL, &missing, &status, error);
    free(path);
    if (ran && missing)
        return fail(error, "gnuplot is missing (Debian: apt install gnuplot-nox)");
    if (ran && status != 0)
        return fail(error, "gnuplot failed on %s", script);
    return ran;
}

bool plot(Terminal *terminal, const char *folder, const char *what, const char *script,
          const char *const words[], size_t n_words)
{
    Error error = {0};
    bool drawn = true;
    assert(n_words <= MAX_WORDS);
    for (size_t w = 0; w < n_words; w++)
        drawn = drawn && (words[w] ? true : fail(&error, "out of memory"));
    drawn = drawn && run_script(folder, script, words, n_words, &error);
    if (!drawn)
        terminal_printf(terminal, "no picture of %s: %s", what, error.text);
    return drawn;
}

bool plot_loss(Terminal *terminal, const Run *run, const Trainer *trainer, Yardsticks yardsticks)
{
    Arena arena = {0};
    const char *const words[] = {
        run->name,
        text_format(&arena, "%s on %s, seed %zu", trainer->gpt.pos.scheme->title,
                    trainer->corpus->name, trainer->config->seed),
        text_format(&arena, "%.6f", yardsticks.unigram),
        text_format(&arena, "%.6f", yardsticks.bigram),
        text_format(&arena, "%.6f", yardsticks.floor),
        task_of(&trainer->config->task) ? "answer" : vocab_unit(&trainer->corpus->vocab),
    };
    bool drawn = plot(terminal, run->folder, "the loss", "scripts/loss.gp", words,
                      sizeof words / sizeof *words);
    arena_free(&arena);
    return drawn;
}

/* "64 1.734838 128 1.801233": every length that was not refused, with its mean loss. */
static void append_served(const EvalReport *report, TextBuffer *out)
{
    for (size_t c = 0; c < report->table.count; c++)
        if (!report->table.losses[c].refused)
            text_append_format(out, "%s%zu %.6f", out->length > 0 ? " " : "",
                               report->table.losses[c].context, report->table.losses[c].whole.loss);
}

/* "256 512": those that were. */
static void append_refused(const EvalReport *report, TextBuffer *out)
{
    text_append_format(out, "%s", "");
    for (size_t c = 0; c < report->table.count; c++)
        if (report->table.losses[c].refused)
            text_append_format(out, "%s%zu", out->length > 0 ? " " : "",
                               report->table.losses[c].context);
}

bool plot_by_position(Terminal *terminal, const Run *run, const EvalReport *report,
                      const char *subtitle)
{
    Arena arena = {0};
    TextBuffer served = {0}, refused = {0};
    append_served(report, &served);
    append_refused(report, &refused);
    const char *const words[] = {
        run->name,
        subtitle,
        report->table.unit,
        report->causal ? "seen" : "place",
        text_format(&arena, "%zu", report->table.block_size),
        served.failed ? NULL : served.bytes,
        refused.failed ? NULL : refused.bytes,
    };
    bool drawn = plot(terminal, run->folder, "the loss by position", "scripts/context.gp", words,
                      sizeof words / sizeof *words);
    text_buffer_free(&served);
    text_buffer_free(&refused);
    arena_free(&arena);
    return drawn;
}

/* --- a comparison --- */

/* "fables, 807,808 parameters", or "807,808 to 815,104" where the arms differ; without them before
 * a run is done. */
static const char *corpus_and_size(Arena *arena, const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    size_t least = SIZE_MAX, most = 0;
    for (size_t a = 0; a < experiment->n_arms; a++) {
        size_t parameters = findings->arms[a].parameters;
        if (findings->arms[a].finished == 0)
            continue;
        least = parameters < least ? parameters : least;
        most = parameters > most ? parameters : most;
    }
    char low[TEXT_NUMBER_SIZE], high[TEXT_NUMBER_SIZE];
    const char *corpus = experiment->corpus.name;
    if (most == 0)
        return text_format(arena, "%s", corpus);
    text_thousands(high, most);
    if (least == most)
        return text_format(arena, "%s, %s parameters", corpus, high);
    return text_format(arena, "%s, %s to %s parameters", corpus, text_thousands(low, least), high);
}

/* The same, and what the loss by context is of. */
static const char *corpus_size_and_targets(Arena *arena, const Findings *findings, const char *unit)
{
    char targets[TEXT_NUMBER_SIZE];
    const char *text = corpus_and_size(arena, findings);
    if (!text || findings->same_targets == 0)
        return text;
    return text_format(arena, "%s; the same %s %ss predicted at each length", text,
                       text_thousands(targets, findings->same_targets), unit);
}

/* The same, and how many sequences of a task were asked. */
static const char *corpus_and_questions(Arena *arena, const Findings *findings)
{
    char questions[TEXT_NUMBER_SIZE];
    const char *text = corpus_and_size(arena, findings);
    if (!text || findings->n_lengths == 0)
        return text;
    return text_format(arena, "%s; %s sequences of each length", text,
                       text_thousands(questions, findings->length_questions));
}

/* "nan" where the arms differ in it. */
static const char *length_of_training(Arena *arena, const Experiment *experiment)
{
    size_t length = experiment_block_size(experiment);
    return length > 0 ? text_format(arena, "%zu", length) : "nan";
}

/* "Validation loss, one seed"; of several, what stands around their mean is named. */
static const char *over_seeds(Arena *arena, const char *what, size_t n_seeds, const char *around)
{
    if (n_seeds == 1)
        return text_format(arena, "%s, one seed", what);
    return text_format(arena, "%s, mean of %zu seeds and %s", what, n_seeds, around);
}

/* Draws NAME.svg and .png so that the first is dark on a dark page. */
static bool plot_for_pages(Terminal *terminal, const char *folder, const char *name,
                           const char *what, const char *script, const char *const words[],
                           size_t n_words)
{
    Arena arena = {0};
    Error error = {0};
    const char *path = text_format(&arena, "%s/%s.svg", folder, name);
    bool drawn = plot(terminal, folder, what, script, words, n_words);
    if (drawn && !(path ? svg_add_dark(path, &error) : fail(&error, "out of memory"))) {
        terminal_printf(terminal, "no picture of %s for dark pages: %s", what, error.text);
        drawn = false;
    }
    arena_free(&arena);
    return drawn;
}

/* One that was drawn of other results must not stand beside new ones. */
static void remove_picture(Arena *arena, const char *folder, const char *name)
{
    static const char *const endings[] = {"svg", "png"};
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
        const char *path = text_format(arena, "%s/%s.%s", folder, name, endings[e]);
        if (path)
            (void)remove(path); /* most often there is none */
    }
}

bool plot_comparison(Terminal *terminal, const Findings *findings)
{
    Arena arena = {0};
    const Experiment *experiment = findings->experiment;
    const Config *config = &experiment_trial(experiment, 0, 0)->config;
    const char *unit = experiment_unit(experiment);
    const char *text = corpus_and_size(&arena, findings);
    const char *text_and_targets = corpus_size_and_targets(&arena, findings, unit);
    const char *questions = corpus_and_questions(&arena, findings);
    const char *interval = "its 95 % interval";
    const struct {
        const char *name, *what, *script, *title, *subtitle, *around;
    } pictures[] = {
        {"loss", "the losses", "scripts/compare_loss.gp", "Validation loss", text, interval},
        {"pairs", "the seeds", "scripts/compare_pairs.gp", "Last validation loss", text, interval},
        {"loss-by-context", "the loss by context", "scripts/compare_context.gp", "Loss by context",
         text_and_targets, interval},
        {"loss-by-position", "the loss by position", "scripts/compare_position.gp",
         "Loss by position", text, interval},
        {"right-by-length", "the share that is right", "scripts/compare_length.gp",
         "All right by length", questions, "each of them"},
    };
    for (size_t p = 0; p < sizeof pictures / sizeof *pictures; p++)
        remove_picture(&arena, experiment->folder, pictures[p].name);
    bool drawn = true;
    for (size_t p = 0; drawn && p < sizeof pictures / sizeof *pictures; p++) {
        const char *const words[] = {
            over_seeds(&arena, pictures[p].title, experiment->n_seeds, pictures[p].around),
            pictures[p].subtitle,
            unit,
            length_of_training(&arena, experiment),
            config->causal ? "seen" : "place",
        };
        drawn = plot_for_pages(terminal, experiment->folder, pictures[p].name, pictures[p].what,
                               pictures[p].script, words, sizeof words / sizeof *words);
    }
    arena_free(&arena);
    return drawn;
}

/* --- an answer to a claim --- */

bool plot_answer(Terminal *terminal, const AnswerFigure *figure, const char *folder,
                 const char *name, const char *subtitle)
{
    Arena arena = {0};
    const char *const words[] = {
        name,
        figure->title,
        subtitle,
        figure->x_name,
        figure->y_name,
        text_format(&arena, "%s%s", figure->x_is_log ? "x" : "", figure->y_is_log ? "y" : ""),
        text_format(&arena, "%.9g", figure->trained_up_to),
    };
    bool drawn =
        plot(terminal, folder, name, "scripts/claim.gp", words, sizeof words / sizeof *words);
    arena_free(&arena);
    return drawn;
}
