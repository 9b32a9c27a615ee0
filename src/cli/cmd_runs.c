/* cmd_runs.c: posgpt runs: the runs there are, and what differs between two. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/help.h"
#include "train/checkpoint.h"
#include "train/metrics.h"
#include "train/run.h"

typedef struct RunsSettings {
    const char *out_dir;
} RunsSettings;

static const ConfigKey runs_keys[] = {
    {.name = "out_dir",
     .type = KEY_TEXT,
     .offset = offsetof(RunsSettings, out_dir),
     .value = RUNS_FOLDER,
     .help = "the folder that runs are kept in"},
};

static KeyTable table_of(RunsSettings *values)
{
    return (KeyTable){"The list", runs_keys, 1, values};
}

/* What the files of a run say about it. One that was read needs config_free. */
typedef struct RunSummary {
    Run run;
    Config config; /* its settings live in it, so a summary stays where it is */
    size_t step;
    double val_loss, best_loss; /* the last and the lowest; NaN without any */
} RunSummary;

static bool summary_read(Arena *arena, const char *folder, RunSummary *summary, Error *error)
{
    MetricsRow *rows;
    size_t count;
    memset(summary, 0, sizeof *summary);
    summary->val_loss = summary->best_loss = NAN;
    if (!config_init(&summary->config, error))
        return false;
    if (!run_in_folder(arena, folder, &summary->run, error) ||
        !settings_read(&summary->config.settings, summary->run.config, error) ||
        !metrics_read(arena, summary->run.metrics, &rows, &count, error)) {
        config_free(&summary->config);
        return false;
    }
    for (size_t r = 0; r < count; r++) {
        summary->step = rows[r].step;
        if (isnan(rows[r].val_loss))
            continue;
        summary->val_loss = rows[r].val_loss;
        summary->best_loss = fmin(summary->best_loss, rows[r].val_loss);
    }
    return true;
}

/* Puts the step that the run goes on from in place of that of the last row: a run that is stopped
 * keeps where it stands, and rows are some steps apart. */
static void take_step_of_checkpoint(RunSummary *summary)
{
    Progress progress;
    Error why = {0};
    if (!file_may_exist(summary->run.checkpoint))
        return;
    if (checkpoint_progress(summary->run.checkpoint, &progress, &why))
        summary->step = progress.step;
    else
        fprintf(stderr, "%s\n", why.text);
}

static void append_row(const RunSummary *s, TextBuffer *out)
{
    char shape[96], steps[48];
    const Config *c = &s->config;
    snprintf(shape, sizeof shape, "%zu/%zu/%zu/%zu", c->n_layer, c->n_head, c->n_embd,
             c->block_size);
    snprintf(steps, sizeof steps, "%zu/%zu", s->step, c->max_iters);
    text_append_format(out, "%-36s %-14s %-12s %.4f  %.4f\n", s->run.name, shape, steps,
                       s->val_loss, s->best_loss);
}

static void append_csv_row(const RunSummary *s, TextBuffer *out)
{
    const Config *c = &s->config;
    csv_append(out, s->run.name);
    text_append_format(out, ",%s,", config_scheme(c)->name);
    csv_append(out, c->data);
    text_append_format(out, ",%zu,%zu,%zu,%zu,%zu,%zu,%zu", c->seed, c->n_layer, c->n_head,
                       c->n_embd, c->block_size, s->step, c->max_iters);
    csv_append_next_real(out, s->val_loss);
    csv_append_next_real(out, s->best_loss);
    text_append(out, "\n", 1);
}

/* Is there a run in this folder? The folder of a comparison, which holds results.csv, is none; nor
 * is one with the pictures of posgpt inspect alone. */
static bool holds_run(Arena *arena, const char *folder)
{
    Run run;
    const char *results = path_join(arena, folder, "results.csv");
    return results && !file_exists(results) && run_in_folder(arena, folder, &run, NULL) &&
           (file_may_exist(run.config) || file_may_exist(run.metrics) ||
            file_may_exist(run.checkpoint));
}

static bool list_runs(Arena *arena, const char *out_dir, bool csv, TextBuffer *out, Error *error)
{
    char **names;
    size_t count;
    if (!folder_list(arena, out_dir, &names, &count, error))
        return false;
    const char *header =
        csv ? "name,pos,data,seed,n_layer,n_head,n_embd,block_size,step,max_iters,val_loss,"
              "best_loss\n"
            : "run                                  layers/heads/  step/        last    best\n"
              "                                     channels/block steps        val     val\n";
    text_append_format(out, "%s", header);
    for (size_t n = 0; n < count; n++) {
        RunSummary *summary = arena_alloc(arena, 1, sizeof *summary);
        const char *folder = path_join(arena, out_dir, names[n]);
        Error why = {0};
        if (!summary || !folder)
            return fail(error, "out of memory");
        if (!folder_may_exist(folder) || !holds_run(arena, folder))
            continue;
        if (summary_read(arena, folder, summary, &why)) {
            take_step_of_checkpoint(summary);
            if (csv)
                append_csv_row(summary, out);
            else
                append_row(summary, out);
            config_free(&summary->config);
        } else {
            fprintf(stderr, "%s\n", why.text);
        }
    }
    return true;
}

/* The value of a key in a run; a dash where the run has no such setting, as another scheme's
 * option. */
static TextBuffer value_in(const Config *config, const ConfigKey *key, const void *values)
{
    if (!config_idle_because(config, key->name))
        return key_text(key, values);
    TextBuffer dash = {0};
    text_append(&dash, "-", 1);
    return dash;
}

static void append_pair(const char *name, const char *a, const char *b, bool csv, TextBuffer *out)
{
    if (!csv) {
        text_append_format(out, "%-28s %-24s %s\n", name, a, b);
        return;
    }
    const char *const cells[] = {name, a, b};
    for (size_t c = 0; c < 3; c++) {
        csv_append(out, cells[c]);
        text_append_format(out, c < 2 ? "," : "\n");
    }
}

/* One line for each setting that differs. */
static void append_differing_settings(const Config *a, const Config *b, bool csv, TextBuffer *out)
{
    for (size_t t = 0; t < a->settings.n_tables; t++) {
        const KeyTable *of_a = &a->settings.tables[t], *of_b = &b->settings.tables[t];
        for (size_t k = 0; k < of_a->n_keys; k++) {
            const ConfigKey *key = &of_a->keys[k];
            TextBuffer x = value_in(a, key, of_a->values), y = value_in(b, key, of_b->values);
            if (!x.failed && !y.failed && strcmp(x.bytes, y.bytes) != 0)
                append_pair(key->name, x.bytes, y.bytes, csv, out);
            out->failed |= x.failed || y.failed;
            text_buffer_free(&x);
            text_buffer_free(&y);
        }
    }
}

static void append_differences(const RunSummary *a, const RunSummary *b, bool csv, TextBuffer *out)
{
    if (csv)
        append_pair("setting", a->run.name, b->run.name, true, out);
    else
        text_append_format(out, "A  %s\nB  %s\n\n%-28s %-24s B\n", a->run.name, b->run.name, "",
                           "A");
    append_differing_settings(&a->config, &b->config, csv, out);
    if (!csv) {
        text_append_format(out, "%-28s %-24.4f %.4f\n", "best val loss", a->best_loss,
                           b->best_loss);
        return;
    }
    text_append_format(out, "best_loss");
    csv_append_next_real(out, a->best_loss);
    csv_append_next_real(out, b->best_loss);
    text_append(out, "\n", 1);
}

/* The run that a person means by a word. */
static bool operand_read(Arena *arena, const char *word, RunSummary *summary, Error *error)
{
    const char *folder;
    return run_folder_path(arena, word, &folder, error) &&
           summary_read(arena, folder, summary, error);
}

static bool compare_runs(Arena *arena, const Args *args, TextBuffer *out, Error *error)
{
    RunSummary *pair = arena_alloc(arena, 2, sizeof *pair);
    if (!pair)
        return fail(error, "out of memory");
    if (!operand_read(arena, args->operands[0], &pair[0], error))
        return false;
    bool ok = operand_read(arena, args->operands[1], &pair[1], error);
    if (ok) {
        append_differences(&pair[0], &pair[1], args_has(args, "csv"), out);
        config_free(&pair[1].config);
    }
    config_free(&pair[0].config);
    return ok;
}

bool command_runs(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    (void)exit_code;
    RunsSettings values = {0};
    Settings settings = {0};
    TextBuffer out = {0};
    bool ok = settings_add(&settings, table_of(&values), error) &&
              args_apply(args, &settings, NULL, error) &&
              args_expect(args, 0, 2, "no run, or two to compare", error);
    if (ok && args->n_operands == 1)
        ok = fail_request(error, "\"%s\": expected no run, or two to compare", args->operands[0]);
    else if (ok && args->n_operands == 2)
        ok = compare_runs(arena, args, &out, error);
    else if (ok)
        ok = list_runs(arena, values.out_dir, args_has(args, "csv"), &out, error);
    ok = ok && (!out.failed || fail(error, "out of memory"));
    if (ok)
        fputs(out.bytes, stdout);
    text_buffer_free(&out);
    settings_free(&settings);
    return ok;
}

void command_runs_keys(void)
{
    RunsSettings values = {0};
    KeyTable table = table_of(&values);
    help_table(&table);
    help_row("--csv", "", "prints comma-separated values");
}
