/* memory.c: malloc and its family, and a list of what is not freed. */
#define _GNU_SOURCE
#include "faults/interpose.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What the C library calls them where they cannot be replaced. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

enum { MAX_BLOCKS = 1 << 16 };
static struct {
    const void *block;
    const char *caller;
} blocks[MAX_BLOCKS];
static size_t n_blocks;

size_t fault_count_blocks(void)
{
    return n_blocks;
}

const char *fault_caller_of_block(size_t block)
{
    return blocks[block].caller;
}

static void *note_block(void *block, const char *caller)
{
    if (block && fault_is_on() && n_blocks < MAX_BLOCKS) {
        blocks[n_blocks].block = block;
        blocks[n_blocks++].caller = caller;
    }
    return block;
}

/* The newest are most often the first to go. */
static void forget_block(const void *block)
{
    for (size_t b = n_blocks; b-- > 0;)
        if (blocks[b].block == block) {
            blocks[b] = blocks[--n_blocks];
            return;
        }
}

/* The runtime of OpenMP ends the program by itself when memory runs out, and keeps what it has; so
 * its calls do not count. */
static bool is_of_openmp(const char *caller)
{
    Dl_info info;
    return fault_is_on() && dladdr(caller, &info) != 0 && info.dli_fname &&
           strstr(info.dli_fname, "omp.so");
}

void *malloc(size_t size)
{
    const char *caller = __builtin_return_address(0);
    if (is_of_openmp(caller))
        return __libc_malloc(size);
    return fault_hits(FAULT_ALLOCATE) ? NULL : note_block(__libc_malloc(size), caller);
}

void *calloc(size_t count, size_t size)
{
    const char *caller = __builtin_return_address(0);
    if (is_of_openmp(caller))
        return __libc_calloc(count, size);
    return fault_hits(FAULT_ALLOCATE) ? NULL : note_block(__libc_calloc(count, size), caller);
}

void *realloc(void *block, size_t size)
{
    const char *caller = __builtin_return_address(0);
    uintptr_t before = (uintptr_t)block;
    if (is_of_openmp(caller))
        return __libc_realloc(block, size);
    if (fault_hits(FAULT_ALLOCATE))
        return NULL;
    void *after = __libc_realloc(block, size);
    if (after)
        forget_block((const void *)before);
    return note_block(after, caller);
}

void free(void *block)
{
    if (block)
        forget_block(block);
    __libc_free(block);
}
