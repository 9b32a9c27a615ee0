/* plot.c: calls gnuplot with a script of scripts/, in the run's own folder: so the script names no
 * paths, and no file name is ever part of a gnuplot command. */
#include "cli/plot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/spawn.h"
#include "base/text.h"

static const char SCRIPT[] = "scripts/loss.gp";

static const char MISSING[] = "no picture of the loss: gnuplot is missing "
                              "(Debian: apt install gnuplot-nox)";

/* Runs the script; on failure *reason says why there is no picture. */
static bool run_script(const Run *run, char *arguments[], const char **reason, Error *error)
{
    bool missing;
    int status;
    *reason = error->text;
    if (!spawn_wait(arguments, run->folder, NULL, &missing, &status, error))
        return false;
    *reason = missing ? MISSING : "no picture of the loss: gnuplot failed on scripts/loss.gp";
    return !missing && status == 0;
}

bool plot_loss(Terminal *terminal, const Run *run, const Trainer *trainer, Yardsticks yardsticks)
{
    Arena arena = {0};
    Error error = {0};
    const char *reason = "no picture of the loss: scripts/loss.gp is not here";
    char *script = realpath(SCRIPT, NULL);
    char *title = text_format(&arena, "%s", run->name);
    char *subtitle = text_format(&arena, "%s on %s, seed %zu", trainer->gpt.pos.scheme->title,
                                 trainer->corpus->name, trainer->config->seed);
    char *unigram = text_format(&arena, "%.6f", yardsticks.unigram);
    char *bigram = text_format(&arena, "%.6f", yardsticks.bigram);
    char *floor = text_format(&arena, "%.6f", yardsticks.floor);
    char *unit = text_format(&arena, "%s", vocab_unit(&trainer->corpus->vocab));
    /* -d: without the user's own settings */
    char *arguments[] = {"gnuplot", "-d",   "-c",  script, title, subtitle,
                         unigram,   bigram, floor, unit,   NULL};
    bool drawn = script && title && subtitle && unigram && bigram && floor && unit &&
                 run_script(run, arguments, &reason, &error);
    if (!drawn)
        terminal_line(terminal, reason);
    free(script);
    arena_free(&arena);
    return drawn;
}
