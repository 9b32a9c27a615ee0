/* test_word_vocab.c: tests of src/data/word_vocab.c, through vocab.h: the words of a text and lists
 * of symbols, and tokens of them. How they are kept is in test_word_vocab_kept.c. */
#include "support/check.h"

#include <string.h>

#include "support/fixtures.h"
#include "support/vocab_desk.h"

static void a_vocabulary_is_the_set_of_words_in_ascending_order_of_bytes(void **state)
{
    Desk *desk = *state;
    assert_int_equal(build_words(desk, "the fox, the été\nfox the."), 9);
    static const char *const expected[] = {"\n", " fox", " the", " été", ",", ".", "fox", "the"};
    assert_int_equal(desk->vocab.size, COUNT_OF(expected));
    for (size_t w = 0; w < COUNT_OF(expected); w++)
        assert_string_equal(desk->vocab.words[w], expected[w]);
    static const int tokens[] = {7, 1, 4, 2, 3, 0, 6, 2, 5};
    assert_memory_equal(encode_words(desk, "the fox, the été\nfox the.", 9), tokens, sizeof tokens);
}

static void every_text_comes_back_from_its_words(void **state)
{
    Desk *desk = *state;
    static const char *const texts[] = {
        "a",
        "  The fox's\r\n\tcrow;  12 'em!\n\n",
        "தமிழ் மொழி, Ἐν ἀρχῇ ἦν — été",
        "a😀b🦊é💡 \xc2\xa0 «x»",
    };
    for (size_t t = 0; t < COUNT_OF(texts); t++) {
        size_t n = build_words(desk, texts[t]);
        assert_decodes_to(desk, encode_words(desk, texts[t], n), n, texts[t]);
    }
}

/* Many more than the table has slots at first: "a" ... "zzz", in a mixed order. */
static void many_words_are_told_apart(void **state)
{
    Desk *desk = *state;
    enum { N = 17576 };
    TextBuffer text = {0};
    for (size_t i = 0; i < N; i++) {
        size_t w = i * 7919 % N;
        text_append_format(&text, " %c%c%c", (char)('a' + w / 676), (char)('a' + w / 26 % 26),
                           (char)('a' + w % 26));
    }
    assert_int_equal(build_words(desk, text.bytes), N);
    assert_int_equal(desk->vocab.size, N);
    const int *tokens = encode_words(desk, text.bytes, N);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(tokens[i], i * 7919 % N); /* in the order of the alphabet */
    text_buffer_free(&text);
}

static void an_unknown_word_is_named_with_its_line(void **state)
{
    Desk *desk = *state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"the fox\nthe cow", "word ' cow' at line 2: not in the vocabulary"},
        {"the\n\n\nowl", "word 'owl' at line 4: not in the vocabulary"},
        {"the!", "word '!' at line 1: not in the vocabulary"},
        {"fox", "word 'fox' at line 1: not in the vocabulary, but ' fox' is"},
        {"the\tfox", "word '\\t' at line 1: not in the vocabulary"},
        {"the\n fox th\xc3\xa9", "word ' thé' at line 2: not in the vocabulary"},
    };
    build_words(desk, "the fox\nthe");
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        int tokens[32];
        size_t count;
        assert_false(vocab_encode(&desk->vocab, cases[c].text, strlen(cases[c].text), tokens,
                                  &count, &desk->error));
        assert_string_equal(desk->error.text, cases[c].message);
        assert_int_equal(desk->error.kind, ERROR_REQUEST);
    }
}

static void a_long_word_is_named_by_its_beginning(void **state)
{
#define LONG "abcdefghijklmnopqrstuvwxyzabcdefghijkl" /* 38 bytes */
    Desk *desk = *state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"the\n" LONG "mn", "word '" LONG "mn' at line 2: not in the vocabulary"},
        {"the\n\n" LONG "mno", "word '" LONG "mn...' at line 3: not in the vocabulary"},
        {LONG "ééé", "word '" LONG "é...' at line 1: not in the vocabulary"},
        {LONG "eéé", "word '" LONG "e...' at line 1: not in the vocabulary"},
        {LONG "mnop",
         "word '" LONG "mn...' at line 1: not in the vocabulary, but ' " LONG "m...' is"},
    };
    build_words(desk, "the " LONG "mnop\n");
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        int tokens[64];
        size_t count;
        assert_false(vocab_encode(&desk->vocab, cases[c].text, strlen(cases[c].text), tokens,
                                  &count, &desk->error));
        assert_string_equal(desk->error.text, cases[c].message);
    }
#undef LONG
}

static void a_prompt_that_is_not_utf8_is_refused_with_its_line(void **state)
{
    Desk *desk = *state;
    static const char *const words[] = {"a"};
    static const char *const texts[] = {"a\n\xff", "a\na\xff", "a\n \xc3"};
    int tokens[8];
    size_t count;
    for (size_t t = 0; t < 2 * COUNT_OF(texts); t++) {
        const char *text = texts[t / 2];
        if (t % 2 == 0)
            build_words(desk, "a\n ");
        else
            list_symbols(desk, words, 1);
        assert_false(vocab_encode(&desk->vocab, text, strlen(text), tokens, &count, &desk->error));
        assert_contains(desk->error.text, "at line 2: expected UTF-8");
        assert_int_equal(desk->error.kind, ERROR_REQUEST);
    }
}

static void a_text_that_is_not_utf8_has_no_words(void **state)
{
    Desk *desk = *state;
    size_t count;
    assert_false(vocab_build(&desk->arena, VOCAB_WORDS, "text", "a\nbc\xff", 5, &desk->vocab,
                             &count, &desk->error));
    assert_string_equal(desk->error.text, "text:2: byte 3 of the line is 0xFF: expected UTF-8");
    assert_int_equal(desk->error.kind, ERROR_REQUEST);
}

static void a_text_with_more_words_than_a_model_has_use_for_is_refused(void **state)
{
    Desk *desk = *state;
    size_t count;
    TextBuffer text = {0};
    for (size_t w = 0; w <= VOCAB_MAX_WORDS; w++) { /* each its own: five digits in base 26 */
        char word[] = " aaaaa";
        for (size_t rest = w, d = 1; d < 6; d++, rest /= 26)
            word[d] = (char)('a' + rest % 26);
        text_append(&text, word, 6);
    }
    assert_true(vocab_build(&desk->arena, VOCAB_WORDS, "text", text.bytes, text.length - 6,
                            &desk->vocab, &count, &desk->error));
    assert_int_equal(desk->vocab.size, VOCAB_MAX_WORDS);
    assert_false(vocab_build(&desk->arena, VOCAB_WORDS, "text", text.bytes, text.length,
                             &desk->vocab, &count, &desk->error));
    assert_string_equal(desk->error.text,
                        "text: more than 1048576 different words: expected tokens = char");
    assert_int_equal(desk->error.kind, ERROR_REQUEST);
    text_buffer_free(&text);
}

static void symbols_keep_their_order_and_have_a_space_before_each(void **state)
{
    Desk *desk = *state;
    static const char *const words[] = {"copy", "b", "a", "=>", "42", "don't", "é"};
    list_symbols(desk, words, COUNT_OF(words));
    assert_null(desk->vocab.characters);
    assert_int_equal(desk->vocab.size, COUNT_OF(words));
    static const int tokens[] = {0, 2, 1, 3, 4, 6, 5};
    const char text[] = " copy\ta  b => 42\r\n é don't\n";
    assert_memory_equal(encode_words(desk, text, 7), tokens, sizeof tokens);
    assert_decodes_to(desk, tokens, 7, " copy a b => 42 é don't");
    encode_words(desk, " \n\t", 0);
    encode_words(desk, "", 0);
}

static void symbols_are_what_white_space_stands_between(void **state)
{
    Desk *desk = *state;
    static const char *const words[] = {"a", "b"};
    list_symbols(desk, words, 2);
    int tokens[8];
    size_t count;
    assert_false(vocab_encode(&desk->vocab, "a b\nab", 6, tokens, &count, &desk->error));
    assert_string_equal(desk->error.text, "symbol 'ab' at line 2: not in the vocabulary");
    assert_false(vocab_encode(&desk->vocab, "a\0b", 3, tokens, &count, &desk->error));
    assert_contains(desk->error.text, "at line 1: not in the vocabulary");
}

static void what_is_no_list_of_symbols_is_refused(void **state)
{
    Desk *desk = *state;
    static const struct {
        const char *words[3];
        const char *message;
    } cases[] = {
        {{"a", "", "b"}, "vocabulary: word 2: expected one word of UTF-8"},
        {{"a", "b", ""}, "vocabulary: word 3 has no end"},
        {{"", "a", "b"}, "vocabulary: word 1: expected one word"},
        {{"a", " b", "c"}, "vocabulary: word 2: expected one word"},
        {{"a", "b ", "c"}, "vocabulary: word 2: expected one word"},
        {{"a", "b c", "d"}, "vocabulary: word 2: expected one word"},
        {{"a", "\n", "d"}, "vocabulary: word 2: expected one word"},
        {{"a", "b\nc", "d"}, "vocabulary: a line break in a word"},
        {{"a", "b", "a"}, "vocabulary: 'a' is there twice"},
        {{"a", "b", "\xff"}, "vocabulary: word 3: expected one word of UTF-8"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        assert_false(vocab_of_words(&desk->arena, cases[c].words, 3, &desk->vocab, &desk->error));
        assert_contains(desk->error.text, cases[c].message);
    }
    assert_false(vocab_of_words(&desk->arena, NULL, 0, &desk->vocab, &desk->error));
    assert_contains(desk->error.text, "vocabulary: empty");
}

static void vocabularies_are_equal_if_kind_and_words_are(void **state)
{
    Desk *desk = *state;
    static const char *const ab[] = {"a", "b"}, *const ba[] = {"b", "a"}, *const ac[] = {"a", "c"};
    Vocab vocabs[6];
    size_t count;
    build_words(desk, "ab"), vocabs[0] = desk->vocab;
    build_words(desk, "a\nb"), vocabs[1] = desk->vocab;
    list_symbols(desk, ab, 2), vocabs[2] = desk->vocab;
    list_symbols(desk, ba, 2), vocabs[3] = desk->vocab;
    list_symbols(desk, ac, 2), vocabs[4] = desk->vocab;
    assert_true(
        vocab_build(&desk->arena, VOCAB_CHARACTERS, "text", "ab", 2, &vocabs[5], &count, NULL));
    for (size_t v = 0; v < 6; v++)
        for (size_t w = 0; w < 6; w++)
            assert_true(vocab_equal(&vocabs[v], &vocabs[w]) == (v == w));
    list_symbols(desk, ab, 2);
    assert_true(vocab_equal(&desk->vocab, &vocabs[2]));
}

static void a_token_has_a_name_and_is_quoted_for_people(void **state)
{
    Desk *desk = *state;
    static const char *const words[] = {"it's"};
    TextBuffer out = {0};
    build_words(desk, "the fox\n");
    assert_string_equal(vocab_unit(&desk->vocab), "word");
    for (int token = 0; token < 3; token++)
        vocab_quote(&desk->vocab, token, &out);
    list_symbols(desk, words, 1);
    assert_string_equal(vocab_unit(&desk->vocab), "symbol");
    vocab_quote(&desk->vocab, 0, &out);
    assert_string_equal(out.bytes, "'\\n'' fox''the''it's'");
    text_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_DESK(a_vocabulary_is_the_set_of_words_in_ascending_order_of_bytes),
        AT_A_DESK(every_text_comes_back_from_its_words),
        AT_A_DESK(many_words_are_told_apart),
        AT_A_DESK(an_unknown_word_is_named_with_its_line),
        AT_A_DESK(a_long_word_is_named_by_its_beginning),
        AT_A_DESK(a_prompt_that_is_not_utf8_is_refused_with_its_line),
        AT_A_DESK(a_text_that_is_not_utf8_has_no_words),
        AT_A_DESK(a_text_with_more_words_than_a_model_has_use_for_is_refused),
        AT_A_DESK(symbols_keep_their_order_and_have_a_space_before_each),
        AT_A_DESK(symbols_are_what_white_space_stands_between),
        AT_A_DESK(what_is_no_list_of_symbols_is_refused),
        AT_A_DESK(vocabularies_are_equal_if_kind_and_words_are),
        AT_A_DESK(a_token_has_a_name_and_is_quoted_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
