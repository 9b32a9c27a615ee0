/* grammar_case.h: a grammar that is compiled, and a text that it has written. */
#ifndef TESTS_SUPPORT_GRAMMAR_CASE_H
#define TESTS_SUPPORT_GRAMMAR_CASE_H

#include "data/automaton.h"
#include "data/corpus.h"
#include "data/reader.h"
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

/* Its automaton alone, without a text; and who reads what that writes. */
Automaton compile_grammar(Place *place, const char *grammar);
Reader reader_of(Place *place, const Automaton *automaton);

/* Two grammars of a few sentences each. Of pets, "cat" is twice as likely as "cow". In pairs, a pet
 * is followed by another one; the next sentence begins with another than the first, and ends with
 * the first. */
#define PETS_GRAMMAR                                                                               \
    "sentence = pet \" and \" pet \"\\n\"\n"                                                       \
    "pet = \"cat\" [2] | \"cow\"\n"
#define PAIRS_GRAMMAR                                                                              \
    "sentence = a:pet \" and \" pet!a \".\" b:pet!a \" \" a \"\\n\"\n"                             \
    "pet = \"cat\" | \"cow\" [2] | \"hen\" [5]\n"

/* Refused as x.grammar, with a message that holds this; and so is each of these pairs of a grammar
 * and its message. */
void assert_grammar_refused(Place *place, const char *grammar, size_t length, const char *message);
void assert_grammars_refused(Place *place, const char *const cases[][2], size_t count);

#endif
