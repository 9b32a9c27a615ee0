/* metrics.h: how a run went, as a table in a file: metrics.csv.
 *
 *     step,train_loss,val_loss,learning_rate,grad_norm,chars_per_second,elapsed_s
 *     0,nan,4.1693387,nan,nan,nan,0.51
 *     10,3.4527...,nan,0.0001,...
 *
 * A row stands for the moment after `step` updates. Losses are in nats per token, which is a
 * character unless the run says `tokens = word`; of a task, in nats per answer. What was not
 * measured then is `nan`. Numbers have the digits that read back to the same float.
 */
#ifndef TRAIN_METRICS_H
#define TRAIN_METRICS_H

#include <stdio.h>

#include "base/arena.h"

typedef struct MetricsRow {
    size_t step;
    double train_loss;       /* mean of the batches since the row before, with dropout as it is */
    double val_loss;         /* of the whole validation split */
    double learning_rate;    /* of the last update */
    double grad_norm;        /* of the last update, before clipping */
    double chars_per_second; /* tokens that training read, since the row before */
    double elapsed_s;        /* of training, evaluation included */
} MetricsRow;

/* The rows of a file. Messages say file:line. A last line without its end, which an interrupted
 * write leaves behind, is passed over. */
bool metrics_read(Arena *arena, const char *path, MetricsRow **rows, size_t *count, Error *error);

/* Makes the file anew with these rows, and keeps it open for more; NULL on failure. */
FILE *metrics_open(const char *path, const MetricsRow *rows, size_t count, Error *error);

/* Appends a row at once, so that a plot can follow the run. */
bool metrics_append(FILE *stream, const char *path, const MetricsRow *row, Error *error);

/* Puts the rows on the disk, where a checkpoint that continues them will be. */
bool metrics_sync(FILE *stream, const char *path, Error *error);

#endif
