/* test_keys.c: tests of src/base/keys.c: keys are found by name and set, one by one, by a file and
 * by a text in memory. What is read as a value is in test_key_value.c. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/keys.h"
#include "support/key_tables.h"

static void defaults_are_there_from_the_start(void **state)
{
    assert_defaults(*state);
}

static void keys_are_found_with_either_dash(void **state)
{
    KeyTables *tables = *state;
    size_t index = 99;
    assert_ptr_equal(settings_find(&tables->settings, "batch-size", &index), &lesson_keys[0]);
    assert_int_equal(index, 0);
    assert_ptr_equal(settings_find(&tables->settings, "rope_base", &index), &turn_keys[0]);
    assert_int_equal(index, N_LESSON_KEYS);
    assert_ptr_equal(settings_find(&tables->settings, "pos", NULL), &lesson_keys[3]);
    const char *const wrong[] = {"",          "batch",      "batch_size_",
                                 "batchsize", "Batch_Size", "batch=size"};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_null(settings_find(&tables->settings, wrong[w], &index));
}

static void an_unknown_key_is_met_with_the_nearest(void **state)
{
    KeyTables *tables = *state;
    assert_false(set_value(tables, "batchsize", "4"));
    assert_string_equal(tables->error.text,
                        "x.ini:7: unknown key \"batchsize\": did you mean \"batch_size\"?");
    assert_int_equal(tables->error.kind, ERROR_REQUEST);
    assert_false(set_value(tables, "ropebase", "4"));
    assert_contains(tables->error.text, "did you mean \"rope_base\"?");
    assert_false(set_value(tables, "temperature", "4"));
    assert_string_equal(tables->error.text,
                        "x.ini:7: unknown key \"temperature\": expected one that --help lists");
}

static void the_last_origin_is_kept(void **state)
{
    KeyTables *tables = *state;
    char origin[] = "a.ini:3";
    assert_true(settings_set(&tables->settings, "pos", "rope", origin, NULL));
    origin[0] = 'b';
    assert_string_equal(settings_origin(&tables->settings, "pos"), "a.ini:3");
    assert_true(settings_set(&tables->settings, "pos", "none", "--pos", NULL));
    assert_string_equal(settings_origin(&tables->settings, "pos"), "--pos");
    assert_string_equal(settings_origin(&tables->settings, "bias"), "default");
}

static bool read_text(KeyTables *tables, const char *text)
{
    char *folder = make_test_folder(), *path = test_path(folder, "c.ini");
    write_test_file(path, text, strlen(text));
    bool ok = settings_read(&tables->settings, path, &tables->error);
    free(path);
    remove_test_folder(folder);
    return ok;
}

static void a_file_sets_its_keys(void **state)
{
    KeyTables *tables = *state;
    assert_true(read_text(tables, "# a lesson\nbatch_size = 32\n\nrope-base = 500 # short\n"
                                  "[lab]\nbatch_size = 7\nseeds = 3\n"));
    assert_int_equal(tables->lesson.batch_size, 32);
    assert_close(tables->turn.rope_base, 500, 0);
    assert_contains(settings_origin(&tables->settings, "batch_size"), "/c.ini:2");
    assert_contains(settings_origin(&tables->settings, "rope_base"), "/c.ini:4");
}

static void mistakes_in_a_file_are_said_with_their_line(void **state)
{
    KeyTables *tables = *state;
    assert_false(read_text(tables, "pos = rope\n\nbatch_size = many\n"));
    assert_contains(tables->error.text,
                    "/c.ini:3: batch_size = many: expected a whole number from 1 to 65536");
    assert_false(read_text(tables, "poss = rope\n"));
    assert_contains(tables->error.text, "/c.ini:1: unknown key \"poss\": did you mean \"pos\"?");
    assert_false(read_text(tables, "pos\n"));
    assert_contains(tables->error.text, "/c.ini:1: \"pos\": expected key = value");
}

static void a_key_that_stands_twice_is_refused(void **state)
{
    KeyTables *tables = *state;
    assert_false(read_text(tables, "batch_size = 1\npos = rope\nbatch-size = 1\n"));
    assert_contains(tables->error.text,
                    "/c.ini:3: batch-size stands twice: it was set in line 1 already");
    assert_int_equal(tables->error.kind, ERROR_REQUEST);
    assert_true(read_text(tables, "batch_size = 1\n")); /* twice in two files is fine */
    assert_true(read_text(tables, "batch_size = 2\n"));
}

static bool parse_text(KeyTables *tables, const char *text)
{
    return settings_parse(&tables->settings, "a model: config", text, strlen(text), &tables->error);
}

static void a_text_in_memory_sets_its_keys(void **state)
{
    KeyTables *tables = *state;
    assert_true(parse_text(tables, "# saved\nbatch_size = 32\n\nrope-base = 500 # short\n"));
    assert_int_equal(tables->lesson.batch_size, 32);
    assert_close(tables->turn.rope_base, 500, 0);
    assert_int_equal(tables->lesson.pos, 1); /* what it does not name stays */
    assert_string_equal(settings_origin(&tables->settings, "batch_size"), "a model: config:2");
    assert_string_equal(settings_origin(&tables->settings, "rope_base"), "a model: config:4");
    assert_string_equal(settings_origin(&tables->settings, "pos"), "default");
}

static void only_the_given_bytes_of_a_text_are_read(void **state)
{
    KeyTables *tables = *state;
    const char text[] = "batch_size = 32768\nnonsense";
    assert_true(settings_parse(&tables->settings, "x", text, strlen("batch_size = 32"), NULL));
    assert_int_equal(tables->lesson.batch_size, 32);
    assert_true(settings_parse(&tables->settings, "x", text, 0, NULL));
    assert_false(settings_parse(&tables->settings, "x", "bias = yes\0", 11, &tables->error));
    assert_string_equal(tables->error.text, "x:1: a NUL byte: expected text");
    assert_false(tables->lesson.bias);
}

/* Keys there are another reader's: unknown, wrong or twice, they are no mistake. */
static void other_sections_of_a_text_are_left_alone(void **state)
{
    KeyTables *tables = *state;
    assert_true(parse_text(tables, "batch_size = 32\n[made with]\nbatch_size = 7\n"
                                   "bias = maybe\nversion = 1\nversion = 2\n[]\npos = rope\n"));
    assert_int_equal(tables->lesson.batch_size, 32);
    assert_int_equal(tables->lesson.pos, 2); /* section "" once more */
    assert_string_equal(settings_origin(&tables->settings, "bias"), "default");
}

static void mistakes_in_a_text_are_said_with_its_name_and_line(void **state)
{
    KeyTables *tables = *state;
    const struct {
        const char *text, *message;
    } cases[] = {
        {"pos = rope\n\nbatch_size = many\n",
         "a model: config:3: batch_size = many: expected a whole number from 1 to 65536"},
        {"poss = rope\n", "a model: config:1: unknown key \"poss\": did you mean \"pos\"?"},
        {"\npos\n", "a model: config:2: \"pos\": expected key = value"},
        {"batch_size = 1\npos = rope\nbatch-size = 1\n",
         "a model: config:3: batch-size stands twice: it was set in line 1 already"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        assert_false(parse_text(tables, cases[c].text));
        assert_string_equal(tables->error.text, cases[c].message);
        assert_int_equal(tables->error.kind, ERROR_REQUEST);
    }
    assert_true(parse_text(tables, "batch_size = 1\n")); /* twice in two texts is fine */
    assert_true(parse_text(tables, "batch_size = 2\n"));
    assert_int_equal(tables->lesson.batch_size, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TABLES(defaults_are_there_from_the_start),
        WITH_TABLES(keys_are_found_with_either_dash),
        WITH_TABLES(an_unknown_key_is_met_with_the_nearest),
        WITH_TABLES(the_last_origin_is_kept),
        WITH_TABLES(a_file_sets_its_keys),
        WITH_TABLES(mistakes_in_a_file_are_said_with_their_line),
        WITH_TABLES(a_key_that_stands_twice_is_refused),
        WITH_TABLES(a_text_in_memory_sets_its_keys),
        WITH_TABLES(only_the_given_bytes_of_a_text_are_read),
        WITH_TABLES(other_sections_of_a_text_are_left_alone),
        WITH_TABLES(mistakes_in_a_text_are_said_with_its_name_and_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
