/* table_end.c: "learned absolute embeddings cannot go past the length they were made for".
 *
 * A table of L rows has no row for position L. But is L the length that counts? Three lengths are
 * meant by the saying: the rows of the table, the rows that training has reached, and the place
 * where a text usually stands. So:
 *
 *     exact      position L is refused, and every one before it is taken
 *     learned    a table of 2 T rows, of which windows of T tokens train the first half only: what
 *                happens in windows of 2 T? And if each batch stands at a random place of the
 *                table, so that all of its rows are trained?
 *     learned    windows of T/2 tokens that are said to stand at 0, further on, at T/2: all of
 *                these positions have been trained, and the text is the same. A scheme that knows
 *                distances alone has the same loss at each, to rounding
 */
#include "lab/claims/table_end.h"

#include <math.h>

#include "lab/claims/measure.h"
#include "lab/claims/models.h"

static const ExperimentId draws_on[] = {ON_TEXT, TABLE_OFFSETS, NO_EXPERIMENT};

/* Sums of the same numbers in another order differ by less. */
static const double ROUNDING = 1e-5;

/* --- the verdict --- */

Verdict table_end_judge(const TableEndEvidence *e, const char **condition)
{
    if (!e->ends)
        return DOES_NOT_HOLD;
    if (e->untrained.interval.low > 0)
        return HOLDS;
    if (!(e->untrained.interval.high <= 0))
        return NOT_SHOWN;
    *condition = "of the rows of the table, not of the length of training";
    return HOLDS_UNDER_A_CONDITION;
}

/* --- the same text further on --- */

enum { N_OFFSETS = 3 };

/* One line: what the runs of an arm make of it. */
typedef struct Line {
    const char *name;
    const PosScheme *scheme;
    Estimate loss[N_OFFSETS], rise[N_OFFSETS]; /* rise: above the loss at offset 0 */
    double farthest;                           /* the largest |rise| of any run */
} Line;

/* In windows of half the training length: 0, a quarter of that length, half of it. */
static size_t offset_number(const Findings *findings, size_t i)
{
    return i * measure_block_size(findings) / 4;
}

static bool follow(const Findings *findings, size_t arm, size_t seed, double losses[N_OFFSETS],
                   Error *error)
{
    SavedModel saved;
    size_t offsets[N_OFFSETS];
    for (size_t i = 0; i < N_OFFSETS; i++)
        offsets[i] = offset_number(findings, i);
    if (!model_at_end(&saved, findings, arm, seed, error))
        return false;
    bool ok = table_end_losses(&saved.gpt, findings->experiment->corpus.validation,
                               measure_block_size(findings) / 2, offsets, N_OFFSETS, losses, error);
    saved_model_free(&saved);
    return ok;
}

static bool make_line(const Findings *findings, size_t arm, const char *name, Line *line,
                      Error *error)
{
    size_t n_seeds = findings->experiment->n_seeds;
    double losses[MAX_SEEDS][N_OFFSETS], x[MAX_SEEDS], rise[MAX_SEEDS];
    *line = (Line){.name = name, .scheme = findings->experiment->arms[arm].scheme};
    for (size_t seed = 0; seed < n_seeds; seed++)
        if (!follow(findings, arm, seed, losses[seed], error))
            return false;
    for (size_t i = 0; i < N_OFFSETS; i++) {
        for (size_t seed = 0; seed < n_seeds; seed++) {
            x[seed] = losses[seed][i];
            rise[seed] = losses[seed][i] - losses[seed][0];
            line->farthest = fmax(line->farthest, fabs(rise[seed]));
        }
        line->loss[i] = measure_seeds(x, n_seeds);
        line->rise[i] = measure_seeds(rise, n_seeds);
    }
    return true;
}

/* --- the answer --- */

static bool tabulate(const ClaimDesk *desk, const Line *lines, size_t n, Answer *answer)
{
    static const char *const header[] = {"scheme", "loss at 0", "moved by T/2", "95 % interval",
                                         "most, in any run"};
    TableMaker rows = table_begin(desk->arena, header, 5, n, &answer->table);
    for (size_t i = 0; i < n; i++) {
        Estimate rise = lines[i].rise[N_OFFSETS - 1];
        const char *const cells[] = {
            lines[i].name,
            text_format(desk->arena, "%.4f", lines[i].loss[0].over_seeds.mean),
            text_format(desk->arena, "%s", text_change(rise.over_seeds.mean, 4).text),
            text_format(desk->arena, "%s", measure_interval(rise.interval, text_change, 4).text),
            lines[i].farthest > 0 ? text_format(desk->arena, "%.0e", lines[i].farthest) : "0",
        };
        table_add(&rows, &answer->table, cells);
    }
    return !rows.failed;
}

static bool draw(const ClaimDesk *desk, const Findings *findings, const Line *lines, size_t n,
                 Answer *answer)
{
    AnswerSeries *series = arena_alloc(desk->arena, n, sizeof *series);
    for (size_t s = 0; series && s < n; s++) {
        SeriesNumbers to;
        if (!series_begin(desk->arena, &series[s], lines[s].name, lines[s].scheme, N_OFFSETS, &to))
            return false;
        for (size_t i = 0; i < N_OFFSETS; i++)
            series_estimate(&to, i, (double)offset_number(findings, i), lines[s].rise[i]);
    }
    answer->figure = (AnswerFigure){.title = "The same windows, said to stand further on",
                                    .x_name = "position of their first character",
                                    .y_name = "loss above that at 0 (nats per character)",
                                    .series = series,
                                    .n_series = n};
    return series;
}

/* What the three experiments found. */
typedef struct Found {
    size_t trained, rows; /* T, and the rows of the longer table */
    TableEndEvidence evidence;
    Estimate all_trained; /* as evidence.untrained, with every row trained */
    Line *lines;          /* every scheme, and a table that was trained at random places */
    size_t n_lines, n_flat;
} Found;

/* Tables of T rows and of twice as many: do both end where they should? */
static bool find_ends(const ClaimDesk *desk, const char *const names[2], Found *found, Error *error)
{
    const Findings *tables = desk->findings[TABLE_OFFSETS], *text = desk->findings[ON_TEXT];
    const Findings *const of[] = {text, tables};
    const size_t arms[] = {measure_arm(text, "learned"), measure_arm(tables, names[0])};
    const size_t rows[] = {found->trained, found->rows};
    found->evidence.ends = true;
    for (size_t i = 0; i < 2; i++) {
        const Config *config = &experiment_trial(of[i]->experiment, arms[i], 0)->config;
        GptConfig shape = config_gpt(config, text->experiment->corpus.vocab.size);
        Gpt gpt;
        if (!model_at_start(&gpt, config, &shape, error))
            return false;
        found->evidence.ends = found->evidence.ends && table_end_is_at(&gpt, rows[i]);
        gpt_free(&gpt);
    }
    return true;
}

static bool find_lines(const ClaimDesk *desk, const char *shifted, Found *found, Error *error)
{
    const Findings *tables = desk->findings[TABLE_OFFSETS], *text = desk->findings[ON_TEXT];
    size_t n = text->experiment->n_arms;
    found->lines = arena_alloc(desk->arena, n + 1, sizeof *found->lines);
    if (!found->lines)
        return fail(error, "out of memory: an answer");
    for (size_t arm = 0; arm < n; arm++)
        if (!make_line(text, arm, text->names[arm], &found->lines[arm], error))
            return false;
    found->n_lines = n + 1;
    for (size_t i = 0; i < n; i++)
        found->n_flat += found->lines[i].farthest <= ROUNDING;
    return make_line(tables, measure_arm(tables, shifted), "learned, random places",
                     &found->lines[n], error);
}

static bool speak(const ClaimDesk *desk, const Found *found, Answer *answer)
{
    const Findings *text = desk->findings[ON_TEXT];
    const Line *learned = &found->lines[measure_arm(text, "learned")],
               *placed = &found->lines[found->n_lines - 1];
    Estimate rise = found->evidence.untrained;
    size_t T = found->trained;
    answer->deciding = text_format(
        desk->arena, "position %zu is refused; rows without training: %s nats (95 %%: %s)", T,
        text_change(rise.over_seeds.mean, 3).text,
        measure_interval(rise.interval, text_change, 3).text);
    answer->text = text_format(
        desk->arena,
        "On %s: a table of %zu rows refuses position %zu. One of %zu rows that was trained on "
        "windows of %zu takes windows of %zu, and the loss of the same characters changes by %s "
        "nats; by %s if training stood at random places, so that every row was trained, which "
        "costs %.3f at the start. Windows of %zu that are moved by %zu, with every row trained: "
        "%s nats, and %s after training at random places. %zu of %zu schemes have the same "
        "loss there to rounding: they know distances alone, or nothing.",
        text->experiment->corpus.name, T, T, found->rows, T, found->rows,
        text_change(rise.over_seeds.mean, 3).text,
        text_change(found->all_trained.over_seeds.mean, 3).text,
        placed->loss[0].over_seeds.mean - learned->loss[0].over_seeds.mean, T / 2, T / 2,
        text_change(learned->rise[N_OFFSETS - 1].over_seeds.mean, 3).text,
        text_change(placed->rise[N_OFFSETS - 1].over_seeds.mean, 3).text, found->n_flat,
        found->n_lines - 1);
    return answer->deciding && answer->text;
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    static const char *const names[] = {"position_offset = 0", "position_offset = 36"};
    const Findings *tables = desk->findings[TABLE_OFFSETS], *text = desk->findings[ON_TEXT];
    Found found = {.trained = measure_block_size(text), .rows = 2 * measure_block_size(text)};
    found.evidence.untrained =
        measure_rise(tables, measure_arm(tables, names[0]), found.trained, found.rows);
    found.all_trained =
        measure_rise(tables, measure_arm(tables, names[1]), found.trained, found.rows);
    if (!find_ends(desk, names, &found, error) || !find_lines(desk, names[1], &found, error))
        return false;
    answer->verdict = table_end_judge(&found.evidence, &answer->condition);
    return (speak(desk, &found, answer) && tabulate(desk, found.lines, found.n_lines, answer) &&
            draw(desk, text, found.lines, found.n_lines, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_table_end;
const Claim claim_table_end = {
    .name = "table-end",
    .says = "Learned absolute embeddings cannot go past the length that they were made for.",
    .question =
        "A table has twice as many rows as training used. What will the loss do in windows of all "
        "its rows? And if a text of half a window, all of whose positions were trained, is moved "
        "from the start of the window to its middle: which schemes will notice?",
    .varied = "the length of the context; which rows are trained; the position at which the same "
              "windows are said to stand",
    .held =
        "the text, the characters that are to be predicted, and for the last question the model",
    .criterion =
        "Holds if the position behind the last row is refused and each before it taken, and the "
        "loss is shown to rise in windows that reach rows without training (paired over seeds, "
        "lower end of the 95 % interval above 0). Holds under a condition, of the table but not of "
        "training, if it is shown not to rise.",
    .discuss = {"Why may a model that has trained every row still predict worse in the middle of "
                "the table than at its start?",
                "What does training at random places cost, and what does it buy?",
                "Which schemes cannot notice that a text has been moved, and how do their formulas "
                "say so?"},
    .draws_on = draws_on,
    .examine = examine,
};
