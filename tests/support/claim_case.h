/* claim_case.h: a desk for a claim, with made-up runs (see findings_case.h). */
#ifndef TESTS_SUPPORT_CLAIM_CASE_H
#define TESTS_SUPPORT_CLAIM_CASE_H

#include "support/findings_case.h"

#include "lab/claims/claim.h"

/* Gives each seed of an arm the losses at these lengths, on the same targets, moved by up to
 * +-spread from seed to seed; the same in all runs of a seed but for a tenth of that. NaN: refused.
 * loss [n_contexts of the plan] */
void give_lengths(FindingsCase *made, size_t arm, const double *loss, double spread);

/* What a claim about a text finds in models of every scheme, as saved_models.h writes them, for two
 * seeds. Fails the test where it finds nothing, or owes something to a reader (below); and where it
 * still finds something when the models' files are gone. The answer lives in the arena. */
Answer answer_from_models(Arena *arena, const Claim *claim);

/* What every answer owes to a reader: a deciding number of at most 100 characters, a text, a table
 * without holes, curves with names; a condition where the verdict has one, and only there. */
void check_answer(const Answer *answer);

#endif
