/* grammar_case.c: parses, compiles, reads, writes. */
#include "support/grammar_case.h"

#include <string.h>

#include "base/text.h"
#include "data/sentence.h"
#include "support/fixtures.h"

GrammarCase grammar_case(Place *place, const char *grammar, uint64_t seed, size_t n_sentences)
{
    GrammarCase c = {.place = place};
    if (!grammar_parse(&place->arena, "x.grammar", grammar, strlen(grammar), &c.grammar,
                       &place->error) ||
        !automaton_compile(&place->arena, &c.grammar, 100000, &c.automaton, &place->error))
        fail_msg("%s", place->error.text);
    if (n_sentences == 0)
        return c;
    TextBuffer text = {0};
    size_t starts[64];
    assert_true(n_sentences < COUNT_OF(starts));
    for (size_t n = 0; n < n_sentences; n++) {
        starts[n] = text.length;
        sentence_append(&c.grammar, random_seed(seed), n, &text);
    }
    c.text = arena_text(&place->arena, text.bytes, text.length);
    c.starts = arena_alloc(&place->arena, text.length, sizeof *c.starts);
    assert_true(c.text != NULL && c.starts != NULL);
    for (size_t i = 0, n = 0; i < text.length; i++) {
        n += n + 1 < n_sentences && starts[n + 1] == i;
        c.starts[i] = starts[n];
    }
    write_test_file(place->path, text.bytes, text.length);
    text_buffer_free(&text);
    if (!corpus_load(&place->arena, place->path, VOCAB_CHARACTERS, &c.corpus, &place->error))
        fail_msg("%s", place->error.text);
    return c;
}

Automaton compile_grammar(Place *place, const char *grammar)
{
    return grammar_case(place, grammar, 0, 0).automaton;
}

Reader reader_of(Place *place, const Automaton *automaton)
{
    Reader reader;
    assert_true(reader_init(&place->arena, automaton, &reader, &place->error));
    return reader;
}

void assert_grammar_refused(Place *place, const char *grammar, size_t length, const char *message)
{
    Grammar parsed;
    place->error = (Error){0};
    if (grammar_parse(&place->arena, "x.grammar", grammar, length, &parsed, &place->error))
        fail_msg("accepted: %s", grammar);
    assert_contains(place->error.text, message);
    assert_int_equal(place->error.kind, ERROR_REQUEST);
    assert_false(grammar_parse(&place->arena, "x.grammar", grammar, length, &parsed, NULL));
}

void assert_grammars_refused(Place *place, const char *const cases[][2], size_t count)
{
    for (size_t c = 0; c < count; c++)
        assert_grammar_refused(place, cases[c][0], strlen(cases[c][0]), cases[c][1]);
}
