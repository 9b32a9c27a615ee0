/* test_words.c: tests of src/data/words.c. */
#include "support/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/words.h"

typedef struct Counts {
    size_t in_set; /* different words of the text */
    size_t words, known;
} Counts;

/* Both texts are copied to where a byte behind their end is out of bounds. */
static Counts count_bytes(const char *text, size_t length, const char *sample, size_t sample_length)
{
    Arena arena = {0};
    WordSet set;
    Counts counts;
    char *text_copy = arena_alloc(&arena, length, 1);
    char *sample_copy = arena_alloc(&arena, sample_length, 1);
    assert_true(text_copy != NULL && sample_copy != NULL);
    memcpy(text_copy, text, length);
    memcpy(sample_copy, sample, sample_length);
    assert_true(words_collect(&arena, text_copy, length, &set, NULL));
    memset(text_copy, 'x', length); /* the set needs it no more */
    words_known(&set, sample_copy, sample_length, &counts.words, &counts.known);
    counts.in_set = set.count;
    arena_free(&arena);
    return counts;
}

static Counts count(const char *text, const char *sample)
{
    return count_bytes(text, strlen(text), sample, strlen(sample));
}

#define assert_counts(text, sample, n_in_set, n_words, n_known)                                    \
    do {                                                                                           \
        Counts counts = count(text, sample);                                                       \
        assert_int_equal(counts.in_set, n_in_set);                                                 \
        assert_int_equal(counts.words, n_words);                                                   \
        assert_int_equal(counts.known, n_known);                                                   \
    } while (0)

static void words_of_the_text_are_known(void **state)
{
    (void)state;
    assert_counts("the fox saw the crow", "the crow ate the cheese", 4, 5, 3);
    assert_counts("fox", "fox", 1, 1, 1);
    assert_counts("fox,crow;\n(hen)", ".fox-crow\then!", 3, 3, 3);
}

static void a_text_without_words_has_none(void **state)
{
    (void)state;
    assert_counts("", "", 0, 0, 0);
    assert_counts("", "fox", 0, 1, 0);
    assert_counts("fox", " .\n", 1, 0, 0);
    assert_counts("12 + 30 = 42", "?", 0, 0, 0);
}

static void capital_letters_are_small_ones(void **state)
{
    (void)state;
    assert_counts("The THE the tHe", "THE the The", 1, 3, 3);
    assert_counts("azAZ Zebra", "AZaz zEBRA", 2, 2, 2);
    assert_counts("[ab[ @ab@ `ab` {ab{", "{ab{", 0, 0, 0); /* neighbours of A, Z, a, z in ASCII */
}

static void words_of_less_than_three_letters_do_not_count(void **state)
{
    (void)state;
    assert_counts("a an to fox of", "to a an be it fox", 1, 1, 1);
    assert_counts("ab abc a", "ab abc a", 1, 1, 1);
}

static void digits_and_apostrophes_end_a_word(void **state)
{
    (void)state;
    assert_counts("don't", "don can't didn't", 1, 3, 1); /* don; don can didn */
    assert_counts("o'clock", "clock o'clock", 1, 2, 2);  /* clock; clock clock */
    assert_counts("abc1def 2fox3", "abc def fox", 3, 3, 3);
    assert_counts("a1b2c3 it's", "abc", 0, 1, 0);
    assert_counts("snake_case", "snake case snakecase", 2, 3, 2);
}

/* Two letters of two bytes are no word; three letters are, whatever they are made of. */
static void letters_count_and_not_bytes(void **state)
{
    (void)state;
    assert_counts("éa éé 😀😀 தம", "éa éé", 0, 0, 0);
    assert_counts("été naïve", "été naive naïve", 2, 3, 2);
    assert_counts("தமிழ் மொழி", "மொழி தமிழ்", 2, 2, 2);
    assert_counts("λόγος", "λόγος λόγοι", 1, 2, 1);
}

static void only_ascii_has_its_case_ignored(void **state)
{
    (void)state;
    assert_counts("Été", "ÉTÉ ÉtÉ ÉtÉ été", 1, 4, 0);
    assert_counts("naïve", "NAïVE", 1, 1, 1);
}

static void a_part_of_a_word_is_another_word(void **state)
{
    (void)state;
    assert_counts("catalogue", "cat catalog alogue catalogue catalogues", 1, 5, 1);
    assert_counts("cat", "catalogue cats scat cat", 1, 4, 1);
}

/* The same where both would stand in one slot: in either of two. */
static void a_part_of_a_word_in_its_slot_is_another_word(void **state)
{
    (void)state;
    const char *slots[2][2] = {{"catalogue", NULL}, {NULL, "catalogue"}};
    for (size_t s = 0; s < 2; s++) {
        WordSet set = {slots[s], 2, 1};
        size_t words, known;
        const char sample[] = "cat cata catal catalo catalog catalogu catalogues";
        words_known(&set, sample, strlen(sample), &words, &known);
        assert_int_equal(words, 7);
        assert_int_equal(known, 0);
    }
}

static void nothing_behind_the_length_counts(void **state)
{
    (void)state;
    Counts counts = count_bytes("fox cats", 7, "foxes cats", 3);
    assert_int_equal(counts.in_set, 2); /* fox cat */
    assert_int_equal(counts.words, 1);  /* fox */
    assert_int_equal(counts.known, 1);
    counts = count_bytes("fox\0hen", 7, "hen\0cat\0fox", 11);
    assert_int_equal(counts.in_set, 2);
    assert_int_equal(counts.words, 3);
    assert_int_equal(counts.known, 2);
}

/* 26^3 words of three letters; those of which the number is even are in the set. */
static void a_large_set_forgets_nothing_and_invents_nothing(void **state)
{
    (void)state;
    TextBuffer texts[2] = {{0}, {0}};
    enum { N = 26 * 26 * 26 };
    for (int n = 0; n < N; n++)
        text_append_format(&texts[n % 2], "%c%c%c ", 'a' + n / 676, 'a' + n / 26 % 26,
                           'a' + n % 26);
    assert_counts(texts[0].bytes, texts[0].bytes, N / 2, N / 2, N / 2);
    assert_counts(texts[0].bytes, texts[1].bytes, N / 2, N / 2, 0);
    text_buffer_free(&texts[0]);
    text_buffer_free(&texts[1]);
}

/* How many words of the fables' text another counter finds, one that knows ASCII only. */
static size_t count_ascii_words(const char *text)
{
    const char *const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t words = 0;
    while (*text != '\0') {
        size_t length = strspn(text, letters);
        words += length >= 3;
        text += length;
        text += strcspn(text, letters);
    }
    return words;
}

static void every_word_of_the_fables_is_known_to_the_fables(void **state)
{
    (void)state;
    Arena arena = {0};
    FileBytes file;
    WordSet set;
    size_t words, known;
    assert_true(file_read(&arena, "data/fables.txt", SIZE_MAX, &file, NULL));
    assert_true(words_collect(&arena, file.bytes, file.length, &set, NULL));
    words_known(&set, file.bytes, file.length, &words, &known);
    assert_int_equal(words, count_ascii_words(file.bytes));
    assert_int_equal(known, words);
    assert_true(set.count < words);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_the_text_are_known),
        cmocka_unit_test(a_text_without_words_has_none),
        cmocka_unit_test(capital_letters_are_small_ones),
        cmocka_unit_test(words_of_less_than_three_letters_do_not_count),
        cmocka_unit_test(digits_and_apostrophes_end_a_word),
        cmocka_unit_test(letters_count_and_not_bytes),
        cmocka_unit_test(only_ascii_has_its_case_ignored),
        cmocka_unit_test(a_part_of_a_word_is_another_word),
        cmocka_unit_test(a_part_of_a_word_in_its_slot_is_another_word),
        cmocka_unit_test(nothing_behind_the_length_counts),
        cmocka_unit_test(a_large_set_forgets_nothing_and_invents_nothing),
        cmocka_unit_test(every_word_of_the_fables_is_known_to_the_fables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
