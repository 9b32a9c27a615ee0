/* floors.h: how low the loss on a text can be, exactly, where its grammar is known.
 *
 * Three readers know the grammar and are asked what the evaluation of a model asks (batch.h): in
 * windows of T characters side by side, each character behind the first one of its window. Their
 * losses on that very text, in nats per character, differ in what they have seen:
 *
 *     past         everything before, from the first character of the whole text on
 *     window       what a model sees: the characters of the window so far
 *     order-blind  the word in progress, and of the sentence so far which words it has, but not in
 *                  which order (order_blind.h)
 *
 * No model of context T can be below `window`, but by luck, which a long text leaves little of. One
 * that is below `order-blind` makes use of the order of words.
 *
 * The text has to begin with a sentence of the grammar; it may end in the middle of one.
 */
#ifndef DATA_FLOORS_H
#define DATA_FLOORS_H

#include "data/automaton.h"
#include "data/corpus.h"

/* NaN stands for what was not computed. */
typedef struct Floor {
    double mean;
    double *by_position; /* [T]: mean over the windows, as in evaluate.h */
} Floor;

typedef struct Floors {
    size_t windows, questions; /* questions = windows * T */
    Floor past, window, order_blind;
    const char *not_computed; /* why the order-blind floor was not; NULL: it was */
} Floors;

/* All three for a part of a corpus that is longer than T = block_size. The floors live in the
 * arena. A text that the grammar does not allow is refused at its first such character, as
 * "x.txt:3:17: 'q': ..." (line and column). */
bool floors_compute(Arena *arena, const Automaton *automaton, const Corpus *corpus, Tokens part,
                    size_t block_size, Floors *floors, Error *error);

/* The window floor alone, from the file of the grammar. */
bool floors_window(const char *grammar_path, const Corpus *corpus, Tokens part, size_t block_size,
                   double *nats, Error *error);

#endif
