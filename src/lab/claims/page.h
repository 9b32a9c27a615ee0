/* page.h: the claims as one page for a browser: the verdicts first, then a section for each.
 *
 * A section is made for a class: the claim, the question to answer before the result is seen, and
 * how it is tested; the result itself is folded up on a screen, and open on paper, where each claim
 * has a page of its own. All is in the one file: no script, no font, no picture from elsewhere.
 * gnuplot's pictures in the folder (claim-3.svg) become part of it, if they are there.
 */
#ifndef LAB_CLAIMS_PAGE_H
#define LAB_CLAIMS_PAGE_H

#include "lab/claims/book.h"

typedef struct ClaimsPage {
    const BookPlan *plan;
    const Judgement *judgements; /* [count] */
    size_t count;
    const char *folder;  /* where the pictures are */
    const char *command; /* what a person would type to repeat all: "posgpt claims --seeds 3" */
} ClaimsPage;

/* The name of a claim's files without their ending: "claim-3"; NULL for lack of memory. */
const char *claim_file(Arena *arena, size_t number);

bool claims_page_write(const ClaimsPage *page, const char *path, Error *error);

#endif
