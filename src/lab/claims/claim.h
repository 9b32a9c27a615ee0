/* claim.h: what it takes to put a saying about positional embeddings to the test.
 *
 * A claim is one file in this folder. It says, in words, what is claimed, what is varied and what
 * is held, and what has to come out for which verdict; and it holds the experiment. An experiment
 * is of one or both of two kinds:
 *
 *     exact      a property of a scheme's formula: tested on numbers, to rounding
 *     learned    about what training makes of it: tested on runs, over paired seeds (statistics.h)
 *
 * Runs come from one pool that all claims share (experiments.h), so that nothing is trained twice.
 */
#ifndef LAB_CLAIMS_CLAIM_H
#define LAB_CLAIMS_CLAIM_H

#include "lab/claims/experiments.h"
#include "lab/findings.h"

typedef enum Verdict {
    HOLDS,
    HOLDS_UNDER_A_CONDITION, /* `condition` names it, and `deciding` has both figures */
    DOES_NOT_HOLD,
    NOT_SHOWN, /* the seeds do not tell */
} Verdict;

extern const char *const verdict_names[]; /* "holds", "holds under a condition", ... */

/* Numbers to draw: curves, or bars where x is the number of a name. */
typedef struct AnswerSeries {
    const char *name;
    const PosScheme *scheme;  /* whose colour it has; NULL: a grey */
    const double *x, *y;      /* [count] */
    const double *low, *high; /* 95 % intervals; NULL: none */
    size_t count;
} AnswerSeries;

typedef struct AnswerFigure {
    const char *title, *x_name, *y_name;
    bool x_is_log, y_is_log;
    const char *const *x_words; /* [n_x_words]: names at x = 0, 1, 2, ... in place of numbers */
    size_t n_x_words;
    double trained_up_to; /* x up to which the axis is shaded; 0: not at all */
    const AnswerSeries *series;
    size_t n_series;
} AnswerFigure;

/* A table of texts: a header and rows of as many cells. */
typedef struct AnswerTable {
    const char *const *header; /* [n_columns] */
    const char *const *cells;  /* [n_rows, n_columns] */
    size_t n_columns, n_rows;
} AnswerTable;

typedef struct Answer {
    Verdict verdict;
    const char *condition; /* "of the scores, not of the model's output"; "" where there is none */
    const char *deciding;  /* the number that decides, in one line of at most 100 characters */
    const char *text;      /* what was found, in a few sentences, for which data and size */
    AnswerTable table;     /* n_rows = 0: none */
    AnswerFigure figure;   /* n_series = 0: none */
} Answer;

/* What a claim works with. */
typedef struct ClaimDesk {
    Arena *arena;
    Findings *findings[N_EXPERIMENTS]; /* of the experiments that the claim draws on; else NULL */
    size_t first_seed;                 /* for random numbers of the claim's own */
} ClaimDesk;

typedef struct Claim {
    const char *name;     /* "order", for files and links */
    const char *says;     /* the claim in our own words */
    const char *question; /* to answer before the result is seen */
    const char *varied, *held, *criterion;
    const char *discuss[3];       /* questions for afterwards; NULL: no more */
    const ExperimentId *draws_on; /* ended by NO_EXPERIMENT */
    bool (*examine)(const ClaimDesk *desk, Answer *answer, Error *error);
} Claim;

/* Every claim; number n is claims[n - 1]. */
extern const Claim *const claims[];
extern const size_t claim_count;

#endif
