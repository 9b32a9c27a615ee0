/* test_text.c: tests of src/base/text.c, text_names.c and text_numbers.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
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

static void distance_counts_single_edits(void **state)
{
    (void)state;
    const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {
        {"", "", 0},
        {"", "abc", 3},
        {"rope", "rope", 0},
        {"rop", "rope", 1},
        {"roope", "rope", 1},
        {"rape", "rope", 1},
        {"orpe", "rope", 1},
        {"kitten", "sitting", 3},
        {"saturday", "sunday", 3},
        {"ca", "abc", 3},
        {"batchsize", "batch_size", 1},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        assert_int_equal(text_distance(cases[c].a, cases[c].b), cases[c].distance);
        assert_int_equal(text_distance(cases[c].b, cases[c].a), cases[c].distance);
    }
}

static void distance_ignores_case_and_kind_of_dash(void **state)
{
    (void)state;
    assert_int_equal(text_distance("RoPE", "rope"), 0);
    assert_int_equal(text_distance("n-layer", "N_LAYER"), 0);
}

static void distance_of_long_names_is_their_length(void **state)
{
    (void)state;
    char longest[66];
    memset(longest, 'a', sizeof longest);
    longest[65] = '\0';
    assert_int_equal(text_distance(longest, longest), 65);
    assert_int_equal(text_distance(longest, "a"), 65);
    longest[64] = '\0';
    assert_int_equal(text_distance(longest, longest), 0);
    assert_int_equal(text_distance(longest, "a"), 63);
}

static void nearest_is_the_name_that_was_meant(void **state)
{
    (void)state;
    const char *const names[] = {"n_layer", "n_head", "n_embd", "block_size", "batch_size", "pos"};
    const size_t count = sizeof names / sizeof names[0];
    assert_string_equal(text_nearest("batchsize", names, count), "batch_size");
    assert_string_equal(text_nearest("n-layers", names, count), "n_layer");
    assert_string_equal(text_nearest("nhead", names, count), "n_head");
    assert_string_equal(text_nearest("blok_size", names, count), "block_size");
    assert_string_equal(text_nearest("beta0", (const char *const[]){"beta1", "beta2"}, 2), "beta1");
    assert_null(text_nearest("temperature", names, count));
    assert_null(text_nearest("", names, count));
    assert_null(text_nearest("pos", names, 0));
}

/* "pos" has three characters, of which one may differ, but not two. */
static void nearest_needs_two_thirds_of_the_characters(void **state)
{
    (void)state;
    const char *const names[] = {"pos"};
    assert_string_equal(text_nearest("pas", names, 1), "pos");
    assert_null(text_nearest("pax", names, 1));
    assert_null(text_nearest("p", names, 1));
}

static void choices_are_listed_behind_the_one_that_was_meant(void **state)
{
    (void)state;
    const char *const names[] = {"none", "rope", "xpos"};
    const struct {
        const char *typed;
        size_t count;
        const char *text;
    } cases[] = {
        {"rop", 3, "did you mean \"rope\"? expected one of: none, rope, xpos"},
        {"rop", 1, "expected one of: none"},
        {"", 3, "expected one of: none, rope, xpos"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TextBuffer buffer = {0};
        text_append_choices(&buffer, cases[i].typed, names, cases[i].count);
        assert_string_equal(buffer.bytes, cases[i].text);
        text_buffer_free(&buffer);
    }
}

static void whole_numbers_are_read_in_full(void **state)
{
    (void)state;
    size_t value = 7;
    assert_true(text_to_size("0", &value) && value == 0);
    assert_true(text_to_size("007", &value) && value == 7);
    assert_true(text_to_size("1234567890", &value) && value == 1234567890);
    char largest[32], larger[32];
    snprintf(largest, sizeof largest, "%zu", SIZE_MAX);
    snprintf(larger, sizeof larger, "%zu", SIZE_MAX);
    larger[strlen(larger) - 1]++; /* neither 2^32 - 1 nor 2^64 - 1 ends in 9 */
    assert_true(text_to_size(largest, &value) && value == SIZE_MAX);
    value = 7;
    const char *const wrong[] = {
        "",   " ",   "-1",  "+1",  "1 ",   " 1",  "1.0",  "1e3",
        "0x", "0x1", "abc", "12a", "1,00", "inf", larger, "99999999999999999999999"};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_false(text_to_size(wrong[w], &value));
    assert_int_equal(value, 7);
}

static void decimal_numbers_are_read_in_full(void **state)
{
    (void)state;
    double value = 7;
    assert_true(text_to_real("1e-3", &value) && value == 0.001);
    assert_true(text_to_real("-2.5E+2", &value) && value == -250);
    assert_true(text_to_real("+.5", &value) && value == 0.5);
    assert_true(text_to_real("5.", &value) && value == 5);
    assert_true(text_to_real("0e9", &value) && value == 0);
    assert_true(text_to_real("-0", &value) && value == 0 && signbit(value));
    assert_true(text_to_real("1.7976931348623157e308", &value) && value == 0x1.fffffffffffffp1023);
    assert_true(text_to_real("5e-324", &value) && value == 0x1p-1074);
    value = 7;
    const char *const wrong[] = {"",      ".",      "-",      "e5",         "1e",   "1e+",
                                 "1 ",    " 1",     "inf",    "nan",        "0x10", "infinity",
                                 "1e999", "-1e999", "1e-999", "1.2.3",      "1,5",  "12ab",
                                 "--1",   "1e5.0",  "1f",     "0.0001e-400"};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_false(text_to_real(wrong[w], &value));
    assert_close(value, 7, 0);
}

static void seventeen_digits_bring_every_double_back(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t bits = random_bits(random_seed(5), i);
        double number, back = 0;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        char text[32];
        snprintf(text, sizeof text, "%.17g", number);
        assert_true(text_to_real(text, &back));
        assert_memory_equal(&back, &number, sizeof back);
    }
}

static void thousands_are_separated(void **state)
{
    (void)state;
    char buffer[32];
    assert_string_equal(text_thousands(buffer, 0), "0");
    assert_string_equal(text_thousands(buffer, 999), "999");
    assert_string_equal(text_thousands(buffer, 1000), "1,000");
    assert_string_equal(text_thousands(buffer, 12345), "12,345");
    assert_string_equal(text_thousands(buffer, 1234567), "1,234,567");
    assert_string_equal(text_thousands(buffer, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void bytes_have_binary_units(void **state)
{
    (void)state;
    char buffer[32];
    const uint64_t kibi = 1024, mebi = 1024 * kibi, gibi = 1024 * mebi;
    assert_string_equal(text_bytes(buffer, 0), "0 B");
    assert_string_equal(text_bytes(buffer, 1023), "1023 B");
    assert_string_equal(text_bytes(buffer, 1024), "1.0 KiB");
    assert_string_equal(text_bytes(buffer, 1536), "1.5 KiB");
    assert_string_equal(text_bytes(buffer, mebi - 1), "1.0 MiB");
    assert_string_equal(text_bytes(buffer, 123 * mebi / 10), "12.3 MiB");
    assert_string_equal(text_bytes(buffer, 1023 * mebi), "1023.0 MiB");
    assert_string_equal(text_bytes(buffer, 5 * gibi / 2), "2.5 GiB");
    assert_string_equal(text_bytes(buffer, UINT64_MAX), "16.0 EiB");
}

static void durations_are_said_as_people_say_them(void **state)
{
    (void)state;
    char buffer[32];
    assert_string_equal(text_duration(buffer, 0), "0 s");
    assert_string_equal(text_duration(buffer, 8.4), "8 s");
    assert_string_equal(text_duration(buffer, 59.4), "59 s");
    assert_string_equal(text_duration(buffer, 59.6), "1 min 00 s");
    assert_string_equal(text_duration(buffer, 125), "2 min 05 s");
    assert_string_equal(text_duration(buffer, 3599.7), "1 h 00 min");
    assert_string_equal(text_duration(buffer, 3725), "1 h 02 min");
    assert_string_equal(text_duration(buffer, 360000), "100 h 00 min");
    assert_string_equal(text_duration(buffer, NAN), "?");
    assert_string_equal(text_duration(buffer, INFINITY), "?");
    assert_string_equal(text_duration(buffer, 1e300), "?");
    assert_string_equal(text_duration(buffer, -1), "?");
}

static void numbers_are_written_with_the_signs_they_need(void **state)
{
    (void)state;
    assert_string_equal(text_change(0.0126, 3).text, "+0.013");
    assert_string_equal(text_change(-0.0126, 3).text, "-0.013");
    assert_string_equal(text_decimal(0.0126, 3).text, "0.013");
    assert_string_equal(text_decimal(-12.5, 1).text, "-12.5");
    assert_string_equal(text_change(1000, 0).text, "+1000");
    assert_string_equal(text_change(INFINITY, 2).text, "+inf");
}

static void a_number_is_written_as_short_as_by_printf_and_nan_without_a_sign(void **state)
{
    (void)state;
    assert_string_equal(text_short(0.5).text, "0.5");
    assert_string_equal(text_short(-1e30).text, "-1e+30");
    assert_string_equal(text_short(-INFINITY).text, "-inf");
    assert_string_equal(text_short(NAN).text, "nan");
    assert_string_equal(text_short(copysign(NAN, -1)).text, "nan");
}

static void a_number_that_comes_out_as_zero_has_no_sign(void **state)
{
    (void)state;
    assert_string_equal(text_change(-0.00004, 4).text, "0.0000");
    assert_string_equal(text_change(0.00004, 4).text, "0.0000");
    assert_string_equal(text_decimal(-0.0, 2).text, "0.00");
    assert_string_equal(text_decimal(-0.4, 0).text, "0");
    assert_string_equal(text_change(-0.00006, 4).text, "-0.0001");
}

static void a_number_that_is_none_is_not_known(void **state)
{
    (void)state;
    assert_string_equal(text_change(NAN, 4).text, "not known");
    assert_string_equal(text_decimal(-NAN, 2).text, "not known");
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
        cmocka_unit_test(distance_counts_single_edits),
        cmocka_unit_test(distance_ignores_case_and_kind_of_dash),
        cmocka_unit_test(distance_of_long_names_is_their_length),
        cmocka_unit_test(nearest_is_the_name_that_was_meant),
        cmocka_unit_test(nearest_needs_two_thirds_of_the_characters),
        cmocka_unit_test(choices_are_listed_behind_the_one_that_was_meant),
        cmocka_unit_test(whole_numbers_are_read_in_full),
        cmocka_unit_test(decimal_numbers_are_read_in_full),
        cmocka_unit_test(seventeen_digits_bring_every_double_back),
        cmocka_unit_test(thousands_are_separated),
        cmocka_unit_test(bytes_have_binary_units),
        cmocka_unit_test(durations_are_said_as_people_say_them),
        cmocka_unit_test(numbers_are_written_with_the_signs_they_need),
        cmocka_unit_test(a_number_is_written_as_short_as_by_printf_and_nan_without_a_sign),
        cmocka_unit_test(a_number_that_comes_out_as_zero_has_no_sign),
        cmocka_unit_test(a_number_that_is_none_is_not_known),
        cmocka_unit_test(a_shell_takes_a_quoted_word_as_it_is),
        cmocka_unit_test(a_shell_takes_every_byte),
        cmocka_unit_test(a_word_that_needs_no_quotes_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
