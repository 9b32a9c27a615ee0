/* csv_cells.c: looks up columns. */
#include "support/csv_cells.h"

#include <math.h>

CsvTable csv_of_rows(Arena *arena, const char *path, size_t n_rows)
{
    CsvTable table;
    Error error;
    if (!csv_read(arena, path, &table, &error))
        fail_msg("%s", error.text);
    assert_int_equal(table.n_rows, n_rows);
    return table;
}

const char *text_at(const CsvTable *table, size_t row, const char *column)
{
    Error error;
    size_t c;
    if (!csv_column(table, column, &c, &error))
        fail_msg("%s", error.text);
    return csv_text(table, row, c);
}

double number_at(const CsvTable *table, size_t row, const char *column)
{
    Error error;
    size_t c;
    double number = NAN;
    if (!csv_column(table, column, &c, &error) || !csv_real(table, row, c, &number, &error))
        fail_msg("%s", error.text);
    return number;
}
