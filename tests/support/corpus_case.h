/* corpus_case.h: texts that are loaded from the path of a place, and texts that are refused. */
#ifndef TESTS_SUPPORT_CORPUS_CASE_H
#define TESTS_SUPPORT_CORPUS_CASE_H

#include "data/corpus.h"
#include "support/place.h"

/* By characters, from any path, and from a file of these bytes; and by words. A failure fails the
 * test. */
Corpus load_corpus(Place *place, const char *path);
Corpus corpus_of_bytes(Place *place, const void *bytes, size_t length);
Corpus corpus_of_words(Place *place, const char *text);

/* All of its tokens, one after the other. */
void assert_corpus_text(const Corpus *corpus, const char *text);

/* By characters, as a request that names the path and holds the message. */
void assert_corpus_refused(Place *place, const char *path, const char *message);

#endif
