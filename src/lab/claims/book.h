/* book.h: the claims and their experiments together: what has to be run, and what comes of it.
 *
 *     book_init       lays out the experiments that the claims draw on
 *     pool.h          makes their runs, each of them once
 *     book_judge      asks one claim for its answer
 */
#ifndef LAB_CLAIMS_BOOK_H
#define LAB_CLAIMS_BOOK_H

#include "lab/claims/view.h"

/* What is asked for. The texts outlive the book. */
typedef struct BookPlan {
    const Claim *const *claims; /* [n_claims]; number n is claims[n - 1] */
    size_t n_claims;
    size_t only; /* the number of a claim; 0: all */
    ExperimentScale scale;
    bool full;              /* every view of view.h, not only the common rate */
    const char *other_text; /* of OTHER_TEXT */
} BookPlan;

enum { N_RATES = 3 };

/* An experiment in all that it is laid out for. NULL: it is not. */
typedef struct Entry {
    Experiment *at_rate[N_RATES]; /* the first one at the common rate */
    Experiment *on_other_text;
    Findings *findings[N_VIEWS]; /* NULL: not read yet */
} Entry;

typedef struct Book {
    Arena *arena;
    BookPlan plan;
    Entry entries[N_EXPERIMENTS];
    const Experiment *experiments[N_EXPERIMENTS * (N_RATES + 1)]; /* in a row, those needed */
    size_t n_experiments;
} Book;

/* What came of one claim. */
typedef struct Judgement {
    size_t number;
    const Claim *claim;
    const char *missing; /* why there is no answer; NULL: there is one */
    Answer answer;       /* of all views together */
    ViewAnswer views[N_VIEWS];
    size_t n_views;
    const Experiment *drawn_on[N_EXPERIMENTS]; /* at the common rate */
    size_t n_drawn_on;
} Judgement;

/* Nothing runs, and nothing is written. */
bool book_init(Book *book, Arena *arena, const BookPlan *plan, Error *error);
void book_free(Book *book);

/* Judges claim number n, from 1, by the runs that there are. It needs all of them: an answer from a
 * part of the seeds would be another answer. */
void book_judge(Book *book, size_t number, Judgement *judgement);

#endif
