/* test_vocab.c: tests of src/data/vocab.c. */
#include "support/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "support/vocab_desk.h"

static void build(Desk *desk, const char *text)
{
    size_t length = strlen(text), count;
    if (!vocab_build(&desk->arena, VOCAB_CHARACTERS, "text", text, length, &desk->vocab, &count,
                     &desk->error))
        fail_msg("%s", desk->error.text);
    assert_int_equal(vocab_count(&desk->vocab, text, length), count);
}

/* The tokens of a text, of which there must be `n`. The text is copied to where a byte behind its
 * end is out of bounds. */
static int *encode(Desk *desk, const char *text, size_t n)
{
    size_t length = strlen(text), count;
    char *copy = arena_alloc(&desk->arena, length, 1);
    int *tokens = arena_alloc(&desk->arena, n, sizeof *tokens);
    assert_true(copy != NULL && tokens != NULL);
    memcpy(copy, text, length);
    if (!vocab_encode(&desk->vocab, copy, length, tokens, &count, &desk->error))
        fail_msg("%s", desk->error.text);
    assert_int_equal(count, n);
    return tokens;
}

static void a_vocabulary_is_the_set_of_characters_in_ascending_order(void **state)
{
    Desk *desk = *state;
    build(desk, "z\xf0\x9f\x98\x80 \xc3\xa9\n\xc3\xa9 z\xe0\xae\xa4"); /* z, emoji, é, Tamil ta */
    const uint32_t expected[] = {'\n', ' ', 'z', 0xe9, 0xba4, 0x1f600};
    assert_int_equal(desk->vocab.size, 6);
    assert_memory_equal(desk->vocab.characters, expected, sizeof expected);
}

static void a_token_is_the_place_of_its_character(void **state)
{
    Desk *desk = *state;
    build(desk, "banana\n"); /* \n a b n */
    const int expected[] = {2, 1, 3, 1, 3, 1, 0};
    assert_memory_equal(encode(desk, "banana\n", 7), expected, sizeof expected);
}

static void every_text_comes_back_from_its_tokens(void **state)
{
    Desk *desk = *state;
    const struct {
        const char *text;
        size_t characters;
    } cases[] = {
        {"", 0},
        {"a", 1},
        {"The fox,\r\n\tthe crow.\n", 21},
        {"தமிழ் மொழி", 10},
        {"Ἐν ἀρχῇ ἦν", 10},
        {"été Ünder ß", 11},
        {"日本語と한국어", 7},
        {"a😀b🦊é💡", 6},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        build(desk, cases[c].text);
        const int *tokens = encode(desk, cases[c].text, cases[c].characters);
        assert_decodes_to(desk, tokens, cases[c].characters, cases[c].text);
    }
}

/* Among 11,000 characters from everywhere in Unicode, forwards and backwards. */
static void many_characters_are_told_apart(void **state)
{
    Desk *desk = *state;
    enum { STEP = 101, MOST = 0x110000 / STEP + 1 };
    uint32_t *characters = arena_alloc(&desk->arena, MOST, sizeof *characters);
    assert_non_null(characters);
    size_t n = 0;
    for (uint32_t c = 1; c < 0x110000; c += STEP)
        if (c < 0xd800 || c > 0xdfff)
            characters[n++] = c;
    TextBuffer text = {0};
    for (size_t i = 0; i < 2 * n; i++) {
        char bytes[UTF8_MAX_BYTES];
        text_append(&text, bytes, utf8_encode(characters[i < n ? i : 2 * n - 1 - i], bytes));
    }
    build(desk, text.bytes);
    assert_int_equal(desk->vocab.size, n);
    const int *tokens = encode(desk, text.bytes, 2 * n);
    for (size_t i = 0; i < 2 * n; i++)
        assert_int_equal(tokens[i], i < n ? i : 2 * n - 1 - i);
    text_buffer_free(&text);
}

/* Code points that are alike in their low bits, one behind the other. */
static void characters_with_equal_low_bits_are_told_apart(void **state)
{
    Desk *desk = *state;
    const char text[] = "A\xe1\x81\x81"             /* U+0041 U+1041 */
                        "A\xe3\x81\x81\xe2\x81\x81" /* U+0041 U+3041 U+2041 */
                        "\xf0\x90\x81\x81"          /* U+10041 */
                        "A";
    build(desk, text);
    const int expected[] = {0, 1, 0, 3, 2, 4, 0};
    assert_memory_equal(encode(desk, text, 7), expected, sizeof expected);
}

static void an_unknown_character_is_named_with_its_line(void **state)
{
    Desk *desk = *state;
    const struct {
        const char *text, *message;
    } cases[] = {
        {"ab\nba\na\xc3\xa9", "character 'é' (U+00E9) at line 3: not in the vocabulary"},
        {"\xf0\x9f\x98\x80", "character '😀' (U+1F600) at line 1: not in the vocabulary"},
        {"a\nb!\na", "character '!' (U+0021) at line 2: not in the vocabulary"},
        {"c", "character 'c' (U+0063) at line 1: not in the vocabulary"},
        {"aa\xe1\x81\xa1",
         "(U+1061) at line 1: not in the vocabulary"}, /* like 'a' in its low bits */
    };
    build(desk, "\nab");
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int tokens[16];
        size_t count;
        assert_false(vocab_encode(&desk->vocab, cases[c].text, strlen(cases[c].text), tokens,
                                  &count, &desk->error));
        assert_contains(desk->error.text, cases[c].message);
        assert_int_equal(desk->error.kind, ERROR_REQUEST);
    }
}

static void an_empty_vocabulary_knows_no_character(void **state)
{
    Desk *desk = *state;
    int token;
    size_t count = 1;
    assert_true(vocab_encode(&desk->vocab, "", 0, &token, &count, NULL));
    assert_int_equal(count, 0);
    assert_false(vocab_encode(&desk->vocab, "a", 1, &token, &count, NULL));
}

static const char *const not_utf8[] = {
    "\x80",             /* a continuation alone */
    "\xbf",             /* another */
    "\xc0\x80",         /* overlong */
    "\xe0\x9f\xbf",     /* overlong */
    "\xf0\x8f\xbf\xbf", /* overlong */
    "\xed\xa0\x80",     /* a surrogate */
    "\xf4\x90\x80\x80", /* over U+10FFFF */
    "\xff\xfe",         /* how UTF-16 starts */
    "\xe9t\xe9",        /* Latin-1 */
    "\xc3",             /* cut */
    "\xe2\x82",         /* cut */
    "\xf0\x9f\x98",     /* cut */
};

/* At the end of a text, and with ASCII behind; a text of `é\n a` in front. */
static void what_is_not_utf8_is_refused_with_line_and_byte(void **state)
{
    Desk *desk = *state;
    build(desk, "\n a\xc3\xa9");
    Vocab none;
    for (size_t w = 0; w < 2 * (sizeof not_utf8 / sizeof *not_utf8); w++) {
        const char *wrong = not_utf8[w / 2];
        unsigned byte = (unsigned char)wrong[0];
        char *text = text_format(&desk->arena, "\xc3\xa9\n a%s%s", wrong, w % 2 ? " a" : "");
        char *expected =
            text_format(&desk->arena, "text:2: byte 3 of the line is 0x%02X: expected UTF-8", byte);
        int tokens[16];
        size_t count;
        assert_false(vocab_build(&desk->arena, VOCAB_CHARACTERS, "text", text, strlen(text), &none,
                                 &count, &desk->error));
        assert_string_equal(desk->error.text, expected);
        assert_int_equal(desk->error.kind, ERROR_REQUEST);
        expected = text_format(&desk->arena, "byte 0x%02X at line 2: expected UTF-8", byte);
        assert_false(vocab_encode(&desk->vocab, text, strlen(text), tokens, &count, &desk->error));
        assert_string_equal(desk->error.text, expected);
        assert_int_equal(desk->error.kind, ERROR_REQUEST);
    }
}

static void a_nul_character_is_refused_with_its_line(void **state)
{
    Desk *desk = *state;
    size_t count;
    for (VocabKind kind = VOCAB_CHARACTERS; kind <= VOCAB_WORDS; kind++) {
        assert_false(vocab_build(&desk->arena, kind, "text", "ab\nc\0d", 6, &desk->vocab, &count,
                                 &desk->error));
        assert_string_equal(desk->error.text, "text:2: a NUL character: expected text");
        assert_int_equal(desk->error.kind, ERROR_REQUEST);
    }
}

/* The bytes behind the length would complete the character. */
static void a_character_that_the_length_cuts_is_refused(void **state)
{
    Desk *desk = *state;
    const char text[] = "a\xf0\x9f\x98\x80";
    build(desk, text);
    for (size_t length = 2; length < 5; length++) {
        Vocab vocab;
        int tokens[5];
        size_t count;
        assert_false(vocab_build(&desk->arena, VOCAB_CHARACTERS, "text", text, length, &vocab,
                                 &count, NULL));
        assert_false(vocab_from_text(&desk->arena, VOCAB_CHARACTERS, text, length, &vocab, NULL));
        assert_false(vocab_encode(&desk->vocab, text, length, tokens, &count, NULL));
    }
}

static void a_vocabulary_comes_back_from_its_text(void **state)
{
    Desk *desk = *state;
    build(desk, "ழத 😀é\nzé");
    TextBuffer text = {0};
    vocab_to_text(&desk->vocab, &text);
    assert_string_equal(text.bytes, "\n zéதழ😀"); /* U+000A 0020 007A 00E9 0BA4 0BB4 1F600 */
    Vocab back;
    assert_true(
        vocab_from_text(&desk->arena, VOCAB_CHARACTERS, text.bytes, text.length, &back, NULL));
    assert_true(vocab_equal(&back, &desk->vocab));
    assert_memory_equal(back.characters, desk->vocab.characters, 7 * sizeof *back.characters);
    text_buffer_free(&text);
}

static void damaged_text_is_no_vocabulary(void **state)
{
    Desk *desk = *state;
    const struct {
        const char *text, *message;
    } cases[] = {
        {"", "vocabulary: empty"},
        {"acb", "vocabulary: U+0062 behind U+0063: expected ascending order"},
        {"abb", "vocabulary: U+0062 behind U+0062: expected ascending order"},
        {"\xc3\xa9z", "vocabulary: U+007A behind U+00E9: expected ascending order"},
        {"ab\xff", "vocabulary: byte 3 is 0xFF: expected UTF-8"},
        {"ab\xc3", "vocabulary: byte 3 is 0xC3: expected UTF-8"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        Vocab vocab;
        assert_false(vocab_from_text(&desk->arena, VOCAB_CHARACTERS, cases[c].text,
                                     strlen(cases[c].text), &vocab, &desk->error));
        assert_contains(desk->error.text, cases[c].message);
        assert_int_equal(desk->error.kind, ERROR_WORK);
    }
}

static void a_character_is_quoted_for_people(void **state)
{
    Desk *desk = *state;
    static const char *const expected[] = {"'\\x07'", "'\\t'", "'\\n'", "'\\r'",
                                           "' '",     "'a'",   "'é'",   "'😀'"};
    build(desk, "a é\t😀\a\r\n");
    TextBuffer out = {0};
    for (int token = 0; token < 8; token++) {
        out.length = 0;
        vocab_quote(&desk->vocab, token, &out);
        assert_string_equal(out.bytes, expected[token]);
    }
    text_buffer_free(&out);
}

static void vocabularies_are_equal_if_all_characters_are(void **state)
{
    Desk *desk = *state;
    const char *const texts[] = {"ab", "abc", "abd", "b", "\xc3\xa9"};
    Vocab vocabs[5];
    for (size_t v = 0; v < 5; v++) {
        build(desk, texts[v]);
        vocabs[v] = desk->vocab;
    }
    for (size_t v = 0; v < 5; v++)
        for (size_t w = 0; w < 5; w++)
            assert_true(vocab_equal(&vocabs[v], &vocabs[w]) == (v == w));
    build(desk, "bababa");
    assert_true(vocab_equal(&desk->vocab, &vocabs[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_DESK(a_vocabulary_is_the_set_of_characters_in_ascending_order),
        AT_A_DESK(a_token_is_the_place_of_its_character),
        AT_A_DESK(every_text_comes_back_from_its_tokens),
        AT_A_DESK(many_characters_are_told_apart),
        AT_A_DESK(characters_with_equal_low_bits_are_told_apart),
        AT_A_DESK(an_unknown_character_is_named_with_its_line),
        AT_A_DESK(an_empty_vocabulary_knows_no_character),
        AT_A_DESK(what_is_not_utf8_is_refused_with_line_and_byte),
        AT_A_DESK(a_nul_character_is_refused_with_its_line),
        AT_A_DESK(a_character_that_the_length_cuts_is_refused),
        AT_A_DESK(a_vocabulary_comes_back_from_its_text),
        AT_A_DESK(damaged_text_is_no_vocabulary),
        AT_A_DESK(a_character_is_quoted_for_people),
        AT_A_DESK(vocabularies_are_equal_if_all_characters_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
