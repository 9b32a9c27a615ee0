/* batch_desk.c: a text and batches of it. */
#include "support/batch_desk.h"

#include <stdlib.h>
#include <string.h>

int batch_desk_setup(void **state)
{
    BatchDesk *desk = calloc(1, sizeof *desk);
    if (desk == NULL)
        return -1;
    for (int i = 0; i < DESK_TEXT; i++)
        desk->text[i] = i;
    *state = desk;
    return 0;
}

int batch_desk_teardown(void **state)
{
    BatchDesk *desk = *state;
    arena_free(&desk->arena);
    free(desk);
    return 0;
}

Tokens first_tokens(BatchDesk *desk, size_t count)
{
    int *copy = arena_alloc(&desk->arena, count, sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, desk->text, count * sizeof *copy);
    return (Tokens){copy, count};
}

Batch new_batch(BatchDesk *desk, size_t batch_size, size_t block_size)
{
    Batch batch;
    assert_true(batch_alloc(&desk->arena, batch_size, block_size, &batch, NULL));
    return batch;
}

size_t batch_bytes(const Batch *batch)
{
    return batch->batch_size * batch->block_size * sizeof(int);
}

bool same_batches(const Batch *a, const Batch *b)
{
    return memcmp(a->inputs, b->inputs, batch_bytes(a)) == 0 &&
           memcmp(a->targets, b->targets, batch_bytes(a)) == 0;
}
