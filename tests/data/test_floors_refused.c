/* test_floors_refused.c: tests of src/data/floors.c: a text that the grammar cannot have written is
 * refused with its place, and a language that is too large is not listed. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/floors.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"

static void a_text_of_another_language_is_refused_where_it_ceases_to_be_one(void **state)
{
    Place *place = *state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a cat.\na cow.\na dog.\n", ":3:3: 'd': the grammar does not allow it here: expected 'c'"},
        {"a cot.\na cow.\n", ":1:5: 't': the grammar does not allow it here: expected 'w'"},
        {"a c\xc3\xa9t.\n", ":1:4: 'é': the grammar does not allow it here: expected "},
        {"a cat. a cow.\n", ":1:7: ' ': the grammar does not allow it here: expected '\\n'"},
        {"\na cat.\n", ":1:1: '\\n': the grammar does not allow it here: expected 'a'"},
    };
    GrammarCase c =
        grammar_case(place, "sentence = \"a \" pet \".\\n\"\npet = \"cat\" | \"cow\"\n", 1, 9);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Corpus corpus;
        Floors floors;
        write_test_file(place->path, cases[i].text, strlen(cases[i].text));
        assert_true(
            corpus_load(&place->arena, place->path, VOCAB_CHARACTERS, &corpus, &place->error));
        assert_false(floors_compute(&place->arena, &c.automaton, &corpus, corpus.all, 4, &floors,
                                    &place->error));
        assert_contains(place->error.text, place->path);
        assert_contains(place->error.text, cases[i].message);
        assert_int_equal(place->error.kind, ERROR_REQUEST);
    }
}

/* Of twenty letters that could stand there, 16 are named. */
static void a_long_list_of_what_is_allowed_is_cut(void **state)
{
    Place *place = *state;
    TextBuffer grammar = {0};
    text_append_format(&grammar, "sentence = letter \"\\n\"\nletter = \"a\"");
    for (char letter = 'b'; letter <= 't'; letter++)
        text_append_format(&grammar, " | \"%c\"", letter);
    GrammarCase c = grammar_case(place, grammar.bytes, 1, 9);
    Corpus corpus;
    Floors floors;
    write_test_file(place->path, "a\n#\n", 4);
    assert_true(corpus_load(&place->arena, place->path, VOCAB_CHARACTERS, &corpus, &place->error));
    assert_false(floors_compute(&place->arena, &c.automaton, &corpus, corpus.all, 2, &floors,
                                &place->error));
    assert_contains(place->error.text, ":2:1: '#': the grammar does not allow it here: expected '");
    const char *list = strstr(place->error.text, "expected ");
    size_t commas = 0;
    for (const char *at = list; (at = strchr(at, ',')) != NULL; at++)
        commas++;
    assert_int_equal(commas, 16);
    assert_string_equal(list + strlen(list) - 5, ", ...");
    text_buffer_free(&grammar);
}

static void too_many_sentences_are_not_listed(void **state)
{
    Place *place = *state;
    const char *const grammars[] = {
        "sentence = x x x x x x \"\\n\"\nx = \"0\" | \"1\" | \"2\" | \"3\" | \"4\" | \"5\" | \"6\""
        " | \"7\" | \"8\" | \"9\"\n",
        "sentence = x x x x x x \"\\n\" | \"-\\n\"\nx = \"0\" | \"1\" | \"2\" | \"3\" | \"4\" | "
        "\"5\" | \"6\" | \"7\" | \"8\" | \"9\"\n",
    };
    for (size_t g = 0; g < 2; g++) { /* 10^6, and one more */
        Floors floors;
        GrammarCase c = grammar_case(place, grammars[g], 1, 9);
        assert_close(c.automaton.n_sentences, 1e6 + (double)g, 0);
        assert_true(floors_compute(&place->arena, &c.automaton, &c.corpus, c.corpus.all, 9, &floors,
                                   &place->error));
        assert_true(isnan(floors.order_blind.mean) == (g == 1));
    }
}

#define IN_A_PLACE(test) place_test(test, "a text.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_text_of_another_language_is_refused_where_it_ceases_to_be_one),
        IN_A_PLACE(a_long_list_of_what_is_allowed_is_cut),
        IN_A_PLACE(too_many_sentences_are_not_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
