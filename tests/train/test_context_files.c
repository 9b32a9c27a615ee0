/* test_context_files.c: tests of src/train/context_files.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "support/fixtures.h"
#include "support/place.h"
#include "train/context_files.h"

#define HEAD                                                                                       \
    "context,training,windows,characters,loss_nats,loss_bits,same_characters,same_nats,same_bits," \
    "refused\n"
#define POSITIONS "context,position,characters,loss_nats\n"

/* Two lengths; the second is refused. (1/2 and 1/4 nats are 0.7213475204 and 0.3606737602 bits.) */
static ContextLoss losses[] = {
    {.context = 2,
     .targets = {100, 4096},
     .whole = {.loss = 0.5, .questions = 8, .windows = 4},
     .same = {.loss = 0.25, .questions = 4096, .windows = 4096},
     .sum_by_position = (double[]){3, 1},
     .count_by_position = (size_t[]){4, 4}},
    {.context = 4,
     .targets = {100, 4096},
     .refused = "no, \"never\"",
     .whole = {.loss = NAN},
     .same = {.loss = NAN}},
};
static const ContextTable table = {
    .losses = losses, .count = 2, .block_size = 3, .unit = "character"};

/* The files x.csv and y.csv of a place, with these bytes (NULL: not touched); read. */
static bool read_both(Place *place, const char *contexts, const char *positions,
                      ContextTable *found)
{
    const char *x = place->path, *y = place_path(place, "y.csv");
    if (contexts)
        write_test_file(x, contexts, strlen(contexts));
    if (positions)
        write_test_file(y, positions, strlen(positions));
    return contexts_read(&place->arena, x, found, &place->error) &&
           positions_read(&place->arena, y, found, &place->error);
}

static void write_both(Place *place, const ContextTable *of)
{
    if (!context_files_write(of, place->path, place_path(place, "y.csv"), &place->error))
        fail_msg("%s", place->error.text);
}

/* --- writing --- */

static void both_files_say_what_there_is(void **state)
{
    Place *place = *state;
    static const char contexts[] = HEAD "2,3,4,8,0.5,0.72134752,4096,0.25,0.36067376,\n"
                                        "4,3,0,0,nan,nan,0,nan,nan,\"no, \"\"never\"\"\"\n";
    static const char positions[] = POSITIONS "2,0,4,0.75\n2,1,4,0.25\n4,nan,0,nan\n";
    write_both(place, &table);
    assert_file_is(place->path, contexts, strlen(contexts));
    assert_file_is(place_path(place, "y.csv"), positions, strlen(positions));
}

/* The readers go by the names of columns: one more is not in their way. */
static void settings_that_changed_since_training_have_a_column(void **state)
{
    Place *place = *state;
    ContextTable scaled = table, found;
    FileBytes file;
    scaled.changed = "a = 1, b = 2";
    write_both(place, &scaled);
    assert_true(file_read(&place->arena, place->path, 10000, &file, NULL));
    assert_contains(file.bytes, ",refused,changed\n2,3,4,");
    assert_contains(file.bytes, ",0.36067376,,\"a = 1, b = 2\"\n4,3,");
    assert_contains(file.bytes, ",\"no, \"\"never\"\"\",\"a = 1, b = 2\"\n");
    assert_true(file_read(&place->arena, place_path(place, "y.csv"), 10000, &file, NULL));
    assert_contains(file.bytes, "loss_nats,changed\n2,0,4,0.75,\"a = 1, b = 2\"\n");
    assert_contains(file.bytes, "\n4,nan,0,nan,\"a = 1, b = 2\"\n");
    assert_true(read_both(place, NULL, NULL, &found));
    assert_int_equal(found.losses[0].count_by_position[1], 4);
}

static void columns_are_named_after_the_tokens(void **state)
{
    Place *place = *state;
    ContextTable words = table;
    ContextTable found;
    words.unit = "word";
    write_both(place, &words);
    FileBytes file;
    assert_true(file_read(&place->arena, place->path, 10000, &file, NULL));
    assert_contains(file.bytes, "windows,words,loss_nats,loss_bits,same_words,same_nats,");
    assert_true(read_both(place, NULL, NULL, &found));
    assert_string_equal(found.unit, "word");
}

/* A place where nothing is asked has no mean, and a loss may be no number. */
static void what_is_not_a_number_is_nan_without_a_sign(void **state)
{
    Place *place = *state;
    ContextLoss loss = losses[0];
    loss.whole.loss = loss.same.loss = copysign(NAN, -1);
    loss.sum_by_position = (double[]){copysign(NAN, -1), 0};
    loss.count_by_position = (size_t[]){1, 0};
    ContextTable found, one = {.losses = &loss, .count = 1, .block_size = 3, .unit = "character"};
    static const char contexts[] = HEAD "2,3,4,8,nan,nan,4096,nan,nan,\n";
    static const char positions[] = POSITIONS "2,0,1,nan\n2,1,0,nan\n";
    write_both(place, &one);
    assert_file_is(place->path, contexts, strlen(contexts));
    assert_file_is(place_path(place, "y.csv"), positions, strlen(positions));
    assert_true(read_both(place, NULL, NULL, &found));
    assert_true(isnan(found.losses[0].whole.loss) && isnan(found.losses[0].same.loss));
    assert_true(isnan(found.losses[0].sum_by_position[0]));
    assert_true(found.losses[0].sum_by_position[1] == 0);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    Place *place = *state;
    const char *deep = place_path(place, "no/x.csv");
    assert_false(context_files_write(&table, deep, place->path, &place->error));
    assert_contains(place->error.text, "no/x.csv: cannot be written");
    assert_false(context_files_write(&table, place->path, deep, &place->error));
    assert_contains(place->error.text, "no/x.csv: cannot be written");
    ContextTable found;
    assert_false(contexts_read(&place->arena, deep, &found, &place->error));
    assert_contains(place->error.text, "no/x.csv");
}

/* --- and back --- */

static void assert_same_loss(const ContextLoss *a, const ContextLoss *b)
{
    assert_int_equal(a->context, b->context);
    assert_int_equal(a->whole.windows, b->whole.windows);
    assert_int_equal(a->whole.questions, b->whole.questions);
    assert_int_equal(a->same.questions, b->same.questions);
    assert_int_equal(a->refused != NULL, b->refused != NULL);
    if (b->refused) {
        assert_string_equal(a->refused, b->refused);
        assert_true(isnan(a->whole.loss) && isnan(a->same.loss));
        assert_null(a->sum_by_position);
        return;
    }
    assert_close(a->whole.loss, b->whole.loss, 1e-8);
    assert_close(a->same.loss, b->same.loss, 1e-8);
    for (size_t t = 0; t < b->context; t++) {
        assert_int_equal(a->count_by_position[t], b->count_by_position[t]);
        assert_close(a->sum_by_position[t], b->sum_by_position[t], 1e-6);
    }
}

static void what_is_written_is_read_back(void **state)
{
    Place *place = *state;
    ContextTable found;
    write_both(place, &table);
    if (!read_both(place, NULL, NULL, &found))
        fail_msg("%s", place->error.text);
    assert_int_equal(found.count, table.count);
    assert_int_equal(found.block_size, table.block_size);
    assert_string_equal(found.unit, table.unit);
    for (size_t c = 0; c < table.count; c++)
        assert_same_loss(&found.losses[c], &losses[c]);
}

static void the_loss_by_context_is_read_without_the_other_file(void **state)
{
    Place *place = *state;
    ContextTable found;
    static const char contexts[] = HEAD "2,3,4,8,0.5,0.7,4096,0.25,0.3,\n";
    write_test_file(place->path, contexts, strlen(contexts));
    assert_true(contexts_read(&place->arena, place->path, &found, &place->error));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.losses[0].targets.count, 4096);
    assert_true(found.losses[0].same.loss == 0.25);
    assert_null(found.losses[0].refused);
    assert_null(found.losses[0].sum_by_position);
}

/* --- damage --- */

#define ROW   "2,3,4,8,0.5,0.7,4096,0.25,0.3,\n"
#define ROWS  HEAD ROW
#define FIRST POSITIONS "2,0,4,0.75\n"

static void a_damaged_file_is_refused_with_the_place(void **state)
{
    Place *place = *state;
    static const char good[] = FIRST "2,1,4,0.25\n";
    static const struct {
        const char *contexts, *positions, *says;
    } cases[] = {
        {"", good, "x.csv:1: expected a fourth column such as characters"},
        {HEAD, good, "x.csv: expected a row for each context"},
        {"context,training,windows,c\n", good, "x.csv:1: expected a fourth column"},
        {"context,training,windows,words,loss_nats\n", good,
         "x.csv:1: expected a column same_words"},
        {HEAD "2,3,4,8\n", good, "x.csv:2: number of cells = 4: expected 10"},
        {HEAD "two,3,4,8,0.5,0.7,4096,0.25,0.3,\n", good, "x.csv:2: context = two: expected"},
        {HEAD "2,3,4,8,0.5,0.7,-1,0.25,0.3,\n", good, "x.csv:2: same_characters = -1: expected"},
        {HEAD "2,3,4,8,0.5,0.7,9,,0.3,\n", good, "x.csv:2: same_nats = : expected"},
        {HEAD ROW "2,3,4,8,low,0.7,9,1,0.3,\n", good, "x.csv:3: loss_nats = low: expected"},
        {ROWS, "", "y.csv:1: expected a column context"},
        {ROWS, "context,position,words,loss_nats\n", "y.csv:1: expected a column characters"},
        {ROWS, POSITIONS, "y.csv: expected 2 more rows for context = 2"},
        {ROWS, FIRST, "y.csv: expected 1 more rows for context = 2"},
        {ROWS, FIRST "2,1,4,0.25", "y.csv: expected 1 more rows for context = 2"},
        {ROWS, FIRST "2,2,4,0.25\n", "y.csv:3: position = 2: expected 1"},
        {ROWS, FIRST "2,nan,0,nan\n", "y.csv:3: position = nan: expected"},
        {ROWS, FIRST "3,1,4,0.25\n", "y.csv:3: context = 3: expected 2"},
        {ROWS, FIRST "2,1,x,0.25\n", "y.csv:3: characters = x: expected"},
        {ROWS, FIRST "2,1,4,deep\n", "y.csv:3: loss_nats = deep: expected"},
        {ROWS, FIRST "2,1,4,0.25\n2,2,4,0.25\n", "y.csv:4: expected no more rows"},
        {HEAD "2,3,0,0,nan,nan,0,nan,nan,no\n", POSITIONS "3,nan,0,nan\n",
         "y.csv:2: context = 3: expected 2"},
        {HEAD "18446744073709551615,3,4,8,0.5,0.7,9,0.25,0.3,\n", good,
         "y.csv: expected 18446744073709551613 more rows for context = 18446744073709551615"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        ContextTable found;
        if (read_both(place, cases[c].contexts, cases[c].positions, &found))
            fail_msg("accepted: case %zu, which %s", c, cases[c].says);
        assert_contains(place->error.text, cases[c].says);
        assert_int_equal(place->error.kind, ERROR_WORK);
    }
    ContextTable found;
    assert_true(read_both(place, ROWS, good, &found));
}

#define IN_A_PLACE(test) place_test(test, "x.csv")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(both_files_say_what_there_is),
        IN_A_PLACE(settings_that_changed_since_training_have_a_column),
        IN_A_PLACE(columns_are_named_after_the_tokens),
        IN_A_PLACE(what_is_not_a_number_is_nan_without_a_sign),
        IN_A_PLACE(a_folder_that_is_not_there_is_said),
        IN_A_PLACE(what_is_written_is_read_back),
        IN_A_PLACE(the_loss_by_context_is_read_without_the_other_file),
        IN_A_PLACE(a_damaged_file_is_refused_with_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
