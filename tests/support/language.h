/* language.h: a language as the list of all its sentences, and what can be expected of its texts.
 *
 * Everything is computed from the list, by the definition of a conditional probability and the
 * slowest loops, with nothing of src/data. */
#ifndef TESTS_SUPPORT_LANGUAGE_H
#define TESTS_SUPPORT_LANGUAGE_H

#include "support/check.h"

#include "base/error.h"

enum { MOST_SENTENCES = 256, LONGEST_SENTENCE = 96 };

typedef struct Sentence {
    char text[LONGEST_SENTENCE]; /* ASCII */
    double probability;
} Sentence;

typedef struct Language {
    Sentence sentences[MOST_SENTENCES];
    size_t count;
} Language;

void language_add(Language *language, double probability, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The probability that a text which begins with a sentence begins with these characters. */
double language_begins(const Language *language, const char *text, size_t length);

/* The probability that a text goes on with these characters from a place chosen at random. */
double language_goes_on(const Language *language, const char *text, size_t length);

/* The loss on the character behind the first `length` ones of a sentence, for a reader who knows
 * the words before as a bag (data/order_blind.h). */
double language_order_blind_loss(const Language *language, const char *sentence, size_t length);

#endif
