/* vocab.h: what a model reads and writes, piece by piece, and text as a list of their numbers.
 *
 * A token is the place of a piece in the vocabulary. What the pieces are, the vocabulary says:
 *
 *     characters   of a text (Unicode code points), in ascending order. So 'a' is the same token in
 *                  every run on that text, and Tamil or Greek need nothing special
 *     words        of a text, with the space before them, and what stands between them (split.h),
 *                  in ascending order of their bytes
 *     symbols      words of a list, in its order; in a text, white space stands between them and
 *                  means nothing
 *
 * Text that is decoded from its tokens is the same text again; where tokens are symbols, each has
 * one space before it.
 */
#ifndef DATA_VOCAB_H
#define DATA_VOCAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

typedef enum VocabKind { VOCAB_CHARACTERS, VOCAB_WORDS, VOCAB_SYMBOLS } VocabKind;

/* "char", "word", "symbol", NULL: as settings and files call them. */
extern const char *const vocab_kind_names[];

enum { VOCAB_MAX_WORDS = 1 << 20 }; /* far more than a small model has use for */

typedef struct Vocab {
    VocabKind kind;
    size_t size;
    uint32_t *characters; /* [size], ascending code points; NULL where tokens are words, symbols */
    const char **words;   /* [size]; NULL where they are characters */
    struct WordSlot *slots; /* [n_slots]: where a word is found (word_vocab.c) */
    size_t n_slots;
} Vocab;

/* The characters or the words of a text; *count is how many of them it has, each counted as often
 * as it is there. `name` stands for the text in messages. Refused: what is not UTF-8, as "NAME:3:
 * byte 17 of the line is 0xFF: expected UTF-8", a NUL character, and more than VOCAB_MAX_WORDS
 * different words. */
bool vocab_build(Arena *arena, VocabKind kind, const char *name, const char *text, size_t length,
                 Vocab *vocab, size_t *count, Error *error);

/* Symbols, of which none is empty, there twice, or has white space in it. */
bool vocab_of_words(Arena *arena, const char *const *words, size_t count, Vocab *vocab,
                    Error *error);

/* Text to tokens. `tokens` has room for vocab_count of them (one per byte is always enough); *count
 * is how many there are. What is not in the vocabulary is named, as "character 'é' (U+00E9) at line
 * 3: not in the vocabulary"; so is a byte that is not UTF-8. */
bool vocab_encode(const Vocab *vocab, const char *text, size_t length, int *tokens, size_t *count,
                  Error *error);

/* How many tokens a text of UTF-8 has. */
size_t vocab_count(const Vocab *vocab, const char *text, size_t length);

/* Appends the text of a token (0 <= token < size) to `out` as UTF-8. */
void vocab_decode(const Vocab *vocab, int token, TextBuffer *out);

/* The same for people to look at: in quotes, with line breaks and the like as '\n'. Of a long
 * word they see the beginning: 'supercali...'. */
void vocab_quote(const Vocab *vocab, int token, TextBuffer *out);

/* What people call a token: "character", "word" or "symbol". */
const char *vocab_unit(const Vocab *vocab);

/* The whole vocabulary as one UTF-8 text and back (for checkpoints): each character once; or each
 * word with a line break behind it. Reading refuses text that is not UTF-8 or of which no
 * vocabulary is made: nothing in it, not in strictly ascending order, a line that is not one word,
 * a symbol that is there twice. */
void vocab_to_text(const Vocab *vocab, TextBuffer *out);
bool vocab_from_text(Arena *arena, VocabKind kind, const char *text, size_t length, Vocab *vocab,
                     Error *error);

bool vocab_equal(const Vocab *a, const Vocab *b);

#endif
