/* arena.h: memory that is given out piece by piece and taken back all at once.
 *
 * An arena hands out pieces of large blocks by moving a pointer; nobody frees a piece. Everything
 * that belongs together (the activations of one training step, the strings of one config) lives
 * in one arena and goes when the arena is reset or freed. (What grows while it lives has malloc
 * behind it: TextBuffer in text.h, and Interner in intern.h.)
 *
 *     Arena arena = {0};                                       an empty arena needs no call
 *     int *row = arena_alloc(&arena, n, sizeof *row);          zeroed, aligned to 64 bytes
 *     ...
 *     arena_free(&arena);
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { ARENA_ALIGNMENT = 64 }; /* bytes: a cache line, and the widest vector register */

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *blocks; /* newest first */
    size_t used;        /* bytes given out since the last reset, alignment included */
    size_t peak;        /* the largest `used` there ever was */
} Arena;

/* Makes sure that the next `bytes` come from one block, without asking the system again. */
bool arena_reserve(Arena *arena, size_t bytes, Error *error);

/* count * size bytes, all zero; NULL when there is no more memory, or the product overflows. */
void *arena_alloc(Arena *arena, size_t count, size_t size);

/* The same, but what the bytes hold is undefined: for buffers that are written before they are
 * read. */
void *arena_alloc_raw(Arena *arena, size_t count, size_t size);

/* A copy of `length` bytes of text with a 0 behind it. */
char *arena_text(Arena *arena, const char *text, size_t length);

/* Takes every piece back. The blocks are kept for the next round, joined into one, so that a loop
 * that resets its arena soon stops asking the system for memory. */
void arena_reset(Arena *arena);

/* Gives all memory back to the system; the arena is empty and can be used again. */
void arena_free(Arena *arena);

/* What a piece of count * size bytes takes in an arena; SIZE_MAX when it overflows. */
size_t arena_size_of(size_t count, size_t size);

#endif
