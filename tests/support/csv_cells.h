/* csv_cells.h: the cells of a CSV file by the names of their columns, for tests of what is
 * written. What is not there fails the test. */
#ifndef TESTS_SUPPORT_CSV_CELLS_H
#define TESTS_SUPPORT_CSV_CELLS_H

#include "support/check.h"

#include "base/csv.h"

/* The file, which must have so many rows. */
CsvTable csv_of_rows(Arena *arena, const char *path, size_t n_rows);

const char *text_at(const CsvTable *table, size_t row, const char *column);
double number_at(const CsvTable *table, size_t row, const char *column);

#endif
