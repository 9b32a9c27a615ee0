/* chart.h: curves drawn in characters: loss against step, or against the length of the context.
 *
 *     loss (nats per character)  ↑ up to 4.16
 *         │  ⠘⡄s⡄
 *         │   ⢱ ⠸⡀
 *     2.5 ┤    ⢇ ⠑⡄
 *         │    l⡄ ⠈⢆
 *         │     ⠘⡄  ⠱⣀
 *     2.0 ┤      ⠘⡄   s⢄⡀
 *         │       ⠈⢢⡀   ⠈⠑⠒⠤s⣀⡀
 *         │         ⠘⠢⡀       ⠈⠉⠉⠉⠒s⠒⠒⠒⠒⠒s⠒⠒⠒⠢⠤⠤s⠤⠤⠤⠤⠤s  s short 1.661
 *     1.5 ┤           l⠉⠒⠢⠤⠤l⣀⣀⣀⣀⡀
 *         │                      ⠈⠉l⠉⠉⠉⠉⠉l⠉⠉⠉⠉⠉⠉l⠉⠉⠉⠉⠉l  l long  1.400
 *         └┬──────┬──────┬───────┬──────┬──────┬──────┬
 *          0      50    100     150    200    250    300
 *                              step
 *
 * Each curve has a letter: the first one of its name, or, where two names begin alike, a, b, c, ...
 * With Unicode a curve is a line of fine dots (Braille: 2 x 4 of them in a character) with its
 * letter on its points; without, it is a line of letters. Where curves share a character they take
 * turns. Beside the right ends stand the names with the last values, in the order of these and
 * moved apart; where they do not fit there, they stand under the axis.
 */
#ifndef BASE_CHART_H
#define BASE_CHART_H

#include "base/text.h"

/* A point without a number (NaN, infinite, of 1e100 and more) interrupts the curve, and so does an
 * x that is not positive where its scale is logarithmic. */
typedef struct ChartSeries {
    const char *name;
    const char *colour; /* a control sequence such as "\033[38;5;32m"; NULL or "": none */
    const double *x, *y;
    size_t count;
} ChartSeries;

typedef struct Chart {
    const ChartSeries *series;
    size_t n_series;
    const char *x_name, *y_name;
    double x_low, x_high; /* the ends of the axis; where low < high does not hold: the data's */
    bool x_is_log;
    const double *x_ticks; /* where ticks stand; none: at round numbers, or at powers of two */
    size_t n_x_ticks;
    const char *range_name; /* the part of the axis to mark, as "trained on"; NULL: none */
    double range_low, range_high;
    bool cut_fall;        /* y shows where the curves fall slowly: their first steps, and single
                           * spikes, may leave at the top, and the first line says so */
    size_t columns, rows; /* of all that is drawn; raised to CHART_MIN_..., cut to CHART_MAX */
    bool unicode;
} Chart;

enum { CHART_MIN_COLUMNS = 40, CHART_MIN_ROWS = 11, CHART_MAX = 1000 };

/* Appends the chart as lines. They are more than `rows` only where a long list of names stands
 * under a low chart. */
void chart_append(TextBuffer *out, const Chart *chart);

#endif
