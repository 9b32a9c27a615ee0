/* metrics.c: the columns of metrics.csv are listed once; reading and writing go by the list. */
#include "train/metrics.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"

/* Every column but the first, which is a whole number. */
static const struct {
    const char *name;
    size_t offset;
} columns[] = {
    {"train_loss", offsetof(MetricsRow, train_loss)},
    {"val_loss", offsetof(MetricsRow, val_loss)},
    {"learning_rate", offsetof(MetricsRow, learning_rate)},
    {"grad_norm", offsetof(MetricsRow, grad_norm)},
    {"chars_per_second", offsetof(MetricsRow, chars_per_second)},
    {"elapsed_s", offsetof(MetricsRow, elapsed_s)},
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

/* Where a row has the value of a column. */
static double *cell(MetricsRow *row, size_t column)
{
    void *at = (char *)row + columns[column].offset;
    return at;
}

static void append_header(TextBuffer *text)
{
    text_append_format(text, "step");
    for (size_t c = 0; c < N_COLUMNS; c++)
        text_append_format(text, ",%s", columns[c].name);
}

static void append_row(TextBuffer *text, MetricsRow row)
{
    text_append_format(text, "%zu", row.step);
    for (size_t c = 0; c < N_COLUMNS; c++) {
        text_append(text, ",", 1);
        csv_append_real(text, *cell(&row, c));
    }
    text_append(text, "\n", 1);
}

static bool read_row(const CsvTable *table, size_t r, MetricsRow *row, Error *error)
{
    bool ok = csv_size(table, r, 0, &row->step, error);
    for (size_t c = 0; c < N_COLUMNS && ok; c++)
        ok = csv_real(table, r, c + 1, cell(row, c), error);
    return ok;
}

bool metrics_read(Arena *arena, const char *path, MetricsRow **rows, size_t *count, Error *error)
{
    CsvTable table;
    TextBuffer header = {0};
    *count = 0;
    append_header(&header);
    bool ok = header.failed ? fail(error, "%s: out of memory", path)
                            : csv_read_as(arena, path, header.bytes, &table, error);
    text_buffer_free(&header);
    if (!ok)
        return false;
    *rows = arena_alloc(arena, table.n_rows, sizeof **rows);
    if (!*rows)
        return fail(error, "%s: out of memory", path);
    for (; *count < table.n_rows; ++*count)
        if (!read_row(&table, *count, &(*rows)[*count], error))
            return false;
    return true;
}

FILE *metrics_open(const char *path, const MetricsRow *rows, size_t count, Error *error)
{
    TextBuffer text = {0};
    append_header(&text);
    text_append_format(&text, "\n");
    for (size_t r = 0; r < count; r++)
        append_row(&text, rows[r]);
    bool ok = text.failed ? fail(error, "%s: out of memory", path)
                          : file_write(path, text.bytes, text.length, error);
    text_buffer_free(&text);
    FILE *stream = ok ? fopen(path, "ab") : NULL;
    if (ok && !stream)
        fail(error, "%s: cannot be written: %s", path, strerror(errno));
    return stream;
}

bool metrics_append(FILE *stream, const char *path, const MetricsRow *row, Error *error)
{
    TextBuffer text = {0};
    append_row(&text, *row);
    bool ok = !text.failed && fwrite(text.bytes, 1, text.length, stream) == text.length &&
              fflush(stream) == 0;
    if (!ok) /* said before free(), which may change errno */
        fail(error, "%s: cannot be written: %s", path, strerror(errno));
    text_buffer_free(&text);
    return ok;
}

bool metrics_sync(FILE *stream, const char *path, Error *error)
{
    return fsync(fileno(stream)) == 0 ||
           fail(error, "%s: cannot be written: %s", path, strerror(errno));
}
