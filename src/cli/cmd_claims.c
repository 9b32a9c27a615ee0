/* cmd_claims.c: posgpt claims: what is said about positional embeddings, put to the test. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "cli/claims_report.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/make_runs.h"
#include "cli/plot.h"
#include "lab/claims/figure.h"
#include "lab/claims/page.h"

enum { USUAL_SEEDS = 5, FULL_SEEDS = 10 };

typedef struct ClaimsSettings {
    const char *claim, *config, *data, *other_data, *out_dir;
    size_t seed, seeds, threads;
} ClaimsSettings;

#define AT(field) offsetof(ClaimsSettings, field)

/* clang-format off */
static const ConfigKey claims_keys[] = {
    {.name = "claim", .type = KEY_TEXT, .offset = AT(claim), .value = "",
     .help = "one of them, by its number or its name; all if empty"},
    {.name = "seeds", .type = KEY_SIZE, .offset = AT(seeds), .value = "0", .max = MAX_SEEDS,
     .help = "how many runs of each; 0: 5, or 10 with --full"},
    {.name = "seed", .type = KEY_SIZE, .offset = AT(seed), .value = "101",
     .max = LARGEST_SEED - MAX_SEEDS, .help = "the first of them"},
    {.name = "config", .type = KEY_TEXT, .offset = AT(config), .value = CLAIMS_CONFIG,
     .help = "a file of settings for every run"},
    {.name = "data", .type = KEY_TEXT, .offset = AT(data), .value = "data/fables.txt",
     .help = "the text of all runs that are not on a task"},
    {.name = "other_data", .type = KEY_TEXT, .offset = AT(other_data),
     .value = "data/escape.grammar", .help = "the second text of --full"},
    {.name = "threads", .type = KEY_SIZE, .offset = AT(threads), .value = "0", .max = 1024,
     .help = "cores to use; 0: all. The results do not depend on it"},
    {.name = "out_dir", .type = KEY_TEXT, .offset = AT(out_dir), .value = RUNS_FOLDER,
     .help = "where the runs are kept; the page goes to its folder claims"},
};
/* clang-format on */

static KeyTable table_of(ClaimsSettings *values)
{
    return (KeyTable){"The claims", claims_keys, sizeof claims_keys / sizeof *claims_keys, values};
}

/* Everything about one call, in one place that does not move. */
typedef struct Claiming {
    Arena *arena;
    const Args *args;
    Terminal terminal;
    ClaimsSettings values;
    Book book;
    Judgement *judgements; /* [count] */
    size_t count;
    const char *folder;
} Claiming;

/* --- what is asked for --- */

static bool fail_claim(const char *word, Error *error)
{
    TextBuffer list = {0};
    for (size_t c = 0; c < claim_count; c++)
        text_append_format(&list, "%s%zu %s", c > 0 ? ", " : "", c + 1, claims[c]->name);
    fail_request(error, "--claim = %s: expected one of: %s", word,
                 list.failed ? "see make claims" : list.bytes);
    text_buffer_free(&list);
    return false;
}

/* Its number, from 1; of no word, 0. */
static bool find_claim(const char *word, size_t *number, Error *error)
{
    *number = 0;
    if (word[0] == '\0')
        return true;
    if (text_to_size(word, number))
        return (*number >= 1 && *number <= claim_count) || fail_claim(word, error);
    for (size_t c = 0; c < claim_count; c++)
        if (key_same_name(claims[c]->name, word))
            *number = c + 1;
    return *number > 0 || fail_claim(word, error);
}

static bool open_book(Claiming *claiming, Error *error)
{
    const ClaimsSettings *values = &claiming->values;
    bool full = args_has(claiming->args, "full");
    size_t usual = full ? FULL_SEEDS : USUAL_SEEDS;
    BookPlan plan = {.claims = claims,
                     .n_claims = claim_count,
                     .scale = {.first_seed = values->seed,
                               .n_seeds = values->seeds > 0 ? values->seeds : usual,
                               .config = values->config,
                               .data = values->data,
                               .learning_rate = "",
                               .out_dir = values->out_dir},
                     .full = full,
                     .other_text = values->other_data};
    if (!find_claim(values->claim, &plan.only, error))
        return false;
    claiming->folder = path_join(claiming->arena, values->out_dir, "claims");
    if (!claiming->folder)
        return fail(error, "out of memory: a folder");
    return book_init(&claiming->book, claiming->arena, &plan, error);
}

/* --- the work --- */

/* *failed says how many of *count runs did not make it. */
static bool make_missing(Claiming *claiming, size_t *count, size_t *failed, Error *error)
{
    RunsToMake runs = {.arena = claiming->arena,
                       .args = claiming->args,
                       .terminal = &claiming->terminal,
                       .experiments = claiming->book.experiments,
                       .n_experiments = claiming->book.n_experiments,
                       .folder = claiming->folder,
                       .threads = claiming->values.threads};
    *count = *failed = 0;
    if (runs_are_missing(&runs))
        print_claim_questions(stderr, &claiming->book);
    return runs.n_experiments == 0 || make_runs(&runs, count, failed, error);
}

static bool judge(Claiming *claiming, Error *error)
{
    const BookPlan *plan = &claiming->book.plan;
    claiming->judgements =
        arena_alloc(claiming->arena, plan->n_claims, sizeof *claiming->judgements);
    if (!claiming->judgements)
        return fail(error, "out of memory: the answers");
    for (size_t number = 1; number <= plan->n_claims; number++)
        if (plan->only == 0 || plan->only == number)
            book_judge(&claiming->book, number, &claiming->judgements[claiming->count++]);
    return true;
}

/* "claim 3: seeds 101 to 105, 95 % intervals", as far as it is so. Of several views the figure
 * shows the first. */
static const char *subtitle_of(const Claiming *claiming, const Judgement *judgement)
{
    const ExperimentScale *scale = &claiming->book.plan.scale;
    const AnswerFigure *figure = &judgement->answer.figure;
    bool intervals = false;
    for (size_t s = 0; s < figure->n_series; s++)
        intervals = intervals || figure->series[s].low;
    if (judgement->n_drawn_on == 0)
        return text_format(claiming->arena, "claim %zu", judgement->number);
    if (scale->n_seeds == 1)
        return text_format(claiming->arena, "claim %zu: seed %zu", judgement->number,
                           scale->first_seed);
    bool several = judgement->n_views > 1;
    return text_format(claiming->arena, "claim %zu: seeds %zu to %zu%s%s%s", judgement->number,
                       scale->first_seed, scale->first_seed + scale->n_seeds - 1,
                       intervals ? ", 95 % intervals" : "", several ? ", " : "",
                       several ? judgement->views[0].where : "");
}

/* The numbers of every figure, and its picture as long as gnuplot draws them. */
static bool draw_figures(Claiming *claiming, Error *error)
{
    bool drawn = true;
    for (size_t j = 0; j < claiming->count; j++) {
        const Judgement *judgement = &claiming->judgements[j];
        const AnswerFigure *figure = &judgement->answer.figure;
        if (judgement->missing || figure->n_series == 0)
            continue;
        const char *name = claim_file(claiming->arena, judgement->number);
        const char *subtitle = subtitle_of(claiming, judgement);
        if (!name || !subtitle)
            return fail(error, "out of memory: a figure");
        if (!answer_figure_write(figure, claiming->folder, name, error))
            return false;
        drawn = drawn && plot_answer(&claiming->terminal, figure, claiming->folder, name, subtitle);
    }
    return true;
}

static bool write_page(Claiming *claiming, const char **path, Error *error)
{
    const BookPlan *plan = &claiming->book.plan;
    const char *full = plan->full ? "claims --full" : "claims";
    const char *name = plan->only > 0 ? claim_file(claiming->arena, plan->only) : "claims";
    const char *file = name ? text_format(claiming->arena, "%s.html", name) : NULL;
    *path = file ? path_join(claiming->arena, claiming->folder, file) : NULL;
    ClaimsPage page = {
        .plan = plan,
        .judgements = claiming->judgements,
        .count = claiming->count,
        .folder = claiming->folder,
        .command = args_repeated(claiming->args, claiming->arena, full, "claim"),
    };
    if (!*path || !page.command)
        return fail(error, "out of memory: the page");
    return claims_page_write(&page, *path, error);
}

static bool print_csv(const Claiming *claiming, Error *error)
{
    TextBuffer rows = {0};
    append_judgements(&rows, claiming->judgements, claiming->count);
    bool ok = rows.failed ? fail(error, "out of memory: a table") : true;
    if (ok)
        fputs(rows.bytes, stdout);
    text_buffer_free(&rows);
    return ok;
}

static bool show(Claiming *claiming, Error *error)
{
    const char *path;
    if (!folder_make(claiming->folder, error) || !judge(claiming, error) ||
        !draw_figures(claiming, error) || !write_page(claiming, &path, error))
        return false;
    if (args_has(claiming->args, "csv")) {
        if (!print_csv(claiming, error))
            return false;
    } else {
        print_judgements(stdout, claiming->judgements, claiming->count,
                         terminal_open(stdout).colour);
    }
    fflush(stdout);
    terminal_printf(&claiming->terminal, "\nthe page: %s", path);
    return true;
}

static bool check_answers(const Claiming *claiming, Error *error)
{
    size_t missing = 0;
    for (size_t j = 0; j < claiming->count; j++)
        missing += claiming->judgements[j].missing != NULL;
    return missing == 0 || fail(error, "%zu of %zu claims have no answer: expected one for each",
                                missing, claiming->count);
}

static bool answer(Claiming *claiming, int *exit_code, Error *error)
{
    size_t count, failed;
    if (!make_missing(claiming, &count, &failed, error))
        return false;
    if (interrupt_signal()) {
        terminal_printf(&claiming->terminal, "stopped; the same command goes on from there");
        *exit_code = EXIT_BY_SIGNAL + interrupt_signal();
        return true;
    }
    if (!show(claiming, error))
        return false;
    if (failed > 0)
        return fail(error,
                    "%zu of %zu runs failed: expected all to finish; the same command tries "
                    "those again",
                    failed, count);
    return check_answers(claiming, error);
}

bool command_claims(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    Settings settings = {0};
    Claiming *claiming = arena_alloc(arena, 1, sizeof *claiming);
    if (!claiming)
        return fail(error, "out of memory");
    claiming->arena = arena;
    claiming->args = args;
    claiming->terminal = terminal_open(stderr);
    bool ok = args_expect(args, 0, 0, "", error) &&
              settings_add(&settings, table_of(&claiming->values), error) &&
              args_apply(args, &settings, NULL, error) && open_book(claiming, error);
    if (ok) {
        ok = answer(claiming, exit_code, error);
        book_free(&claiming->book);
    }
    settings_free(&settings);
    return ok;
}

void command_claims_keys(void)
{
    ClaimsSettings values = {0};
    KeyTable table = table_of(&values);
    help_table(&table);
    help_row("--full", "",
             "also at each scheme's own best of three learning rates, and on a "
             "second text; takes some eight times as long");
    help_row("--csv", "", "prints a row for each verdict as comma-separated values");
    printf("\nWhat is claimed\n");
    for (size_t c = 0; c < claim_count; c++) {
        char number[TEXT_NUMBER_SIZE];
        snprintf(number, sizeof number, "%zu", c + 1);
        help_row(number, claims[c]->name, claims[c]->says);
    }
}
