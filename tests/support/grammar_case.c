/* grammar_case.c: parses, compiles, writes. */
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
