/* test_grammar_names.c: tests of src/data/grammar_names.c: a name stands for one thing that is
 * there, and is asked for nothing that this cannot give. */
#include "support/check.h"

#include "data/grammar.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"

static void unknown_and_doubled_names_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\"\n | noum\nnoun = \"b\"\n",
         "x.grammar:2: unknown name \"noum\": did you mean \"noun\"? expected a rule or a kept "},
        {"sentence = xyzzy\n", "x.grammar:1: unknown name \"xyzzy\": expected a rule or a kept"},
        {"sentence = who:noun wha\nnoun = \"b\"\n",
         "x.grammar:1: unknown name \"wha\": did you mean \"who\"? expected a rule or a kept "},
        {"sentence = who:noum\nnoun = \"b\"\n", "x.grammar:1: unknown name \"noum\": did you mean "
                                                "\"noun\"? expected a rule"},
        {"sentence = who:noun who!who\nnoun = \"b\"\n",
         "x.grammar:1: unknown name \"who\": expected a rule"},
        {"sentence = noun\nnoun = \"b\"\n\nnoun = \"c\"\n",
         "x.grammar:4: noun: stands at line 2 already: expected one rule of a name"},
        {"sentence = noun:verb\nverb = \"a\"\nnoun = \"b\"\n",
         "x.grammar:3: noun: is a rule, and a choice is kept under it"},
    };
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
}

static void only_lists_are_kept_or_have_forms(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = who:x who\nx = \"a\" y | \"b\"\ny = \"c\"\n",
         "x.grammar:1: x (line 2) is no list: expected alternatives of one text each"},
        {"sentence = x:y z!x\ny = \"a\" | \"b\"\nz = \"c\" | y\n",
         "x.grammar:1: z (line 3) is no list"},
        {"sentence = x\nx = \"a\" / \"b\" \"c\"\n", "x.grammar:2: '/': expected each alternative"},
        {"sentence = x\nx = \"a\" / \"b\"\n | \"c\"\n",
         "x.grammar:3: 1 forms: expected 2, as in the first alternative of x"},
        {"sentence = x.3\nx = \"a\" / \"b\"\n", "x.grammar:1: x.3: x (line 2) has 2 forms"},
        {"sentence = who:x\n who.2\nx = \"a\"\n",
         "x.grammar:2: who.2: what is kept as who has 1 form"},
        {"sentence = y who.2\ny = who:x | who:z\nx = \"a\" / \"b\"\nz = \"c\"\n",
         "x.grammar:1: who.2: what is kept as who has 1 form"},
    };
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
}

static void something_different_must_be_left(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = a:x x!a\nx = \"a\"\n",
         "x.grammar:1: '!': x has 1 different alternative: expected at least 2"},
        {"sentence = a:x b:x\n x!a!b\nx = \"a\" | \"b\" | \"a\"\n",
         "x.grammar:2: '!': x has 2 different alternatives: expected at least 3"},
    };
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
    grammar_case(*state, "sentence = a:x b:x!a x!a!b\nx = \"a\" | \"b\" | \"c\"\n", 0, 0);
    grammar_case(*state, "sentence = a:x b:x!a x!a!a\nx = \"a\" | \"b\"\n", 0, 0);
}

#define IN_A_PLACE(test) place_test(test, "x.grammar")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(unknown_and_doubled_names_are_refused),
        IN_A_PLACE(only_lists_are_kept_or_have_forms),
        IN_A_PLACE(something_different_must_be_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
