/* test_sentence.c: tests of src/data/sentence.c: the sentences that the rules write, held against
 * the machine that is made of the same rules. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "data/reader.h"
#include "data/sentence.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"

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
    GrammarCase c = grammar_case(place, PAIRS_GRAMMAR, 0, 0);
    Reader reader = reader_of(place, &c.automaton);
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
static void each_draw_is_a_number_of_its_own_stream(void **state)
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
    const Grammar grammar = grammar_case(place, PAIRS_GRAMMAR, 0, 0).grammar;
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
        IN_A_PLACE(rules_and_machine_write_the_same_sentences),
        IN_A_PLACE(each_draw_is_a_number_of_its_own_stream),
        IN_A_PLACE(a_sentence_depends_on_seed_and_number_alone),
        IN_A_PLACE(a_text_ends_with_the_sentence_that_makes_it_long_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
