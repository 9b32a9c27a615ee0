/* test_grammar_check.c: tests of src/data/grammar_check.c: what must be true of a grammar as a
 * whole. */
#include "support/check.h"

#include "data/grammar.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"

static void a_name_is_given_before_it_is_used(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\"\n who who:noun\nnoun = \"b\"\n", "x.grammar:2: who: expected a choice"},
        {"sentence = noun!who who:noun\nnoun = \"b\" | \"c\"\n", "x.grammar:1: who: expected a ch"},
        {"sentence = who:noun!who\nnoun = \"b\" | \"c\"\n", "x.grammar:1: who: expected a choice"},
        {"sentence = noun!x\nnoun = \"b\" | \"c\"\n", "x.grammar:1: x: expected a choice"},
        /* on one of two ways */
        {"sentence = x y\nx = who:noun | \"a\"\ny =\n \"b\"\n who\nnoun = \"c\"\n",
         "x.grammar:5: who: expected a choice that is kept under this name"},
        {"sentence = \"a\" | x\nx = \"b\" [2] | y who:noun\ny = who\nnoun = \"c\"\n",
         "x.grammar:3: who: expected a choice"},
    };
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
    grammar_case(*state, "sentence = x who\nx = who:noun | who:verb\nnoun = \"a\"\nverb = \"b\"\n",
                 0, 0);
    grammar_case(*state,
                 "sentence = who:noun x\nx = who | \"-\" y\ny = noun!who\nnoun = \"a\" | \"b\"\n",
                 0, 0);
}

static void recursion_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\" | \"b\" sentence\n",
         "x.grammar:1: recursion: sentence > sentence: expected rules that never lead to themselv"},
        {"sentence = x\nx = \"a\" y | \"b\"\ny = \"c\"\n  | z\nz = x\n",
         "x.grammar:5: recursion: x > y > z > x: expected"},
        {"sentence = x y\nx = \"a\"\ny = x | y\n", "x.grammar:3: recursion: y > y:"},
    };
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
    grammar_case(*state, "sentence = x y y\nx = y | \"a\" z\ny = z | z \"b\"\nz = \"c\"\n", 0, 0);
}

static void what_nothing_leads_to_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\"\nx = \"b\"\n", "x.grammar:2: x: unreachable: no way leads here from "},
        {"sentence = x\nx = \"a\"\ny = z\nz = \"b\"\n", "x.grammar:3: y: unreachable"},
        {"sentence = \"a\"\nx = \"b\" | x\n", "x.grammar:2: x: unreachable"},
    };
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
}

static void an_empty_language_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"", "x.grammar: an empty language: expected a rule sentence = ..."},
        {"# nothing\n", "x.grammar: an empty language"},
        {"sentense = \"a\"\n", "x.grammar: an empty language"},
        {"sentence = \"\"\n",
         "x.grammar:1: sentence may be empty: expected something that is alwa"},
        {"x = \"a\" | \"\"\n\nsentence = x x\n", "x.grammar:3: sentence may be empty"},
        {"sentence = who:x who\nx = \"\"\n", "x.grammar:1: sentence may be empty"},
    };
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
    grammar_case(*state, "sentence = x \"\" y\nx = \"a\" | \"\"\ny = \"b\"\n", 0, 0);
}

static void a_sentence_has_a_longest_length(void **state)
{
    Place *place = *state;
    TextBuffer text = {0};
    text_append_format(&text, "sentence = x0\n");
    for (int n = 0; n < 40; n++) /* 2^40 letters */
        text_append_format(&text, "x%d = x%d x%d\n", n, n + 1, n + 1);
    text_append_format(&text, "x40 = \"a\"\n");
    assert_grammar_refused(place, text.bytes, text.length, "x.grammar:1: sentence may be too long");
    text_buffer_free(&text);

    text_append_format(&text, "sentence = \"%0*d\"\n", MAX_SENTENCE - 1, 0);
    grammar_case(place, text.bytes, 0, 0); /* with its item it is as long as may be */
    text_buffer_free(&text);
    text_append_format(&text, "sentence = \"%0*d\"\n", MAX_SENTENCE, 0);
    assert_grammar_refused(place, text.bytes, text.length,
                           "expected at most 4096 characters and items");
    text_buffer_free(&text);
}

#define IN_A_PLACE(test) place_test(test, "x.grammar")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_name_is_given_before_it_is_used), IN_A_PLACE(recursion_is_refused),
        IN_A_PLACE(what_nothing_leads_to_is_refused),  IN_A_PLACE(an_empty_language_is_refused),
        IN_A_PLACE(a_sentence_has_a_longest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
