/* csv.h: tables in files: a line of column names, then rows of as many cells.
 *
 *     step,train_loss,val_loss
 *     0,nan,4.1693387
 *
 * Cells are separated by commas. One with a comma, a quote or a line break in it stands in quotes,
 * its own quotes doubled (RFC 4180). A number that was not measured is `nan`.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef struct CsvTable {
    const char *path;   /* for messages */
    const char **names; /* [n_columns] */
    const char **cells; /* [n_rows, n_columns] */
    const size_t *line; /* [n_rows]: where in the file the row begins */
    size_t n_columns, n_rows;
} CsvTable;

/* Reads a file. Messages say file:line. A last line without its end, which an interrupted write
 * leaves behind, is passed over; a file without any other has no columns. Rows that are added
 * meanwhile, as a run that is training does, are for the next time. */
bool csv_read(Arena *arena, const char *path, CsvTable *table, Error *error);

/* The same for a table that must have exactly these columns, unless it has none: `header` is the
 * file's first line, as in "step,train_loss". */
bool csv_read_as(Arena *arena, const char *path, const char *header, CsvTable *table, Error *error);

/* The number of the column of that name; refuses a table without it. */
bool csv_column(const CsvTable *table, const char *name, size_t *column, Error *error);

/* A cell as text; as a whole number; as a number, which may be nan, inf or -inf. Messages say
 * "file:line: name = cell: expected ...". */
const char *csv_text(const CsvTable *table, size_t row, size_t column);
bool csv_size(const CsvTable *table, size_t row, size_t column, size_t *value, Error *error);
bool csv_real(const CsvTable *table, size_t row, size_t column, double *value, Error *error);

/* Appends a text as a cell, in quotes where it has to be. */
void csv_append(TextBuffer *out, const char *text);

/* Appends a number as a cell, with the digits that read back to the same float. */
void csv_append_real(TextBuffer *out, double value);

/* The same with a comma in front: the next cell of a row. */
void csv_append_next_real(TextBuffer *out, double value);

#endif
