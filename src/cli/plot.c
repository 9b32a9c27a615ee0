/* plot.c: calls gnuplot with a script of scripts/, in the run's own folder: so the script names no
 * paths, and no file name is ever part of a gnuplot command. */
#include "cli/plot.h"

#include <assert.h>
#include <stdlib.h>

#include "base/spawn.h"
#include "base/text.h"

enum { MAX_WORDS = 9 }; /* gnuplot's ARG1 ... ARG9 */

/* Runs a script in the run's folder; on failure the error says why there is no picture. */
static bool run_script(const Run *run, const char *script, const char *const words[],
                       size_t n_words, Error *error)
{
    bool missing;
    int status;
    char *path = realpath(script, NULL);
    if (!path)
        return fail(error, "%s is not here", script);
    /* -d: without the user's own settings */
    const char *arguments[4 + MAX_WORDS + 1] = {"gnuplot", "-d", "-c", path};
    for (size_t w = 0; w < n_words; w++)
        arguments[4 + w] = words[w];
    bool ran = spawn_wait((char *const *)arguments, run->folder, NULL, &missing, &status, error);
    free(path);
    if (ran && missing)
        return fail(error, "gnuplot is missing (Debian: apt install gnuplot-nox)");
    if (ran && status != 0)
        return fail(error, "gnuplot failed on %s", script);
    return ran;
}

/* Draws a picture of `what`, or prints a line that says why there is none. A word that is NULL is
 * one that there was no memory for. */
static bool draw(Terminal *terminal, const Run *run, const char *what, const char *script,
                 const char *const words[], size_t n_words)
{
    Error error = {0};
    bool drawn = true;
    assert(n_words <= MAX_WORDS);
    for (size_t w = 0; w < n_words; w++)
        drawn = drawn && (words[w] ? true : fail(&error, "out of memory"));
    drawn = drawn && run_script(run, script, words, n_words, &error);
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
    bool drawn =
        draw(terminal, run, "the loss", "scripts/loss.gp", words, sizeof words / sizeof *words);
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
    bool drawn = draw(terminal, run, "the loss by position", "scripts/context.gp", words,
                      sizeof words / sizeof *words);
    text_buffer_free(&served);
    text_buffer_free(&refused);
    arena_free(&arena);
    return drawn;
}
