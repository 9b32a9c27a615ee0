/* measure.h: what several claims do with the results of runs, and how they set up an answer. */
#ifndef LAB_CLAIMS_MEASURE_H
#define LAB_CLAIMS_MEASURE_H

#include "lab/claims/claim.h"

/* The arm of that name in an experiment; it is there. */
size_t measure_arm(const Findings *findings, const char *name);

/* The mean of n numbers, one for each seed, with its 95 % interval. */
Estimate measure_seeds(const double *x, size_t n);

/* The loss of a run on the same targets at one context length; NaN where it was refused. */
double measure_same_loss(const Findings *findings, size_t arm, size_t seed, size_t context);

/* How far that loss rises from one context length to another, over the seeds that have both. */
Estimate measure_rise(const Findings *findings, size_t arm, size_t from, size_t to);

/* "+0.0011 to +0.0073", each end as text_change writes it, or text_decimal; "not known with one
 * seed" where there is none. */
typedef struct IntervalText {
    char text[2 * TEXT_NUMBER_SIZE + sizeof " to "];
} IntervalText;
IntervalText measure_interval(Interval interval, NumberText write(double value, int decimals),
                              int decimals);

/* "+0.0042 (+0.0011 to +0.0073)", in the arena; NULL for lack of memory. */
const char *measure_change(Arena *arena, double change, Interval interval, int decimals);

/* The length of training. */
size_t measure_block_size(const Findings *findings);

/* For which text and size: "fables, 2 layers of 64 channels, windows of 36, 2000 steps, 5 seeds".
 * NULL for lack of memory. */
const char *measure_setting(Arena *arena, const Findings *findings);

/* How far a result of `real` may be from the exact one, relative to the numbers that it is made of:
 * some dozens of roundings. */
double measure_rounding(void);

/* The larger of two errors; NaN is larger than any. */
double measure_worse(double a, double b);

/* --- tables and curves, in the desk's arena --- */

/* A table that grows: a header, then rows, each of the header's number of texts. NULL is what there
 * was no memory for: it makes `failed`. */
typedef struct TableMaker {
    Arena *arena;
    const char **cells;
    size_t n_columns, n_rows, most_rows;
    bool failed;
} TableMaker;

TableMaker table_begin(Arena *arena, const char *const *header, size_t n_columns, size_t most_rows,
                       AnswerTable *table);
void table_add(TableMaker *maker, AnswerTable *table, const char *const *cells);

/* A curve of `count` points, to be filled in one by one: the numbers behind the pointers of a
 * series. False for lack of memory. */
typedef struct SeriesNumbers {
    double *x, *y, *low, *high; /* [count] */
} SeriesNumbers;

bool series_begin(Arena *arena, AnswerSeries *series, const char *name, const PosScheme *scheme,
                  size_t count, SeriesNumbers *numbers);
void series_point(SeriesNumbers *numbers, size_t point, double x, double y, Interval interval);
void series_estimate(SeriesNumbers *numbers, size_t point, double x, Estimate y);

/* A whole curve of numbers in which nothing is left to chance, and which have no intervals: y[x] in
 * some unit, at x = 0, 1, ... count - 1. */
bool series_exact(Arena *arena, AnswerSeries *series, const char *name, const PosScheme *scheme,
                  size_t count, const double *y, double unit);

/* The loss on the same targets against the length of the context, a curve for each arm. */
bool measure_draw_lengths(Arena *arena, const Findings *findings, const size_t *arms, size_t n_arms,
                          AnswerFigure *figure);

#endif
