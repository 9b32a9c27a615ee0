/* test_corpus_unseen.c: tests of src/data/corpus.c: what validation has and training never sees. */
#include "support/check.h"

#include <string.h>

#include "data/corpus.h"
#include "support/corpus_case.h"
#include "support/fixtures.h"
#include "support/place.h"

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
        const Corpus corpus = corpus_of_bytes(place, cases[c].text, strlen(cases[c].text));
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
    const Corpus corpus = corpus_of_words(place, text.bytes);
    corpus_say_unseen(&corpus, &out);
    assert_string_equal(out.bytes, "validation has 8 words that training never sees (9 times): "
                                   "' i' ' h' ' g' ' f' ' e' ' d' ' c' ' b'");
    text_append_format(&text, "%s", " a a a a a a a a a a");
    out.length = 0;
    const Corpus longer = corpus_of_words(place, text.bytes);
    corpus_say_unseen(&longer, &out);
    assert_string_equal(out.bytes,
                        "validation has 2 words that training never sees (11 times): ' b' ' a'");
    text.length = strlen(" fox") * 90;
    text_append_format(&text, " i h g f e d c b a k");
    out.length = 0;
    const Corpus many = corpus_of_words(place, text.bytes);
    corpus_say_unseen(&many, &out);
    assert_string_equal(out.bytes, "validation has 10 words that training never sees (10 times): "
                                   "' i' ' h' ' g' ' f' ' e' ' d' ' c' ' b' ...");
    text_buffer_free(&text);
    text_buffer_free(&out);
}

#define IN_A_PLACE(test) place_test(test, "a text.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(what_validation_has_and_training_never_sees_is_counted),
        IN_A_PLACE(only_the_first_of_many_unseen_words_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
