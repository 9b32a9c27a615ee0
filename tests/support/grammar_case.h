/* grammar_case.h: a grammar that is compiled, and a text that it has written. */
#ifndef TESTS_SUPPORT_GRAMMAR_CASE_H
#define TESTS_SUPPORT_GRAMMAR_CASE_H

#include "data/automaton.h"
#include "data/corpus.h"
#include "support/place.h"

typedef struct GrammarCase {
    Place *place;
    Grammar grammar;
    Automaton automaton;
    Corpus corpus;
    char *text;     /* of the corpus: ASCII */
    size_t *starts; /* [characters]: where the sentence of each character begins */
} GrammarCase;

/* A grammar that is in order; the test fails if it is refused. The text is that of `path` in the
 * place: sentences 0 ... n - 1 of the seed; none if n is 0. */
GrammarCase grammar_case(Place *place, const char *grammar, uint64_t seed, size_t n_sentences);

#endif
