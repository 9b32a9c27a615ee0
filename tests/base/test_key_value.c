/* test_key_value.c: tests of src/base/key_value.c, through keys.h: the value of a key, read from a
 * text and written as one. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/keys.h"
#include "base/random.h"
#include "support/key_tables.h"

static void a_text_may_have_a_form(void **state)
{
    KeyTables *tables = *state;
    TextBuffer expectation = {0};
    assert_string_equal(tables->turn.colour, "red");
    assert_true(set_value(tables, "colour", "blue"));
    assert_string_equal(tables->turn.colour, "blue");
    assert_false(set_value(tables, "colour", "Blue"));
    assert_int_equal(tables->error.kind, ERROR_REQUEST);
    assert_string_equal(tables->error.text, "x.ini:7: colour = Blue: expected red or blue");
    assert_string_equal(tables->turn.colour, "blue");
    assert_true(set_value(tables, "data", "anything at all"));
    key_expectation(&turn_keys[1], &expectation);
    assert_string_equal(expectation.bytes, "red or blue");
    text_buffer_free(&expectation);
}

static void each_type_is_read(void **state)
{
    KeyTables *tables = *state;
    char data[] = "my file.txt";
    assert_true(set_value(tables, "batch-size", "65536"));
    assert_true(set_value(tables, "learning_rate", "1.5"));
    assert_true(set_value(tables, "bias", "yes"));
    assert_true(set_value(tables, "pos", "rope"));
    assert_true(set_value(tables, "data", data));
    assert_true(set_value(tables, "rope_base", "-2.5e2"));
    data[0] = 'x'; /* the text was copied */
    assert_int_equal(tables->lesson.batch_size, 65536);
    assert_close(tables->lesson.learning_rate, 1.5, 0);
    assert_true(tables->lesson.bias);
    assert_int_equal(tables->lesson.pos, 2);
    assert_string_equal(tables->lesson.data, "my file.txt");
    assert_close(tables->turn.rope_base, -250, 0);
}

static void a_bool_has_several_words(void **state)
{
    KeyTables *tables = *state;
    const char *const yes[] = {"yes", "true", "on", "1", "True", "YES"};
    const char *const no[] = {"no", "false", "off", "0", "False", "NO"};
    for (size_t w = 0; w < 6; w++) {
        assert_true(set_value(tables, "bias", yes[w]) && tables->lesson.bias);
        assert_true(set_value(tables, "bias", no[w]) && !tables->lesson.bias);
    }
    const char *const wrong[] = {"", "y", "2", "yes ", "truee"};
    for (size_t w = 0; w < 5; w++)
        assert_false(set_value(tables, "bias", wrong[w]));
}

static void a_wrong_value_is_said_and_changes_nothing(void **state)
{
    KeyTables *tables = *state;
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
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char message[200];
        snprintf(message, sizeof message, "x.ini:7: %s = %s: %s", cases[c].name, cases[c].text,
                 cases[c].expected);
        assert_false(set_value(tables, cases[c].name, cases[c].text));
        assert_string_equal(tables->error.text, message);
        assert_int_equal(tables->error.kind, ERROR_REQUEST);
        assert_string_equal(settings_origin(&tables->settings, cases[c].name), "default");
    }
    assert_defaults(tables);
}

static void a_wrong_choice_is_met_with_the_nearest(void **state)
{
    KeyTables *tables = *state;
    assert_false(settings_set(&tables->settings, "pos", "rop", "--pos", &tables->error));
    assert_string_equal(tables->error.text,
                        "--pos = rop: did you mean \"rope\"? expected one of: none, learned, rope");
    assert_false(set_value(tables, "pos", "RoPE"));
    assert_string_equal(
        tables->error.text,
        "x.ini:7: pos = RoPE: did you mean \"rope\"? expected one of: none, learned, rope");
}

static void a_flag_names_its_key_once(void **state)
{
    KeyTables *tables = *state;
    assert_false(
        settings_set(&tables->settings, "batch-size", "0", "--batch-size", &tables->error));
    assert_string_equal(tables->error.text,
                        "--batch-size = 0: expected a whole number from 1 to 65536");
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
    KeyTables *tables = *state;
    format(&lesson_keys[0], &tables->lesson, "12");
    format(&lesson_keys[1], &tables->lesson, "0.0006");
    format(&lesson_keys[2], &tables->lesson, "no");
    format(&lesson_keys[3], &tables->lesson, "learned");
    format(&lesson_keys[4], &tables->lesson, "");
    format(&turn_keys[0], &tables->turn, "10000");
    tables->turn.rope_base = 0.1;
    format(&turn_keys[0], &tables->turn, "0.1");
    tables->turn.rope_base = 0.1 + 0.2;
    format(&turn_keys[0], &tables->turn, "0.30000000000000004");
}

/* Any bits that are a number, and any text, survive key_format and settings_set. */
static void what_is_formatted_is_read_back_to_the_same_bits(void **state)
{
    KeyTables *tables = *state;
    for (uint64_t i = 0; i < 5000; i++) {
        double number = 0, before = 0;
        uint64_t bits = i == 0 ? UINT64_C(1) << 63 : random_bits(random_seed(1), i); /* -0.0 too */
        memcpy(&number, &bits, sizeof number);
        if (!(fabs(number) <= 1e300))
            continue;
        tables->turn.rope_base = number;
        TextBuffer text = {0};
        key_format(&turn_keys[0], &tables->turn, &text);
        tables->turn.rope_base = 1;
        assert_true(set_value(tables, "rope_base", text.bytes));
        memcpy(&before, &bits, sizeof before);
        assert_memory_equal(&tables->turn.rope_base, &before, sizeof before);
        text_buffer_free(&text);
    }
    const char *const texts[] = {"", " x ", "a # b", "\n\"", "\xc3\xa9"};
    for (size_t t = 0; t < 5; t++) {
        assert_true(set_value(tables, "data", texts[t]));
        format(&lesson_keys[4], &tables->lesson, texts[t]);
    }
}

static void expectations_say_what_may_stand(void **state)
{
    (void)state;
    const char *const expected[] = {"a whole number from 1 to 65536", "a number from 0 to 1.5",
                                    "yes or no", "one of: none, learned, rope", "a text"};
    for (size_t k = 0; k < N_LESSON_KEYS; k++) {
        TextBuffer text = {0};
        key_expectation(&lesson_keys[k], &text);
        assert_string_equal(text.bytes, expected[k]);
        text_buffer_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TABLES(a_text_may_have_a_form),
        WITH_TABLES(each_type_is_read),
        WITH_TABLES(a_bool_has_several_words),
        WITH_TABLES(a_wrong_value_is_said_and_changes_nothing),
        WITH_TABLES(a_wrong_choice_is_met_with_the_nearest),
        WITH_TABLES(a_flag_names_its_key_once),
        WITH_TABLES(values_are_formatted_as_people_write_them),
        WITH_TABLES(what_is_formatted_is_read_back_to_the_same_bits),
        WITH_TABLES(expectations_say_what_may_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
