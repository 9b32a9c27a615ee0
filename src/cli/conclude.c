/* conclude.c: losses, a sample or an exam, contexts, a picture, the result.
 *
 *                     a text                             a task
 *     samples.txt     if sample_chars > 0, causal        -
 *     exam.csv        -                                  each time anew
 *     contexts.csv    with by_context                    -
 *     loss.svg, .png  if gnuplot is there                if gnuplot is there
 *     result.csv      always, and last                   always, and last
 *
 * All but exam.csv are made only where they are missing: so a run that was killed in the middle of
 * its end, or asks for something more now, gets the rest.
 */
#include "cli/conclude.h"

#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "cli/card.h"
#include "cli/plot.h"
#include "cli/sample_text.h"
#include "cli/task_report.h"
#include "data/floors.h"
#include "train/context_files.h"
#include "train/outcome.h"

enum { MAX_SAMPLE_BYTES = 1 << 28 }; /* far more than sample_chars allows */

static bool has_task(const RunEnd *end)
{
    return task_of(&end->trainer->config->task) != NULL;
}

/* --- what is missing --- */

static bool lacks_sample(const RunEnd *end)
{
    const Config *config = end->trainer->config;
    bool wanted = config->causal && config->sample_chars > 0 && !has_task(end);
    return wanted && !file_exists(end->run->samples);
}

static bool lacks_contexts(const RunEnd *end)
{
    const Run *run = end->run;
    return end->trainer->config->by_context && !has_task(end) &&
           !(file_exists(run->contexts) && file_exists(run->context_positions));
}

/* A result.csv of another step does not count. */
static bool lacks_result(const RunEnd *end)
{
    Outcome outcome;
    return !outcome_read(end->arena, end->run->result, &outcome, NULL) ||
           outcome.step != end->trainer->config->max_iters;
}

bool is_concluded(const RunEnd *end)
{
    return !lacks_sample(end) && !lacks_contexts(end) && !lacks_result(end);
}

/* --- the losses --- */

/* The losses that they are held against; all NaN for a task. A floor needs the grammar of the text
 * (see data/floors.h), and NaN stands for one that cannot be had. */
static Yardsticks yardsticks_of(const RunEnd *end)
{
    const Corpus *corpus = end->trainer->corpus;
    const Config *config = end->trainer->config;
    Yardsticks yardsticks = {NAN, NAN, NAN};
    if (has_task(end))
        return yardsticks;
    yardsticks = corpus_yardsticks(corpus);
    Error why;
    if (corpus->grammar && corpus->vocab.kind == VOCAB_CHARACTERS && config->causal &&
        !floors_window(corpus->grammar, corpus, corpus->validation, config->block_size,
                       &yardsticks.floor, &why))
        yardsticks.floor = NAN;
    return yardsticks;
}

/* The share of a task's sequences that are all right is not in a checkpoint: a trainer that comes
 * from one has NaN there, and finds it out. */
static bool complete_losses(const RunEnd *end, Error *error)
{
    double loss;
    bool complete = !has_task(end) || !isnan(end->trainer->exact);
    return complete || trainer_examine(end->trainer, &loss, error);
}

/* --- the sample, or the exam --- */

/* Text from the model as it is now: to stdout, and to samples.txt. */
static bool write_sample(const RunEnd *end, Error *error)
{
    const Config *config = end->trainer->config;
    const Corpus *corpus = end->trainer->corpus;
    const Gpt *gpt = &end->trainer->gpt;
    TextBuffer text = {0};
    SampleOptions options = {
        .temperature = config->temperature,
        .top_k = config->top_k,
        .past = sample_past_for(gpt, placement_of(config)),
        .placement = placement_of(config),
        .key = random_for(random_seed(config->seed), "sample"),
    };
    terminal_line(end->terminal, "");
    bool ok =
        sample_text(gpt, &corpus->vocab, "", config->sample_chars, &options, stdout, &text, error);
    printf("\n");
    fflush(stdout);
    terminal_line(end->terminal, "");
    ok = ok && file_write(end->run->samples, text.bytes, text.length, error);
    if (!corpus->grammar) /* a grammar has few words: to know them says little */
        say_known_words(end->terminal, corpus->path, &text);
    text_buffer_free(&text);
    return ok;
}

/* The one in samples.txt. */
static bool show_sample(const RunEnd *end, Error *error)
{
    FileBytes text;
    if (!file_may_exist(end->run->samples))
        return true;
    if (!file_read(end->arena, end->run->samples, MAX_SAMPLE_BYTES, &text, error))
        return false;
    terminal_line(end->terminal, "");
    fwrite(text.bytes, 1, text.length, stdout);
    printf("\n");
    fflush(stdout);
    return true;
}

static bool report_task(const RunEnd *end, Error *error)
{
    terminal_line(end->terminal, "");
    return print_exam(&end->trainer->exam, false, end->run->exam, error) &&
           print_task_examples(&end->trainer->exam, error);
}

/* Yardsticks take a while, so they are found once, by the caller. */
static bool show(const RunEnd *end, Yardsticks yardsticks, Error *error)
{
    if (!complete_losses(end, error))
        return false;
    terminal_line(end->terminal, "");
    card_after(end->terminal, end->trainer, yardsticks);
    if (has_task(end))
        return report_task(end, error);
    return lacks_sample(end) ? write_sample(end, error) : show_sample(end, error);
}

bool show_run(const RunEnd *end, Error *error)
{
    return show(end, yardsticks_of(end), error);
}

/* --- the rest --- */

/* The loss at the lengths of a report. A length that is refused has its reason in the file. */
static bool write_contexts(const RunEnd *end, Error *error)
{
    const Trainer *trainer = end->trainer;
    const Gpt *gpt = &trainer->gpt;
    Tokens tokens = trainer->corpus->validation;
    size_t lengths[CONTEXT_LENGTHS];
    ContextLoss losses[CONTEXT_LENGTHS];
    ContextTable table = {.losses = losses,
                          .count = context_lengths(trainer->config->block_size, lengths),
                          .block_size = trainer->config->block_size,
                          .unit = vocab_unit(&trainer->corpus->vocab)};
    for (size_t c = 0; c < table.count; c++)
        losses[c].context = lengths[c];
    if (!contexts_plan(end->arena, gpt, placement_of(trainer->config), tokens, table.unit,
                       trainer->config->batch_size, losses, table.count, error))
        return false;
    for (size_t c = 0; c < table.count; c++)
        if (!losses[c].refused && !context_evaluate(end->arena, gpt, tokens, &losses[c], error))
            return false;
    return context_files_write(&table, end->run->contexts, end->run->context_positions, error);
}

static bool write_result(const RunEnd *end, Error *error)
{
    Outcome outcome = outcome_of(end->trainer);
    return outcome_write(end->run->result, &outcome, error);
}

bool conclude_run(const RunEnd *end, Error *error)
{
    const Run *run = end->run;
    Yardsticks yardsticks = yardsticks_of(end);
    if (!show(end, yardsticks, error))
        return false;
    if (lacks_contexts(end) && !write_contexts(end, error))
        return false;
    bool picture =
        file_exists(run->picture) || plot_loss(end->terminal, run, end->trainer, yardsticks);
    if (lacks_result(end) && !write_result(end, error)) /* the last file: all others are there */
        return false;
    CARD_LINE(end->terminal, "written to", "%s", run->folder);
    if (picture)
        CARD_LINE(end->terminal, "the loss", "%s", run->picture);
    if (file_exists(run->contexts))
        CARD_LINE(end->terminal, "by context", "%s", run->contexts);
    return true;
}
