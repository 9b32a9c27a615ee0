/* word_vocab.h: the part of vocab.h that is about words and symbols; for vocab.c. */
#ifndef DATA_WORD_VOCAB_H
#define DATA_WORD_VOCAB_H

#include "data/vocab.h"

/* Moves *at to the next word or symbol of a text, and returns how many bytes it has: 0 at the end
 * of the text, and where a word does not start with UTF-8. */
size_t word_vocab_next(VocabKind kind, const char *text, size_t length, size_t *at);

/* The token of a word; -1 if it has none. */
int word_vocab_find(const Vocab *vocab, const char *word, size_t bytes);

/* As vocab_build, of a text that is UTF-8 and has no NUL character. */
bool word_vocab_build(Arena *arena, const char *text, size_t length, Vocab *vocab, size_t *count,
                      Error *error);

/* As vocab_to_text and vocab_from_text. */
void word_vocab_to_text(const Vocab *vocab, TextBuffer *out);
bool word_vocab_from_text(Arena *arena, VocabKind kind, const char *text, size_t length,
                          Vocab *vocab, Error *error);

#endif
