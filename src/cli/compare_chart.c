/* compare_chart.c: from findings to charts. */
#include "cli/compare_chart.h"

#include <math.h>
#include <stdio.h>

#include "base/chart.h"
#include "lab/palette.h"

enum { COLUMNS = 80, ROWS = 20, COLOUR_SIZE = 16 };

/* The colour of an arm as a control sequence, or nothing. */
static void colour_of(const Arm *arm, const Terminal *terminal, char colour[COLOUR_SIZE])
{
    Ink ink = palette_ink(pos_index(arm->scheme), arm->variant, arm->n_variants);
    colour[0] = '\0';
    if (terminal->colour)
        snprintf(colour, COLOUR_SIZE, "\033[38;5;%dm", ink.terminal);
}

/* Where the numbers of the curves lie, one behind the other. */
typedef struct Sheet {
    Arena arena;
    ChartSeries *series;
    char (*colours)[COLOUR_SIZE];
    size_t n_series;
} Sheet;

static bool sheet_init(Sheet *sheet, const Findings *findings, const Terminal *terminal)
{
    const Experiment *experiment = findings->experiment;
    size_t n_arms = experiment->n_arms;
    *sheet = (Sheet){.n_series = n_arms};
    sheet->series = arena_alloc(&sheet->arena, n_arms, sizeof *sheet->series);
    sheet->colours = arena_alloc(&sheet->arena, n_arms, sizeof *sheet->colours);
    if (!sheet->series || !sheet->colours)
        return false;
    for (size_t arm = 0; arm < n_arms; arm++) {
        colour_of(&experiment->arms[arm], terminal, sheet->colours[arm]);
        sheet->series[arm] =
            (ChartSeries){.name = findings->names[arm], .colour = sheet->colours[arm]};
    }
    return true;
}

/* The numbers live in the sheet's arena. */
static void set_points(Sheet *sheet, size_t arm, const double *x, const double *y, size_t count)
{
    sheet->series[arm].x = x;
    sheet->series[arm].y = y;
    sheet->series[arm].count = count;
}

/* `ok`: there was memory for the sheet. */
static void print_chart(Chart *chart, const Sheet *sheet, const Terminal *terminal, bool ok)
{
    TextBuffer text = {.failed = !ok};
    chart->series = sheet->series;
    chart->n_series = sheet->n_series;
    chart->columns = terminal->columns < COLUMNS ? terminal->columns : COLUMNS;
    chart->rows = ROWS;
    chart->unicode = terminal->unicode;
    if (ok)
        chart_append(&text, chart);
    if (text.failed)
        printf("\n%s against %s: no chart, out of memory\n", chart->y_name, chart->x_name);
    else
        printf("\n%s", text.bytes);
    text_buffer_free(&text);
}

/* --- against the step --- */

static bool take_curve(Sheet *sheet, size_t arm, const Curve *curve)
{
    double *x = arena_alloc(&sheet->arena, curve->n_points, sizeof *x);
    double *y = arena_alloc(&sheet->arena, curve->n_points, sizeof *y);
    if (!x || !y)
        return false;
    for (size_t p = 0; p < curve->n_points; p++) {
        x[p] = curve->points[p].x;
        y[p] = curve->points[p].mean;
    }
    set_points(sheet, arm, x, y, curve->n_points);
    return true;
}

static bool has_steps(const Findings *findings)
{
    bool any = false;
    for (size_t arm = 0; arm < findings->experiment->n_arms; arm++)
        any = any || findings->by_step[arm].n_points > 0;
    return any;
}

static void print_by_step(const Findings *findings, const Terminal *terminal)
{
    Sheet sheet;
    Chart chart = {.x_name = "step", .y_name = "validation loss", .cut_fall = true};
    bool ok = sheet_init(&sheet, findings, terminal);
    for (size_t arm = 0; ok && arm < sheet.n_series; arm++)
        ok = take_curve(&sheet, arm, &findings->by_step[arm]);
    print_chart(&chart, &sheet, terminal, ok);
    arena_free(&sheet.arena);
}

/* --- against the context length --- */

static bool take_contexts(Sheet *sheet, const Findings *findings, size_t arm, double *lengths)
{
    size_t n = findings->n_contexts;
    double *losses = arena_alloc(&sheet->arena, n, sizeof *losses);
    if (!losses)
        return false;
    for (size_t c = 0; c < n; c++) {
        const ContextFinding *found = &findings->by_context[arm * n + c];
        lengths[c] = (double)findings->contexts[c];
        losses[c] = found->refused ? NAN : found->same.over_seeds.mean;
    }
    set_points(sheet, arm, lengths, losses, n);
    return true;
}

static void print_by_context(const Findings *findings, const Terminal *terminal)
{
    Sheet sheet;
    size_t block_size = experiment_block_size(findings->experiment);
    bool ok = sheet_init(&sheet, findings, terminal);
    double *lengths = ok ? arena_alloc(&sheet.arena, findings->n_contexts, sizeof *lengths) : NULL;
    ok = ok && lengths;
    for (size_t arm = 0; ok && arm < sheet.n_series; arm++)
        ok = take_contexts(&sheet, findings, arm, lengths);
    Chart chart = {.x_name = "length of the context",
                   .y_name = "validation loss, the same targets at every length",
                   .x_is_log = true,
                   .x_ticks = lengths,
                   .n_x_ticks = findings->n_contexts,
                   .range_name = block_size > 0 ? "trained on" : NULL,
                   .range_low = 1,
                   .range_high = (double)block_size};
    print_chart(&chart, &sheet, terminal, ok);
    arena_free(&sheet.arena);
}

/* --- against the length of a task's sequences --- */

static bool take_lengths(Sheet *sheet, const Findings *findings, size_t arm, const double *lengths)
{
    size_t n = findings->n_lengths;
    double *shares = arena_alloc(&sheet->arena, n, sizeof *shares);
    if (!shares)
        return false;
    for (size_t l = 0; l < n; l++)
        shares[l] = 100 * findings_at_length(findings, arm, l)->exact.over_seeds.mean;
    set_points(sheet, arm, lengths, shares, n);
    return true;
}

static void print_by_length(const Findings *findings, const Terminal *terminal)
{
    Sheet sheet;
    size_t n = findings->n_lengths, trained = findings->trained_length;
    bool ok = sheet_init(&sheet, findings, terminal);
    double *lengths = ok ? arena_alloc(&sheet.arena, n, sizeof *lengths) : NULL;
    ok = ok && lengths;
    for (size_t l = 0; ok && l < n; l++)
        lengths[l] = (double)findings->lengths[l];
    for (size_t arm = 0; ok && arm < sheet.n_series; arm++)
        ok = take_lengths(&sheet, findings, arm, lengths);
    Chart chart = {.x_name = "symbols in a sequence",
                   .y_name = "% of sequences all right",
                   .x_ticks = lengths,
                   .n_x_ticks = n,
                   .range_name = trained > 0 ? "trained on" : NULL,
                   .range_low = 1,
                   .range_high = (double)trained};
    print_chart(&chart, &sheet, terminal, ok);
    arena_free(&sheet.arena);
}

void print_charts(const Findings *findings, const Terminal *terminal)
{
    if (has_steps(findings))
        print_by_step(findings, terminal);
    if (findings->same_targets > 0)
        print_by_context(findings, terminal);
    if (findings->n_lengths > 1)
        print_by_length(findings, terminal);
}
