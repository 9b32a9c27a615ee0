/* runs.h: runs of the program that are over in a moment: one layer, 8 channels, two steps. */
#ifndef TESTS_SUPPORT_RUNS_H
#define TESTS_SUPPORT_RUNS_H

#include "support/process.h"

/* A text for training in the bench's folder: 4,000 characters, of which 400 are for validation: 49
 * windows of 8. */
const char *bench_corpus(Bench *bench);

/* The command that trains such a run into the bench's folder; its sample has 20 characters. `more`
 * is "" or starts with a '|'. */
const char *tiny(Bench *bench, const char *more);

/* With a PATH that leads to bench_path("programs") alone, an empty folder unless the test puts
 * something there. */
Outcome run_without_gnuplot(Bench *bench, const char *words);

/* Trains such a run of this name, without gnuplot; `more` as above. */
void train_tiny(Bench *bench, const char *name, const char *more);

/* Evaluates a run of this name on one thread. */
Outcome eval_tiny(Bench *bench, const char *name, const char *more);

/* A gnuplot for those runs which is a script of the shell. */
void make_gnuplot(Bench *bench, const char *script);

/* The exit code is 0; otherwise stderr is shown. */
#define assert_done(outcome) check_done(outcome, __FILE__, __LINE__)
void check_done(Outcome outcome, const char *file, int line);

/* Until there is such a file. A process that has not written it after a minute is killed. */
void wait_for_file(const char *path, pid_t process);

/* The line behind the first one of a text, and how many lines a text has; each ends in '\n'. */
const char *next_line(const char *text);
size_t lines_of(const char *text);

/* The path of a run's file. */
const char *file_of(Bench *bench, const char *run, const char *file);

/* Its metrics.csv without the last two columns, which are about time. */
const char *rows_without_time(Bench *bench, const char *run);

/* The last row of its metrics.csv, and a cell of a row with commas as a number. */
const char *last_row(Bench *bench, const char *run);
double cell(const char *row, size_t column);

#endif
