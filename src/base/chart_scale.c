/* chart_scale.c: ranges, scales and round numbers.
 *
 * Lines of text are few, so the scale of y is made to fit them: each row is a round number divided
 * by 3, 4, 5 or 6 higher than the one below, and ticks with round numbers stand at equal distances.
 */
#include "base/chart_scale.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double HUGE_NUMBER = 1e100;

/* Of 1, 2 or 5 times a power of ten. */
static const double round_numbers[] = {1, 2, 5};
enum { N_ROUND_NUMBERS = 3 };

static bool is_number(double value)
{
    return fabs(value) < HUGE_NUMBER;
}

bool chart_has_point(const ChartSeries *series, size_t i, ChartRange x)
{
    return is_number(series->y[i]) && series->x[i] >= x.low && series->x[i] <= x.high;
}

/* Nothing in it: INFINITY ... -INFINITY. */
static const ChartRange empty = {INFINITY, -INFINITY};

static void widen_to(ChartRange *range, double value)
{
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

/* Wide enough for distances in it to be numbers. */
static bool is_wide(ChartRange range)
{
    double size = fmax(fabs(range.low), fabs(range.high));
    return range.high - range.low >= fmax(1e-9 * size, 1 / HUGE_NUMBER);
}

ChartRange chart_x_range(const Chart *chart)
{
    ChartRange all = {chart->x_is_log ? 1 / HUGE_NUMBER : -HUGE_NUMBER, HUGE_NUMBER};
    ChartRange given = {chart->x_low, chart->x_high};
    if (given.low >= all.low && given.high <= all.high && is_wide(given))
        return given;
    ChartRange range = empty;
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->series[s].count; i++)
            if (chart_has_point(&chart->series[s], i, all))
                widen_to(&range, chart->series[s].x[i]);
    if (range.low > range.high)
        range = chart->x_is_log ? (ChartRange){1, 2} : (ChartRange){0, 1};
    if (is_wide(range))
        return range;
    double x = range.low; /* a single one stands in the middle */
    double margin = fabs(x) > 1 / HUGE_NUMBER ? fabs(x) / 2 : 1;
    return chart->x_is_log ? (ChartRange){x / 2, x * 2} : (ChartRange){x - margin, x + margin};
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The y of the points of one series, in their order; how many there are. */
static size_t collect(const ChartSeries *series, ChartRange x, double *values)
{
    size_t count = 0;
    for (size_t i = 0; i < series->count; i++)
        if (chart_has_point(series, i, x))
            values[count++] = series->y[i];
    return count;
}

/* How high the slow part of a curve reaches. A loss falls fast and then slowly, so three quarters
 * of its values lie close together, from `lowest` to `quartile`. What lies above that by more than
 * twice their range belongs to the fall, or to a spike; but the last value is always included.
 * Three quarters, rounded up, of up to four values are all of them: of so short a run nothing is
 * cut. */
static double slow_part(double *values, size_t count)
{
    double last = values[count - 1];
    qsort(values, count, sizeof *values, compare_numbers);
    double lowest = values[0], quartile = values[(3 * (count - 1) + 3) / 4];
    return fmax(last, fmin(values[count - 1], quartile + 2 * (quartile - lowest)));
}

bool chart_y_range(const Chart *chart, ChartRange x, Arena *arena, ChartRange *y, double *top)
{
    ChartRange all = empty, slow = empty;
    for (size_t s = 0; s < chart->n_series; s++) {
        double *values = arena_alloc_raw(arena, chart->series[s].count + 1, sizeof *values);
        if (values == NULL)
            return false;
        size_t count = collect(&chart->series[s], x, values);
        for (size_t v = 0; v < count; v++)
            widen_to(&all, values[v]);
        if (count > 0)
            widen_to(&slow, slow_part(values, count));
    }
    *top = all.high;
    *y = all.low <= all.high ? all : (ChartRange){0, 1};
    /* Cutting must be worth it: what is not even 1.3 times as high is shown as a whole. */
    bool nearly_all = all.high < slow.high + 0.3 * (slow.high - all.low);
    if (chart->cut_fall && all.low <= all.high && !nearly_all)
        y->high = slow.high;
    double size = fmax(fabs(y->low), fabs(y->high));
    double least_height = size > 1 / HUGE_NUMBER ? 1e-6 * size : 1;
    y->high = fmax(y->high, y->low + least_height);
    return true;
}

/* --- rows --- */

/* The round number from tick to tick, and the rows between: step / rows_per_tick is what a row is
 * worth. From one scale to the next it rises by a third at most; the last is as coarse as the first
 * of the next power of ten. */
static const struct {
    int step, rows_per_tick;
} row_scales[] = {{1, 6}, {1, 5}, {1, 4}, {1, 3}, {2, 5}, {2, 4},
                  {2, 3}, {5, 6}, {5, 5}, {5, 4}, {5, 3}};
enum { N_ROW_SCALES = sizeof row_scales / sizeof row_scales[0] };

static double row_number(double y, double per_row)
{
    return floor(y / per_row + 0.5);
}

ChartRows chart_rows(ChartRange y, size_t rows)
{
    double power = pow(10, floor(log10((y.high - y.low) / (double)rows)));
    for (;; power *= 10)
        for (size_t s = 0; s < N_ROW_SCALES; s++) {
            double step = power * row_scales[s].step;
            double per_row = step / row_scales[s].rows_per_tick;
            double bottom = row_number(y.low, per_row);
            if (2 * (size_t)row_scales[s].rows_per_tick > rows ||
                row_number(y.high, per_row) - bottom >= (double)rows)
                continue;
            return (ChartRows){per_row, step, (long long)bottom, row_scales[s].rows_per_tick, rows};
        }
}

double chart_row(const ChartRows *scale, double y)
{
    return is_number(y) ? y / scale->per_row - (double)scale->bottom + 0.5 : NAN;
}

bool chart_row_tick(const ChartRows *scale, size_t row, double *value)
{
    long long number = scale->bottom + (long long)row;
    /* NOLINTNEXTLINE(bugprone-integer-division): it counts whole ticks */
    *value = (double)(number / scale->rows_per_tick) * scale->step;
    return number % scale->rows_per_tick == 0;
}

/* --- columns --- */

double chart_column(const ChartColumns *scale, double x)
{
    if (!is_number(x) || (scale->is_log && x < 1 / HUGE_NUMBER))
        return NAN;
    ChartRange range = scale->x;
    double share = scale->is_log ? log(x / range.low) / log(range.high / range.low)
                                 : (x - range.low) / (range.high - range.low);
    return share * (double)(scale->columns - 1) + 0.5;
}

/* The multiples of `step` from the first in the range on. */
static double *multiples(ChartRange range, double step, Arena *arena, size_t *count)
{
    double first = ceil(range.low / step - 1e-9), last = floor(range.high / step + 1e-9);
    *count = last >= first ? (size_t)(last - first) + 1 : 0;
    double *ticks = arena_alloc_raw(arena, *count + 1, sizeof *ticks);
    for (size_t t = 0; ticks != NULL && t < *count; t++)
        ticks[t] = (first + (double)t) * step;
    return ticks;
}

static double *powers_of_two(ChartRange range, Arena *arena, size_t *count)
{
    int first = (int)ceil(log2(range.low)), last = (int)floor(log2(range.high));
    *count = last >= first ? (size_t)(last - first) + 1 : 0;
    double *ticks = arena_alloc_raw(arena, *count + 1, sizeof *ticks);
    for (size_t t = 0; ticks != NULL && t < *count; t++)
        ticks[t] = ldexp(1, first + (int)t);
    return ticks;
}

static double label_width(ChartRange range, double step)
{
    char low[TEXT_NUMBER_SIZE], high[TEXT_NUMBER_SIZE];
    return fmax((double)strlen(chart_number(low, range.low, step)),
                (double)strlen(chart_number(high, range.high, step)));
}

double *chart_x_ticks(const ChartColumns *scale, Arena *arena, size_t *count, double *step)
{
    *step = 0;
    if (scale->is_log)
        return powers_of_two(scale->x, arena, count);
    double per_column = (scale->x.high - scale->x.low) / (double)(scale->columns - 1);
    for (double power = pow(10, floor(log10(per_column)));; power *= 10)
        for (size_t r = 0; r < N_ROUND_NUMBERS; r++) {
            *step = power * round_numbers[r];
            if (*step / per_column >= label_width(scale->x, *step) + 4)
                return multiples(scale->x, *step, arena, count);
        }
}

char *chart_number(char buffer[TEXT_NUMBER_SIZE], double value, double resolution)
{
    enum { MOST_DECIMALS = 6, MOST_DIGITS = 10 };
    int decimals = resolution > 0 && resolution < 1 ? (int)ceil(-log10(resolution) - 1e-9) : 0;
    if (resolution > 0 && decimals <= MOST_DECIMALS && fabs(value) < 1e9) {
        snprintf(buffer, TEXT_NUMBER_SIZE, "%.*f", decimals, value);
        return buffer;
    }
    int digits = 6;
    if (resolution > 0 && value != 0)
        digits = (int)fmax(1, fmin(MOST_DIGITS, ceil(log10(fabs(value) / resolution)) + 1));
    snprintf(buffer, TEXT_NUMBER_SIZE, "%.*g", digits, value);
    return buffer;
}
