/* cmd_eval.c: posgpt eval RUN: the exact loss of a trained model on a text, at any context length
 * that its positional scheme can serve, as a whole and by position in the window; or the exam of a
 * model that has learned a task. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/saved.h"
#include "cli/task_report.h"
#include "data/corpus.h"
#include "train/evaluate.h"

typedef enum Split { VALIDATION, TRAINING, WHOLE } Split;
static const char *const split_names[] = {"validation", "training", "whole", NULL};

typedef struct EvalSettings {
    const char *data;
    int split; /* Split */
    size_t block_size, batch_size;
} EvalSettings;

#define AT(field) offsetof(EvalSettings, field)

/* clang-format off */
static const ConfigKey eval_keys[] = {
    {.name = "data", .type = KEY_TEXT, .offset = AT(data), .value = "",
     .help = "a text file; empty: the corpus that the model was trained on"},
    {.name = "split", .type = KEY_CHOICE, .offset = AT(split), .value = "validation",
     .choices = split_names, .help = "which part of it"},
    {.name = "block_size", .type = KEY_SIZE, .offset = AT(block_size), .value = "0", .min = 0,
     .max = 1 << 20, .help = "characters in a window; 0: as in training"},
    {.name = "batch_size", .type = KEY_SIZE, .offset = AT(batch_size), .value = "12", .min = 1,
     .max = 65536, .help = "windows at once; the result does not depend on it"},
};
/* clang-format on */

static KeyTable table_of(EvalSettings *values)
{
    return (KeyTable){"The evaluation", eval_keys, sizeof eval_keys / sizeof *eval_keys, values};
}

/* unit: what a token is called. */
static void print_whole(const Evaluation *result, size_t length, const char *unit, bool csv)
{
    char questions[TEXT_NUMBER_SIZE], windows[TEXT_NUMBER_SIZE];
    double bits = result->loss / log(2);
    if (csv)
        printf("block_size,windows,%ss,loss_nats,loss_bits\n%zu,%zu,%zu,%.9g,%.9g\n", unit, length,
               result->windows, result->questions, result->loss, bits);
    else
        printf("%.4f nats = %.4f bits per %s, over %s in %s windows of %zu\n", result->loss, bits,
               unit, text_thousands(questions, result->questions),
               text_thousands(windows, result->windows), length);
}

static void print_by_position(const Evaluator *evaluator, size_t length, const char *unit, bool csv)
{
    printf(csv ? "position,%ss,loss_nats\n" : "position   %9ss   nats\n", unit);
    for (size_t t = 0; t < length; t++) {
        size_t count = evaluator->count_by_position[t];
        double loss = count > 0 ? evaluator->sum_by_position[t] / (double)count : NAN;
        printf(csv ? "%zu,%zu,%.9g\n" : "%8zu %12zu   %.4f\n", t, count, loss);
    }
}

/* What is asked for, held against the text that is there: before memory is asked for. */
static bool check_text(const EvalSettings *settings, const SavedModel *saved, const Corpus *corpus,
                       Tokens part, size_t length, Error *error)
{
    if (settings->data[0] == '\0' && strcmp(saved->corpus_sha256, corpus->sha256) != 0)
        return fail_request(error,
                            "%s: holds another text than the model was trained on: expected the "
                            "same one, or another with --data",
                            corpus->path);
    if (window_count(part, length) == 0)
        return fail_request(error, "%s: %zu %ss: too short for a window of %zu", corpus->path,
                            part.count, vocab_unit(&corpus->vocab), length);
    return true;
}

/* A model that has learned a task is examined. */
static bool examine_saved(const SavedModel *saved, const EvalSettings *settings, bool csv,
                          Error *error)
{
    Exam exam;
    if (settings->data[0] != '\0')
        return fail_request(error, "--data: the model has learned task = %s: expected no text",
                            task_of(&saved->config.task)->name);
    if (!exam_init(&exam, &saved->gpt, &saved->config.task, settings->batch_size, error))
        return false;
    bool ok = print_exam(&exam, csv, NULL, error);
    exam_free(&exam);
    return ok;
}

static bool evaluate_saved(Arena *arena, const SavedModel *saved, const void *values,
                           const Args *args, Error *error)
{
    const EvalSettings *settings = values;
    const char *path = settings->data[0] != '\0' ? settings->data : saved->config.data;
    size_t length = settings->block_size > 0 ? settings->block_size : saved->config.block_size;
    const char *unit = vocab_unit(&saved->vocab);
    bool csv = args_has(args, "csv");
    Corpus corpus;
    Evaluator evaluator;
    Evaluation result;
    if (task_of(&saved->config.task))
        return examine_saved(saved, settings, csv, error);
    if (!corpus_load_in(arena, path, &saved->vocab, &corpus, error))
        return false;
    Tokens part = settings->split == VALIDATION ? corpus.validation
                  : settings->split == TRAINING ? corpus.train
                                                : corpus.all;
    if (!check_text(settings, saved, &corpus, part, length, error) ||
        !evaluator_init(&evaluator, &saved->gpt, settings->batch_size, length, error))
        return false;
    bool ok = evaluate(&evaluator, part, 0, &result, error);
    if (!ok)
        fail_within(error, "%s", path);
    else if (args_has(args, "by_position"))
        print_by_position(&evaluator, length, unit, csv);
    else
        print_whole(&result, length, unit, csv);
    evaluator_free(&evaluator);
    return ok;
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
    saved_model_help(table_of(&settings));
    help_row("--by-position", "", "a row for each place in the window");
    help_row("--csv", "", "as comma-separated values");
}
