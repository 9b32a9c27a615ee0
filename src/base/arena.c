/* arena.c: a list of blocks, of which the newest one gives.
 *
 *     block:  | ArenaBlock | padding | piece | piece | piece | ... free ... |
 *                                      ^ bytes                 ^ bytes + used
 *
 * Each piece takes a multiple of ARENA_ALIGNMENT bytes, so that the next one is aligned by itself.
 *
 * Under AddressSanitizer every byte that is not part of a piece is marked as out of bounds: a write
 * behind a piece's end, or through a pointer that is older than the last reset, is reported at
 * once. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__) /* how gcc says it */
#define WATCHED 1
#elif defined(__has_feature) /* how clang does */
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif

#ifdef WATCHED
#include <sanitizer/asan_interface.h>
#define FORBID(bytes, length) __asan_poison_memory_region(bytes, length)
#define PERMIT(bytes, length) __asan_unpoison_memory_region(bytes, length)
#else
#define FORBID(bytes, length) ((void)(bytes), (void)(length))
#define PERMIT(bytes, length) ((void)(bytes), (void)(length))
#endif

enum {
    SMALLEST_BLOCK = 64 * 1024,   /* bytes: many small pieces share one call of malloc */
    LARGE_PAGE = 2 * 1024 * 1024, /* of most processors */
};

struct ArenaBlock {
    ArenaBlock *next;
    unsigned char *bytes; /* aligned to ARENA_ALIGNMENT */
    size_t capacity, used;
};

size_t arena_size_of(size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        return SIZE_MAX;
    size_t bytes = count * size;
    if (bytes > SIZE_MAX - ARENA_ALIGNMENT)
        return SIZE_MAX;
    if (bytes == 0)
        return ARENA_ALIGNMENT; /* an empty piece has an address of its own too */
    return (bytes + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
}

/* Tells the system, where it can be told, that a large block may lie in large pages. The processor
 * keeps a short list of where pages are; with pages of 4 KiB, a training step outruns it. */
static void prefer_large_pages(void *bytes, size_t length)
{
#ifdef MADV_HUGEPAGE
    uintptr_t begin = (uintptr_t)bytes, page = LARGE_PAGE;
    uintptr_t first = (begin + page - 1) / page * page, last = (begin + length) / page * page;
    if (first < last)
        (void)madvise((void *)first, last - first, MADV_HUGEPAGE); /* only advice: may fail */
#else
    (void)bytes, (void)length;
#endif
}

static bool add_block(Arena *arena, size_t capacity)
{
    if (capacity < SMALLEST_BLOCK)
        capacity = SMALLEST_BLOCK;
    size_t overhead = sizeof(ArenaBlock) + ARENA_ALIGNMENT;
    if (capacity > PTRDIFF_MAX - overhead) /* no object of C may be larger */
        return false;
    ArenaBlock *block = malloc(overhead + capacity);
    if (block == NULL)
        return false;
    prefer_large_pages(block, overhead + capacity);
    size_t misaligned = (uintptr_t)(block + 1) % ARENA_ALIGNMENT; /* block + 1: behind the header */
    block->bytes = (unsigned char *)(block + 1) + (ARENA_ALIGNMENT - misaligned);
    block->capacity = capacity;
    block->used = 0;
    block->next = arena->blocks;
    arena->blocks = block;
    FORBID(block->bytes, capacity);
    return true;
}

static bool has_room(const Arena *arena, size_t bytes)
{
    const ArenaBlock *block = arena->blocks;
    return block != NULL && bytes <= block->capacity - block->used;
}

bool arena_reserve(Arena *arena, size_t bytes, Error *error)
{
    size_t rounded = arena_size_of(bytes, 1);
    if (has_room(arena, rounded) || add_block(arena, rounded))
        return true;
    return fail(error, "out of memory: %zu bytes asked for", bytes);
}

void *arena_alloc_raw(Arena *arena, size_t count, size_t size)
{
    size_t bytes = arena_size_of(count, size);
    if (!has_room(arena, bytes) && !add_block(arena, bytes))
        return NULL;
    ArenaBlock *block = arena->blocks;
    unsigned char *piece = block->bytes + block->used;
    block->used += bytes;
    arena->used += bytes;
    if (arena->peak < arena->used)
        arena->peak = arena->used;
    PERMIT(piece, count * size);
    return piece;
}

void *arena_alloc(Arena *arena, size_t count, size_t size)
{
    void *piece = arena_alloc_raw(arena, count, size);
    if (piece != NULL)
        memset(piece, 0, count * size);
    return piece;
}

char *arena_text(Arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = arena_alloc_raw(arena, length + 1, 1);
    if (copy == NULL)
        return NULL;
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static void free_blocks(Arena *arena)
{
    while (arena->blocks != NULL) {
        ArenaBlock *block = arena->blocks;
        arena->blocks = block->next;
        PERMIT(block->bytes, block->capacity); /* as malloc gave it */
        free(block);
    }
}

/* Several blocks go before their sum is asked for: both together would double the memory. If the
 * system then refuses, the arena is merely empty, and the next piece asks again. */
void arena_reset(Arena *arena)
{
    arena->used = 0;
    ArenaBlock *newest = arena->blocks;
    if (newest == NULL)
        return;
    if (newest->next == NULL) {
        newest->used = 0;
        FORBID(newest->bytes, newest->capacity);
        return;
    }
    size_t capacity = 0;
    for (const ArenaBlock *block = newest; block != NULL; block = block->next)
        capacity += block->capacity;
    free_blocks(arena);
    (void)add_block(arena, capacity);
}

void arena_free(Arena *arena)
{
    free_blocks(arena);
    *arena = (Arena){0};
}
