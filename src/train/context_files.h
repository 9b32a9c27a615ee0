/* context_files.h: the loss by context length and by position as CSV, in files and back.
 *
 *     context,training,windows,characters,loss_nats,loss_bits,same_characters,same_nats,
 *                                                                         same_bits,refused
 *     64,64,832,53248,1.25006557,1.80346339,4096,1.2158041,1.75403454,
 *     128,64,0,0,nan,nan,0,nan,nan,"position 64: pos = learned was made for 64 positions, 0 to 63"
 *
 * `training` is the length of training; `same_...` is about the loss on the same targets at every
 * length (see sliding.h), which a model that sees both sides has not. Where tokens are words, the
 * columns say words. The other table has every position, from 0 on, and one row for a length that
 * was refused:
 *
 *     context,position,characters,loss_nats
 *     64,0,832,2.3250137
 *     128,nan,0,nan
 *
 * A run leaves the pair as contexts.csv and contexts-by-position.csv, `posgpt eval` as eval.csv and
 * eval-by-position.csv. Where a setting is other than in training, these two have one more
 * column, `changed`, that says so in each row: "key = value".
 */
#ifndef TRAIN_CONTEXT_FILES_H
#define TRAIN_CONTEXT_FILES_H

#include "base/text.h"
#include "train/contexts.h"

typedef struct ContextTable {
    ContextLoss *losses; /* [count] */
    size_t count;
    size_t block_size;   /* the length of training */
    const char *unit;    /* what a token is called: "character" */
    const char *changed; /* since training; NULL: nothing was, and there is no such column */
} ContextTable;

void contexts_append(const ContextTable *table, TextBuffer *out);
void positions_append(const ContextTable *table, TextBuffer *out);

/* Writes both files, the one by context last. */
bool context_files_write(const ContextTable *table, const char *contexts, const char *positions,
                         Error *error);

/* Reads the file by context. It does not hold how a loss was computed (batch_size, targets.first),
 * nor the sums by position: these stay 0 and NULL. */
bool contexts_read(Arena *arena, const char *path, ContextTable *table, Error *error);

/* Adds the sums by position to a table that was read. Refuses a file of other lengths. */
bool positions_read(Arena *arena, const char *path, ContextTable *table, Error *error);

#endif
