/* vocab.h: the characters a model knows, and text as a list of their numbers.
 *
 * The vocabulary of a corpus is the set of its characters (Unicode code points), in ascending
 * order; a token is the place of a character in it. So 'a' is the same token in every run on that
 * corpus, and a model that has seen Tamil or Greek needs nothing special.
 */
#ifndef DATA_VOCAB_H
#define DATA_VOCAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

typedef struct Vocab {
    size_t size;
    uint32_t *characters; /* [size], ascending code points */
} Vocab;

/* The set of characters of a text. `name` stands for the text in messages; what is not UTF-8 is
 * refused, as "NAME:3: byte 17 of the line is 0xFF: expected UTF-8". */
bool vocab_build(Arena *arena, const char *name, const char *text, size_t length, Vocab *vocab,
                 Error *error);

/* Text to tokens. `tokens` has room for one per character (one per byte is always enough);
 * *count is how many there are. A character that is not in the vocabulary is named, as
 * "character 'é' (U+00E9) at line 3: not in the vocabulary"; so is a byte that is not UTF-8. */
bool vocab_encode(const Vocab *vocab, const char *text, size_t length, int *tokens, size_t *count,
                  Error *error);

/* Appends the character of a token (0 <= token < size) to `out` as UTF-8. */
void vocab_decode(const Vocab *vocab, int token, TextBuffer *out);

/* The whole vocabulary as one UTF-8 text, each character once, and back (for checkpoints). Reading
 * refuses text that is empty, not UTF-8 or not in strictly ascending order. */
void vocab_to_text(const Vocab *vocab, TextBuffer *out);
bool vocab_from_text(Arena *arena, const char *text, size_t length, Vocab *vocab, Error *error);

bool vocab_equal(const Vocab *a, const Vocab *b);

#endif
