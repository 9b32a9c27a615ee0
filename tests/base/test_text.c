/* test_text.c: tests of src/base/text.c: texts that grow, and words for a shell. Names are in
 * test_text_names.c, numbers in test_text_numbers.c. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void format_makes_a_text_in_the_arena(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_string_equal(text_format(&arena, "%s-%d", "abc", 42), "abc-42");
    assert_string_equal(text_format(&arena, "%s", ""), "");
    char *wide = text_format(&arena, "%100000d", 7);
    assert_int_equal(strlen(wide), 100000);
    assert_string_equal(wide + 99998, " 7");
    arena_free(&arena);
}

static void a_buffer_grows_and_always_ends_in_a_zero(void **state)
{
    (void)state;
    TextBuffer buffer = {0};
    for (size_t n = 0; n < 5000; n++) {
        if (n % 2 == 0)
            text_append(&buffer, "ab\0", 3);
        else
            text_append_format(&buffer, "%03d", (int)(n % 1000));
        assert_false(buffer.failed);
        assert_int_equal(buffer.length, 3 * (n + 1));
        assert_int_equal(buffer.bytes[buffer.length], 0);
    }
    assert_memory_equal(buffer.bytes,
                        "ab\0"
                        "001"
                        "ab\0"
                        "003",
                        12);
    text_buffer_free(&buffer);
    assert_null(buffer.bytes);
    text_append(&buffer, NULL, 0);
    assert_string_equal(buffer.bytes, "");
    text_buffer_free(&buffer);
}

/* Every length around the places where the capacity doubles. */
static void a_buffer_takes_texts_of_every_length(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'x', sizeof text);
    for (size_t first = 0; first < 140; first++)
        for (size_t second = 0; second < 140; second++) {
            TextBuffer buffer = {0};
            text_append(&buffer, text, first);
            text_append_format(&buffer, "%.*s", (int)second, text);
            assert_int_equal(buffer.length, first + second);
            assert_int_equal(strlen(buffer.bytes), first + second);
            text_buffer_free(&buffer);
        }
}

static void a_buffer_that_failed_stays_as_it_was(void **state)
{
    (void)state;
    TextBuffer buffer = {0};
    text_append(&buffer, "abc", 3);
    text_append(&buffer, "", SIZE_MAX - 10);
    assert_true(buffer.failed);
    text_append(&buffer, "def", 3);
    text_append_format(&buffer, "%d", 1);
    assert_string_equal(buffer.bytes, "abc");
    text_buffer_free(&buffer);
}

/* --- words for a shell --- */

/* What `sh -c "printf '[%s]' WORD next"` makes of a word. */
static void assert_shell_takes(const char *word)
{
    TextBuffer command = {0}, expected = {0};
    text_append_format(&command, "printf '[%%s]' ");
    text_append_quoted(&command, word);
    text_append_format(&command, " next");
    text_append_format(&expected, "[%s][next]", word);
    FILE *shell = popen(command.bytes, "r");
    assert_non_null(shell);
    char found[1000];
    size_t length = fread(found, 1, sizeof found, shell);
    assert_int_equal(pclose(shell), 0);
    assert_int_equal(length, expected.length);
    assert_memory_equal(found, expected.bytes, length);
    text_buffer_free(&command);
    text_buffer_free(&expected);
}

static void a_shell_takes_a_quoted_word_as_it_is(void **state)
{
    (void)state;
    static const char *const words[] = {
        "",   "plain", "two words", " ",      "a\nb",         "\n",   "it's",
        "'",  "''",    "\"",        "'\"'",   "$HOME ${x}",   "`id`", "$(id)",
        "\\", "a\\",   "\\'",       "*",      "a?[b]",        "~",    "~/x",
        "#x", "a;b",   "a&b|c",     "<a>",    "(a) {b,c}",    "!x",   "a=b",
        "%s", "-n",    "--x=y,z",   "\t\r\v", "naïve 日本語", "\xff", "a:b@c+d/e.f",
    };
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        assert_shell_takes(words[w]);
}

/* Each byte but the 0 that ends a text. */
static void a_shell_takes_every_byte(void **state)
{
    (void)state;
    char word[256];
    for (size_t b = 0; b < 255; b++)
        word[b] = (char)(b + 1);
    word[255] = '\0';
    assert_shell_takes(word);
}

static void a_word_that_needs_no_quotes_has_none(void **state)
{
    (void)state;
    TextBuffer text = {0};
    text_append_quoted(&text, "--learning-rate=1e-3,2e-3");
    text_append_format(&text, " ");
    text_append_quoted(&text, "runs/a_b.ini:7@x+y");
    text_append_format(&text, " ");
    text_append_quoted(&text, "it's here");
    assert_string_equal(text.bytes, "--learning-rate=1e-3,2e-3 runs/a_b.ini:7@x+y 'it'\\''s here'");
    text_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_makes_a_text_in_the_arena),
        cmocka_unit_test(a_buffer_grows_and_always_ends_in_a_zero),
        cmocka_unit_test(a_buffer_takes_texts_of_every_length),
        cmocka_unit_test(a_buffer_that_failed_stays_as_it_was),
        cmocka_unit_test(a_shell_takes_a_quoted_word_as_it_is),
        cmocka_unit_test(a_shell_takes_every_byte),
        cmocka_unit_test(a_word_that_needs_no_quotes_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
