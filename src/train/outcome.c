/* outcome.c: the one row of result.csv. */
#include "train/outcome.h"

#include "base/csv.h"
#include "base/file.h"

#define COLUMNS "step,val_loss,train_loss,exact,parameters,position_parameters"
enum { STEP, VAL_LOSS, TRAIN_LOSS, EXACT, PARAMETERS, POSITION_PARAMETERS }; /* in that order */

Outcome outcome_of(const Trainer *trainer)
{
    return (Outcome){
        .step = trainer->progress.step,
        .val_loss = trainer->progress.val_loss,
        .train_loss = trainer->progress.train_loss,
        .exact = trainer->exact,
        .parameters = trainer->gpt.params.n_numbers,
        .position_parameters = trainer->gpt.pos_numbers,
    };
}

bool outcome_write(const char *path, const Outcome *outcome, Error *error)
{
    TextBuffer text = {0};
    const double losses[] = {outcome->val_loss, outcome->train_loss, outcome->exact};
    text_append_format(&text, COLUMNS "\n%zu,", outcome->step);
    for (size_t l = 0; l < sizeof losses / sizeof *losses; l++) {
        csv_append_real(&text, losses[l]);
        text_append_format(&text, ",");
    }
    text_append_format(&text, "%zu,%zu\n", outcome->parameters, outcome->position_parameters);
    bool ok = text.failed ? fail(error, "%s: out of memory", path)
                          : file_write(path, text.bytes, text.length, error);
    text_buffer_free(&text);
    return ok;
}

bool outcome_read(Arena *arena, const char *path, Outcome *outcome, Error *error)
{
    CsvTable table;
    if (!csv_read_as(arena, path, COLUMNS, &table, error))
        return false;
    if (table.n_rows != 1)
        return fail(error, "%s: has %zu rows: expected one", path, table.n_rows);
    return csv_size(&table, 0, STEP, &outcome->step, error) &&
           csv_real(&table, 0, VAL_LOSS, &outcome->val_loss, error) &&
           csv_real(&table, 0, TRAIN_LOSS, &outcome->train_loss, error) &&
           csv_real(&table, 0, EXACT, &outcome->exact, error) &&
           csv_size(&table, 0, PARAMETERS, &outcome->parameters, error) &&
           csv_size(&table, 0, POSITION_PARAMETERS, &outcome->position_parameters, error);
}
