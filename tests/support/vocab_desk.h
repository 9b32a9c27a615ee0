/* vocab_desk.h: what the tests of vocabularies share. */
#ifndef TESTS_SUPPORT_VOCAB_DESK_H
#define TESTS_SUPPORT_VOCAB_DESK_H

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

#endif
