/* exam_file.c: rows of numbers, written and read. */
#include "train/exam_file.h"

#include <math.h>
#include <string.h>

#include "base/csv.h"

#define HEADER "length,tokens,trained,sequences,loss,exact_match"

void exam_table_append(const ExamTable *table, TextBuffer *out)
{
    text_append_format(out, HEADER "\n");
    for (size_t i = 0; i < table->count; i++) {
        const ExamResult *r = &table->rows[i].result;
        text_append_format(out, "%zu,%zu,%s,%zu", r->length, r->tokens,
                           table->rows[i].trained ? "yes" : "no", r->sequences);
        csv_append_next_real(out, r->loss);
        csv_append_next_real(out, r->exact);
        text_append_format(out, "\n");
    }
}

/* The columns in the order of the header. */
enum { LENGTH, TOKENS, TRAINED, SEQUENCES, LOSS, EXACT };

/* A share from 0 to 1 of those that there are; of none there is no share. */
static bool check_share(const CsvTable *csv, size_t row, const ExamResult *result, Error *error)
{
    bool good = result->sequences > 0 ? result->exact >= 0 && result->exact <= 1
                                      : isnan(result->exact) != 0;
    return good || fail(error, "%s:%zu: exact_match = %s: expected %s", csv->path, csv->line[row],
                        csv_text(csv, row, EXACT),
                        result->sequences > 0 ? "a number from 0 to 1" : "nan, of no sequences");
}

static bool read_trained(const CsvTable *csv, size_t row, bool *trained, Error *error)
{
    const char *text = csv_text(csv, row, TRAINED);
    *trained = strcmp(text, "yes") == 0;
    return *trained || strcmp(text, "no") == 0 ||
           fail(error, "%s:%zu: trained = %s: expected yes or no", csv->path, csv->line[row], text);
}

static bool read_row(const CsvTable *csv, size_t row, ExamRow *out, Error *error)
{
    ExamResult *result = &out->result;
    return read_trained(csv, row, &out->trained, error) &&
           csv_size(csv, row, LENGTH, &result->length, error) &&
           csv_size(csv, row, TOKENS, &result->tokens, error) &&
           csv_size(csv, row, SEQUENCES, &result->sequences, error) &&
           csv_real(csv, row, LOSS, &result->loss, error) &&
           csv_real(csv, row, EXACT, &result->exact, error) && check_share(csv, row, result, error);
}

bool exam_table_read(Arena *arena, const char *path, ExamTable *table, Error *error)
{
    CsvTable csv;
    *table = (ExamTable){0};
    if (!csv_read_as(arena, path, HEADER, &csv, error))
        return false;
    if (csv.n_rows == 0)
        return fail(error, "%s: expected a row for each length", path);
    table->rows = arena_alloc(arena, csv.n_rows, sizeof *table->rows);
    if (!table->rows)
        return fail(error, "%s: out of memory", path);
    table->count = csv.n_rows;
    for (size_t row = 0; row < csv.n_rows; row++)
        if (!read_row(&csv, row, &table->rows[row], error))
            return false;
    return true;
}
