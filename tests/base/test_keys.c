/* test_keys.c: tests of src/base/keys.c and key_value.c, on two small tables with a key of every
 * type. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/keys.h"
#include "base/random.h"

typedef struct TrainOptions {
    size_t batch_size;
    double learning_rate;
    bool bias;
    int pos;
    const char *data;
} TrainOptions;

static const char *const pos_names[] = {"none", "learned", "rope", NULL};

static const ConfigKey train_keys[] = {
    {.name = "batch_size",
     .type = KEY_SIZE,
     .offset = offsetof(TrainOptions, batch_size),
     .value = "12",
     .min = 1,
     .max = 65536,
     .help = "sequences in a batch"},
    {.name = "learning_rate",
     .type = KEY_REAL,
     .offset = offsetof(TrainOptions, learning_rate),
     .value = "6e-4",
     .min = 0,
     .max = 1.5,
     .help = "step size"},
    {.name = "bias",
     .type = KEY_BOOL,
     .offset = offsetof(TrainOptions, bias),
     .value = "no",
     .help = "biases in linear layers"},
    {.name = "pos",
     .type = KEY_CHOICE,
     .offset = offsetof(TrainOptions, pos),
     .value = "learned",
     .choices = pos_names,
     .help = "positional scheme"},
    {.name = "data",
     .type = KEY_TEXT,
     .offset = offsetof(TrainOptions, data),
     .value = "",
     .help = "a text file"},
};

typedef struct RopeOptions {
    int unused;
    double rope_base;
    const char *colour;
} RopeOptions;

static bool is_red_or_blue(const char *text)
{
    return strcmp(text, "red") == 0 || strcmp(text, "blue") == 0;
}

static const ConfigKey rope_keys[] = {
    {.name = "rope_base",
     .type = KEY_REAL,
     .offset = offsetof(RopeOptions, rope_base),
     .value = "10000",
     .min = -1e300,
     .max = 1e300,
     .help = "base of the angles"},
    {.name = "colour",
     .type = KEY_TEXT,
     .offset = offsetof(RopeOptions, colour),
     .value = "red",
     .is_legal = is_red_or_blue,
     .form = "red or blue",
     .help = "a text with a form"},
};

typedef struct Fixture {
    Settings settings;
    TrainOptions train;
    RopeOptions rope;
    Error error;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    fixture->train.bias = true; /* so that the default is seen to be written */
    assert_true(settings_add(&fixture->settings,
                             (KeyTable){"Training", train_keys, 5, &fixture->train}, NULL));
    assert_true(
        settings_add(&fixture->settings, (KeyTable){"RoPE", rope_keys, 2, &fixture->rope}, NULL));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    settings_free(&fixture->settings);
    free(fixture);
    return 0;
}

static bool set(Fixture *fixture, const char *name, const char *text)
{
    return settings_set(&fixture->settings, name, text, "x.ini:7", &fixture->error);
}

static void defaults_are_there_from_the_start(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture->train.batch_size, 12);
    assert_close(fixture->train.learning_rate, 6e-4, 0);
    assert_false(fixture->train.bias);
    assert_int_equal(fixture->train.pos, 1);
    assert_string_equal(fixture->train.data, "");
    assert_close(fixture->rope.rope_base, 10000, 0);
    assert_string_equal(settings_origin(&fixture->settings, "pos"), "default");
}

static void a_text_may_have_a_form(void **state)
{
    Fixture *fixture = *state;
    TextBuffer expectation = {0};
    assert_string_equal(fixture->rope.colour, "red");
    assert_true(set(fixture, "colour", "blue"));
    assert_string_equal(fixture->rope.colour, "blue");
    assert_false(set(fixture, "colour", "Blue"));
    assert_int_equal(fixture->error.kind, ERROR_REQUEST);
    assert_string_equal(fixture->error.text, "x.ini:7: colour = Blue: expected red or blue");
    assert_string_equal(fixture->rope.colour, "blue");
    assert_true(set(fixture, "data", "anything at all"));
    key_expectation(&rope_keys[1], &expectation);
    assert_string_equal(expectation.bytes, "red or blue");
    text_buffer_free(&expectation);
}

static void keys_are_found_with_either_dash(void **state)
{
    Fixture *fixture = *state;
    size_t index = 99;
    assert_ptr_equal(settings_find(&fixture->settings, "batch-size", &index), &train_keys[0]);
    assert_int_equal(index, 0);
    assert_ptr_equal(settings_find(&fixture->settings, "rope_base", &index), &rope_keys[0]);
    assert_int_equal(index, 5);
    assert_ptr_equal(settings_find(&fixture->settings, "pos", NULL), &train_keys[3]);
    const char *const wrong[] = {"",          "batch",      "batch_size_",
                                 "batchsize", "Batch_Size", "batch=size"};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_null(settings_find(&fixture->settings, wrong[w], &index));
}

static void each_type_is_read(void **state)
{
    Fixture *fixture = *state;
    char data[] = "my file.txt";
    assert_true(set(fixture, "batch-size", "65536"));
    assert_true(set(fixture, "learning_rate", "1.5"));
    assert_true(set(fixture, "bias", "yes"));
    assert_true(set(fixture, "pos", "rope"));
    assert_true(set(fixture, "data", data));
    assert_true(set(fixture, "rope_base", "-2.5e2"));
    data[0] = 'x'; /* the text was copied */
    assert_int_equal(fixture->train.batch_size, 65536);
    assert_close(fixture->train.learning_rate, 1.5, 0);
    assert_true(fixture->train.bias);
    assert_int_equal(fixture->train.pos, 2);
    assert_string_equal(fixture->train.data, "my file.txt");
    assert_close(fixture->rope.rope_base, -250, 0);
}

static void a_bool_has_several_words(void **state)
{
    Fixture *fixture = *state;
    const char *const yes[] = {"yes", "true", "on", "1", "True", "YES"};
    const char *const no[] = {"no", "false", "off", "0", "False", "NO"};
    for (size_t w = 0; w < 6; w++) {
        assert_true(set(fixture, "bias", yes[w]) && fixture->train.bias);
        assert_true(set(fixture, "bias", no[w]) && !fixture->train.bias);
    }
    const char *const wrong[] = {"", "y", "2", "yes ", "truee"};
    for (size_t w = 0; w < 5; w++)
        assert_false(set(fixture, "bias", wrong[w]));
}

static void a_wrong_value_is_said_and_changes_nothing(void **state)
{
    Fixture *fixture = *state;
    const char *const size = "expected a whole number from 1 to 65536";
    const char *const real = "expected a number from 0 to 1.5";
    const struct {
        const char *name, *text, *expected;
    } cases[] = {
        {"batch_size", "0", size},
        {"batch_size", "65537", size},
        {"batch_size", "-1", size},
        {"batch_size", "3.5", size},
        {"batch_size", "0x10", size},
        {"batch_size", "abc", size},
        {"batch_size", "", size},
        {"batch_size", "99999999999999999999", size},
        {"batch_size", "12 x", size},
        {"learning_rate", "1.5000001", real},
        {"learning_rate", "-1e-9", real},
        {"learning_rate", "nan", real},
        {"learning_rate", "inf", real},
        {"learning_rate", "1e999", real},
        {"bias", "maybe", "expected yes or no"},
        {"pos", "sinus", "expected one of: none, learned, rope"},
        {"pos", "", "expected one of: none, learned, rope"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char message[200];
        snprintf(message, sizeof message, "x.ini:7: %s = %s: %s", cases[c].name, cases[c].text,
                 cases[c].expected);
        assert_false(set(fixture, cases[c].name, cases[c].text));
        assert_string_equal(fixture->error.text, message);
        assert_int_equal(fixture->error.kind, ERROR_REQUEST);
        assert_string_equal(settings_origin(&fixture->settings, cases[c].name), "default");
    }
    defaults_are_there_from_the_start(state);
}

static void a_wrong_choice_is_met_with_the_nearest(void **state)
{
    Fixture *fixture = *state;
    assert_false(settings_set(&fixture->settings, "pos", "rop", "--pos", &fixture->error));
    assert_string_equal(fixture->error.text,
                        "--pos = rop: did you mean \"rope\"? expected one of: none, learned, rope");
    assert_false(set(fixture, "pos", "RoPE"));
    assert_string_equal(
        fixture->error.text,
        "x.ini:7: pos = RoPE: did you mean \"rope\"? expected one of: none, learned, rope");
}

static void a_flag_names_its_key_once(void **state)
{
    Fixture *fixture = *state;
    assert_false(
        settings_set(&fixture->settings, "batch-size", "0", "--batch-size", &fixture->error));
    assert_string_equal(fixture->error.text,
                        "--batch-size = 0: expected a whole number from 1 to 65536");
}

static void an_unknown_key_is_met_with_the_nearest(void **state)
{
    Fixture *fixture = *state;
    assert_false(set(fixture, "batchsize", "4"));
    assert_string_equal(fixture->error.text,
                        "x.ini:7: unknown key \"batchsize\": did you mean \"batch_size\"?");
    assert_int_equal(fixture->error.kind, ERROR_REQUEST);
    assert_false(set(fixture, "ropebase", "4"));
    assert_contains(fixture->error.text, "did you mean \"rope_base\"?");
    assert_false(set(fixture, "temperature", "4"));
    assert_string_equal(fixture->error.text,
                        "x.ini:7: unknown key \"temperature\": expected one that --help lists");
}

static void the_last_origin_is_kept(void **state)
{
    Fixture *fixture = *state;
    char origin[] = "a.ini:3";
    assert_true(settings_set(&fixture->settings, "pos", "rope", origin, NULL));
    origin[0] = 'b';
    assert_string_equal(settings_origin(&fixture->settings, "pos"), "a.ini:3");
    assert_true(settings_set(&fixture->settings, "pos", "none", "--pos", NULL));
    assert_string_equal(settings_origin(&fixture->settings, "pos"), "--pos");
    assert_string_equal(settings_origin(&fixture->settings, "bias"), "default");
}

static bool read_text(Fixture *fixture, const char *text)
{
    char *folder = make_test_folder(), *path = test_path(folder, "c.ini");
    write_test_file(path, text, strlen(text));
    bool ok = settings_read(&fixture->settings, path, &fixture->error);
    free(path);
    remove_test_folder(folder);
    return ok;
}

static void a_file_sets_its_keys(void **state)
{
    Fixture *fixture = *state;
    assert_true(read_text(fixture, "# a lesson\nbatch_size = 32\n\nrope-base = 500 # short\n"
                                   "[lab]\nbatch_size = 7\nseeds = 3\n"));
    assert_int_equal(fixture->train.batch_size, 32);
    assert_close(fixture->rope.rope_base, 500, 0);
    assert_contains(settings_origin(&fixture->settings, "batch_size"), "/c.ini:2");
    assert_contains(settings_origin(&fixture->settings, "rope_base"), "/c.ini:4");
}

static void mistakes_in_a_file_are_said_with_their_line(void **state)
{
    Fixture *fixture = *state;
    assert_false(read_text(fixture, "pos = rope\n\nbatch_size = many\n"));
    assert_contains(fixture->error.text,
                    "/c.ini:3: batch_size = many: expected a whole number from 1 to 65536");
    assert_false(read_text(fixture, "poss = rope\n"));
    assert_contains(fixture->error.text, "/c.ini:1: unknown key \"poss\": did you mean \"pos\"?");
    assert_false(read_text(fixture, "pos\n"));
    assert_contains(fixture->error.text, "/c.ini:1: \"pos\": expected key = value");
}

static void a_key_that_stands_twice_is_refused(void **state)
{
    Fixture *fixture = *state;
    assert_false(read_text(fixture, "batch_size = 1\npos = rope\nbatch-size = 1\n"));
    assert_contains(fixture->error.text,
                    "/c.ini:3: batch-size stands twice: it was set in line 1 already");
    assert_int_equal(fixture->error.kind, ERROR_REQUEST);
    assert_true(read_text(fixture, "batch_size = 1\n")); /* twice in two files is fine */
    assert_true(read_text(fixture, "batch_size = 2\n"));
}

static bool parse_text(Fixture *fixture, const char *text)
{
    return settings_parse(&fixture->settings, "a model: config", text, strlen(text),
                          &fixture->error);
}

static void a_text_in_memory_sets_its_keys(void **state)
{
    Fixture *fixture = *state;
    assert_true(parse_text(fixture, "# saved\nbatch_size = 32\n\nrope-base = 500 # short\n"));
    assert_int_equal(fixture->train.batch_size, 32);
    assert_close(fixture->rope.rope_base, 500, 0);
    assert_int_equal(fixture->train.pos, 1); /* what it does not name stays */
    assert_string_equal(settings_origin(&fixture->settings, "batch_size"), "a model: config:2");
    assert_string_equal(settings_origin(&fixture->settings, "rope_base"), "a model: config:4");
    assert_string_equal(settings_origin(&fixture->settings, "pos"), "default");
}

static void only_the_given_bytes_of_a_text_are_read(void **state)
{
    Fixture *fixture = *state;
    const char text[] = "batch_size = 32768\nnonsense";
    assert_true(settings_parse(&fixture->settings, "x", text, strlen("batch_size = 32"), NULL));
    assert_int_equal(fixture->train.batch_size, 32);
    assert_true(settings_parse(&fixture->settings, "x", text, 0, NULL));
    assert_false(settings_parse(&fixture->settings, "x", "bias = yes\0", 11, &fixture->error));
    assert_string_equal(fixture->error.text, "x:1: a NUL byte: expected text");
    assert_false(fixture->train.bias);
}

/* Keys there are another reader's: unknown, wrong or twice, they are no mistake. */
static void other_sections_of_a_text_are_left_alone(void **state)
{
    Fixture *fixture = *state;
    assert_true(parse_text(fixture, "batch_size = 32\n[made with]\nbatch_size = 7\n"
                                    "bias = maybe\nversion = 1\nversion = 2\n[]\npos = rope\n"));
    assert_int_equal(fixture->train.batch_size, 32);
    assert_int_equal(fixture->train.pos, 2); /* section "" once more */
    assert_string_equal(settings_origin(&fixture->settings, "bias"), "default");
}

static void mistakes_in_a_text_are_said_with_its_name_and_line(void **state)
{
    Fixture *fixture = *state;
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
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        assert_false(parse_text(fixture, cases[c].text));
        assert_string_equal(fixture->error.text, cases[c].message);
        assert_int_equal(fixture->error.kind, ERROR_REQUEST);
    }
    assert_true(parse_text(fixture, "batch_size = 1\n")); /* twice in two texts is fine */
    assert_true(parse_text(fixture, "batch_size = 2\n"));
    assert_int_equal(fixture->train.batch_size, 2);
}

static void format(const ConfigKey *key, const void *values, const char *expected)
{
    TextBuffer text = {0};
    key_format(key, values, &text);
    assert_string_equal(text.bytes != NULL ? text.bytes : "", expected);
    text_buffer_free(&text);
}

static void values_are_formatted_as_people_write_them(void **state)
{
    Fixture *fixture = *state;
    format(&train_keys[0], &fixture->train, "12");
    format(&train_keys[1], &fixture->train, "0.0006");
    format(&train_keys[2], &fixture->train, "no");
    format(&train_keys[3], &fixture->train, "learned");
    format(&train_keys[4], &fixture->train, "");
    format(&rope_keys[0], &fixture->rope, "10000");
    fixture->rope.rope_base = 0.1;
    format(&rope_keys[0], &fixture->rope, "0.1");
    fixture->rope.rope_base = 0.1 + 0.2;
    format(&rope_keys[0], &fixture->rope, "0.30000000000000004");
}

/* Any bits that are a number, and any text, survive key_format and settings_set. */
static void what_is_formatted_is_read_back_to_the_same_bits(void **state)
{
    Fixture *fixture = *state;
    for (uint64_t i = 0; i < 5000; i++) {
        double number = 0, before = 0;
        uint64_t bits = i == 0 ? UINT64_C(1) << 63 : random_bits(random_seed(1), i); /* -0.0 too */
        memcpy(&number, &bits, sizeof number);
        if (!(fabs(number) <= 1e300))
            continue;
        fixture->rope.rope_base = number;
        TextBuffer text = {0};
        key_format(&rope_keys[0], &fixture->rope, &text);
        fixture->rope.rope_base = 1;
        assert_true(set(fixture, "rope_base", text.bytes));
        memcpy(&before, &bits, sizeof before);
        assert_memory_equal(&fixture->rope.rope_base, &before, sizeof before);
        text_buffer_free(&text);
    }
    const char *const texts[] = {"", " x ", "a # b", "\n\"", "\xc3\xa9"};
    for (size_t t = 0; t < 5; t++) {
        assert_true(set(fixture, "data", texts[t]));
        format(&train_keys[4], &fixture->train, texts[t]);
    }
}

static void expectations_say_what_may_stand(void **state)
{
    (void)state;
    const char *const expected[] = {"a whole number from 1 to 65536", "a number from 0 to 1.5",
                                    "yes or no", "one of: none, learned, rope", "a text"};
    for (size_t k = 0; k < 5; k++) {
        TextBuffer text = {0};
        key_expectation(&train_keys[k], &text);
        assert_string_equal(text.bytes, expected[k]);
        text_buffer_free(&text);
    }
}

#define WITH_TABLES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TABLES(defaults_are_there_from_the_start),
        WITH_TABLES(keys_are_found_with_either_dash),
        WITH_TABLES(a_text_may_have_a_form),
        WITH_TABLES(each_type_is_read),
        WITH_TABLES(a_bool_has_several_words),
        WITH_TABLES(a_wrong_value_is_said_and_changes_nothing),
        WITH_TABLES(a_wrong_choice_is_met_with_the_nearest),
        WITH_TABLES(a_flag_names_its_key_once),
        WITH_TABLES(an_unknown_key_is_met_with_the_nearest),
        WITH_TABLES(the_last_origin_is_kept),
        WITH_TABLES(a_file_sets_its_keys),
        WITH_TABLES(mistakes_in_a_file_are_said_with_their_line),
        WITH_TABLES(a_key_that_stands_twice_is_refused),
        WITH_TABLES(a_text_in_memory_sets_its_keys),
        WITH_TABLES(only_the_given_bytes_of_a_text_are_read),
        WITH_TABLES(other_sections_of_a_text_are_left_alone),
        WITH_TABLES(mistakes_in_a_text_are_said_with_its_name_and_line),
        WITH_TABLES(values_are_formatted_as_people_write_them),
        WITH_TABLES(what_is_formatted_is_read_back_to_the_same_bits),
        WITH_TABLES(expectations_say_what_may_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
