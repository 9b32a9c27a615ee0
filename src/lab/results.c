/* results.c: reads the folders of an experiment's runs. */
#include "lab/results.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/ini.h"
#include "train/metrics.h"

/* --- metrics.csv: the looks and the times --- */

/* The losses of the whole validation split, in order. A run that was stopped and went on may have a
 * row twice, with the same loss. */
static bool gather_looks(Arena *arena, const MetricsRow *rows, size_t count, RunResult *result)
{
    Look *looks = arena_alloc(arena, count + 1, sizeof *looks);
    if (!looks)
        return false;
    for (size_t r = 0; r < count; r++)
        if (isfinite(rows[r].val_loss))
            looks[result->n_looks++] = (Look){rows[r].step, rows[r].val_loss};
    result->looks = looks;
    result->seconds = count > 0 ? rows[count - 1].elapsed_s : NAN;
    return true;
}

/* The tokens that a step reads; of a task, which draws the length of its sequences, in the mean. */
static double tokens_of_step(const Config *config)
{
    double rows = (double)(config->batch_size * config->gradient_accumulation_steps), tokens = 0;
    if (!task_of(&config->task))
        return rows * (double)config->block_size;
    TaskLengths lengths = task_lengths(&config->task);
    for (size_t length = lengths.min; length <= lengths.max; length++)
        tokens += (double)task_tokens(&config->task, length, config->causal);
    return rows * tokens / (double)(lengths.max - lengths.min + 1);
}

/* A row says how many tokens are read in a second. Other programs disturb single rows, which a
 * median does not feel. */
static bool find_pace(Arena *arena, const MetricsRow *rows, size_t count, const Config *config,
                      RunResult *result)
{
    double *ms = arena_alloc(arena, count + 1, sizeof *ms), tokens = tokens_of_step(config);
    size_t n = 0;
    if (!ms)
        return false;
    for (size_t r = 0; r < count; r++)
        if (isfinite(rows[r].chars_per_second) && rows[r].chars_per_second > 0)
            ms[n++] = 1000 * tokens / rows[r].chars_per_second;
    result->ms_per_step = pace_median(ms, n);
    return true;
}

static bool read_metrics(Arena *arena, const Trial *trial, RunResult *result, Error *error)
{
    MetricsRow *rows;
    size_t count;
    Error why;
    result->ms_per_step = result->seconds = NAN;
    if (!metrics_read(arena, trial->run.metrics, &rows, &count, &why)) {
        result->gone = arena_text(arena, why.text, strlen(why.text));
        return result->gone || fail(error, "out of memory: %s", trial->run.metrics);
    }
    result->started = count > 0;
    return (gather_looks(arena, rows, count, result) &&
            find_pace(arena, rows, count, &trial->config, result)) ||
           fail(error, "out of memory: %s", trial->run.metrics);
}

/* --- config.ini: what made it --- */

typedef struct MadeWith {
    TextBuffer text;
    size_t threads;
} MadeWith;

static bool take_line(void *context, const IniLine *line, Error *error)
{
    MadeWith *made = context;
    (void)error;
    if (line->section[0] == '\0' && strcmp(line->key, "threads") == 0 &&
        !text_to_size(line->value, &made->threads))
        made->threads = 0;
    bool build = strcmp(line->key, "version") == 0 || strcmp(line->key, "compiler") == 0 ||
                 strcmp(line->key, "cpu") == 0;
    if (strcmp(line->section, "made with") == 0 && build)
        text_append_format(&made->text, "%s%s", made->text.length > 0 ? "; " : "", line->value);
    return true;
}

static bool read_build(Arena *arena, const Trial *trial, RunResult *result, Error *error)
{
    MadeWith made = {0};
    TextBuffer *text = &made.text;
    Error why;
    if (file_may_exist(trial->run.config) && !ini_read(trial->run.config, take_line, &made, &why))
        result->build = text_format(arena, "unknown: %s", why.text);
    else if (text->failed || text->length > 0)
        result->build = text->failed ? NULL : arena_text(arena, text->bytes, text->length);
    result->threads = made.threads;
    text_buffer_free(text);
    return result->build || fail(error, "out of memory: %s", trial->run.config);
}

/* --- the rest --- */

/* Is this the outcome of the last step, and are the files there that are written with it? */
static bool is_final(const Trial *trial, const Outcome *outcome)
{
    if (outcome->step != trial->config.max_iters)
        return false;
    if (task_of(&trial->config.task))
        return file_may_exist(trial->run.exam);
    return !trial->config.by_context ||
           (file_may_exist(trial->run.contexts) && file_may_exist(trial->run.context_positions));
}

bool result_is_final(const Trial *trial)
{
    Arena arena = {0};
    Outcome outcome;
    bool final = file_exists(trial->run.result) &&
                 outcome_read(&arena, trial->run.result, &outcome, NULL) &&
                 is_final(trial, &outcome);
    arena_free(&arena);
    return final;
}

static bool read_contexts(Arena *arena, const Trial *trial, ContextTable *table, Error *error)
{
    *table = (ContextTable){0};
    return !file_may_exist(trial->run.contexts) ||
           (contexts_read(arena, trial->run.contexts, table, error) &&
            positions_read(arena, trial->run.context_positions, table, error));
}

static bool read_exam(Arena *arena, const Trial *trial, ExamTable *table, Error *error)
{
    *table = (ExamTable){0};
    return !task_of(&trial->config.task) || exam_table_read(arena, trial->run.exam, table, error);
}

/* Where one of the files is damaged, the run counts as not finished. */
static bool read_final(Arena *arena, const Trial *trial, RunResult *result, Error *error)
{
    Outcome outcome;
    ContextTable table;
    ExamTable exam;
    Error why;
    bool ok = outcome_read(arena, trial->run.result, &outcome, &why);
    if (ok && !is_final(trial, &outcome))
        return true;
    if (!ok || !read_contexts(arena, trial, &table, &why) ||
        !read_exam(arena, trial, &exam, &why)) {
        result->gone = arena_text(arena, why.text, strlen(why.text));
        return result->gone || fail(error, "out of memory: %s", trial->run.folder);
    }
    result->finished = true;
    result->gone = NULL;
    result->outcome = outcome;
    result->contexts = table.losses;
    result->n_contexts = table.count;
    result->exam = exam.rows;
    result->n_exam = exam.count;
    return true;
}

static bool read_result(Arena *arena, const Trial *trial, RunResult *result, Error *error)
{
    *result = (RunResult){.gone = "not begun", .build = "unknown"};
    result->outcome = (Outcome){.val_loss = NAN, .train_loss = NAN, .exact = NAN};
    result->ms_per_step = result->seconds = NAN;
    if (!file_may_exist(trial->run.metrics))
        return true;
    result->gone = "not finished";
    if (!read_metrics(arena, trial, result, error) || !read_build(arena, trial, result, error))
        return false;
    if (!result->started || !file_may_exist(trial->run.result))
        return true;
    return read_final(arena, trial, result, error);
}

const ContextLoss *result_context(const RunResult *run, size_t context)
{
    for (size_t c = 0; c < run->n_contexts; c++)
        if (run->contexts[c].context == context && !run->contexts[c].refused)
            return &run->contexts[c];
    return NULL;
}

const ExamRow *result_exam(const RunResult *run, size_t length)
{
    for (size_t i = 0; i < run->n_exam; i++)
        if (run->exam[i].result.length == length)
            return &run->exam[i];
    return NULL;
}

bool results_read(const Experiment *experiment, RunResult **runs, Error *error)
{
    size_t count = experiment->n_arms * experiment->n_seeds;
    *runs = arena_alloc(experiment->arena, count, sizeof **runs);
    if (!*runs)
        return fail(error, "out of memory: %zu results", count);
    for (size_t t = 0; t < count; t++)
        if (!read_result(experiment->arena, experiment->trials[t], &(*runs)[t], error))
            return false;
    return true;
}
