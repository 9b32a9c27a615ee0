/* csv.c: cuts a file into cells in place.
 *
 * Each cell ends at a comma or at a line break, so there are at most as many cells as there are of
 * those two: memory is bounded by the file, whatever its first line promises. The names are the
 * first cells of all. */
#include "base/csv.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/file.h"

enum { MAX_CSV_BYTES = 1 << 28 };

typedef struct Cursor {
    const char *path;
    char *at;
    size_t line; /* from 1 */
} Cursor;

static size_t count_byte(const char *text, size_t length, char byte)
{
    size_t count = 0;
    for (size_t at = 0; at < length; at++)
        count += text[at] == byte;
    return count;
}

/* Resolves what stands behind an opening quote, in place. Returns what follows the closing one;
 * NULL if there is none. */
static char *unquote(char *text, size_t *line)
{
    char *out = text;
    for (char *in = text; *in != '\0'; in++) {
        if (*in == '"' && *++in != '"') {
            *out = '\0';
            return in;
        }
        *line += *in == '\n';
        *out++ = *in;
    }
    return NULL;
}

static bool fail_at(const Cursor *cursor, char found, Error *error)
{
    const char *name = found == '"' ? "a quote" : found == '\r' ? "a carriage return" : "text";
    return fail(error, "%s:%zu: %s: expected a comma or the end of the line", cursor->path,
                cursor->line, name);
}

/* Cuts off the next cell; *last says that it ends its line. */
static bool take_cell(Cursor *cursor, const char **cell, bool *last, Error *error)
{
    size_t line = cursor->line;
    bool quoted = *cursor->at == '"';
    char *text = cursor->at + quoted;
    char *end = quoted ? unquote(text, &cursor->line) : text + strcspn(text, ",\n\r\"");
    if (end == NULL)
        return fail(error, "%s:%zu: a quote that is never closed", cursor->path, line);
    if (*end != ',' && *end != '\n')
        return fail_at(cursor, *end, error);
    *cell = text;
    *last = *end == '\n';
    cursor->line += *last;
    cursor->at = end + 1;
    *end = '\0';
    return true;
}

static bool take_row(Cursor *cursor, const char **cells, size_t *count, Error *error)
{
    bool last = false;
    for (*count = 0; !last; ++*count)
        if (!take_cell(cursor, &cells[*count], &last, error))
            return false;
    return true;
}

static bool take_rows(Cursor *cursor, CsvTable *table, size_t *line, Error *error)
{
    if (!take_row(cursor, table->names, &table->n_columns, error))
        return false;
    table->cells = table->names + table->n_columns;
    table->line = line;
    for (; *cursor->at != '\0'; table->n_rows++) {
        size_t found, columns = table->n_columns, begin = cursor->line;
        if (!take_row(cursor, table->cells + table->n_rows * columns, &found, error))
            return false;
        if (found != columns)
            return fail(error, "%s:%zu: number of cells = %zu: expected %zu", table->path, begin,
                        found, columns);
        line[table->n_rows] = begin;
    }
    return true;
}

static bool has_header(const FileBytes *file, const char *header)
{
    size_t length = strlen(header);
    return strncmp(file->bytes, header, length) == 0 && file->bytes[length] == '\n';
}

/* Drops a last line without its end, and refuses a text with a 0 inside: from here on, the one
 * behind it is its end. */
static bool trim(FileBytes *file, const char *path, Error *error)
{
    while (file->length > 0 && file->bytes[file->length - 1] != '\n')
        file->length--;
    file->bytes[file->length] = '\0';
    size_t text = strlen(file->bytes);
    return text == file->length || fail(error, "%s:%zu: a NUL byte: expected text", path,
                                        count_byte(file->bytes, text, '\n') + 1);
}

bool csv_read_as(Arena *arena, const char *path, const char *header, CsvTable *table, Error *error)
{
    FileBytes file;
    *table = (CsvTable){.path = path};
    if (!file_read_start(arena, path, MAX_CSV_BYTES + 1, &file, error))
        return false;
    if (file.length > MAX_CSV_BYTES)
        return fail(error, "%s: expected a table of at most %d bytes", path, MAX_CSV_BYTES);
    if (!trim(&file, path, error))
        return false;
    if (file.length == 0)
        return true;
    if (header != NULL && !has_header(&file, header))
        return fail(error, "%s:1: expected the columns %s", path, header);
    size_t lines = count_byte(file.bytes, file.length, '\n');
    size_t cells = lines + count_byte(file.bytes, file.length, ',');
    size_t *line = arena_alloc(arena, lines, sizeof *line);
    table->names = arena_alloc(arena, cells, sizeof *table->names);
    if (line == NULL || table->names == NULL)
        return fail(error, "%s: out of memory", path);
    return take_rows(&(Cursor){path, file.bytes, 1}, table, line, error);
}

bool csv_read(Arena *arena, const char *path, CsvTable *table, Error *error)
{
    return csv_read_as(arena, path, NULL, table, error);
}

bool csv_column(const CsvTable *table, const char *name, size_t *column, Error *error)
{
    for (size_t c = 0; c < table->n_columns; c++)
        if (strcmp(table->names[c], name) == 0) {
            *column = c;
            return true;
        }
    return fail(error, "%s:1: expected a column %s", table->path, name);
}

const char *csv_text(const CsvTable *table, size_t row, size_t column)
{
    assert(row < table->n_rows && column < table->n_columns);
    return table->cells[row * table->n_columns + column];
}

static bool fail_cell(const CsvTable *table, size_t row, size_t column, const char *expected,
                      Error *error)
{
    return fail(error, "%s:%zu: %s = %s: expected %s", table->path, table->line[row],
                table->names[column], csv_text(table, row, column), expected);
}

bool csv_size(const CsvTable *table, size_t row, size_t column, size_t *value, Error *error)
{
    return text_to_size(csv_text(table, row, column), value) ||
           fail_cell(table, row, column, "a whole number", error);
}

static bool to_any_real(const char *text, double *value)
{
    const struct {
        const char *name;
        double value;
    } others[] = {{"nan", NAN}, {"inf", INFINITY}, {"-inf", -INFINITY}};
    for (size_t o = 0; o < sizeof others / sizeof *others; o++)
        if (strcmp(text, others[o].name) == 0) {
            *value = others[o].value;
            return true;
        }
    return text_to_real(text, value);
}

bool csv_real(const CsvTable *table, size_t row, size_t column, double *value, Error *error)
{
    return to_any_real(csv_text(table, row, column), value) ||
           fail_cell(table, row, column, "a number", error);
}

void csv_append(TextBuffer *out, const char *text)
{
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted)
        text_append(out, "\"", 1);
    for (const char *at = text; *at != '\0'; at++)
        text_append(out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    if (quoted)
        text_append(out, "\"", 1);
}

/* printf writes the NaN that 0/0 makes on some processors as "-nan". */
void csv_append_real(TextBuffer *out, double value)
{
    if (isnan(value))
        text_append(out, "nan", 3);
    else
        text_append_format(out, "%.9g", value);
}

void csv_append_next_real(TextBuffer *out, double value)
{
    text_append(out, ",", 1);
    csv_append_real(out, value);
}
