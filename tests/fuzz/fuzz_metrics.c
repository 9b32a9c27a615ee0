/* fuzz_metrics.c: any bytes as a table in a file, and as metrics.csv. They are refused with file
 * and line, or the table that is written of what was read holds the same. */
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "fuzz/fuzz.h"
#include "train/metrics.h"

/* --- any table --- */

static void append_cells(TextBuffer *out, const char *const *cells, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        csv_append(out, cells[c]);
        text_append_format(out, c + 1 < count ? "," : "\n");
    }
}

/* Every cell is a text; as a number it is one, or refused with its line. */
static void check_cell(const CsvTable *table, size_t row, size_t column)
{
    char line[160];
    size_t size;
    double real;
    Error error = {0};
    snprintf(line, sizeof line, "%s:%zu", table->path, table->line[row]);
    if (!csv_size(table, row, column, &size, &error))
        check_refusal(&error, ERROR_WORK, line);
    error = (Error){0};
    if (!csv_real(table, row, column, &real, &error))
        check_refusal(&error, ERROR_WORK, line);
}

static void check_table(Arena *arena, const CsvTable *table)
{
    CsvTable again;
    TextBuffer text = {0};
    size_t n_cells = table->n_rows * table->n_columns;
    const char *path = fuzz_path("again");
    append_cells(&text, table->names, table->n_columns);
    for (size_t row = 0; row < table->n_rows; row++) {
        append_cells(&text, table->cells + row * table->n_columns, table->n_columns);
        check(table->line[row] > (row > 0 ? table->line[row - 1] : 1), "lines out of order");
        for (size_t column = 0; column < table->n_columns; column++)
            check_cell(table, row, column);
    }
    check(!text.failed, "out of memory");
    fuzz_write(path, text.bytes, text.length);
    check(csv_read(arena, path, &again, NULL), "what was written is refused");
    check(again.n_columns == table->n_columns && again.n_rows == table->n_rows, "another size");
    for (size_t c = 0; c < table->n_columns; c++)
        check(strcmp(table->names[c], again.names[c]) == 0, "another name comes back");
    for (size_t c = 0; c < n_cells; c++)
        check(strcmp(table->cells[c], again.cells[c]) == 0, "another cell comes back");
    remove(path);
    text_buffer_free(&text);
}

/* --- metrics.csv --- */

static void check_metrics(Arena *arena, const MetricsRow *rows, size_t count)
{
    MetricsRow *again;
    size_t count_again;
    const char *path = fuzz_path("again");
    FILE *stream = metrics_open(path, rows, count, NULL);
    MetricsRow last = {.step = count};
    check(stream && metrics_append(stream, path, &last, NULL) && fclose(stream) == 0,
          "the file cannot be written");
    check(metrics_read(arena, path, &again, &count_again, NULL), "what was written is refused");
    check(count_again == count + 1 && again[count].step == count, "rows are missing");
    for (size_t r = 0; r < count; r++)
        check(rows[r].step == again[r].step &&
                  same_number(rows[r].train_loss, again[r].train_loss) &&
                  same_number(rows[r].val_loss, again[r].val_loss) &&
                  same_number(rows[r].learning_rate, again[r].learning_rate) &&
                  same_number(rows[r].grad_norm, again[r].grad_norm) &&
                  same_number(rows[r].chars_per_second, again[r].chars_per_second) &&
                  same_number(rows[r].elapsed_s, again[r].elapsed_s),
              "another number comes back");
    remove(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena arena = {0};
    CsvTable table;
    MetricsRow *rows;
    size_t count;
    Error error = {0};
    const char *path = fuzz_path("metrics");
    fuzz_write(path, bytes, length);
    if (!csv_read(&arena, path, &table, &error))
        check_refused_line(&error, ERROR_WORK, path, bytes, length);
    else if (table.n_columns > 0)
        check_table(&arena, &table);
    error = (Error){0};
    if (metrics_read(&arena, path, &rows, &count, &error))
        check_metrics(&arena, rows, count);
    else
        check_refused_line(&error, ERROR_WORK, path, bytes, length);
    remove(path);
    arena_free(&arena);
    return 0;
}
