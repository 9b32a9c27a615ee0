/* chart_scale.h: where a point of a chart lies, and the round numbers at its axes. */
#ifndef BASE_CHART_SCALE_H
#define BASE_CHART_SCALE_H

#include "base/chart.h"

typedef struct ChartRange {
    double low, high;
} ChartRange;

/* From left to right: `low` is the middle of the first column, `high` that of the last. */
typedef struct ChartColumns {
    ChartRange x;
    bool is_log;
    size_t columns;
} ChartColumns;

/* From the bottom up: row r stands for the values around (bottom + r) * per_row. Each rows_per_tick
 * rows there is a multiple of `step`, a round number. */
typedef struct ChartRows {
    double per_row, step;
    long long bottom, rows_per_tick;
    size_t rows;
} ChartRows;

/* The range of x of a chart, and the part of y to show. `top`: the highest y there is. Without any
 * point they are 0 ... 1, on a logarithmic scale 1 ... 2, and `top` is -INFINITY. */
ChartRange chart_x_range(const Chart *chart);
bool chart_y_range(const Chart *chart, ChartRange x, Arena *arena, ChartRange *y, double *top);

/* Is point i drawn: are there two numbers, and lies x in the range? */
bool chart_has_point(const ChartSeries *series, size_t i, ChartRange x);

/* The finest scale on which the range fits into the rows. */
ChartRows chart_rows(ChartRange y, size_t rows);

/* In columns from the left end, in rows from the lower one: x lies in column
 * floor(chart_column(x)). NAN for what has no place. */
double chart_column(const ChartColumns *scale, double x);
double chart_row(const ChartRows *scale, double y);

/* Is there a tick at the middle of this row, and at which value? */
bool chart_row_tick(const ChartRows *scale, size_t row, double *value);

/* Round numbers in the range of x, at a distance at which their labels do not touch; on a
 * logarithmic scale the powers of two. Their distance is returned in `step` (logarithmic: 0).
 * NULL when there is no more memory. */
double *chart_x_ticks(const ChartColumns *scale, Arena *arena, size_t *count, double *step);

/* A number so that it can be told from one that differs by `resolution`; 0: with up to 6 digits.
 * Returns the buffer. */
char *chart_number(char buffer[TEXT_NUMBER_SIZE], double value, double resolution);

#endif
