/* test_automaton.c: tests of src/data/automaton.c, automaton_build.c, reader.c and sentence.c: the
 * machine, who reads what it writes, and the sentences that the rules write. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/reader.h"
#include "data/sentence.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"

static Automaton compile(Place *place, const char *grammar)
{
    return grammar_case(place, grammar, 0, 0).automaton;
}

static const char *const pets = "sentence = pet \" and \" pet \"\\n\"\n"
                                "pet = \"cat\" [2] | \"cow\"\n";
static const char *const pairs = "sentence = a:pet \" and \" pet!a \".\" b:pet!a \" \" a \"\\n\"\n"
                                 "pet = \"cat\" | \"cow\" [2] | \"hen\" [5]\n";

/* --- the machine --- */

/* Every fork is a distribution over states that were made before. */
static void forks_are_distributions_and_lead_downwards(void **state)
{
    const char *const grammars[] = {pets, pairs};
    for (size_t g = 0; g < COUNT_OF(grammars); g++) {
        const Automaton automaton = compile(*state, grammars[g]);
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
        assert_int_equal(compile(*state, cases[c].grammar).n_states, cases[c].n_states + 1);
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
        const Automaton automaton = compile(*state, cases[c].grammar);
        assert_close(automaton.n_sentences, cases[c].n_sentences, 0);
        assert_close(automaton.mean_length, cases[c].mean_length, 1e-14);
    }
}

/* One character further on, the distribution is the same: that is what stationary means. */
static void the_stationary_distribution_stays(void **state)
{
    Place *place = *state;
    const char *const grammars[] = {pets, pairs, "sentence = \"a\" [3] | \"bcdef\"\n"};
    for (size_t g = 0; g < COUNT_OF(grammars); g++) {
        const Automaton automaton = compile(place, grammars[g]);
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
    const Automaton automaton = compile(*state, text.bytes);
    assert_int_equal(automaton.n_states, 2);
    assert_close(automaton.mean_length, 1, 1e-12);
    text_buffer_free(&text);
}

/* Ten choices of five, 5^10 combinations, are all forgotten when ten others take their names. */
static void what_is_not_needed_any_more_costs_nothing(void **state)
{
    const Automaton automaton =
        compile(*state, "sentence = both a b c d e f g h i j\nboth = first then\n"
                        "first = a:x b:x c:x d:x e:x f:x g:x h:x i:x j:x\n"
                        "then = a:y b:y c:y d:y e:y f:y g:y h:y i:y j:y\n"
                        "x = \"0\" | \"1\" | \"2\" | \"3\" | \"4\"\n"
                        "y = \"-\"\n");
    assert_int_equal(automaton.n_states, 1 + 10 * 5 + 20);
    assert_close(automaton.n_sentences, pow(5, 10), 0);
}

/* --- the reader --- */

static Reader new_reader(Place *place, const Automaton *automaton)
{
    Reader reader;
    assert_true(reader_init(&place->arena, automaton, &reader, &place->error));
    return reader;
}

static void a_reader_weighs_what_he_has_seen(void **state)
{
    static const struct {
        const char *grammar, *text;
        double expected[12];
    } cases[] = {
        {pets, "cat and cow\n", {1, 2 / 3.0, 1, 1, 1, 1, 1, 1, 1, 1 / 3.0, 1, 1}},
        /* another pet than the first: the cow, with 2 of 7 */
        {pairs, "hen and cow.", {5 / 8.0, 1, 1, 1, 1, 1, 1, 1, 1, 2 / 3.0, 1, 1}},
        /* a is half likely; ab in two ways, of which one goes on */
        {"sentence = x y \".\"\nx = \"a\" | \"ab\"\ny = \"b\" | \"c\"\n",
         "abb.abc.ab.",
         {1, 0.75, 1 / 3.0, 1, 1, 0.75, 1 / 3.0, 1, 1, 0.75, 1 / 3.0}},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const Automaton automaton = compile(*state, cases[c].grammar);
        Reader reader = new_reader(*state, &automaton);
        reader_start(&reader);
        for (size_t i = 0; cases[c].text[i] != '\0'; i++)
            assert_close(reader_read(&reader, (unsigned char)cases[c].text[i]),
                         cases[c].expected[i], 1e-14);
    }
}

/* Two of three characters of "aab" are an a. Behind one, it was the first or the second alike. */
static void a_reader_may_open_the_text_anywhere(void **state)
{
    const Automaton automaton = compile(*state, "sentence = \"aab\"\n");
    Reader reader = new_reader(*state, &automaton);
    for (size_t round = 0; round < 2; round++) {
        reader_start_anywhere(&reader);
        assert_close(reader_read(&reader, 'a'), 2 / 3.0, 1e-15);
        assert_close(reader_read(&reader, 'a'), 0.5, 1e-15);
        assert_close(reader_read(&reader, 'b'), 1, 1e-15);
        reader_start_anywhere(&reader);
        assert_close(reader_read(&reader, 'b'), 1 / 3.0, 1e-15);
        assert_close(reader_read(&reader, 'a'), 1, 1e-15);
    }
}

static void what_cannot_be_changes_no_belief(void **state)
{
    const Automaton automaton = compile(*state, pets);
    Reader reader = new_reader(*state, &automaton);
    reader_start(&reader);
    assert_close(reader_read(&reader, 'c'), 1, 0);
    assert_close(reader_read(&reader, 'x'), 0, 0);
    assert_close(reader_read(&reader, '\0'), 0, 0);
    assert_close(reader_read(&reader, 'o'), 1 / 3.0, 1e-15);
}

static void a_reader_notices_the_end_of_a_sentence(void **state)
{
    const Automaton automaton = compile(*state, "sentence = \"ab\" | \"a\" | \"cb\"\n");
    Reader reader = new_reader(*state, &automaton);
    static const struct {
        char character;
        bool may_have_ended, may_go_on;
    } cases[] = {{'a', true, true}, {'b', true, false}, {'c', false, true}, {'b', true, false}};
    reader_start(&reader);
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        assert_true(reader_read(&reader, (unsigned char)cases[c].character) > 0);
        assert_true(reader.may_have_ended == cases[c].may_have_ended);
        assert_true(reader.may_go_on == cases[c].may_go_on);
    }
}

/* --- sentences --- */

static const char *sentence(Place *place, const Grammar *grammar, uint64_t seed, uint64_t number)
{
    TextBuffer text = {0};
    sentence_append(grammar, random_seed(seed), number, &text);
    const char *copy = arena_text(&place->arena, text.bytes, text.length);
    text_buffer_free(&text);
    return copy;
}

/* Whatever the rules write, the machine can write, and as often: the probability that the reader
 * gives a sentence is how many there are of it. */
static void rules_and_machine_write_the_same_sentences(void **state)
{
    Place *place = *state;
    enum { N = 20000 };
    GrammarCase c = grammar_case(place, pairs, 0, 0);
    Reader reader = new_reader(place, &c.automaton);
    const char *seen[16];
    size_t counts[16] = {0}, n_seen = 0;
    for (size_t n = 0; n < N; n++) {
        const char *text = sentence(place, &c.grammar, 1, n);
        size_t s = 0;
        while (s < n_seen && strcmp(seen[s], text) != 0)
            s++;
        if (s == n_seen)
            assert_true(n_seen < COUNT_OF(seen)), seen[n_seen++] = text;
        counts[s]++;
    }
    assert_int_equal(n_seen, 12); /* three, times two, times two */
    for (size_t s = 0; s < n_seen; s++) {
        double p = 1;
        reader_start(&reader);
        for (const char *at = seen[s]; *at != '\0'; at++)
            p *= reader_read(&reader, (unsigned char)*at);
        assert_true(reader.may_have_ended && !reader.may_go_on);
        assert_close((double)counts[s] / N, p, 4 * sqrt(p / N)); /* four standard deviations */
    }
}

/* Draw i of sentence n is number i of a stream that is the sentence's own, and falls on the weights
 * laid end to end: written down here, so that a corpus can be made again anywhere. Draw 0 is that
 * of the rule `sentence`. */
static void draws_are_numbers_of_the_sentence_s_stream(void **state)
{
    Place *place = *state;
    const Grammar grammar =
        grammar_case(place, "sentence = x x\nx = \"0\" [2] | \"1\" | \"2\" [5]\n", 0, 0).grammar;
    for (uint64_t n = 0; n < 100; n++) {
        const char *text = sentence(place, &grammar, 5, n);
        for (uint64_t i = 0; i < 2; i++) {
            double point = 8 * random_uniform(random_at(random_seed(5), n), 1 + i);
            int x = i == 0 ? 0 : 1;
            assert_int_equal(text[x], point < 2 ? '0' : point < 3 ? '1' : '2');
        }
    }
}

static void a_sentence_depends_on_seed_and_number_alone(void **state)
{
    Place *place = *state;
    const Grammar grammar = grammar_case(place, pairs, 0, 0).grammar;
    size_t same_seed = 0, same_number = 0;
    for (uint64_t n = 0; n < 200; n++) {
        const char *text = sentence(place, &grammar, 1, n);
        assert_string_equal(text, sentence(place, &grammar, 1, n));
        same_number += strcmp(text, sentence(place, &grammar, 2, n)) == 0;
        same_seed += strcmp(text, sentence(place, &grammar, 1, n + 1)) == 0;
    }
    assert_in_range(same_number, 1, 100);
    assert_in_range(same_seed, 1, 100);
}

static void a_text_ends_with_the_sentence_that_makes_it_long_enough(void **state)
{
    const Grammar grammar =
        grammar_case(*state, "sentence = \"é\\n\" | \"அம்மா\\n\"\n", 0, 0).grammar;
    size_t before = 0;
    for (size_t wanted = 0; wanted < 60; wanted++) {
        TextBuffer text = {0};
        size_t count = sentences_append(&grammar, 7, wanted, &text), characters = 0;
        for (size_t b = 0; b < text.length; b++)
            characters += ((unsigned char)text.bytes[b] & 0xc0) != 0x80;
        assert_int_equal(count, characters);
        assert_true(count >= wanted && count < wanted + 6 && count >= before);
        assert_true(wanted == 0 || text.bytes[text.length - 1] == '\n');
        assert_true(count == before || before < wanted);
        before = count;
        text_buffer_free(&text);
    }
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
        IN_A_PLACE(a_reader_weighs_what_he_has_seen),
        IN_A_PLACE(a_reader_may_open_the_text_anywhere),
        IN_A_PLACE(what_cannot_be_changes_no_belief),
        IN_A_PLACE(a_reader_notices_the_end_of_a_sentence),
        IN_A_PLACE(rules_and_machine_write_the_same_sentences),
        IN_A_PLACE(draws_are_numbers_of_the_sentence_s_stream),
        IN_A_PLACE(a_sentence_depends_on_seed_and_number_alone),
        IN_A_PLACE(a_text_ends_with_the_sentence_that_makes_it_long_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
