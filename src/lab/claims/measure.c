/* measure.c: lookups, differences, and rows. */
#include "lab/claims/measure.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

size_t measure_arm(const Findings *findings, const char *name)
{
    size_t arm = 0;
    while (strcmp(findings->names[arm], name) != 0) {
        arm++;
        assert(arm < findings->experiment->n_arms);
    }
    return arm;
}

Estimate measure_seeds(const double *x, size_t n)
{
    Sample sample = sample_of(x, n);
    return (Estimate){sample, sample_interval(sample, CONFIDENCE)};
}

double measure_same_loss(const Findings *findings, size_t arm, size_t seed, size_t context)
{
    const RunResult *run = &findings->runs[arm * findings->experiment->n_seeds + seed];
    const ContextLoss *loss = result_context(run, context);
    return loss ? loss->same.loss : NAN;
}

Estimate measure_lengths(const Findings *findings, size_t arm, size_t context, size_t above)
{
    double difference[MAX_SEEDS];
    size_t n = 0;
    for (size_t seed = 0; seed < findings->experiment->n_seeds; seed++) {
        double d = measure_same_loss(findings, arm, seed, context) -
                   measure_same_loss(findings, arm, seed, above);
        if (isfinite(d))
            difference[n++] = d;
    }
    return measure_seeds(difference, n);
}

IntervalText measure_interval(Interval interval, NumberText write(double value, int decimals),
                              int decimals)
{
    IntervalText out;
    if (isnan(interval.low) || isnan(interval.high))
        snprintf(out.text, sizeof out.text, "not known with one seed");
    else
        snprintf(out.text, sizeof out.text, "%s to %s", write(interval.low, decimals).text,
                 write(interval.high, decimals).text);
    return out;
}

size_t measure_block_size(const Findings *findings)
{
    return experiment_trial(findings->experiment, 0, 0)->config.block_size;
}

const char *measure_setting(Arena *arena, const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    const Config *config = &experiment_trial(experiment, 0, 0)->config;
    return text_format(arena,
                       "%s, %zu layers of %zu channels, windows of %zu, %zu steps, %zu seed%s",
                       experiment->corpus.name, config->n_layer, config->n_embd, config->block_size,
                       config->max_iters, experiment->n_seeds, experiment->n_seeds == 1 ? "" : "s");
}

double measure_rounding(void)
{
    return sizeof(real) == sizeof(double) ? 1e-13 : 1e-5;
}

double measure_worse(double a, double b)
{
    return isnan(b) || b > a ? b : a;
}

TableMaker table_begin(Arena *arena, const char *const *header, size_t n_columns, size_t most_rows,
                       AnswerTable *table)
{
    TableMaker maker = {.arena = arena, .n_columns = n_columns, .most_rows = most_rows};
    maker.cells = arena_alloc(arena, n_columns * most_rows, sizeof *maker.cells);
    maker.failed = !maker.cells;
    *table = (AnswerTable){.header = header, .cells = maker.cells, .n_columns = n_columns};
    return maker;
}

void table_add(TableMaker *maker, AnswerTable *table, const char *const *cells)
{
    assert(maker->failed || maker->n_rows < maker->most_rows);
    for (size_t c = 0; c < maker->n_columns; c++)
        maker->failed = maker->failed || !cells[c];
    if (maker->failed)
        return;
    memcpy(maker->cells + maker->n_rows * maker->n_columns, cells,
           maker->n_columns * sizeof *cells);
    table->n_rows = ++maker->n_rows;
}

bool series_begin(Arena *arena, AnswerSeries *series, const char *name, const PosScheme *scheme,
                  size_t count, SeriesNumbers *numbers)
{
    numbers->x = arena_alloc(arena, count, sizeof(double));
    numbers->y = arena_alloc(arena, count, sizeof(double));
    numbers->low = arena_alloc(arena, count, sizeof(double));
    numbers->high = arena_alloc(arena, count, sizeof(double));
    *series = (AnswerSeries){.name = name,
                             .scheme = scheme,
                             .x = numbers->x,
                             .y = numbers->y,
                             .low = numbers->low,
                             .high = numbers->high,
                             .count = count};
    return numbers->x && numbers->y && numbers->low && numbers->high;
}

bool measure_draw_lengths(Arena *arena, const Findings *findings, const size_t *arms, size_t n_arms,
                          AnswerFigure *figure)
{
    size_t n = findings->n_contexts;
    AnswerSeries *series = arena_alloc(arena, n_arms, sizeof *series);
    for (size_t a = 0; series && a < n_arms; a++) {
        const ContextFinding *found = findings->by_context + arms[a] * n;
        SeriesNumbers to;
        if (!series_begin(arena, &series[a], findings->names[arms[a]],
                          findings->experiment->arms[arms[a]].scheme, n, &to))
            return false;
        for (size_t c = 0; c < n; c++) {
            to.x[c] = (double)findings->contexts[c];
            to.y[c] = found[c].refused ? NAN : found[c].same.over_seeds.mean;
            to.low[c] = found[c].same.interval.low;
            to.high[c] = found[c].same.interval.high;
        }
    }
    *figure = (AnswerFigure){.title = "The same characters, from more and more context",
                             .x_name = "length of the context (characters)",
                             .y_name = "loss (nats per character)",
                             .x_is_log = true,
                             .trained_up_to = (double)measure_block_size(findings),
                             .series = series,
                             .n_series = n_arms};
    return series;
}
