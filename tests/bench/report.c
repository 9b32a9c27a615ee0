/* report.c: series of measurements, and how they are printed. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"

void series_add(Series *series, double value)
{
    if (series->count < MAX_SERIES)
        series->at[series->count++] = value;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between two neighbours it is taken on the straight line from one to the other. */
double series_quantile(const Series *series, double share)
{
    if (series->count == 0)
        return NAN;
    Series sorted = *series;
    qsort(sorted.at, sorted.count, sizeof *sorted.at, ascending);
    double place = share * (double)(sorted.count - 1);
    size_t below = (size_t)place, above = below + 1 < sorted.count ? below + 1 : below;
    return sorted.at[below] + (place - (double)below) * (sorted.at[above] - sorted.at[below]);
}

double series_median(const Series *series)
{
    return series_quantile(series, 0.5);
}

double series_upper(const Series *series)
{
    size_t n = series->count, above = 0;
    double ways = 1, chance = pow(0.5, (double)n), fewer = chance; /* that 0 fall */
    const double TAIL = 0.025;
    if (n == 0 || fewer > TAIL)
        return INFINITY;
    for (;; above++) {
        ways *= (double)(n - above) / (double)(above + 1);
        fewer += ways * chance;
        if (fewer > TAIL)
            break;
    }
    return series_quantile(series, (double)(n - 1 - above) / (double)(n - 1));
}

const char *spread(char out[SPREAD_SIZE], const Series *series, int decimals)
{
    snprintf(out, SPREAD_SIZE, "%6.*f (%5.*f, %5.*f)", decimals, series_median(series), decimals,
             series_quantile(series, 0), decimals, series_quantile(series, 1));
    return out;
}

const char *cores_text(char out[CORES_SIZE], size_t cores)
{
    snprintf(out, CORES_SIZE, "%zu core%s", cores, cores == 1 ? "" : "s");
    return out;
}

/* A run takes minutes: each line is seen when it is there. */
void say(const Plan *plan, const char *format, ...)
{
    if (plan->csv)
        return;
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    fflush(stdout);
}

void record_header(const Plan *plan)
{
    if (plan->csv)
        printf("section,what,threads,unit,repetitions,min,quartile_1,median,quartile_3,max\n");
}

void record(const Plan *plan, const char *section, const char *what, size_t threads,
            const char *unit, const Series *series)
{
    if (!plan->csv)
        return;
    printf("%s,%s,%zu,%s,%zu", section, what, threads, unit, series->count);
    for (int quarter = 0; quarter <= 4; quarter++)
        printf(",%.9g", series_quantile(series, quarter / 4.0));
    printf("\n");
    fflush(stdout);
}

void record_number(const Plan *plan, const char *section, const char *what, size_t threads,
                   const char *unit, double value)
{
    Series series = {0};
    series_add(&series, value);
    record(plan, section, what, threads, unit, &series);
}
