/* claims_case.h: claims that are made up, and runs that never ran: their files say what a test
 * wants them to have found.
 *
 *     ClaimsCase *c = claims_case(place, claims, n_claims);
 *     c->plan.full = true;
 *     lay_out_book(c);
 *     finish_runs(c->book.experiments[0], loss);
 *     book_judge(&c->book, 1, &judgement);
 *     close_book(c);
 */
#ifndef TESTS_SUPPORT_CLAIMS_CASE_H
#define TESTS_SUPPORT_CLAIMS_CASE_H

#include "lab/claims/book.h"
#include "support/place.h"

typedef struct ClaimsCase {
    Place *place;
    BookPlan plan; /* two seeds from 7 on, a small model, the texts one.txt and two.txt */
    Book book;
} ClaimsCase;

ClaimsCase *claims_case(Place *place, const Claim *const *claims, size_t n_claims);

/* Fails the test if it cannot. */
void lay_out_book(ClaimsCase *c);
void close_book(ClaimsCase *c);

/* Writes what a run leaves, with this loss at the end; and all runs of an experiment. */
void finish_run(const Trial *trial, double loss);
void finish_runs(const Experiment *experiment, double (*loss)(const Trial *trial));

/* A claim without runs, which holds. */
extern const Claim claim_of_numbers;

/* Claims about the mean loss of the first arm: they hold where it is below 2. */
extern const Claim claim_on_text, claim_on_task, claim_on_both;

/* Answers with a figure: two curves of three points over a logarithm, with a table; four bars. */
Answer answer_with_curves(void);
Answer answer_with_bars(void);

#endif
