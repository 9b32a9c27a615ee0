/* test_automaton.c: tests of src/data/automaton.c and automaton_build.c: the machine that a grammar
 * becomes. */
#include "support/check.h"

#include <math.h>

#include "support/fixtures.h"
#include "support/grammar_case.h"

/* Every fork is a distribution over states that were made before. */
static void forks_are_distributions_and_lead_downwards(void **state)
{
    const char *const grammars[] = {PETS_GRAMMAR, PAIRS_GRAMMAR};
    for (size_t g = 0; g < COUNT_OF(grammars); g++) {
        const Automaton automaton = compile_grammar(*state, grammars[g]);
        for (size_t s = 1; s < automaton.n_states; s++) {
            Fork fork = fork_behind(&automaton, s);
            double sum = 0;
            for (size_t a = 0; a < fork.count; a++) {
                assert_true(fork.arcs[a].state < s);
                sum += fork.arcs[a].probability;
            }
            assert_close(sum, 1, 1e-15);
        }
    }
}

/* Counted by hand: letters, of which those with the same rest of the sentence are one. */
static void states_with_the_same_future_are_one(void **state)
{
    static const struct {
        const char *grammar;
        size_t n_states; /* the end of the sentence aside */
    } cases[] = {
        {"sentence = \"cat and \" pet \"\\n\"\npet = \"cat\" | \"cow\"\n", 8 + 6 + 1},
        {"sentence = pet \" and \" pet \"\\n\"\npet = \"cat\" [2] | \"cow\"\n", 6 + 5 + 6 + 1},
        {"sentence = \"cat\" | \"rat\" | \"bat\"\n", 5},
        {"sentence = \"a\" x | \"b\" x\nx = \"c\" | \"d\"\n", 4},
        {"sentence = \"a\" x | \"b\" y\nx = \"c\" | \"d\"\ny = \"c\" [2] | \"d\"\n", 4},
        {"sentence = \"a\" | \"a\" | \"a\" [3]\n", 1},
        {"sentence = a:x a\nx = \"0\" | \"1\"\n", 4},     /* each knows what it repeats */
        {"sentence = a:x x\nx = \"0\" | \"1\"\n", 2 + 2}, /* nobody needs to */
        {"sentence = a:x a:x a\nx = \"0\" | \"1\"\n", 2 + 4},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        assert_int_equal(compile_grammar(*state, cases[c].grammar).n_states, cases[c].n_states + 1);
}

static void sentences_are_counted_and_measured(void **state)
{
    static const struct {
        const char *grammar;
        double n_sentences, mean_length;
    } cases[] = {
        {"sentence = \"abc\"\n", 1, 3},
        {"sentence = \"a\" [3] | \"bcdef\"\n", 2, 2},
        {"sentence = x x \".\"\nx = \"\" | \"a\" | \"bc\" [2]\n", 9, 1 + 2 * 1.25},
        {"sentence = a:x \"-\" x!a\nx = \"a\" | \"bc\" [2] | \"def\"\n", 6,
         1 + (1 + 2 * 2 + 3) / 4.0 + /* the second: by the first one drawn */
             (2 * 2 + 3) / 3.0 / 4 + (1 + 3) / 2.0 / 2 + (1 + 2 * 2) / 3.0 / 4},
        {"sentence = v:verb v.2\nverb = \"a\" / \"bcd\" | \"e\" / \"\"\n", 2, 2.5},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const Automaton automaton = compile_grammar(*state, cases[c].grammar);
        assert_close(automaton.n_sentences, cases[c].n_sentences, 0);
        assert_close(automaton.mean_length, cases[c].mean_length, 1e-14);
    }
}

/* One character further on, the distribution is the same: that is what stationary means. */
static void the_stationary_distribution_stays(void **state)
{
    Place *place = *state;
    const char *const grammars[] = {PETS_GRAMMAR, PAIRS_GRAMMAR,
                                    "sentence = \"a\" [3] | \"bcdef\"\n"};
    for (size_t g = 0; g < COUNT_OF(grammars); g++) {
        const Automaton automaton = compile_grammar(place, grammars[g]);
        double *after = new_doubles(&place->arena, automaton.n_states), sum = 0;
        Fork start = automaton.forks[automaton.start];
        for (size_t s = 1; s < automaton.n_states; s++) {
            Fork fork = fork_behind(&automaton, s);
            sum += automaton.stationary[s];
            for (size_t a = 0; a < fork.count; a++)
                after[fork.arcs[a].state] += automaton.stationary[s] * fork.arcs[a].probability;
        }
        for (size_t a = 0; a < start.count; a++)
            after[start.arcs[a].state] += after[SENTENCE_END] * start.arcs[a].probability;
        assert_close(sum, 1, 1e-14);
        assert_close(automaton.stationary[SENTENCE_END], 0, 0);
        for (size_t s = 1; s < automaton.n_states; s++)
            assert_close(after[s], automaton.stationary[s], 1e-15);
    }
}

static void a_grammar_that_is_too_large_is_refused(void **state)
{
    Place *place = *state;
    Automaton automaton;
    const char *const text = "sentence = a:x b:x c:x d:x \".\" a b c d\n" /* 10^4 to remember */
                             "x = \"0\" | \"1\" | \"2\" | \"3\" | \"4\" | \"5\" | \"6\" | \"7\""
                             " | \"8\" | \"9\"\n";
    Grammar grammar = grammar_case(place, text, 0, 0).grammar;
    assert_false(automaton_compile(&place->arena, &grammar, 1000, &automaton, &place->error));
    assert_contains(place->error.text, "x.grammar: too large: its automaton would need more than "
                                       "1000 states");
    assert_int_equal(place->error.kind, ERROR_REQUEST);
    assert_false(automaton_compile(&place->arena, &grammar, 1000, &automaton, NULL));
}

/* 2^40 ways through 40 choices of nothing, and all lead to the same place. */
static void choices_without_characters_cost_little(void **state)
{
    TextBuffer text = {0};
    text_append_format(&text, "sentence =");
    for (int n = 0; n < 40; n++)
        text_append_format(&text, " x");
    text_append_format(&text, " \"a\"\nx = \"\" | \"\" [3]\n");
    const Automaton automaton = compile_grammar(*state, text.bytes);
    assert_int_equal(automaton.n_states, 2);
    assert_close(automaton.mean_length, 1, 1e-12);
    text_buffer_free(&text);
}

/* Ten choices of five, 5^10 combinations, are all forgotten when ten others take their names. */
static void what_is_not_needed_any_more_costs_nothing(void **state)
{
    const Automaton automaton =
        compile_grammar(*state, "sentence = both a b c d e f g h i j\nboth = first then\n"
                                "first = a:x b:x c:x d:x e:x f:x g:x h:x i:x j:x\n"
                                "then = a:y b:y c:y d:y e:y f:y g:y h:y i:y j:y\n"
                                "x = \"0\" | \"1\" | \"2\" | \"3\" | \"4\"\n"
                                "y = \"-\"\n");
    assert_int_equal(automaton.n_states, 1 + 10 * 5 + 20);
    assert_close(automaton.n_sentences, pow(5, 10), 0);
}

#define IN_A_PLACE(test) place_test(test, "x.grammar")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(forks_are_distributions_and_lead_downwards),
        IN_A_PLACE(states_with_the_same_future_are_one),
        IN_A_PLACE(sentences_are_counted_and_measured),
        IN_A_PLACE(the_stationary_distribution_stays),
        IN_A_PLACE(a_grammar_that_is_too_large_is_refused),
        IN_A_PLACE(choices_without_characters_cost_little),
        IN_A_PLACE(what_is_not_needed_any_more_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
