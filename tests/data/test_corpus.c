/* test_corpus.c: tests of src/data/corpus.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/corpus.h"
#include "support/place.h"

#define FABLES "data/fables.txt"

static Corpus load(Place *place, const char *path)
{
    Corpus corpus;
    if (!corpus_load(&place->arena, path, &corpus, &place->error))
        fail_msg("%s", place->error.text);
    return corpus;
}

static Corpus load_bytes(Place *place, const void *bytes, size_t length)
{
    write_test_file(place->path, bytes, length);
    return load(place, place->path);
}

static void assert_refused(Place *place, const char *path, const char *message)
{
    Corpus corpus;
    place->error = (Error){0};
    assert_false(corpus_load(&place->arena, path, &corpus, &place->error));
    assert_contains(place->error.text, message);
    assert_contains(place->error.text, path);
    assert_int_equal(place->error.kind, ERROR_REQUEST);
    assert_false(corpus_load(&place->arena, path, &corpus, NULL));
}

/* The numbers are those of data/README.md. */
static void the_fables_have_their_known_size(void **state)
{
    Place *place = *state;
    const Corpus corpus = load(place, FABLES);
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
    const Corpus corpus = load(place, FABLES);
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
    const Corpus corpus = load(place, place->path);
    assert_int_equal(corpus.all.count, COUNT);
    assert_true(place->arena.peak < COUNT * sizeof(int) + 4096);
}

static void the_hash_is_that_of_the_file(void **state)
{
    Place *place = *state;
    const Corpus corpus = load_bytes(place, "abc", 3); /* FIPS 180-4's first example */
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
        const Corpus corpus = load_bytes(place, text, n);
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
    const Corpus corpus = load_bytes(place, text, strlen(text));
    const int expected[] = {2, 3, 5, 4, 6, 0, 1, 7, 1};
    assert_int_equal(corpus.vocab.size, 8);
    assert_int_equal(corpus.all.count, 9);
    assert_memory_equal(corpus.all.at, expected, sizeof expected);
}

static void a_byte_order_mark_counts_only_inside(void **state)
{
    Place *place = *state;
    Corpus corpus = load_bytes(place, "\xef\xbb\xbfxy", 5);
    assert_int_equal(corpus.all.count, 2);
    assert_int_equal(corpus.vocab.size, 2);
    corpus = load_bytes(place, "xy\xef\xbb\xbf", 5);
    assert_int_equal(corpus.all.count, 3);
    assert_int_equal(corpus.vocab.characters[2], 0xfeff);
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
        {"a", 1, ": U+0061 is its only character"},
        {"\xe0\xae\xa4\xe0\xae\xa4", 6, ": U+0BA4 is its only character"},
        {"ab\nc\0d", 6, ":2: a NUL character"},
        {"\0", 1, ":1: a NUL character"},
        {"ab\n\n\xe9t\xe9", 7, ":3: byte 1 of the line is 0xE9: expected UTF-8"},
        {"\xff\xfex\0y\0", 6, ":1: byte 1 of the line is 0xFF: expected UTF-8"},
        {"\xef\xbb\xbfxy\xc3", 6, ":1: byte 3 of the line is 0xC3: expected UTF-8"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        write_test_file(place->path, cases[c].bytes, cases[c].length);
        assert_refused(place, place->path, cases[c].message);
    }
}

static void what_cannot_be_read_is_refused(void **state)
{
    Place *place = *state;
    assert_refused(place, place->folder, ": is a folder: expected a file");
    assert_refused(place, place->path, ": No such file or directory");
    write_test_file(place->path, "abc", 3);
    assert_int_equal(chmod(place->path, 0), 0);
    if (geteuid() != 0) /* who may read everything */
        assert_refused(place, place->path, ": Permission denied");
}

/* Of 100 characters 10 are for validation. */
static void a_part_that_is_too_short_for_a_window_is_named(void **state)
{
    Place *place = *state;
    char text[100];
    memset(text, 'a', sizeof text);
    text[0] = 'b';
    Corpus corpus = load_bytes(place, text, sizeof text);
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

/* Their numbers are tested in test_entropy.c. */
static void yardsticks_are_those_of_the_whole_text(void **state)
{
    Place *place = *state;
    const Corpus corpus = load_bytes(place, "aabb", 4);
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
        IN_A_PLACE(what_is_no_text_is_refused),
        IN_A_PLACE(what_cannot_be_read_is_refused),
        IN_A_PLACE(a_part_that_is_too_short_for_a_window_is_named),
        IN_A_PLACE(yardsticks_are_those_of_the_whole_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
