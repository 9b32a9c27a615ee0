/* vocab_desk.h: what the tests of vocabularies share. */
#ifndef TESTS_SUPPORT_VOCAB_DESK_H
#define TESTS_SUPPORT_VOCAB_DESK_H

#include "support/check.h"

#include "data/vocab.h"

/* Each test has an arena and an error, and starts with an empty vocabulary. */
typedef struct Desk {
    Arena arena;
    Error error;
    Vocab vocab;
} Desk;

/* As cmocka calls them. */
int make_desk(void **state);
int remove_desk(void **state);

#define AT_A_DESK(test) cmocka_unit_test_setup_teardown(test, make_desk, remove_desk)

/* The desk's vocabulary becomes that of the words in a text, of which there are as many as is
 * returned; or these words, which are symbols. A failure fails the test. */
size_t build_words(Desk *desk, const char *text);
void list_symbols(Desk *desk, const char *const *words, size_t count);

/* The tokens of a text, of which there must be `n`. The text is copied to where a byte behind its
 * end is out of bounds. */
int *encode_words(Desk *desk, const char *text, size_t n);

void assert_decodes_to(const Desk *desk, const int *tokens, size_t n, const char *text);

#endif
