/* intern.c: a hash table with open addressing over strings that lie one behind the other.
 *
 * The table has a power of two of slots, at least half of them free. A string's slot is the one
 * that its hash names, or the next free one behind it. */
#include "base/intern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"

enum { FIRST_SLOTS = 64, ALIGNMENT = 8 };

struct InternEntry {
    size_t at, length; /* in interner->bytes */
    uint64_t hash;
};

/* hash_words carries upwards; the slot is taken from the lowest bits. */
static uint64_t hash_of(const void *bytes, size_t length)
{
    return random_mix(hash_words(HASH_START, bytes, length));
}

static bool is_entry(const Interner *interner, uint32_t number, const void *bytes, size_t length,
                     uint64_t hash)
{
    const InternEntry *entry = &interner->entries[number];
    return entry->hash == hash && entry->length == length &&
           (length == 0 || memcmp(interner->bytes.bytes + entry->at, bytes, length) == 0);
}

/* The slot that holds these bytes, or the free one where they belong. */
static uint32_t *find_slot(const Interner *interner, const void *bytes, size_t length,
                           uint64_t hash)
{
    size_t mask = interner->n_slots - 1, slot = (size_t)hash & mask;
    while (interner->slots[slot] != 0 &&
           !is_entry(interner, interner->slots[slot] - 1, bytes, length, hash))
        slot = (slot + 1) & mask;
    return &interner->slots[slot];
}

/* Twice as many slots. Each entry is known to be new there, so the first free slot is its own. */
static bool grow_slots(Interner *interner)
{
    size_t n_slots = interner->n_slots > 0 ? 2 * interner->n_slots : FIRST_SLOTS;
    uint32_t *slots = calloc(n_slots, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t n = 0; n < interner->count; n++) {
        size_t slot = (size_t)interner->entries[n].hash & (n_slots - 1);
        while (slots[slot] != 0)
            slot = (slot + 1) & (n_slots - 1);
        slots[slot] = (uint32_t)n + 1;
    }
    free(interner->slots);
    interner->slots = slots;
    interner->n_slots = n_slots;
    return true;
}

static bool grow_entries(Interner *interner)
{
    size_t capacity = interner->capacity > 0 ? 2 * interner->capacity : FIRST_SLOTS;
    InternEntry *entries = realloc(interner->entries, capacity * sizeof *entries);
    if (entries == NULL)
        return false;
    interner->entries = entries;
    interner->capacity = capacity;
    return true;
}

/* Room for one more entry. */
static bool make_room(Interner *interner)
{
    return interner->count < UINT32_MAX / 2 &&
           (interner->count < interner->capacity || grow_entries(interner)) &&
           (2 * (interner->count + 1) <= interner->n_slots || grow_slots(interner));
}

uint32_t intern(Interner *interner, const void *bytes, size_t length, bool *is_new)
{
    static const char padding[ALIGNMENT] = {0};
    if (is_new != NULL)
        *is_new = false;
    if (interner->failed || !make_room(interner)) {
        interner->failed = true;
        return 0;
    }
    uint64_t hash = hash_of(bytes, length);
    uint32_t *slot = find_slot(interner, bytes, length, hash);
    if (*slot != 0)
        return *slot - 1;
    InternEntry entry = {interner->bytes.length, length, hash};
    text_append(&interner->bytes, bytes, length);
    text_append(&interner->bytes, padding, (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT);
    if (interner->bytes.failed) {
        interner->failed = true;
        return 0;
    }
    if (is_new != NULL)
        *is_new = true;
    interner->entries[interner->count++] = entry;
    *slot = (uint32_t)interner->count;
    return *slot - 1;
}

bool intern_find(const Interner *interner, const void *bytes, size_t length, uint32_t *number)
{
    if (interner->n_slots == 0)
        return false;
    uint32_t found = *find_slot(interner, bytes, length, hash_of(bytes, length));
    *number = found - 1;
    return found != 0;
}

const void *intern_bytes(const Interner *interner, uint32_t number, size_t *length)
{
    assert(number < interner->count);
    *length = interner->entries[number].length;
    return interner->bytes.bytes + interner->entries[number].at;
}

void intern_free(Interner *interner)
{
    text_buffer_free(&interner->bytes);
    free(interner->entries);
    free(interner->slots);
    *interner = (Interner){0};
}
