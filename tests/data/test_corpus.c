/* test_corpus.c: tests of src/data/corpus.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/corpus.h"
#include "support/fixtures.h"
#include "support/place.h"

#define FABLES "data/fables.txt"

static Corpus load(Place *place, const char *path)
{
    Corpus corpus;
    if (!corpus_load(&place->arena, path, VOCAB_CHARACTERS, &corpus, &place->error))
        fail_msg("%s", place->error.text);
    return corpus;
}

static Corpus load_bytes(Place *place, const void *bytes, size_t length)
{
    write_test_file(place->path, bytes, length);
    return load(place, place->path);
}

static Corpus load_words(Place *place, const char *text)
{
    Corpus corpus;
    write_test_file(place->path, text, strlen(text));
    if (!corpus_load(&place->arena, place->path, VOCAB_WORDS, &corpus, &place->error))
        fail_msg("%s", place->error.text);
    return corpus;
}

static void assert_text(const Corpus *corpus, const char *text)
{
    TextBuffer out = {0};
    for (size_t i = 0; i < corpus->all.count; i++)
        vocab_decode(&corpus->vocab, corpus->all.at[i], &out);
    assert_string_equal(out.bytes, text);
    text_buffer_free(&out);
}

static void assert_refused(Place *place, const char *path, const char *message)
{
    Corpus corpus;
    place->error = (Error){0};
    assert_false(corpus_load(&place->arena, path, VOCAB_CHARACTERS, &corpus, &place->error));
    assert_contains(place->error.text, message);
    assert_contains(place->error.text, path);
    assert_int_equal(place->error.kind, ERROR_REQUEST);
    assert_false(corpus_load(&place->arena, path, VOCAB_CHARACTERS, &corpus, NULL));
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

/* The fox is in the text with a space before it, and without one at its start. */
static void words_are_tokens_too(void **state)
{
    Place *place = *state;
    const Corpus corpus = load_words(place, "\xef\xbb\xbf"
                                            "fox, fox\r\nsaw fox.");
    const int expected[] = {4, 2, 1, 0, 5, 1, 3}; /* \n, " fox", ",", ".", "fox", "saw" */
    assert_int_equal(corpus.vocab.kind, VOCAB_WORDS);
    assert_int_equal(corpus.all.count, COUNT_OF(expected));
    assert_memory_equal(corpus.all.at, expected, sizeof expected);
    assert_text(&corpus, "fox, fox\nsaw fox.");
    assert_int_equal(corpus.train.count, 6);
    assert_int_equal(corpus.validation.count, 1);
}

static void a_text_of_one_word_is_refused(void **state)
{
    Place *place = *state;
    Corpus corpus;
    write_test_file(place->path, " fox fox fox", 12);
    assert_false(corpus_load(&place->arena, place->path, VOCAB_WORDS, &corpus, &place->error));
    assert_contains(place->error.text, ": ' fox' is its only word: expected at least two");
    assert_int_equal(place->error.kind, ERROR_REQUEST);
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
        const Corpus corpus = load_bytes(place, cases[c].file, strlen(cases[c].file));
        assert_text(&corpus, cases[c].text);
        assert_int_equal(corpus.had_crlf, cases[c].had_crlf);
        const Corpus words = load_words(place, cases[c].file);
        assert_text(&words, cases[c].text);
    }
    const Corpus windows = load_bytes(place, "a\r\nb\r\n", 6),
                 other = load_bytes(place, "a\nb\n", 4);
    assert_true(vocab_equal(&windows.vocab, &other.vocab));
    assert_memory_equal(windows.all.at, other.all.at, 4 * sizeof *other.all.at);
    assert_string_not_equal(windows.sha256, other.sha256); /* that of the file's bytes */
    write_test_file(place->path, "a\r\nb\r\n\xff", 7);
    assert_refused(place, place->path, ":3: byte 1 of the line is 0xFF: expected UTF-8");
}

/* 20 characters, of which the last two are for validation. */
static void what_validation_has_and_training_never_sees_is_counted(void **state)
{
    Place *place = *state;
    static const struct {
        const char *text, *sentence;
        size_t kinds, times;
    } cases[] = {
        {"ababababababababab"
         "ba",
         "", 0, 0},
        {"ababababababababab"
         "bZ",
         "validation has 1 character that training never sees (1 time): 'Z'", 1, 1},
        {"ababababababababab"
         "ZZ",
         "validation has 1 character that training never sees (2 times): 'Z'", 1, 2},
        {"ababababababababab"
         "é\n",
         "validation has 2 characters that training never sees (2 times): 'é' '\\n'", 2, 2},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const Corpus corpus = load_bytes(place, cases[c].text, strlen(cases[c].text));
        TextBuffer out = {0};
        text_append(&out, "", 0);
        corpus_say_unseen(&corpus, &out);
        assert_string_equal(out.bytes, cases[c].sentence);
        assert_int_equal(corpus.unseen.kinds, cases[c].kinds);
        assert_int_equal(corpus.unseen.times, cases[c].times);
        text_buffer_free(&out);
    }
}

/* 100 words and line ends, of which the last 10 are for validation. */
static void only_the_first_of_many_unseen_words_are_named(void **state)
{
    Place *place = *state;
    TextBuffer text = {0}, out = {0};
    for (size_t w = 0; w < 90; w++)
        text_append_format(&text, "%s", w % 2 ? " fox" : " owl");
    text_append_format(&text, " i h g f fox e i d c b");
    const Corpus corpus = load_words(place, text.bytes);
    corpus_say_unseen(&corpus, &out);
    assert_string_equal(out.bytes, "validation has 8 words that training never sees (9 times): "
                                   "' i' ' h' ' g' ' f' ' e' ' d' ' c' ' b'");
    text_append_format(&text, "%s", " a a a a a a a a a a");
    out.length = 0;
    const Corpus longer = load_words(place, text.bytes);
    corpus_say_unseen(&longer, &out);
    assert_string_equal(out.bytes,
                        "validation has 2 words that training never sees (11 times): ' b' ' a'");
    text.length = strlen(" fox") * 90;
    text_append_format(&text, " i h g f e d c b a k");
    out.length = 0;
    const Corpus many = load_words(place, text.bytes);
    corpus_say_unseen(&many, &out);
    assert_string_equal(out.bytes, "validation has 10 words that training never sees (10 times): "
                                   "' i' ' h' ' g' ' f' ' e' ' d' ' c' ' b' ...");
    text_buffer_free(&text);
    text_buffer_free(&out);
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
        assert_text(&second, "an owl\nan fox saw\n");
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
        IN_A_PLACE(words_are_tokens_too),
        IN_A_PLACE(a_text_of_one_word_is_refused),
        IN_A_PLACE(line_ends_of_windows_are_read_as_line_ends),
        IN_A_PLACE(what_validation_has_and_training_never_sees_is_counted),
        IN_A_PLACE(only_the_first_of_many_unseen_words_are_named),
        IN_A_PLACE(a_text_is_read_in_the_tokens_of_another),
        IN_A_PLACE(what_is_no_text_is_refused),
        IN_A_PLACE(what_cannot_be_read_is_refused),
        IN_A_PLACE(a_part_that_is_too_short_for_a_window_is_named),
        IN_A_PLACE(yardsticks_are_those_of_the_whole_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
