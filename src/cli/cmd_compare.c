/* cmd_compare.c: posgpt compare: schemes and seeds side by side. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/compare_report.h"
#include "cli/help.h"
#include "cli/make_runs.h"
#include "cli/plot.h"
#include "lab/figures.h"
#include "lab/findings.h"
#include "lab/report/report.h"
#include "lab/results.h"
#include "lab/tables.h"

typedef struct CompareSettings {
    const char *pos, *config, *name, *vary;
    size_t seed, seeds, threads;
    double reach;
} CompareSettings;

#define AT(field) offsetof(CompareSettings, field)

/* clang-format off */
static const ConfigKey compare_keys[] = {
    {.name = "pos", .type = KEY_TEXT, .offset = AT(pos), .value = POS_COMPARED,
     .help = "the schemes, with commas between them; all: every one there is"},
    {.name = "seeds", .type = KEY_SIZE, .offset = AT(seeds), .value = "5", .min = 1,
     .max = MAX_SEEDS, .help = "how many runs of each; 2 or more for intervals, 5 for good ones"},
    {.name = "seed", .type = KEY_SIZE, .offset = AT(seed), .value = "1",
     .max = LARGEST_SEED - MAX_SEEDS, .help = "the first of them"},
    {.name = "vary", .type = KEY_TEXT, .offset = AT(vary), .value = "",
     .help = "setting=value,value,...: crossed with the schemes; may be given several times"},
    {.name = "config", .type = KEY_TEXT, .offset = AT(config), .value = "configs/compare.ini",
     .help = "a file of settings for every run; empty: the defaults of posgpt train"},
    {.name = "reach", .type = KEY_REAL, .offset = AT(reach), .value = "0", .max = 100,
     .help = "the loss whose steps are counted; 0: what every scheme reaches"},
    {.name = "threads", .type = KEY_SIZE, .offset = AT(threads), .value = "0", .max = 1024,
     .help = "cores to use; 0: all. The results do not depend on it"},
    {.name = "name", .type = KEY_TEXT, .offset = AT(name), .value = "",
     .help = "of the comparison's folder; made from what is compared if empty"},
};
/* clang-format on */

static KeyTable table_of(CompareSettings *values)
{
    return (KeyTable){"The comparison", compare_keys, sizeof compare_keys / sizeof *compare_keys,
                      values};
}

/* --- what is asked for --- */

static bool is_own(const char *key)
{
    for (size_t k = 0; k < sizeof compare_keys / sizeof *compare_keys; k++)
        if (key_same_name(key, compare_keys[k].name))
            return true;
    return false;
}

/* The command's own flags go into its settings, all others are settings of every run. --vary may
 * stand several times, the last of the others counts. */
static bool read_request(Arena *arena, const Args *args, Settings *settings,
                         CompareSettings *values, Request *request, Error *error)
{
    Setting *common = arena_alloc(arena, args->n_flags + 1, sizeof *common);
    const char **vary = arena_alloc(arena, args->n_flags + 1, sizeof *vary);
    if (!common || !vary)
        return fail(error, "out of memory: the command line");
    *request = (Request){.common = common, .vary = vary};
    for (size_t f = 0; f < args->n_flags; f++) {
        const Flag *flag = &args->flags[f];
        const char *key = flag->origin + strlen("--");
        if (!flag->value)
            continue;
        if (key_same_name(key, "vary"))
            vary[request->n_vary++] = flag->value;
        else if (!is_own(key))
            common[request->n_common++] = (Setting){key, flag->value};
        else if (!settings_set(settings, key, flag->value, flag->origin, error))
            return false;
    }
    request->config = values->config;
    request->pos = values->pos;
    request->name = values->name;
    request->first_seed = values->seed;
    request->n_seeds = values->seeds;
    return true;
}

/* --- the work --- */

/* Everything about one comparison, in one place that does not move. */
typedef struct Comparing {
    Arena *arena;
    const Args *args;
    Terminal terminal;
    CompareSettings values;
    Request request;
    Experiment experiment;
    Findings findings;
} Comparing;

/* One command a line, of the runs that are not finished. */
static bool print_plan(const Comparing *comparing, Error *error)
{
    const Experiment *experiment = &comparing->experiment;
    TextBuffer lines = {0};
    for (size_t seed = 0; seed < experiment->n_seeds; seed++)
        for (size_t arm = 0; arm < experiment->n_arms; arm++) {
            const Trial *trial = experiment_trial(experiment, arm, seed);
            if (result_is_final(trial))
                continue;
            char **words = experiment_command(experiment, trial, comparing->args->program, 1);
            lines.failed = lines.failed || !words;
            for (size_t w = 0; words && words[w]; w++) {
                text_append_format(&lines, "%s", w > 0 ? " " : "");
                text_append_quoted(&lines, words[w]);
            }
            text_append_format(&lines, "\n");
        }
    bool ok = lines.failed ? fail(error, "out of memory: a plan") : true;
    if (ok && lines.length > 0)
        fputs(lines.bytes, stdout);
    text_buffer_free(&lines);
    return ok;
}

/* Makes the runs that are missing. *failed says how many of *count did not make it. */
static bool make_missing(Comparing *comparing, size_t *count, size_t *failed, Error *error)
{
    const Experiment *experiment = &comparing->experiment;
    RunsToMake runs = {.arena = comparing->arena,
                       .args = comparing->args,
                       .terminal = &comparing->terminal,
                       .experiments = &experiment,
                       .n_experiments = 1,
                       .folder = experiment->folder,
                       .threads = comparing->values.threads};
    if (runs_are_missing(&runs))
        print_question(stderr, experiment);
    return make_runs(&runs, count, failed, error);
}

/* A row for each run. */
static bool print_csv(const Findings *findings, Error *error)
{
    TextBuffer rows = {0};
    tables_append_results(findings, &rows);
    bool ok = rows.failed ? fail(error, "out of memory: a table") : true;
    if (ok)
        fputs(rows.bytes, stdout);
    text_buffer_free(&rows);
    return ok;
}

/* Tables, pictures and the report, from what is in the runs' folders. */
static bool show(Comparing *comparing, Error *error)
{
    const Experiment *experiment = &comparing->experiment;
    Findings *findings = &comparing->findings;
    double reach = comparing->values.reach > 0 ? comparing->values.reach : NAN;
    const char *command = args_repeated(comparing->args, comparing->arena, "compare", NULL);
    if (!command)
        return fail(error, "out of memory: a command");
    if (!folder_make(experiment->folder, error) ||
        !findings_make(experiment, reach, findings, error) || !tables_write(findings, error) ||
        !figures_write(findings, error))
        return false;
    if (findings->finished > 0)
        plot_comparison(&comparing->terminal, findings);
    if (!report_write(findings, command, error))
        return false;
    if (args_has(comparing->args, "csv")) {
        if (!print_csv(findings, error))
            return false;
    } else {
        Terminal terminal = terminal_open(stdout);
        print_findings(findings, &terminal);
    }
    fflush(stdout); /* before what stderr says next, where both go to one place */
    terminal_printf(&comparing->terminal, "\nthe report: %s/report.html", experiment->folder);
    return true;
}

static bool compare(Comparing *comparing, int *exit_code, Error *error)
{
    size_t count = 0, failed = 0;
    if (args_has(comparing->args, "plan"))
        return print_plan(comparing, error);
    if (!args_has(comparing->args, "report") && !make_missing(comparing, &count, &failed, error))
        return false;
    if (interrupt_signal()) {
        terminal_printf(&comparing->terminal, "stopped; the same command goes on from there");
        *exit_code = EXIT_BY_SIGNAL + interrupt_signal();
        return true;
    }
    if (!show(comparing, error))
        return false;
    return failed == 0 ||
           fail(error,
                "%zu of %zu runs failed: expected all to finish; the same command tries "
                "those again",
                failed, count);
}

bool command_compare(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    Settings settings = {0};
    Comparing *comparing = arena_alloc(arena, 1, sizeof *comparing);
    if (!comparing)
        return fail(error, "out of memory");
    comparing->arena = arena;
    comparing->args = args;
    comparing->terminal = terminal_open(stderr);
    bool ok =
        args_expect(args, 0, 0, "", error) &&
        settings_add(&settings, table_of(&comparing->values), error) &&
        read_request(arena, args, &settings, &comparing->values, &comparing->request, error) &&
        experiment_init(&comparing->experiment, arena, &comparing->request, error);
    if (ok) {
        ok = compare(comparing, exit_code, error);
        experiment_free(&comparing->experiment);
    }
    settings_free(&settings);
    return ok;
}

void command_compare_keys(void)
{
    CompareSettings values = {0};
    KeyTable table = table_of(&values);
    help_table(&table);
    help_row("--plan", "",
             "prints the commands of the runs that are missing, one a line, and "
             "runs none: for GNU parallel, or a cluster");
    help_row("--report", "", "runs none: shows what there is");
    help_row("--csv", "", "prints a row for each run as comma-separated values");
    printf("\nEvery flag of posgpt train sets it for all runs\n");
}
