/* batch_desk.h: what the tests of batches share: the text is 0, 1, 2, ..., so that a token says by
 * itself where it stands. A test that is listed as AT_A_DESK(name) finds a BatchDesk in *state. */
#ifndef TESTS_SUPPORT_BATCH_DESK_H
#define TESTS_SUPPORT_BATCH_DESK_H

#include "support/check.h"

#include "data/batch.h"

enum { DESK_TEXT = 4096 };

typedef struct BatchDesk {
    Arena arena;
    int text[DESK_TEXT];
} BatchDesk;

int batch_desk_setup(void **state);
int batch_desk_teardown(void **state);

#define AT_A_DESK(test) cmocka_unit_test_setup_teardown(test, batch_desk_setup, batch_desk_teardown)

/* The first `count` tokens, copied to where one behind the last is out of bounds. */
Tokens first_tokens(BatchDesk *desk, size_t count);

Batch new_batch(BatchDesk *desk, size_t batch_size, size_t block_size);

/* Of the inputs, and of the targets. */
size_t batch_bytes(const Batch *batch);

bool same_batches(const Batch *a, const Batch *b);

#endif
