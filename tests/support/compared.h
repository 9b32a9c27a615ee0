/* compared.h: comparisons by command line, of tiny runs: none and rope by two seeds, four runs at a
 * time. */
#ifndef TESTS_SUPPORT_COMPARED_H
#define TESTS_SUPPORT_COMPARED_H

#include "support/csv_cells.h"
#include "support/runs.h"

/* The command, for the folder `place` of the bench's; `more` is "" or starts with a '|'. */
const char *compare_words(Bench *bench, const char *place, const char *more);

/* Runs it, without gnuplot. */
Outcome compare(Bench *bench, const char *place, const char *more);

/* A file of the comparison, as a text and as a table, which must have so many rows. */
const char *comparison_read(Bench *bench, const char *place, const char *file);
CsvTable comparison_table(Bench *bench, const char *place, const char *file, size_t n_rows);

/* results.csv without its columns from `threads` on, which are about time. */
const char *results_without_time(Bench *bench, const char *place);

/* The path of a file of a run; row: its row in results.csv. */
const char *compared_file(Bench *bench, const char *place, size_t row, const char *file);

#endif
