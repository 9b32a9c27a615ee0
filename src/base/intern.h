/* intern.h: numbers for strings of bytes: the same bytes always have the same number.
 *
 * The first string gets 0, the next new one 1, and so on:
 *
 *     Interner names = {0};
 *     bool is_new;
 *     intern(&names, "fox", 3, &is_new)     0, new
 *     intern(&names, "hen", 3, &is_new)     1, new
 *     intern(&names, "fox", 3, &is_new)     0
 *
 * So whatever can be described by bytes (a state of an automaton by what follows it, say) is kept
 * once, and two of a kind are the same if their numbers are. A struct may be interned where it has
 * no padding: the bytes of padding are not defined.
 */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

typedef struct InternEntry InternEntry;

/* Starts as {0}. When memory runs out, `failed` is set and every further number is 0: check it
 * once, at the end. */
typedef struct Interner {
    TextBuffer bytes;     /* the strings, each at a multiple of 8 */
    InternEntry *entries; /* [count] */
    uint32_t *slots;      /* a hash table of numbers + 1; 0: free */
    size_t count, capacity, n_slots;
    bool failed;
} Interner;

/* The number of these bytes. *is_new (if asked for) says whether they were not there before. */
uint32_t intern(Interner *interner, const void *bytes, size_t length, bool *is_new);

/* The same for bytes that may not be there; false where they are not. */
bool intern_find(const Interner *interner, const void *bytes, size_t length, uint32_t *number);

/* The bytes with this number, aligned to 8; they stay there until the next call of intern(). */
const void *intern_bytes(const Interner *interner, uint32_t number, size_t *length);

void intern_free(Interner *interner);

#endif
