/* metrics.c: the columns of metrics.csv are listed once; reading and writing go by the list. */
#include "train/metrics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum { MAX_METRICS_BYTES = 1 << 28 };

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

static double *cell(MetricsRow *row, size_t column)
{
    return (double *)((char *)row + columns[column].offset);
}

static void append_header(TextBuffer *text)
{
    text_append_format(text, "step");
    for (size_t c = 0; c < N_COLUMNS; c++)
        text_append_format(text, ",%s", columns[c].name);
}

/* printf writes the NaN that 0/0 makes on some processors as "-nan". */
static void append_row(TextBuffer *text, MetricsRow row)
{
    text_append_format(text, "%zu", row.step);
    for (size_t c = 0; c < N_COLUMNS; c++) {
        double number = *cell(&row, c);
        if (isnan(number))
            text_append_format(text, ",nan");
        else
            text_append_format(text, ",%.9g", number);
    }
    text_append_format(text, "\n");
}

/* The next cell of a line that is cut up at its commas; NULL at its end. */
static char *next_cell(char **line)
{
    char *start = *line;
    if (!start)
        return NULL;
    char *comma = strchr(start, ',');
    if (comma)
        *comma = '\0';
    *line = comma ? comma + 1 : NULL;
    return start;
}

static bool parse_row(char *line, MetricsRow *row)
{
    char *text = next_cell(&line);
    if (!text || !text_to_size(text, &row->step))
        return false;
    for (size_t c = 0; c < N_COLUMNS; c++) {
        text = next_cell(&line);
        char *end = text;
        if (text && *text != '\0')
            *cell(row, c) = strtod(text, &end);
        if (!text || end == text || *end != '\0')
            return false;
    }
    return line == NULL;
}

static bool check_header(const char *line, const char *path, Error *error)
{
    TextBuffer header = {0};
    append_header(&header);
    bool ok = !header.failed && strcmp(line, header.bytes) == 0;
    if (!ok)
        fail(error, "%s:1: expected the columns %s", path, header.failed ? "?" : header.bytes);
    text_buffer_free(&header);
    return ok;
}

static size_t count_lines(const FileBytes *file)
{
    size_t lines = 0;
    for (size_t at = 0; at < file->length; at++)
        lines += file->bytes[at] == '\n';
    return lines;
}

bool metrics_read(Arena *arena, const char *path, MetricsRow **rows, size_t *count, Error *error)
{
    FileBytes file;
    *count = 0;
    if (!file_read(arena, path, MAX_METRICS_BYTES, &file, error))
        return false;
    size_t lines = count_lines(&file);
    *rows = arena_alloc(arena, lines + 1, sizeof **rows);
    if (!*rows)
        return fail(error, "%s: out of memory", path);
    char *line = file.bytes;
    for (size_t number = 1; number <= lines; number++) {
        char *end = memchr(line, '\n', (size_t)(file.bytes + file.length - line));
        *end = '\0';
        if (number == 1 && !check_header(line, path, error))
            return false;
        if (number > 1 && !parse_row(line, &(*rows)[(*count)++]))
            return fail(error, "%s:%zu: expected a whole number and %d numbers", path, number,
                        (int)N_COLUMNS);
        line = end + 1;
    }
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
    text_buffer_free(&text);
    return ok || fail(error, "%s: cannot be written: %s", path, strerror(errno));
}

bool metrics_sync(FILE *stream, const char *path, Error *error)
{
    return fsync(fileno(stream)) == 0 ||
           fail(error, "%s: cannot be written: %s", path, strerror(errno));
}
