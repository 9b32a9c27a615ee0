/* test_corpus_refused.c: tests of src/data/corpus.c: what is no text, is too short, or has tokens
 * that the vocabulary of another lacks. */
#include "support/check.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/corpus.h"
#include "support/corpus_case.h"
#include "support/place.h"

static void a_text_of_one_word_is_refused(void **state)
{
    Place *place = *state;
    Corpus corpus;
    write_test_file(place->path, " fox fox fox", 12);
    assert_false(corpus_load(&place->arena, place->path, VOCAB_WORDS, &corpus, &place->error));
    assert_contains(place->error.text, ": ' fox' is its only word: expected at least two");
    assert_int_equal(place->error.kind, ERROR_REQUEST);
}

static void a_text_is_read_in_the_tokens_of_another(void **state)
{
    Place *place = *state;
    for (VocabKind kind = VOCAB_CHARACTERS; kind <= VOCAB_WORDS; kind++) {
        Corpus first, second;
        write_test_file(place->path, "an owl saw a fox\n", 17);
        assert_true(corpus_load(&place->arena, place->path, kind, &first, NULL));
        write_test_file(place->path, "an owl\r\nan fox saw\r\n", 20);
        assert_true(corpus_load_in(&place->arena, place->path, &first.vocab, &second, NULL));
        assert_true(vocab_equal(&first.vocab, &second.vocab));
        assert_corpus_text(&second, "an owl\nan fox saw\n");
        write_test_file(place->path, "an owl\nan emu", 13);
        assert_false(
            corpus_load_in(&place->arena, place->path, &first.vocab, &second, &place->error));
        assert_contains(place->error.text, kind == VOCAB_WORDS
                                               ? "a text.txt: word ' emu' at line 2: not in the"
                                               : "a text.txt: character 'e' (U+0065) at line 2");
        assert_int_equal(place->error.kind, ERROR_REQUEST);
    }
}

static void what_is_no_text_is_refused(void **state)
{
    Place *place = *state;
    const struct {
        const char *bytes;
        size_t length;
        const char *message;
    } cases[] = {
        {"", 0, ": empty: expected text"},
        {"\xef\xbb\xbf", 3, ": empty: expected text"},
        {"a", 1, ": 'a' is its only character: expected at least two"},
        {"\xe0\xae\xa4\xe0\xae\xa4", 6, ": 'த' is its only character"},
        {"ab\nc\0d", 6, ":2: a NUL character"},
        {"\0", 1, ":1: a NUL character"},
        {"ab\n\n\xe9t\xe9", 7, ":3: byte 1 of the line is 0xE9: expected UTF-8"},
        {"\xff\xfex\0y\0", 6, ":1: byte 1 of the line is 0xFF: expected UTF-8"},
        {"\xef\xbb\xbfxy\xc3", 6, ":1: byte 3 of the line is 0xC3: expected UTF-8"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        write_test_file(place->path, cases[c].bytes, cases[c].length);
        assert_corpus_refused(place, place->path, cases[c].message);
    }
}

static void what_cannot_be_read_is_refused(void **state)
{
    Place *place = *state;
    assert_corpus_refused(place, place->folder, ": is a folder: expected a file");
    assert_corpus_refused(place, place->path, ": No such file or directory");
    write_test_file(place->path, "abc", 3);
    assert_int_equal(chmod(place->path, 0), 0);
    if (geteuid() != 0) /* who may read everything */
        assert_corpus_refused(place, place->path, ": Permission denied");
}

/* Of 100 characters 10 are for validation. */
static void a_part_that_is_too_short_for_a_window_is_named(void **state)
{
    Place *place = *state;
    char text[100];
    memset(text, 'a', sizeof text);
    text[0] = 'b';
    Corpus corpus = corpus_of_bytes(place, text, sizeof text);
    assert_true(corpus_check_block_size(&corpus, 9, &place->error));
    assert_false(corpus_check_block_size(&corpus, 10, &place->error));
    assert_contains(place->error.text, "a text.txt: 10 characters for validation (the last 10 %): "
                                       "expected more than block_size = 10");
    assert_int_equal(place->error.kind, ERROR_REQUEST);

    corpus.train.count = 8;
    assert_true(corpus_check_block_size(&corpus, 7, &place->error));
    assert_false(corpus_check_block_size(&corpus, 8, &place->error));
    assert_contains(place->error.text, "8 characters for training (the first 90 %): "
                                       "expected more than block_size = 8");
}

#define IN_A_PLACE(test) place_test(test, "a text.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_text_of_one_word_is_refused),
        IN_A_PLACE(a_text_is_read_in_the_tokens_of_another),
        IN_A_PLACE(what_is_no_text_is_refused),
        IN_A_PLACE(what_cannot_be_read_is_refused),
        IN_A_PLACE(a_part_that_is_too_short_for_a_window_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
