/* eval_report.h: the loss by context length and by position, as tables for people. (As CSV: see
 * train/context_files.h.)
 *
 *                             windows side by side      the same 4,096
 *     context  training  windows   characters    nats    bits     nats    bits
 *          64        x1      832       53,248  1.2501  1.8035   1.2158  1.7540
 *         128        x2      416       53,248  1.4898  2.1494   2.1406  3.0883
 *
 * A single length has nothing to be compared with, and so no second pair of columns; neither has a
 * model that sees both sides. A length that was refused is a row with the reason. Positions count
 * from 0 in CSV, as they do in the model; for people there is what is known at a position, which is
 * one character more. */
#ifndef CLI_EVAL_REPORT_H
#define CLI_EVAL_REPORT_H

#include "train/context_files.h"

typedef struct EvalReport {
    ContextTable table;
    bool causal;
} EvalReport;

/* The table by context, a row at a time: an evaluation may take a while. */
void print_context_header(const EvalReport *report);
void print_context_row(const EvalReport *report, size_t index);

/* What the two pairs of columns are for, in a sentence; nothing where there is one pair. */
void print_context_note(const EvalReport *report);

/* The table by position, in groups that double: 1, 2, 3-4, 5-8, ... One column for each context
 * that was not refused. */
void print_positions(const EvalReport *report);

#endif
