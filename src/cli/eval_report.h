/* eval_report.h: the loss by context length and by position, as tables for people and as CSV.
 *
 *     context  training     windows   characters      nats      bits
 *          64        x1         832       53,248    1.7348    2.5027
 *         128        x2         416       53,248    1.7531    2.5292
 *
 * A length that was refused is a row with the reason. Positions count from 0 in CSV, as they do in
 * the model; for people there is what is known at a position, which is one character more. */
#ifndef CLI_EVAL_REPORT_H
#define CLI_EVAL_REPORT_H

#include "base/text.h"
#include "train/contexts.h"

typedef struct EvalReport {
    const ContextLoss *losses; /* [count] */
    size_t count;
    size_t block_size; /* the length of training */
    const char *unit;  /* what a token is called */
    bool causal;
} EvalReport;

/* The table by context, a row at a time: an evaluation may take a while. */
void print_context_header(const EvalReport *report);
void print_context_row(const EvalReport *report, size_t index);

/* The table by position, in groups that double: 1, 2, 3-4, 5-8, ... One column for each context
 * that was not refused. */
void print_positions(const EvalReport *report);

/* context,training,windows,characters,loss_nats,loss_bits,refused
 *     64,64,832,53248,1.73475,2.50272,
 *     128,64,0,0,nan,nan,"position 64: pos = learned was made for 64 positions, 0 to 63" */
void append_contexts_csv(const EvalReport *report, TextBuffer *out);

/* context,position,characters,loss_nats: every position. A length that was refused has one row,
 * 128,nan,0,nan. */
void append_positions_csv(const EvalReport *report, TextBuffer *out);

#endif
