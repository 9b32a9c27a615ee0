/* fuzz_tables.c: any bytes as the tables that a finished run leaves: result.csv, exam.csv, and the
 * pair contexts.csv and contexts-by-position.csv. They are refused with the file, or what was read
 * is read again when it is written.
 *
 * Behind a NUL stands the second file of the pair. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "train/context_files.h"
#include "train/exam_file.h"
#include "train/outcome.h"

/* A text as another file, which takes it. */
static const char *write_again(TextBuffer *text)
{
    const char *path = fuzz_path("again");
    check(!text->failed, "out of memory");
    fuzz_write(path, text->bytes, text->length);
    text_buffer_free(text);
    return path;
}

static void check_outcome(Arena *arena, const char *path)
{
    Outcome outcome, again;
    Error error = {0};
    const char *written = fuzz_path("again");
    if (!outcome_read(arena, path, &outcome, &error)) {
        check_refusal(&error, ERROR_WORK, path);
        return;
    }
    check(outcome_write(written, &outcome, NULL) && outcome_read(arena, written, &again, NULL),
          "what was written is refused");
    check(again.step == outcome.step && again.parameters == outcome.parameters &&
              again.position_parameters == outcome.position_parameters &&
              same_number(again.val_loss, outcome.val_loss) &&
              same_number(again.train_loss, outcome.train_loss) &&
              same_number(again.exact, outcome.exact),
          "another outcome comes back");
    remove(written);
}

/* --- the exam --- */

static void check_exam(Arena *arena, const char *path)
{
    ExamTable table, again;
    Error error = {0};
    TextBuffer text = {0};
    if (!exam_table_read(arena, path, &table, &error)) {
        check_refusal(&error, ERROR_WORK, path);
        return;
    }
    for (size_t i = 0; i < table.count; i++) /* what 0/0 is on some processors */
        if (isnan(table.rows[i].result.loss))
            table.rows[i].result.loss = -table.rows[i].result.loss;
    exam_table_append(&table, &text);
    const char *written = write_again(&text);
    check(exam_table_read(arena, written, &again, NULL), "what was written is refused");
    check(again.count == table.count && table.count > 0, "another number of rows");
    for (size_t i = 0; i < table.count; i++) {
        const ExamResult *a = &table.rows[i].result, *b = &again.rows[i].result;
        check(a->length == b->length && a->tokens == b->tokens && a->sequences == b->sequences &&
                  table.rows[i].trained == again.rows[i].trained && same_number(a->loss, b->loss) &&
                  same_number(a->exact, b->exact),
              "another row comes back");
    }
    remove(written);
}

/* --- the losses by context and by position --- */

static void check_same_context(const ContextLoss *a, const ContextLoss *b)
{
    check(a->context == b->context && a->whole.windows == b->whole.windows &&
              a->whole.questions == b->whole.questions && a->same.questions == b->same.questions &&
              same_number(a->whole.loss, b->whole.loss) && same_number(a->same.loss, b->same.loss),
          "another loss comes back");
    check((a->refused == NULL) == (b->refused == NULL) &&
              (!a->refused || strcmp(a->refused, b->refused) == 0),
          "another reason comes back");
}

static void check_same_positions(const ContextLoss *a, const ContextLoss *b)
{
    for (size_t t = 0; !a->refused && t < a->context; t++)
        check(a->count_by_position[t] == b->count_by_position[t] &&
                  same_number(context_mean(a, t, t + 1), context_mean(b, t, t + 1)),
              "another loss of a position comes back");
}

/* `by_position`: the table has that, too. */
static void check_contexts_again(Arena *arena, const ContextTable *table, bool by_position)
{
    ContextTable again;
    TextBuffer contexts = {0}, positions = {0};
    contexts_append(table, &contexts);
    check(contexts_read(arena, write_again(&contexts), &again, NULL),
          "what was written is refused");
    check(again.count == table->count && strcmp(again.unit, table->unit) == 0 &&
              again.block_size == table->block_size,
          "another table comes back");
    if (by_position) {
        positions_append(table, &positions);
        check(positions_read(arena, write_again(&positions), &again, NULL),
              "what was written by position is refused");
    }
    for (size_t c = 0; c < table->count; c++) {
        check_same_context(&table->losses[c], &again.losses[c]);
        if (by_position)
            check_same_positions(&table->losses[c], &again.losses[c]);
    }
    remove(fuzz_path("again"));
}

static void check_contexts(Arena *arena, const char *path, const char *second)
{
    ContextTable table;
    Error error = {0};
    if (!contexts_read(arena, path, &table, &error)) {
        check_refusal(&error, ERROR_WORK, path);
        return;
    }
    check(table.count > 0 && table.unit[0] != '\0', "an empty table");
    bool by_position = positions_read(arena, second, &table, &error);
    if (!by_position)
        check_refusal(&error, ERROR_WORK, second);
    check_contexts_again(arena, &table, by_position);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena arena = {0};
    const uint8_t *end = length > 0 ? memchr(bytes, '\0', length) : NULL;
    size_t n_first = end ? (size_t)(end - bytes) : length;
    const char *path = fuzz_path("table"), *second = fuzz_path("second");
    fuzz_write(path, bytes, n_first);
    fuzz_write(second, bytes + n_first + (end != NULL), length - n_first - (end != NULL));
    check_outcome(&arena, path);
    check_exam(&arena, path);
    check_contexts(&arena, path, second);
    remove(path);
    remove(second);
    arena_free(&arena);
    return 0;
}
