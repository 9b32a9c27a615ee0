/* vocab_messages.h: what people are told: the part of vocab.h about that (vocab_unit, vocab_quote),
 * and why a text is refused; for vocab.c. */
#ifndef DATA_VOCAB_MESSAGES_H
#define DATA_VOCAB_MESSAGES_H

#include "data/vocab.h"

/* All of these return false. `at` is the place of what is refused, in bytes from the start of the
 * text. */

/* A text of this name is not UTF-8, or has a NUL character. */
bool vocab_fail_byte(const char *name, const char *text, size_t at, Error *error);
bool vocab_fail_nul(const char *name, const char *text, Error *error);

/* Text to tokens: a byte that is not UTF-8, a character or a word that has no token. Most words of
 * a text are known only with the space before them: then the message says so. */
bool vocab_fail_utf8(const char *text, size_t at, Error *error);
bool vocab_fail_character(const char *text, size_t at, size_t bytes, uint32_t character,
                          Error *error);
bool vocab_fail_word(const Vocab *vocab, const char *text, size_t at, size_t bytes, Error *error);

#endif
