/* order_blind.h: a reader who knows which words a sentence has so far, but not in which order.
 *
 * A word is a longest run of letters (ASCII letters and every character beyond ASCII); every other
 * character, a space too, is a word of its own. At each character this reader knows the grammar,
 * the letters of the word in progress, in order, and the words before it in the same sentence as a
 * bag: which ones, and how often each. "The man saw the snake." and "The snake saw the man." are
 * the same for such a reader.
 *
 * Of all sentences that have, at some place, the same bag and the same word in progress, the next
 * character is expected to be theirs, by their probabilities:
 *
 *     P(c)  =  (sum of P(sentence) over those that go on with c)  /  (sum over all of them)
 *
 * (A sentence has at most one such place: its number is the number of characters in bag and word.)
 * So the sentences are listed, all of them, which is possible for up to MAX_LISTED. And the text
 * must tell where a sentence ends: as soon as one may have ended, none that began in the same way
 * goes on.
 */
#ifndef DATA_ORDER_BLIND_H
#define DATA_ORDER_BLIND_H

#include "data/automaton.h"
#include "data/corpus.h"

enum { MAX_LISTED = 1000000 };

/* The losses on the `count` characters of a corpus from number `first` on. The corpus begins with a
 * sentence, and up to there the grammar allows it. *not_computed is NULL, or says why the losses
 * were not computed. */
bool order_blind_losses(const Automaton *automaton, const Corpus *corpus, size_t first,
                        size_t count, double *losses, const char **not_computed, Error *error);

#endif
