/* sentence.h: sentences drawn by the rules of a grammar.
 *
 * Sentence number n of a seed is the same everywhere: its draws take the numbers 0, 1, 2 ... of a
 * random stream of its own (random.h), and each draw looks at the weights in the grammar only.
 * Number 0 chooses the alternative of `sentence`.
 */
#ifndef DATA_SENTENCE_H
#define DATA_SENTENCE_H

#include "base/random.h"
#include "base/text.h"
#include "data/grammar.h"

/* What has been drawn so far in a sentence, by the number of its name; NULL: nothing yet. */
typedef struct Kept {
    const Alternative *under[MAX_NAMES];
} Kept;

/* May the item draw this alternative; and the sum of the weights of all that it may draw. */
bool draw_allows(const Item *draw, const Alternative *alternative, const Kept *kept);
double draw_weight(const Item *draw, const Kept *kept);

/* Appends sentence number `number`. */
void sentence_append(const Grammar *grammar, RandomKey key, uint64_t number, TextBuffer *out);

/* Appends sentences 0, 1, 2 ... until there are at least n_characters of them; returns how many
 * characters there are. */
size_t sentences_append(const Grammar *grammar, uint64_t seed, size_t n_characters,
                        TextBuffer *out);

#endif
