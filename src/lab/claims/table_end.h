/* table_end.h: where a model's positions end, and what it makes of a text that stands further on.
 */
#ifndef LAB_CLAIMS_TABLE_END_H
#define LAB_CLAIMS_TABLE_END_H

#include "lab/claims/claim.h"

/* Is every position before `length` taken, and the next one refused? */
bool table_end_is_at(const Gpt *gpt, size_t length);

/* The loss of a text in windows of `length` tokens that are said to stand at an offset: their
 * positions are offset, offset + 1, ... The same windows for each of the n offsets. */
bool table_end_losses(const Gpt *gpt, Tokens tokens, size_t length, const size_t *offsets, size_t n,
                      double *losses, Error *error);

typedef struct TableEndEvidence {
    bool ends;          /* the position behind the last row is refused */
    Estimate untrained; /* the rise of the loss, over seeds, from windows as in training to windows
                           whose second half has rows that training never reached */
} TableEndEvidence;

/* *condition is set where there is one. */
Verdict table_end_judge(const TableEndEvidence *evidence, const char **condition);

#endif
