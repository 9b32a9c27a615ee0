/* test_corpus.c: tests of src/data/corpus.c: what is in a text, as characters and as words. What is
 * refused is in test_corpus_refused.c, what training does not see in test_corpus_unseen.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/corpus.h"
#include "support/corpus_case.h"
#include "support/fixtures.h"
#include "support/place.h"

#define FABLES "data/fables.txt"

/* The numbers are those of data/README.md. */
static void the_fables_have_their_known_size(void **state)
{
    Place *place = *state;
    const Corpus corpus = load_corpus(place, FABLES);
    assert_string_equal(corpus.path, FABLES);
    assert_string_equal(corpus.name, "fables");
    assert_int_equal(corpus.all.count, 532739);
    assert_int_equal(corpus.vocab.size, 63);
    assert_int_equal(corpus.train.count, 479465); /* 479465.1 */
    assert_int_equal(corpus.validation.count, 53274);
}

static void tokens_stand_for_the_characters_of_the_file(void **state)
{
    Place *place = *state;
    const Corpus corpus = load_corpus(place, FABLES);
    FILE *stream = fopen(FABLES, "rb");
    assert_non_null(stream);
    for (size_t i = 0; i < corpus.all.count; i++) /* ASCII: a byte is a character */
        if ((int)corpus.vocab.characters[corpus.all.at[i]] != getc(stream))
            fail_msg("character %zu differs", i);
    assert_int_equal(getc(stream), EOF);
    fclose(stream);
}

/* In a text of Tamil letters, each of three bytes. */
static void nothing_but_the_tokens_stays_in_memory(void **state)
{
    Place *place = *state;
    enum { COUNT = 100000 };
    char *text = arena_alloc(&place->arena, COUNT, 3);
    assert_non_null(text);
    for (size_t i = 0; i < COUNT; i++)
        memcpy(text + 3 * i, i % 2 ? "த" : "ம", 3);
    write_test_file(place->path, text, 3 * COUNT);
    arena_free(&place->arena);
    const Corpus corpus = load_corpus(place, place->path);
    assert_int_equal(corpus.all.count, COUNT);
    assert_true(place->arena.peak < COUNT * sizeof(int) + 4096);
}

static void the_hash_is_that_of_the_file(void **state)
{
    Place *place = *state;
    const Corpus corpus = corpus_of_bytes(place, "abc", 3); /* FIPS 180-4's first example */
    assert_string_equal(corpus.sha256,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(corpus.name, "a text");
}

static void the_first_nine_tenths_are_for_training(void **state)
{
    Place *place = *state;
    char text[64];
    for (size_t n = 2; n < sizeof text; n++) {
        for (size_t i = 0; i < n; i++)
            text[i] = (char)('!' + i);
        const Corpus corpus = corpus_of_bytes(place, text, n);
        assert_int_equal(corpus.all.count, n);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(corpus.all.at[i], i);
        assert_int_equal(corpus.train.count, 9 * n / 10);
        assert_int_equal(corpus.validation.count, n - 9 * n / 10);
        assert_ptr_equal(corpus.train.at, corpus.all.at);
        assert_ptr_equal(corpus.validation.at, corpus.all.at + 9 * n / 10);
    }
}

static void characters_are_counted_and_not_bytes(void **state)
{
    Place *place = *state;
    const char text[] = "தமிழ் é😀é";
    const Corpus corpus = corpus_of_bytes(place, text, strlen(text));
    const int expected[] = {2, 3, 5, 4, 6, 0, 1, 7, 1};
    assert_int_equal(corpus.vocab.size, 8);
    assert_int_equal(corpus.all.count, 9);
    assert_memory_equal(corpus.all.at, expected, sizeof expected);
}

static void a_byte_order_mark_counts_only_inside(void **state)
{
    Place *place = *state;
    Corpus corpus = corpus_of_bytes(place, "\xef\xbb\xbfxy", 5);
    assert_int_equal(corpus.all.count, 2);
    assert_int_equal(corpus.vocab.size, 2);
    corpus = corpus_of_bytes(place, "xy\xef\xbb\xbf", 5);
    assert_int_equal(corpus.all.count, 3);
    assert_int_equal(corpus.vocab.characters[2], 0xfeff);
}

/* The fox is in the text with a space before it, and without one at its start. */
static void words_are_tokens_too(void **state)
{
    Place *place = *state;
    const Corpus corpus = corpus_of_words(place, "\xef\xbb\xbf"
                                                 "fox, fox\r\nsaw fox.");
    const int expected[] = {4, 2, 1, 0, 5, 1, 3}; /* \n, " fox", ",", ".", "fox", "saw" */
    assert_int_equal(corpus.vocab.kind, VOCAB_WORDS);
    assert_int_equal(corpus.all.count, COUNT_OF(expected));
    assert_memory_equal(corpus.all.at, expected, sizeof expected);
    assert_corpus_text(&corpus, "fox, fox\nsaw fox.");
    assert_int_equal(corpus.train.count, 6);
    assert_int_equal(corpus.validation.count, 1);
}

/* A '\r' alone is a character like any other. */
static void line_ends_of_windows_are_read_as_line_ends(void **state)
{
    Place *place = *state;
    static const struct {
        const char *file, *text;
        bool had_crlf;
    } cases[] = {
        {"ab\r\ncd\r\n", "ab\ncd\n", true}, {"\r\n\r\nab", "\n\nab", true},
        {"a\nb\r\n", "a\nb\n", true},       {"a\r\r\nb\r", "a\r\nb\r", true},
        {"a\rb\n\r", "a\rb\n\r", false},    {"ab\n", "ab\n", false},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const Corpus corpus = corpus_of_bytes(place, cases[c].file, strlen(cases[c].file));
        assert_corpus_text(&corpus, cases[c].text);
        assert_int_equal(corpus.had_crlf, cases[c].had_crlf);
        const Corpus words = corpus_of_words(place, cases[c].file);
        assert_corpus_text(&words, cases[c].text);
    }
    const Corpus windows = corpus_of_bytes(place, "a\r\nb\r\n", 6),
                 other = corpus_of_bytes(place, "a\nb\n", 4);
    assert_true(vocab_equal(&windows.vocab, &other.vocab));
    assert_memory_equal(windows.all.at, other.all.at, 4 * sizeof *other.all.at);
    assert_string_not_equal(windows.sha256, other.sha256); /* that of the file's bytes */
    write_test_file(place->path, "a\r\nb\r\n\xff", 7);
    assert_corpus_refused(place, place->path, ":3: byte 1 of the line is 0xFF: expected UTF-8");
}

/* Their numbers are tested in test_entropy.c. */
static void yardsticks_are_those_of_the_whole_text(void **state)
{
    Place *place = *state;
    const Corpus corpus = corpus_of_bytes(place, "aabb", 4);
    Yardsticks yardsticks = corpus_yardsticks(&corpus);
    assert_close(yardsticks.unigram, log(2), 1e-14);
    assert_close(yardsticks.bigram, log(2) * 2 / 3, 1e-14); /* b, in one pair of three, only by b */
}

#define IN_A_PLACE(test) place_test(test, "a text.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(the_fables_have_their_known_size),
        IN_A_PLACE(tokens_stand_for_the_characters_of_the_file),
        IN_A_PLACE(nothing_but_the_tokens_stays_in_memory),
        IN_A_PLACE(the_hash_is_that_of_the_file),
        IN_A_PLACE(the_first_nine_tenths_are_for_training),
        IN_A_PLACE(characters_are_counted_and_not_bytes),
        IN_A_PLACE(a_byte_order_mark_counts_only_inside),
        IN_A_PLACE(words_are_tokens_too),
        IN_A_PLACE(line_ends_of_windows_are_read_as_line_ends),
        IN_A_PLACE(yardsticks_are_those_of_the_whole_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
