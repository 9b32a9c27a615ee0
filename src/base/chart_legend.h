/* chart_legend.h: which curve of a chart is which: letters, names and last values. */
#ifndef BASE_CHART_LEGEND_H
#define BASE_CHART_LEGEND_H

#include "base/canvas.h"
#include "base/chart_scale.h"

/* What is said of one series. */
typedef struct ChartEntry {
    size_t series, name_length; /* in characters */
    double last_x, last_y;      /* NAN: it has no point */
    char value[TEXT_NUMBER_SIZE];
    char where[TEXT_NUMBER_SIZE]; /* " at 128" for a curve that ends before others do, or "" */
    long long wish;               /* beside the plot: the row in which the curve ends */
} ChartEntry;

typedef struct ChartLegend {
    char *marks;         /* [n_series]: the letters */
    ChartEntry *entries; /* [n_series], the highest last value first, the missing ones last */
    size_t n_entries;
    size_t name_columns, value_columns, columns; /* of an entry: name, value, all of it */
    size_t longest_name;
} ChartLegend;

/* Names longer than a quarter of the page are cut, until they are widened. False when there is no
 * more memory. */
bool chart_legend_init(ChartLegend *legend, const Chart *chart, ChartRange x, ChartRange y,
                       Arena *arena);

/* One entry a row, each as near to the end of its curve as the others let it. `scale` is that of
 * the plot, and has a row for each entry; the first row and column of the page are given. */
void chart_legend_beside(ChartLegend *legend, const Chart *chart, const ChartRows *scale,
                         size_t top, size_t left, Canvas *canvas);

/* Gives names, for a legend under the plot, as much room as a line of so many columns has. */
void chart_legend_widen(ChartLegend *legend, size_t columns);

/* As many entries in a line as fit; how many lines those are in so many columns. */
void chart_legend_under(const ChartLegend *legend, const Chart *chart, size_t top, Canvas *canvas);
size_t chart_legend_lines(const ChartLegend *legend, size_t columns);

#endif
