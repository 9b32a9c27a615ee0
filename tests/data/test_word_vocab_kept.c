/* test_word_vocab_kept.c: tests of src/data/word_vocab.c, through vocab.h: the text in which a
 * vocabulary is kept, and texts that are none. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "support/fixtures.h"
#include "support/vocab_desk.h"

static void assert_comes_back(Desk *desk, const char *expected)
{
    TextBuffer text = {0};
    vocab_to_text(&desk->vocab, &text);
    assert_string_equal(text.bytes, expected);
    Vocab back;
    if (!vocab_from_text(&desk->arena, desk->vocab.kind, text.bytes, text.length, &back,
                         &desk->error))
        fail_msg("%s", desk->error.text);
    assert_true(vocab_equal(&back, &desk->vocab));
    for (size_t w = 0; w < back.size; w++) {
        int token;
        size_t count;
        assert_string_equal(back.words[w], desk->vocab.words[w]);
        assert_true(
            vocab_encode(&back, back.words[w], strlen(back.words[w]), &token, &count, NULL));
        assert_true(count == 1 && token == (int)w);
    }
    text_buffer_free(&text);
}

static void a_vocabulary_comes_back_from_its_text(void **state)
{
    Desk *desk = *state;
    static const char *const words[] = {"z", "=>", "a", "é"};
    build_words(desk, "the fox\n\nit's the été.\t");
    assert_comes_back(desk, "\t\n\n\n fox\n the\n été\n.\nit's\nthe\n");
    build_words(desk, "\n");
    assert_comes_back(desk, "\n\n");
    list_symbols(desk, words, COUNT_OF(words));
    assert_comes_back(desk, "z\n=>\na\né\n");
}

static void damaged_text_is_no_vocabulary(void **state)
{
    Desk *desk = *state;
    static const struct {
        VocabKind kind;
        const char *text, *message;
    } cases[] = {
        {VOCAB_WORDS, "", "vocabulary: empty"},
        {VOCAB_WORDS, "a\nb", "vocabulary: word 2 has no end"},
        {VOCAB_WORDS, "\n", "vocabulary: word 1 has no end"},
        {VOCAB_WORDS, "\na\n", "vocabulary: word 1: expected one word"},
        {VOCAB_WORDS, "a\n\nb\n", "vocabulary: word 2: expected one word"},
        {VOCAB_WORDS, "a\n  b\n", "vocabulary: word 2: expected one word"},
        {VOCAB_WORDS, "a\nb c\n", "vocabulary: word 2: expected one word"},
        {VOCAB_WORDS, "a\nb.\n", "vocabulary: word 2: expected one word"},
        {VOCAB_WORDS, "a\nb\xff\n", "vocabulary: word 2: expected one word"},
        {VOCAB_WORDS, "a\n\xff\n", "vocabulary: word 2: expected one word"},
        {VOCAB_WORDS, "b\na\n", "vocabulary: word 2: expected ascending order"},
        {VOCAB_WORDS, "a\na\n", "vocabulary: word 2: expected ascending order"},
        {VOCAB_SYMBOLS, "b\na\nb\n", "vocabulary: 'b' is there twice"},
        {VOCAB_SYMBOLS, "b\n\xc3\n", "vocabulary: word 2: expected one word of UTF-8"},
        {VOCAB_SYMBOLS, "b\na b\n", "vocabulary: word 2: expected one word"},
    };
    Vocab vocab;
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        assert_false(vocab_from_text(&desk->arena, cases[c].kind, cases[c].text,
                                     strlen(cases[c].text), &vocab, &desk->error));
        assert_contains(desk->error.text, cases[c].message);
        assert_int_equal(desk->error.kind, ERROR_WORK);
    }
    assert_false(vocab_from_text(&desk->arena, VOCAB_WORDS, "\0\n", 2, &vocab, NULL));
    assert_false(vocab_from_text(&desk->arena, VOCAB_SYMBOLS, "a\0b\n", 4, &vocab, NULL));
}

/* A file may claim any number of words; this one's are all empty. */
static void a_vocabulary_of_too_many_lines_is_refused_before_memory_is_asked_for(void **state)
{
    Desk *desk = *state;
    size_t length = VOCAB_MAX_WORDS + 2;
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, '\n', length);
    Vocab vocab;
    assert_false(vocab_from_text(&desk->arena, VOCAB_SYMBOLS, text, length, &vocab, &desk->error));
    assert_contains(desk->error.text, "vocabulary: 1048578 words: expected at most 1048576");
    assert_int_equal(desk->arena.peak, 0);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_DESK(a_vocabulary_comes_back_from_its_text),
        AT_A_DESK(damaged_text_is_no_vocabulary),
        AT_A_DESK(a_vocabulary_of_too_many_lines_is_refused_before_memory_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
