/* words.c: a hash table of words, and a walk over the words of a text.
 *
 * The table has a power of two of slots, at least half of them free. A word's place is the slot
 * that its hash names, or the next free one behind it. Words stand in it in small letters. */
#include "data/words.h"

#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

enum { FIRST_SLOTS = 1024 };

typedef struct Word {
    const char *at;
    size_t length; /* bytes */
} Word;

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Each byte of a character beyond ASCII is >= 0x80. */
static bool is_in_word(char byte)
{
    return (lower(byte) >= 'a' && lower(byte) <= 'z') || (unsigned char)byte >= 0x80;
}

/* Moves *at behind the next word that counts. */
static bool next_word(const char **at, const char *end, Word *word)
{
    while (*at < end) {
        const char *start = *at;
        size_t letters = 0;
        for (; *at < end && is_in_word(**at); ++*at)
            letters += !utf8_continues(**at);
        if (letters >= WORD_MIN_LETTERS) {
            *word = (Word){start, (size_t)(*at - start)};
            return true;
        }
        if (*at == start)
            ++*at;
    }
    return false;
}

/* Of the word in small letters. */
static uint64_t hash_word(Word word)
{
    uint64_t hash = HASH_START;
    for (size_t b = 0; b < word.length; b++)
        hash = hash_byte(hash, (unsigned char)lower(word.at[b]));
    return hash;
}

static bool is_same(const char *known, Word word)
{
    for (size_t b = 0; b < word.length; b++)
        if (known[b] != lower(word.at[b])) /* the 0 that ends `known` is no letter */
            return false;
    return known[word.length] == '\0';
}

/* The slot that holds the word, or the free one where it belongs. */
static const char **find_slot(const WordSet *set, Word word)
{
    size_t slot = (size_t)hash_word(word) & (set->n_slots - 1);
    while (set->slots[slot] != NULL && !is_same(set->slots[slot], word))
        slot = (slot + 1) & (set->n_slots - 1);
    return &set->slots[slot];
}

/* The same words in a table of another size. */
static bool resize(Arena *arena, WordSet *set, size_t n_slots)
{
    WordSet larger = {.slots = arena_alloc(arena, n_slots, sizeof *larger.slots),
                      .n_slots = n_slots,
                      .count = set->count};
    if (larger.slots == NULL)
        return false;
    for (size_t s = 0; s < set->n_slots; s++)
        if (set->slots[s] != NULL)
            *find_slot(&larger, (Word){set->slots[s], strlen(set->slots[s])}) = set->slots[s];
    *set = larger;
    return true;
}

static bool add_word(Arena *arena, WordSet *set, Word word)
{
    const char **slot = find_slot(set, word);
    if (*slot != NULL)
        return true;
    char *copy = arena_text(arena, word.at, word.length);
    if (copy == NULL)
        return false;
    for (size_t b = 0; b < word.length; b++)
        copy[b] = lower(copy[b]);
    *slot = copy;
    set->count++;
    return 2 * set->count <= set->n_slots || resize(arena, set, 2 * set->n_slots);
}

bool words_collect(Arena *arena, const char *text, size_t length, WordSet *set, Error *error)
{
    *set = (WordSet){0};
    bool ok = resize(arena, set, FIRST_SLOTS);
    Word word;
    for (const char *at = text, *end = text + length; ok && next_word(&at, end, &word);)
        ok = add_word(arena, set, word);
    return ok || fail(error, "out of memory: %zu words", set->count);
}

void words_known(const WordSet *set, const char *sample, size_t length, size_t *words,
                 size_t *known)
{
    *words = *known = 0;
    Word word;
    for (const char *at = sample, *end = sample + length; next_word(&at, end, &word);) {
        ++*words;
        *known += *find_slot(set, word) != NULL;
    }
}
