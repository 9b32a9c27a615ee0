/* test_wrap.c: tests of src/cli/wrap.c: running text line by line. */
#include "support/check.h"

#include <string.h>

#include "cli/wrap.h"
#include "support/fixtures.h"

/* The lines of a text in this width, with '|' between them. */
static void wrapped(const char *text, size_t width, char lines[400])
{
    WrappedLine line;
    lines[0] = '\0';
    while (wrap_next(&text, width, &line)) {
        assert_true(line.columns <= width);
        strncat(lines, line.text, line.length);
        strcat(lines, "|");
    }
    assert_int_equal(line.length, 0);
    assert_int_equal(line.columns, 0);
}

static void lines_are_broken_at_spaces(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t width;
        const char *lines;
    } cases[] = {
        {"", 5, ""},
        {"one", 5, "one|"},
        {"one two three", 7, "one two|three|"},
        {"one two three", 6, "one|two|three|"},
        {"one two three", 13, "one two three|"},
        {"one two three", 12, "one two|three|"},
        {"fiver five", 5, "fiver|five|"},
        {"a b c d", 1, "a|b|c|d|"},
    };
    char lines[400];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wrapped(cases[i].text, cases[i].width, lines);
        if (strcmp(lines, cases[i].lines) != 0)
            fail_msg("%s in %zu: %s", cases[i].text, cases[i].width, lines);
    }
}

static void line_breaks_stay(void **state)
{
    (void)state;
    char lines[400];
    wrapped("one\ntwo three\n\nfour\n", 20, lines);
    assert_string_equal(lines, "one|two three||four|");
}

static void a_word_without_room_is_broken(void **state)
{
    (void)state;
    char lines[400];
    wrapped("runs/abcdefgh is it", 8, lines);
    assert_string_equal(lines, "runs/abc|defgh is|it|");
}

/* Columns are characters, not bytes, and none is cut in two. */
static void characters_count_and_not_bytes(void **state)
{
    (void)state;
    char lines[400];
    wrapped("größe maß öäüöäüö", 9, lines);
    assert_string_equal(lines, "größe maß|öäüöäüö|");
    wrapped("öäüöäüö", 3, lines);
    assert_string_equal(lines, "öäü|öäü|ö|");
    const char *text = "größe";
    WrappedLine line;
    assert_true(wrap_next(&text, 9, &line));
    assert_int_equal(line.columns, 5);
    assert_int_equal(line.length, 7);
}

static void a_percent_sign_stays_with_its_number(void **state)
{
    (void)state;
    char printed[100] = "";
    FILE *stream = tmpfile();
    assert_non_null(stream);
    print_wrapped(stream, "in 95 % of cases\n95 % of it", 2, 5);
    rewind(stream);
    assert_true(fread(printed, 1, sizeof printed - 1, stream) > 0);
    fclose(stream);
    assert_string_equal(printed, "in\n  95 %\n  of\n  cases\n  95 %\n  of it\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_at_spaces),
        cmocka_unit_test(line_breaks_stay),
        cmocka_unit_test(a_word_without_room_is_broken),
        cmocka_unit_test(characters_count_and_not_bytes),
        cmocka_unit_test(a_percent_sign_stays_with_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
