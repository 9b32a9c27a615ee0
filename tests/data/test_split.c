/* test_split.c: tests of src/data/split.c. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/split.h"
#include "support/fixtures.h"

/* The pieces of a text with | between them. The text is copied to where a byte behind its end is
 * out of bounds. */
static void assert_pieces(const char *text, const char *expected)
{
    size_t length = strlen(text), bytes;
    char *copy = malloc(length);
    assert_non_null(copy);
    memcpy(copy, text, length);
    TextBuffer pieces = {0};
    for (size_t at = 0; at < length; at += bytes) {
        bytes = split_piece(copy + at, length - at);
        assert_in_range(bytes, 1, length - at);
        text_append_format(&pieces, "%s%.*s", at > 0 ? "|" : "", (int)bytes, copy + at);
    }
    assert_false(pieces.failed);
    assert_string_equal(pieces.bytes, expected);
    text_buffer_free(&pieces);
    free(copy);
}

static void a_word_takes_one_space_before_it(void **state)
{
    (void)state;
    assert_pieces("The old fox", "The| old| fox");
    assert_pieces(" fox", " fox");
    assert_pieces("a  fox", "a| | fox");
    assert_pieces("a\n fox\tran", "a|\n| fox|\t|ran");
    assert_pieces("a ", "a| ");
    assert_pieces(" ", " ");
}

static void what_is_no_letter_stands_alone(void **state)
{
    (void)state;
    assert_pieces("No, 42 _x_!", "No|,| |4|2| |_|x|_|!");
    assert_pieces("@AZ[`az{", "@|AZ|[|`|az|{");
    assert_pieces("a\r\n\na", "a|\r|\n|\n|a");
}

static void an_apostrophe_belongs_to_the_word_between_two_letters_only(void **state)
{
    (void)state;
    assert_pieces("it doesn't, 'tis dogs'", "it| doesn't|,| |'|tis| dogs|'");
    assert_pieces("o'clock's", "o'clock's");
    assert_pieces("a''b", "a|'|'|b");
    assert_pieces("l’été ’s d’", "l’été| |’|s| d|’");
    assert_pieces("a'1", "a|'|1");
    assert_pieces("a'é b\xe2\x80\x98"
                  "c",
                  "a'é| b|\xe2\x80\x98|c");
}

static void letters_of_any_script_make_words(void **state)
{
    (void)state;
    assert_pieces("Ünder die Straße", "Ünder| die| Straße");
    assert_pieces("தமிழ் மொழி", "தமிழ்| மொழி");
    assert_pieces("Ἐν ἀρχῇ ἦν", "Ἐν| ἀρχῇ| ἦν");
    assert_pieces("日本語と한국어", "日本語と한국어");
    assert_pieces("ªµº", "ªµº");
}

static void punctuation_spaces_and_symbols_of_any_script_stand_alone(void **state)
{
    (void)state;
    assert_pieces("«oui» – 3×2 … ok", "«|oui|»| |–| |3|×|2| |…| ok");
    assert_pieces("日本。語、「と」", "日本|。|語|、|「|と|」");
    assert_pieces("हाँ। نعم، 😀🦊 a😀b",
                  "हाँ|।| نعم|،| |😀|🦊| a|😀|b");
    assert_pieces("a\xc2\xa0"
                  "b\xe3\x80\x80"
                  "c",
                  "a|\xc2\xa0|b|\xe3\x80\x80|c"); /* no-break and ideographic space */
    assert_pieces("a\xef\xbb\xbf"
                  "b",
                  "a|\xef\xbb\xbf|b");
}

/* Characters at the edges of the table of what is no letter. */
static void ranges_end_where_they_should(void **state)
{
    (void)state;
    const struct {
        uint32_t character;
        bool is_letter;
    } cases[] = {
        {0x7f, false},  {0x80, false},    {0xa9, false},   {0xaa, true},     {0xab, false},
        {0xbf, false},  {0xc0, true},     {0xd6, true},    {0xd7, false},    {0xd8, true},
        {0xf7, false},  {0xff, true},     {0x1fff, true},  {0x2000, false},  {0x200c, true},
        {0x200d, true}, {0x200e, false},  {0x2bff, false}, {0x2c00, true},   {0x3004, false},
        {0x3005, true}, {0xffff, false},  {0x10000, true}, {0x1efff, true},  {0x1f000, false},
        {0x3042, true}, {0x1faff, false}, {0x1fb00, true}, {0x10ffff, true},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        char text[1 + UTF8_MAX_BYTES] = "a";
        size_t length = 1 + utf8_encode(cases[c].character, text + 1);
        if (split_piece(text, length) != (cases[c].is_letter ? length : 1))
            fail_msg("U+%04X", (unsigned)cases[c].character);
    }
}

static void what_is_not_utf8_ends_a_word_and_starts_none(void **state)
{
    (void)state;
    assert_int_equal(split_piece("ab\xff", 3), 2);
    assert_int_equal(split_piece("ab\xc3", 3), 2);
    assert_int_equal(split_piece("ab\xc3\xa9", 3), 2); /* cut by the length */
    assert_int_equal(split_piece("ab'\xff", 4), 2);
    assert_int_equal(split_piece(" \xff", 2), 1);
    assert_int_equal(split_piece("\xff", 1), 0);
    assert_int_equal(split_piece("\xe0\x9f\xbf", 3), 0);
}

/* Any text: a piece ends where the definition says, wherever it starts. */
static void a_piece_is_a_word_or_one_character(void **state)
{
    (void)state;
    static const char *const parts[] = {"a", "Z", " ", "'", "’", "é", ".", "\n", "தமி", "😀", "7"};
    TextBuffer text = {0};
    for (size_t i = 0; i < 5000; i++) {
        const char *part = parts[random_below(random_seed(3), i, COUNT_OF(parts))];
        text_append(&text, part, strlen(part));
    }
    for (size_t at = 0, bytes; at < text.length; at += bytes) {
        const char *piece = text.bytes + at;
        bytes = split_piece(piece, text.length - at);
        assert_in_range(bytes, 1, text.length - at);
        uint32_t character;
        if (utf8_decode(piece, bytes, &character) == bytes)
            continue;
        assert_null(memchr(piece + 1, ' ', bytes - 1));
        for (size_t b = 0; b < bytes; b++)
            assert_null(strchr(".\n7\xf0", piece[b]));
        assert_true(piece[0] != '\'' && piece[bytes - 1] != '\'');
    }
    text_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_takes_one_space_before_it),
        cmocka_unit_test(what_is_no_letter_stands_alone),
        cmocka_unit_test(an_apostrophe_belongs_to_the_word_between_two_letters_only),
        cmocka_unit_test(letters_of_any_script_make_words),
        cmocka_unit_test(punctuation_spaces_and_symbols_of_any_script_stand_alone),
        cmocka_unit_test(ranges_end_where_they_should),
        cmocka_unit_test(what_is_not_utf8_ends_a_word_and_starts_none),
        cmocka_unit_test(a_piece_is_a_word_or_one_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
