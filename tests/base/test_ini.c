/* test_ini.c: tests of src/base/ini.c. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/ini.h"
#include "base/random.h"

/* Keeps what it is given as one text: "section|line|key=value\n" each. */
static bool note(void *context, const IniLine *line, Error *error)
{
    (void)error;
    assert_string_equal(line->file, "x.ini");
    text_append_format(context, "%s|%zu|%s=%s\n", line->section, line->line, line->key,
                       line->value);
    return true;
}

static void assert_reads_as(const char *text, const char *expected)
{
    TextBuffer notes = {0};
    Error error = {0};
    if (!ini_parse("x.ini", text, strlen(text), note, &notes, &error))
        fail_msg("%s", error.text);
    assert_string_equal(notes.bytes != NULL ? notes.bytes : "", expected);
    text_buffer_free(&notes);
}

static void assert_refused(const char *text, size_t length, const char *message)
{
    TextBuffer notes = {0};
    Error error = {0};
    assert_false(ini_parse("x.ini", text, length, note, &notes, &error));
    assert_string_equal(error.text, message);
    assert_int_equal(error.kind, ERROR_REQUEST);
    text_buffer_free(&notes);
}

static void keys_come_with_value_line_and_section(void **state)
{
    (void)state;
    assert_reads_as("pos = rope\nn_layer=4\n\n[lab]\nseeds = 3\n [ more here ] \nx = y",
                    "|1|pos=rope\n|2|n_layer=4\nlab|5|seeds=3\nmore here|7|x=y\n");
}

static void an_empty_text_has_no_keys(void **state)
{
    (void)state;
    assert_reads_as("", "");
    assert_reads_as("\n\r\n   \n\t", "");
    assert_reads_as("[section]", "");
}

static void white_space_around_is_dropped(void **state)
{
    (void)state;
    assert_reads_as(" \t key \t = \t two words \t \n", "|1|key=two words\n");
    assert_reads_as("a=1\r\nb=2\r\n", "|1|a=1\n|2|b=2\n");
    assert_reads_as("a =\nb=", "|1|a=\n|2|b=\n");
}

static void comments_are_dropped(void **state)
{
    (void)state;
    assert_reads_as("# a = 1\n; b = 2\n  # c = 3\n", "");
    assert_reads_as("a = 1 # one\nb = 2\t; two\n", "|1|a=1\n|2|b=2\n");
    assert_reads_as("a = # nothing\nb =; kept\n", "|1|a=\n|2|b=; kept\n");
    assert_reads_as("[s] # a section\na = 1", "s|2|a=1\n");
}

static void a_mark_inside_a_word_is_no_comment(void **state)
{
    (void)state;
    assert_reads_as("a = x#y;z\nb = c#", "|1|a=x#y;z\n|2|b=c#\n");
}

static void only_the_first_equals_sign_splits(void **state)
{
    (void)state;
    assert_reads_as("a = b = c\n", "|1|a=b = c\n");
}

static void quotes_keep_what_is_between_them(void **state)
{
    (void)state;
    assert_reads_as("a = \"  x # y \"\nb = \"\"  # empty\n", "|1|a=  x # y \n|2|b=\n");
    assert_reads_as("a = \"\\\"\\\\\\n\\r\\t\"", "|1|a=\"\\\n\r\t\n");
    assert_reads_as("a = say \"x\"\nb = C:\\new", "|1|a=say \"x\"\n|2|b=C:\\new\n");
}

static void quotes_must_close_and_escapes_be_known(void **state)
{
    (void)state;
    const char *const wrong[] = {
        "a = \"",      "a = \"x",     "a = \"x\\",           "a = \"x\\\"",
        "a = \"\\q\"", "a = \"x\" y", "a = \"x\"# no space", "a = \"x\n\""};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_refused(wrong[w], strlen(wrong[w]),
                       "x.ini:1: a: expected a closing '\"' at the end, and inside no other "
                       "escapes than \\\" \\\\ \\n \\r \\t");
}

static void a_byte_order_mark_is_skipped(void **state)
{
    (void)state;
    assert_reads_as("\xef\xbb\xbfpos = rope", "|1|pos=rope\n");
}

static void errors_of_form_are_said_with_their_line(void **state)
{
    (void)state;
    assert_refused("a = 1\nrope\n", 11, "x.ini:2: \"rope\": expected key = value");
    assert_refused("\n\n = 5", 6, "x.ini:3: expected a key in front of the '='");
    assert_refused("[model\na = 1", 12, "x.ini:1: \"[model\": expected a section like [name]");
    assert_refused("[a] b", 5, "x.ini:1: \"[a] b\": expected a section like [name]");
    assert_refused("a = 1\nb = \0 2\n", 14, "x.ini:2: a NUL byte: expected text");
    assert_refused("\0", 1, "x.ini:1: a NUL byte: expected text");
}

static bool refuse_b(void *context, const IniLine *line, Error *error)
{
    ++*(int *)context;
    return strcmp(line->key, "b") != 0 || fail(error, "b is not welcome");
}

static void a_visitor_can_stop(void **state)
{
    (void)state;
    int calls = 0;
    Error error = {0};
    assert_false(ini_parse("x.ini", "a=1\nb=2\nc=3", 11, refuse_b, &calls, &error));
    assert_int_equal(calls, 2);
    assert_string_equal(error.text, "b is not welcome");
}

static void a_very_long_line_is_read(void **state)
{
    (void)state;
    enum { LONG = 1000000 };
    char *text = malloc(LONG);
    assert_non_null(text);
    memset(text, 'x', LONG);
    text[3] = '=';
    TextBuffer notes = {0};
    assert_true(ini_parse("x.ini", text, LONG, note, &notes, NULL));
    assert_int_equal(notes.length, strlen("|1|") + LONG + strlen("\n"));
    text_buffer_free(&notes);
    free(text);
}

static bool note_anywhere(void *context, const IniLine *line, Error *error)
{
    (void)error;
    text_append_format(context, "%zu%s%s", line->line, line->key, line->value);
    return true;
}

static void a_file_is_read_like_its_text(void **state)
{
    (void)state;
    char *folder = make_test_folder(), *path = test_path(folder, "x.ini");
    TextBuffer notes = {0};
    Error error = {0};
    assert_false(ini_read(path, note_anywhere, &notes, &error));
    assert_contains(error.text, "x.ini: No such file or directory");
    write_test_file(path, "# c\nk = v\n", 10);
    assert_true(ini_read(path, note_anywhere, &notes, &error));
    assert_string_equal(notes.bytes, "2kv");
    write_test_file(path, "k\n", 2);
    assert_false(ini_read(path, note_anywhere, &notes, &error));
    assert_contains(error.text, "x.ini:1: \"k\": expected key = value");
    text_buffer_free(&notes);
    free(path);
    remove_test_folder(folder);
}

static bool keep_value(void *context, const IniLine *line, Error *error)
{
    (void)error;
    assert_string_equal(line->key, "key");
    text_append(context, line->value, strlen(line->value));
    return true;
}

static void assert_value_comes_back(const char *value)
{
    TextBuffer line = {0}, back = {0};
    Error error = {0};
    ini_append(&line, "key", value);
    assert_int_equal(line.bytes[line.length - 1], '\n');
    if (!ini_parse("x.ini", line.bytes, line.length, keep_value, &back, &error))
        fail_msg("%s", error.text);
    assert_string_equal(back.bytes, value);
    text_buffer_free(&line);
    text_buffer_free(&back);
}

/* Texts of up to 8 characters, drawn from those that mean something in an INI file. */
static void every_value_that_is_written_is_read_back(void **state)
{
    (void)state;
    const char alphabet[] = "ab #;=\"\\\n\r\t[]'\v\xc3\xa9";
    for (uint64_t t = 0; t < 20000; t++) {
        char value[9] = "";
        RandomKey key = random_at(random_seed(0), t);
        size_t length = random_below(key, 0, sizeof value);
        for (size_t c = 0; c < length; c++)
            value[c] = alphabet[random_below(key, c + 1, sizeof alphabet - 1)];
        assert_value_comes_back(value);
    }
}

static void plain_values_are_written_without_quotes(void **state)
{
    (void)state;
    TextBuffer text = {0};
    ini_append(&text, "pos", "rope");
    ini_append(&text, "start", "two words");
    ini_append(&text, "name", "");
    ini_append(&text, "path", "C:\\a#b");
    ini_append(&text, "prompt", "A:\n");
    assert_string_equal(text.bytes, "pos = rope\nstart = two words\nname =\npath = C:\\a#b\n"
                                    "prompt = \"A:\\n\"\n");
    text_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_with_value_line_and_section),
        cmocka_unit_test(an_empty_text_has_no_keys),
        cmocka_unit_test(white_space_around_is_dropped),
        cmocka_unit_test(comments_are_dropped),
        cmocka_unit_test(a_mark_inside_a_word_is_no_comment),
        cmocka_unit_test(only_the_first_equals_sign_splits),
        cmocka_unit_test(quotes_keep_what_is_between_them),
        cmocka_unit_test(quotes_must_close_and_escapes_be_known),
        cmocka_unit_test(a_byte_order_mark_is_skipped),
        cmocka_unit_test(errors_of_form_are_said_with_their_line),
        cmocka_unit_test(a_visitor_can_stop),
        cmocka_unit_test(a_very_long_line_is_read),
        cmocka_unit_test(a_file_is_read_like_its_text),
        cmocka_unit_test(every_value_that_is_written_is_read_back),
        cmocka_unit_test(plain_values_are_written_without_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
