/* chart_legend.c: a letter for each curve, and a place for each name. */
#include "base/chart_legend.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { GAP = 3 }; /* columns between entries in a line */

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* --- letters --- */

static bool begins_with_letter(const char *name)
{
    return name[0] != '\0' && strchr(letters, name[0]) != NULL;
}

/* Does each name begin with a letter of its own? */
static bool first_letters_differ(const Chart *chart)
{
    for (size_t s = 0; s < chart->n_series; s++) {
        if (!begins_with_letter(chart->series[s].name))
            return false;
        for (size_t t = 0; t < s; t++)
            if (chart->series[t].name[0] == chart->series[s].name[0])
                return false;
    }
    return true;
}

static void choose_marks(const Chart *chart, char *marks)
{
    bool by_name = first_letters_differ(chart);
    for (size_t s = 0; s < chart->n_series; s++)
        marks[s] = by_name ? chart->series[s].name[0] : letters[s % strlen(letters)];
}

/* --- what is said --- */

static void find_last(ChartEntry *entry, const ChartSeries *series, ChartRange x)
{
    entry->last_x = entry->last_y = NAN;
    for (size_t i = series->count; i-- > 0 && isnan(entry->last_y);)
        if (chart_has_point(series, i, x)) {
            entry->last_x = series->x[i];
            entry->last_y = series->y[i];
        }
}

/* Highest first; the missing last; otherwise in the order of the series. */
static int compare_entries(const void *a, const void *b)
{
    const ChartEntry *x = a, *y = b;
    if (isnan(x->last_y) != isnan(y->last_y))
        return isnan(x->last_y) ? 1 : -1;
    if (x->last_y != y->last_y && !isnan(x->last_y))
        return x->last_y > y->last_y ? -1 : 1;
    return (x->series > y->series) - (x->series < y->series);
}

static void write_entry(ChartEntry *entry, double resolution, double furthest)
{
    char number[TEXT_NUMBER_SIZE];
    if (isnan(entry->last_y)) {
        snprintf(entry->value, sizeof entry->value, "missing");
        return;
    }
    chart_number(entry->value, entry->last_y, resolution);
    if (entry->last_x < furthest)
        snprintf(entry->where, sizeof entry->where, " at %.16s",
                 chart_number(number, entry->last_x, 0));
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void measure(ChartLegend *legend, size_t most_name_columns)
{
    size_t where_columns = 0;
    for (size_t e = 0; e < legend->n_entries; e++) {
        const ChartEntry *entry = &legend->entries[e];
        legend->longest_name = larger(legend->longest_name, entry->name_length);
        legend->value_columns = larger(legend->value_columns, strlen(entry->value));
        where_columns = larger(where_columns, strlen(entry->where));
    }
    legend->name_columns =
        legend->longest_name < most_name_columns ? legend->longest_name : most_name_columns;
    legend->columns = 2 + legend->name_columns + 1 + legend->value_columns + where_columns;
}

bool chart_legend_init(ChartLegend *legend, const Chart *chart, ChartRange x, ChartRange y,
                       Arena *arena)
{
    size_t n = chart->n_series;
    *legend = (ChartLegend){
        .marks = arena_alloc(arena, n + 1, 1),
        .entries = arena_alloc(arena, n + 1, sizeof *legend->entries),
        .n_entries = n,
    };
    if (legend->marks == NULL || legend->entries == NULL)
        return false;
    choose_marks(chart, legend->marks);
    double furthest = -INFINITY;
    for (size_t s = 0; s < n; s++) {
        const char *name = chart->series[s].name;
        legend->entries[s].series = s;
        legend->entries[s].name_length = utf8_count(name, strlen(name));
        find_last(&legend->entries[s], &chart->series[s], x);
        furthest = fmax(furthest, legend->entries[s].last_x);
    }
    for (size_t s = 0; s < n; s++)
        write_entry(&legend->entries[s], (y.high - y.low) / 1000, furthest);
    qsort(legend->entries, n, sizeof *legend->entries, compare_entries);
    measure(legend, chart->columns / 4);
    return true;
}

/* --- where it stands --- */

static void draw_entry(const ChartLegend *legend, const Chart *chart, const ChartEntry *entry,
                       size_t row, size_t column, Canvas *canvas)
{
    const ChartSeries *series = &chart->series[entry->series];
    canvas_put(canvas, row, column, (unsigned char)legend->marks[entry->series], series->colour);
    column += 2;
    canvas_text(canvas, row, column, series->name, legend->name_columns, series->colour);
    column += legend->name_columns + 1;
    size_t length = strlen(entry->value);
    canvas_text(canvas, row, column + legend->value_columns - length, entry->value, length, NULL);
    column += legend->value_columns;
    canvas_text(canvas, row, column, entry->where, strlen(entry->where), NULL);
}

/* The row in which the curve ends, from the top; for a missing one the lowest. */
static long long end_row(const ChartEntry *entry, const ChartRows *scale)
{
    long long lowest = (long long)scale->rows - 1;
    return isnan(entry->last_y) ? lowest : lowest - (long long)chart_row(scale, entry->last_y);
}

/* Entry e wants to stand in row w[e] and gets row r[e]. Each must stand below the one before, so
 * r[e] must rise by at least 1 from one to the next; in other words, r[e] - e must not fall. Of all
 * sequences that do not fall, the one nearest to w[e] - e by the sum of squares is (isotonic
 * regression: Robertson, Wright, Dykstra 1988, "Order restricted statistical inference")
 *
 *     r[e] - e  =  max over first <= e of min over last >= e of the mean of w[i] - i,
 *                                                                  i = first ... last
 *
 * Where the wishes rise fast enough, these are the wishes; where they don't, a group of neighbours
 * shares the mean of its wishes, and stands around it. Sums of whole numbers are exact, so equal
 * means are equal. */
static double level(const ChartLegend *legend, size_t e)
{
    double highest = -INFINITY;
    for (size_t first = 0; first <= e; first++) {
        double sum = 0, lowest = INFINITY;
        for (size_t last = first; last < legend->n_entries; last++) {
            sum += (double)legend->entries[last].wish - (double)last;
            if (last >= e)
                lowest = fmin(lowest, sum / (double)(last - first + 1));
        }
        highest = fmax(highest, lowest);
    }
    return highest;
}

void chart_legend_beside(ChartLegend *legend, const Chart *chart, const ChartRows *scale,
                         size_t top, size_t left, Canvas *canvas)
{
    for (size_t e = 0; e < legend->n_entries; e++)
        legend->entries[e].wish = end_row(&legend->entries[e], scale);
    double most = (double)scale->rows - (double)legend->n_entries;
    for (size_t e = 0; e < legend->n_entries; e++) {
        double shift = fmax(0, fmin(most, floor(level(legend, e) + 0.5)));
        draw_entry(legend, chart, &legend->entries[e], top + (size_t)shift + e, left, canvas);
    }
}

void chart_legend_widen(ChartLegend *legend, size_t columns)
{
    size_t rest = legend->columns - legend->name_columns;
    if (columns > rest + legend->name_columns)
        measure(legend, columns - rest);
}

/* How many entries stand in a line. */
static size_t in_a_line(const ChartLegend *legend, size_t columns)
{
    return larger(1, (columns + GAP) / (legend->columns + GAP));
}

size_t chart_legend_lines(const ChartLegend *legend, size_t columns)
{
    size_t n = in_a_line(legend, columns);
    return (legend->n_entries + n - 1) / n;
}

void chart_legend_under(const ChartLegend *legend, const Chart *chart, size_t top, Canvas *canvas)
{
    size_t n = in_a_line(legend, canvas->columns);
    for (size_t e = 0; e < legend->n_entries; e++)
        draw_entry(legend, chart, &legend->entries[e], top + e / n, e % n * (legend->columns + GAP),
                   canvas);
}
