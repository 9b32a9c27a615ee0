/* cmd_eval.c: posgpt eval RUN: the exact loss of a trained model on a text, at any context lengths
 * that its positional scheme can serve, as a whole and by position in the window; or the exam of a
 * model that has learned a task. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/eval_report.h"
#include "cli/help.h"
#include "cli/plot.h"
#include "cli/saved.h"
#include "cli/task_report.h"
#include "data/corpus.h"

typedef enum Split { VALIDATION, TRAINING, WHOLE } Split;
static const char *const split_names[] = {"validation", "training", "whole", NULL};

typedef struct EvalSettings {
    const char *data, *context;
    int split; /* Split */
    size_t batch_size;
} EvalSettings;

#define AT(field) offsetof(EvalSettings, field)

/* clang-format off */
static const ConfigKey eval_keys[] = {
    {.name = "data", .type = KEY_TEXT, .offset = AT(data), .value = "",
     .help = "a text file; empty: the corpus that the model was trained on"},
    {.name = "split", .type = KEY_CHOICE, .offset = AT(split), .value = "validation",
     .choices = split_names, .help = "which part of it"},
    {.name = "context", .type = KEY_TEXT, .offset = AT(context), .value = "",
     .help = "characters in a window, or several such lengths: 64,128,256; empty: as in training"},
    {.name = "batch_size", .type = KEY_SIZE, .offset = AT(batch_size), .value = "12", .min = 1,
     .max = 65536, .help = "windows at once, at most; the result does not depend on it"},
};
/* clang-format on */

static KeyTable table_of(EvalSettings *values)
{
    return (KeyTable){"The evaluation", eval_keys, sizeof eval_keys / sizeof *eval_keys, values};
}

/* --- what is asked for --- */

enum { MAX_CONTEXTS = 16, MAX_CONTEXT = 1 << 20 };

/* Takes the next length off a list, up to its comma or its end. (What is too long for a number is
 * shown in the message by its first characters.) */
static bool read_context(const char **list, size_t *context, Error *error)
{
    size_t length = strcspn(*list, ",");
    char word[TEXT_NUMBER_SIZE];
    bool fits = length < sizeof word;
    snprintf(word, sizeof word, "%.*s", (int)(fits ? length : sizeof word - 1), *list);
    *list += length;
    if (fits && text_to_size(word, context) && *context > 0 && *context <= MAX_CONTEXT)
        return true;
    return fail_request(error, "\"%s%s\": expected a whole number from 1 to %d", word,
                        fits ? "" : "...", MAX_CONTEXT);
}

static bool is_among(const ContextLoss *losses, size_t count, size_t context)
{
    for (size_t c = 0; c < count; c++)
        if (losses[c].context == context)
            return true;
    return false;
}

/* "64,128,256" as the contexts of losses[0 ... *count - 1]. */
static bool read_contexts(const char *list, ContextLoss losses[MAX_CONTEXTS], size_t *count,
                          Error *error)
{
    *count = 0;
    for (bool more = true; more; list += more) {
        size_t context;
        if (!read_context(&list, &context, error))
            return false;
        if (is_among(losses, *count, context))
            return fail_request(error, "%zu is there twice: expected each length once", context);
        if (*count == MAX_CONTEXTS)
            return fail_request(error, "expected at most %d lengths", MAX_CONTEXTS);
        losses[(*count)++].context = context;
        more = *list == ',';
    }
    return true;
}

/* An evaluation of one model. */
typedef struct Job {
    Arena *arena;
    const SavedModel *saved;
    const EvalSettings *settings;
    Corpus corpus;
    Tokens part; /* of the corpus */
    ContextLoss losses[MAX_CONTEXTS];
    size_t n_losses;
    EvalReport report;
} Job;

/* The lengths that --context lists; without it the one of training. */
static bool read_lengths(Job *job, Error *error)
{
    const char *list = job->settings->context;
    if (list[0] != '\0')
        return read_contexts(list, job->losses, &job->n_losses, error) ||
               fail_within(error, "--context = %s", list);
    job->losses[0].context = job->saved->config.block_size;
    job->n_losses = 1;
    return true;
}

/* The text that --data names, or the corpus of training, which must be what it was. */
static bool read_text(Job *job, Error *error)
{
    const SavedModel *saved = job->saved;
    bool own = job->settings->data[0] == '\0';
    Corpus *corpus = &job->corpus;
    if (!corpus_load_in(job->arena, own ? saved->config.data : job->settings->data, &saved->vocab,
                        corpus, error))
        return false;
    if (own && strcmp(saved->corpus_sha256, corpus->sha256) != 0)
        return fail_request(error,
                            "%s: holds another text than the model was trained on: expected the "
                            "same one, or another with --data",
                            corpus->path);
    job->part = job->settings->split == VALIDATION ? corpus->validation
                : job->settings->split == TRAINING ? corpus->train
                                                   : corpus->all;
    return true;
}

/* --- the answer --- */

/* The losses of every length that is not refused. With `print`, each is a row of a table as soon as
 * it is there. */
static bool evaluate_all(Job *job, bool print, Error *error)
{
    if (print)
        print_context_header(&job->report);
    for (size_t c = 0; c < job->n_losses; c++) {
        ContextLoss *loss = &job->losses[c];
        if (!loss->refused &&
            !context_evaluate(job->arena, &job->saved->gpt, job->part, loss, error))
            return fail_within(error, "%s", job->corpus.path);
        if (!loss->refused && !isfinite(loss->whole.loss))
            return fail(error,
                        "%s: the loss in windows of %zu is %s: expected a finite number; are the "
                        "model's weights too large?",
                        job->corpus.path, loss->context,
                        isnan(loss->whole.loss) ? "nan" : "infinite");
        if (print)
            print_context_row(&job->report, c);
    }
    return true;
}

static bool all_refused(const Job *job)
{
    for (size_t c = 0; c < job->n_losses; c++)
        if (!job->losses[c].refused)
            return false;
    return true;
}

static bool print_csv(const EvalReport *report, bool by_position, Error *error)
{
    TextBuffer rows = {0};
    if (by_position)
        positions_append(&report->table, &rows);
    else
        contexts_append(&report->table, &rows);
    bool ok = rows.failed ? fail(error, "out of memory: a table") : true;
    if (ok)
        fputs(rows.bytes, stdout);
    text_buffer_free(&rows);
    return ok;
}

/* The tables and the picture, in the folder of the run. A model that is only a file has none. */
static bool write_files(Job *job, const char *word, Error *error)
{
    Terminal terminal = terminal_open(stderr);
    const char *folder;
    Run run;
    if (file_exists(word))
        return true;
    if (!run_folder_path(job->arena, word, &folder, error) ||
        !run_in_folder(job->arena, folder, &run, error) ||
        !context_files_write(&job->report.table, run.evaluation, run.by_position, error))
        return false;
    const char *changed = job->saved->changed;
    const char *subtitle =
        text_format(job->arena, "%s%s%s on %s (%s), seed %zu", job->saved->gpt.pos.scheme->title,
                    changed ? ", " : "", changed ? changed : "", job->corpus.name,
                    split_names[job->settings->split], job->saved->config.seed);
    bool drawn = plot_by_position(&terminal, &run, &job->report, subtitle);
    terminal_printf(&terminal, "written to %s", run.evaluation);
    terminal_printf(&terminal, "written to %s", run.by_position);
    if (drawn)
        terminal_printf(&terminal, "the picture %s", run.by_position_picture);
    return true;
}

/* A model that has learned a task is examined. */
static bool examine_saved(const SavedModel *saved, const EvalSettings *settings, const Args *args,
                          Error *error)
{
    Exam exam;
    const char *task = task_of(&saved->config.task)->name;
    if (settings->data[0] != '\0')
        return fail_request(error, "--data: the model has learned task = %s: expected no text",
                            task);
    if (settings->context[0] != '\0' || args_has(args, "by_position"))
        return fail_request(error,
                            "--context, --by-position: the model has learned task = %s, whose "
                            "sequences have lengths of their own: expected neither",
                            task);
    if (!exam_init(&exam, &saved->gpt, &saved->config.task, placement_of(&saved->config),
                   settings->batch_size, error))
        return false;
    bool ok = print_exam(&exam, args_has(args, "csv"), NULL, error);
    exam_free(&exam);
    return ok;
}

/* What people read below the rows. */
static void print_rest(const EvalReport *report, bool by_position)
{
    print_context_note(report);
    if (by_position) {
        printf("\n");
        print_positions(report);
    }
}

/* With nothing but refused lengths, the request was wrong. The rows are there all the same. */
static bool print_answer(Job *job, const Args *args, Error *error)
{
    bool csv = args_has(args, "csv"), by_position = args_has(args, "by_position");
    if (!evaluate_all(job, !csv, error))
        return false;
    if (csv && !print_csv(&job->report, by_position, error))
        return false;
    if (all_refused(job))
        return fail_request(error, "%s", job->losses[0].refused);
    if (!csv)
        print_rest(&job->report, by_position);
    return !by_position || write_files(job, args->operands[0], error);
}

static bool evaluate_saved(Arena *arena, const SavedModel *saved, const void *values,
                           const Args *args, Error *error)
{
    const EvalSettings *settings = values;
    if (task_of(&saved->config.task))
        return examine_saved(saved, settings, args, error);
    Job *job = arena_alloc(arena, 1, sizeof *job);
    if (!job)
        return fail(error, "out of memory: an evaluation");
    *job = (Job){.arena = arena, .saved = saved, .settings = settings};
    if (!read_lengths(job, error) || !read_text(job, error) ||
        !contexts_plan(arena, &saved->gpt, placement_of(&saved->config), job->part,
                       vocab_unit(&saved->vocab), settings->batch_size, job->losses, job->n_losses,
                       error))
        return false;
    job->report = (EvalReport){.table = {.losses = job->losses,
                                         .count = job->n_losses,
                                         .block_size = saved->config.block_size,
                                         .unit = vocab_unit(&saved->vocab),
                                         .changed = saved->changed},
                               .causal = saved->config.causal};
    return print_answer(job, args, error);
}

bool command_eval(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    (void)exit_code;
    EvalSettings settings = {0};
    return with_saved_model(arena, args, table_of(&settings), evaluate_saved, error);
}

void command_eval_keys(void)
{
    EvalSettings settings = {0};
    KeyTable table = table_of(&settings);
    help_table(&table);
    help_row("--by-position", "",
             "the loss at each place in the window, too; CSV and a picture go to the run's folder");
    help_row("--csv", "", "prints comma-separated values");
    saved_model_help();
}
