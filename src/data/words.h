/* words.h: how many words of a sample are words of the corpus: a number for "readable".
 *
 * A word is a longest run of letters (ASCII letters and every character beyond ASCII), compared
 * without regard to ASCII case; only those of three letters or more count.
 */
#ifndef DATA_WORDS_H
#define DATA_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { WORD_MIN_LETTERS = 3 };

typedef struct WordSet {
    const char **slots; /* open addressing, a power of two; NULL: free */
    size_t n_slots, count;
} WordSet;

/* The words of a UTF-8 text. */
bool words_collect(Arena *arena, const char *text, size_t length, WordSet *set, Error *error);

/* How many words of a sample there are, and how many of them are in the set. */
void words_known(const WordSet *set, const char *sample, size_t length, size_t *words,
                 size_t *known);

#endif
