/* vocab_desk.c: made before a test, gone after it. */
#include "support/vocab_desk.h"

#include <stdlib.h>

int make_desk(void **state)
{
    *state = calloc(1, sizeof(Desk));
    return *state != NULL ? 0 : -1;
}

int remove_desk(void **state)
{
    Desk *desk = *state;
    arena_free(&desk->arena);
    free(desk);
    return 0;
}
