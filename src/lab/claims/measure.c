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
    const ContextLoss *loss = result_context(findings_run(findings, arm, seed), context);
    return loss ? loss->same.loss : NAN;
}

Estimate measure_rise(const Findings *findings, size_t arm, size_t from, size_t to)
{
    double rise[MAX_SEEDS];
    size_t n = 0;
    for (size_t seed = 0; seed < findings->experiment->n_seeds; seed++) {
        double of_seed = measure_same_loss(findings, arm, seed, to) -
                         measure_same_loss(findings, arm, seed, from);
        if (isfinite(of_seed))
            rise[n++] = of_seed;
    }
    return measure_seeds(rise, n);
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

const char *measure_change(Arena *arena, double change, Interval interval, int decimals)
{
    return text_format(arena, "%s (%s)", text_change(change, decimals).text,
                       measure_interval(interval, text_change, decimals).text);
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

void series_point(SeriesNumbers *numbers, size_t point, double x, double y, Interval interval)
{
    numbers->x[point] = x;
    numbers->y[point] = y;
    numbers->low[point] = interval.low;
    numbers->high[point] = interval.high;
}

void series_estimate(SeriesNumbers *numbers, size_t point, double x, Estimate y)
{
    series_point(numbers, point, x, y.over_seeds.mean, y.interval);
}

bool series_exact(Arena *arena, AnswerSeries *series, const char *name, const PosScheme *scheme,
                  size_t count, const double *y, double unit)
{
    SeriesNumbers numbers;
    if (!series_begin(arena, series, name, scheme, count, &numbers))
        return false;
    for (size_t x = 0; x < count; x++)
        series_point(&numbers, x, (double)x, y[x] * unit, (Interval){NAN, NAN});
    series->low = series->high = NULL;
    return true;
}

bool measure_draw_lengths(Arena *arena, const Findings *findings, const size_t *arms, size_t n_arms,
                          AnswerFigure *figure)
{
    size_t n = findings->n_contexts;
    AnswerSeries *series = arena_alloc(arena, n_arms, sizeof *series);
    for (size_t a = 0; series && a < n_arms; a++) {
        SeriesNumbers to;
        if (!series_begin(arena, &series[a], findings->names[arms[a]],
                          findings->experiment->arms[arms[a]].scheme, n, &to))
            return false;
        for (size_t c = 0; c < n; c++) {
            const ContextFinding *found = findings_at_context(findings, arms[a], c);
            series_point(&to, c, (double)findings->contexts[c],
                         found->refused ? NAN : found->same.over_seeds.mean, found->same.interval);
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
