/* test_reader.c: tests of src/data/reader.c: what somebody expects who knows the grammar and has
 * read so far. */
#include "support/check.h"

#include "data/reader.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"

static void a_reader_weighs_what_he_has_seen(void **state)
{
    static const struct {
        const char *grammar, *text;
        double expected[12];
    } cases[] = {
        {PETS_GRAMMAR, "cat and cow\n", {1, 2 / 3.0, 1, 1, 1, 1, 1, 1, 1, 1 / 3.0, 1, 1}},
        /* another pet than the first: the cow, with 2 of 7 */
        {PAIRS_GRAMMAR, "hen and cow.", {5 / 8.0, 1, 1, 1, 1, 1, 1, 1, 1, 2 / 3.0, 1, 1}},
        /* a is half likely; ab in two ways, of which one goes on */
        {"sentence = x y \".\"\nx = \"a\" | \"ab\"\ny = \"b\" | \"c\"\n",
         "abb.abc.ab.",
         {1, 0.75, 1 / 3.0, 1, 1, 0.75, 1 / 3.0, 1, 1, 0.75, 1 / 3.0}},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const Automaton automaton = compile_grammar(*state, cases[c].grammar);
        Reader reader = reader_of(*state, &automaton);
        reader_start(&reader);
        for (size_t i = 0; cases[c].text[i] != '\0'; i++)
            assert_close(reader_read(&reader, (unsigned char)cases[c].text[i]),
                         cases[c].expected[i], 1e-14);
    }
}

/* Two of three characters of "aab" are an a. Behind one, it was the first or the second alike. */
static void a_reader_may_open_the_text_anywhere(void **state)
{
    const Automaton automaton = compile_grammar(*state, "sentence = \"aab\"\n");
    Reader reader = reader_of(*state, &automaton);
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
    const Automaton automaton = compile_grammar(*state, PETS_GRAMMAR);
    Reader reader = reader_of(*state, &automaton);
    reader_start(&reader);
    assert_close(reader_read(&reader, 'c'), 1, 0);
    assert_close(reader_read(&reader, 'x'), 0, 0);
    assert_close(reader_read(&reader, '\0'), 0, 0);
    assert_close(reader_read(&reader, 'o'), 1 / 3.0, 1e-15);
}

static void a_reader_notices_the_end_of_a_sentence(void **state)
{
    const Automaton automaton = compile_grammar(*state, "sentence = \"ab\" | \"a\" | \"cb\"\n");
    Reader reader = reader_of(*state, &automaton);
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

#define IN_A_PLACE(test) place_test(test, "x.grammar")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_reader_weighs_what_he_has_seen),
        IN_A_PLACE(a_reader_may_open_the_text_anywhere),
        IN_A_PLACE(what_cannot_be_changes_no_belief),
        IN_A_PLACE(a_reader_notices_the_end_of_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
