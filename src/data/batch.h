/* batch.h: windows of a text as inputs and targets.
 *
 * A window of T characters that starts at s gives T questions at once: after text[s .. s+t], which
 * character comes next?
 *
 *     inputs   text[s]   text[s+1] ... text[s+T-1]
 *     targets  text[s+1] text[s+2] ... text[s+T]
 *
 * A model that sees both sides (causal = no) would find the answer in its own input, so it gets
 * another task, that of BERT (Devlin et al. 2018, section 3.1, without its 80/10/10 mix): some
 * characters are hidden behind a mask token, the targets are those characters, and every other
 * position asks nothing (NO_TARGET).
 */
#ifndef DATA_BATCH_H
#define DATA_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/random.h"
#include "data/corpus.h"

enum { NO_TARGET = -1 }; /* a position that asks nothing and counts for no loss */

/* The share of characters that are hidden from a model that sees both sides. */
#define MASK_RATE 0.15

typedef struct Batch {
    size_t batch_size, block_size; /* B and T */
    int *inputs;                   /* [B, T] */
    int *targets;                  /* [B, T] */
    size_t first_window;           /* the number of the first row's window; 0 for random ones */
} Batch;

/* Room for B windows of T; false when there is no more memory. */
bool batch_alloc(Arena *arena, size_t batch_size, size_t block_size, Batch *batch, Error *error);

/* B windows from random places; the same key gives the same places. tokens.count > T. */
void batch_draw(Batch *batch, Tokens tokens, RandomKey key);

/* How many windows of T stand side by side in a text, each with its targets. */
size_t window_count(Tokens tokens, size_t block_size);

/* The windows number first ... first + B - 1 of those, for the exact loss of a whole text, which
 * has at least one. Rows past the last window hold the text's first one and ask nothing. Returns
 * how many rows are real. */
size_t batch_windows(Batch *batch, Tokens tokens, size_t first);

/* Makes a row the window that starts at `start`, of which only the last `asked` targets are asked
 * for; the others are NO_TARGET. The text has all its targets. */
void batch_window_end(Batch *batch, size_t row, Tokens tokens, size_t start, size_t asked);

/* Turns next-character questions into hidden-character ones: each position is hidden with
 * probability MASK_RATE, decided by the key, the number of its window (first_window + row) and its
 * place in it: so what is hidden in a text does not depend on the batch size. A row in which chance
 * hides nothing hides its position (window number mod T), so that every row asks something. Rows
 * that ask nothing at all stay that way. */
void batch_hide(Batch *batch, int mask_token, RandomKey key);

#endif
