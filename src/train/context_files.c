/* context_files.c: the columns of both tables, each next to where it is read. */
#include "train/context_files.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"

/* --- writing --- */

/* How many, the loss in nats and in bits. */
static void append_loss(TextBuffer *out, const Evaluation *evaluation)
{
    text_append_format(out, "%zu,", evaluation->questions);
    csv_append_real(out, evaluation->loss);
    text_append_format(out, ",");
    csv_append_real(out, evaluation->loss / log(2));
    text_append_format(out, ",");
}

/* The column `changed`, if there is one, and the end of a row. */
static void end_row(TextBuffer *out, const ContextTable *table)
{
    if (table->changed) {
        text_append_format(out, ",");
        csv_append(out, table->changed);
    }
    text_append_format(out, "\n");
}

static void end_head(TextBuffer *out, const ContextTable *table)
{
    text_append_format(out, "%s\n", table->changed ? ",changed" : "");
}

void contexts_append(const ContextTable *table, TextBuffer *out)
{
    text_append_format(out, "context,training,windows,%ss,loss_nats,loss_bits,", table->unit);
    text_append_format(out, "same_%ss,same_nats,same_bits,refused", table->unit);
    end_head(out, table);
    for (size_t c = 0; c < table->count; c++) {
        const ContextLoss *loss = &table->losses[c];
        text_append_format(out, "%zu,%zu,%zu,", loss->context, table->block_size,
                           loss->whole.windows);
        append_loss(out, &loss->whole);
        append_loss(out, &loss->same);
        csv_append(out, loss->refused ? loss->refused : "");
        end_row(out, table);
    }
}

void positions_append(const ContextTable *table, TextBuffer *out)
{
    text_append_format(out, "context,position,%ss,loss_nats", table->unit);
    end_head(out, table);
    for (size_t c = 0; c < table->count; c++) {
        const ContextLoss *loss = &table->losses[c];
        if (loss->refused) {
            text_append_format(out, "%zu,nan,0,nan", loss->context);
            end_row(out, table);
        }
        for (size_t t = 0; !loss->refused && t < loss->context; t++) {
            text_append_format(out, "%zu,%zu,%zu,", loss->context, t, loss->count_by_position[t]);
            csv_append_real(out, context_mean(loss, t, t + 1));
            end_row(out, table);
        }
    }
}

bool context_files_write(const ContextTable *table, const char *contexts, const char *positions,
                         Error *error)
{
    TextBuffer by_context = {0}, by_position = {0};
    contexts_append(table, &by_context);
    positions_append(table, &by_position);
    bool ok = by_context.failed || by_position.failed
                  ? fail(error, "%s: out of memory", contexts)
                  : file_write(positions, by_position.bytes, by_position.length, error) &&
                        file_write(contexts, by_context.bytes, by_context.length, error);
    text_buffer_free(&by_context);
    text_buffer_free(&by_position);
    return ok;
}

/* --- reading --- */

typedef struct ContextColumns {
    size_t context, training, windows, tokens, loss, same_tokens, same, refused;
} ContextColumns;

/* The fourth column is named after the tokens: "characters". */
static bool find_unit(Arena *arena, const CsvTable *csv, const char **unit, Error *error)
{
    enum { TOKENS = 3 };
    const char *name = csv->n_columns > TOKENS ? csv->names[TOKENS] : "";
    size_t length = strlen(name);
    if (length < 2 || name[length - 1] != 's')
        return fail(error, "%s:1: expected a fourth column such as characters", csv->path);
    *unit = arena_text(arena, name, length - 1);
    return *unit || fail(error, "%s: out of memory", csv->path);
}

static bool find_columns(Arena *arena, const CsvTable *csv, const char *unit, ContextColumns *at,
                         Error *error)
{
    const char *tokens = text_format(arena, "%ss", unit),
               *same_tokens = text_format(arena, "same_%ss", unit);
    if (!tokens || !same_tokens)
        return fail(error, "%s: out of memory", csv->path);
    return csv_column(csv, "context", &at->context, error) &&
           csv_column(csv, "training", &at->training, error) &&
           csv_column(csv, "windows", &at->windows, error) &&
           csv_column(csv, tokens, &at->tokens, error) &&
           csv_column(csv, "loss_nats", &at->loss, error) &&
           csv_column(csv, same_tokens, &at->same_tokens, error) &&
           csv_column(csv, "same_nats", &at->same, error) &&
           csv_column(csv, "refused", &at->refused, error);
}

static bool read_context(const CsvTable *csv, size_t row, const ContextColumns *at,
                         ContextTable *table, Error *error)
{
    ContextLoss *loss = &table->losses[row];
    const char *refused = csv_text(csv, row, at->refused);
    if (!csv_size(csv, row, at->context, &loss->context, error) ||
        !csv_size(csv, row, at->training, &table->block_size, error) ||
        !csv_size(csv, row, at->windows, &loss->whole.windows, error) ||
        !csv_size(csv, row, at->tokens, &loss->whole.questions, error) ||
        !csv_real(csv, row, at->loss, &loss->whole.loss, error) ||
        !csv_size(csv, row, at->same_tokens, &loss->same.questions, error) ||
        !csv_real(csv, row, at->same, &loss->same.loss, error))
        return false;
    loss->targets.count = loss->same.questions;
    loss->refused = refused[0] != '\0' ? refused : NULL;
    return true;
}

bool contexts_read(Arena *arena, const char *path, ContextTable *table, Error *error)
{
    CsvTable csv;
    ContextColumns at;
    *table = (ContextTable){0};
    if (!csv_read(arena, path, &csv, error) || !find_unit(arena, &csv, &table->unit, error) ||
        !find_columns(arena, &csv, table->unit, &at, error))
        return false;
    if (csv.n_rows == 0)
        return fail(error, "%s: expected a row for each context", path);
    table->losses = arena_alloc(arena, csv.n_rows, sizeof *table->losses);
    if (!table->losses)
        return fail(error, "%s: out of memory", path);
    table->count = csv.n_rows;
    for (size_t row = 0; row < csv.n_rows; row++)
        if (!read_context(&csv, row, &at, table, error))
            return false;
    return true;
}

typedef struct PositionColumns {
    size_t context, position, tokens, loss;
} PositionColumns;

/* Refuses row `row` if it is not that of position t of this context. t = SIZE_MAX: a context that
 * was refused has one row, with no position. */
static bool check_place(const CsvTable *csv, size_t row, const PositionColumns *at, size_t context,
                        size_t t, Error *error)
{
    size_t found;
    if (!csv_size(csv, row, at->context, &found, error))
        return false;
    if (found != context)
        return fail(error, "%s:%zu: context = %zu: expected %zu", csv->path, csv->line[row], found,
                    context);
    if (t == SIZE_MAX)
        return true;
    if (!csv_size(csv, row, at->position, &found, error))
        return false;
    return found == t ||
           fail(error, "%s:%zu: position = %zu: expected %zu", csv->path, csv->line[row], found, t);
}

/* The sum is the mean times the count; of a position where nothing was asked, 0. */
static bool read_position(const CsvTable *csv, size_t row, const PositionColumns *at,
                          ContextLoss *loss, size_t t, Error *error)
{
    double mean;
    size_t *count = &loss->count_by_position[t];
    if (!check_place(csv, row, at, loss->context, t, error) ||
        !csv_size(csv, row, at->tokens, count, error) ||
        !csv_real(csv, row, at->loss, &mean, error))
        return false;
    loss->sum_by_position[t] = *count > 0 ? mean * (double)*count : 0;
    return true;
}

/* Reads the rows of one context from *row on, and moves *row behind them. */
static bool read_positions(Arena *arena, const CsvTable *csv, size_t *row,
                           const PositionColumns *at, ContextLoss *loss, Error *error)
{
    size_t T = loss->context, needed = loss->refused ? 1 : T;
    if (needed > csv->n_rows - *row)
        return fail(error, "%s: expected %zu more rows for context = %zu", csv->path,
                    needed - (csv->n_rows - *row), T);
    if (loss->refused)
        return check_place(csv, (*row)++, at, T, SIZE_MAX, error);
    loss->sum_by_position = arena_alloc(arena, T, sizeof *loss->sum_by_position);
    loss->count_by_position = arena_alloc(arena, T, sizeof *loss->count_by_position);
    if (!loss->sum_by_position || !loss->count_by_position)
        return fail(error, "%s: out of memory", csv->path);
    for (size_t t = 0; t < T; t++)
        if (!read_position(csv, (*row)++, at, loss, t, error))
            return false;
    return true;
}

bool positions_read(Arena *arena, const char *path, ContextTable *table, Error *error)
{
    CsvTable csv;
    PositionColumns at;
    size_t row = 0;
    const char *tokens = text_format(arena, "%ss", table->unit);
    if (!tokens)
        return fail(error, "%s: out of memory", path);
    if (!csv_read(arena, path, &csv, error) || !csv_column(&csv, "context", &at.context, error) ||
        !csv_column(&csv, "position", &at.position, error) ||
        !csv_column(&csv, tokens, &at.tokens, error) ||
        !csv_column(&csv, "loss_nats", &at.loss, error))
        return false;
    for (size_t c = 0; c < table->count; c++)
        if (!read_positions(arena, &csv, &row, &at, &table->losses[c], error))
            return false;
    return row == csv.n_rows || fail(error, "%s:%zu: expected no more rows", path, csv.line[row]);
}
