/* diagnosis.h: what is wrong with numbers that should be others, in words.
 *
 * Whoever derives a gradient by hand makes few kinds of mistakes: a sign, a factor, a transpose, a
 * place that is off by one, a term that is left out. Each leaves its trace in the numbers, and the
 * sentence that names it is worth more than "row 3: expected 0.25". Looked for are, in this order:
 *
 *     not a number; zero everywhere
 *     the numbers that a known mistake gives           (Guess, which the caller computes)
 *     got = c expected                                 a sign, or a factor, perhaps a known one
 *     got = sum of c[k] term[k]                        one term has a sign, a factor, or is missing
 *     got[i,j] = expected[j,i]                         transposed
 *     got[i,j] = expected[i-1,j], and so on            a row, or a column, too far
 *     got = expected + c, for all or row by row        a term is missing
 *
 * and if nothing fits, where it is right, and what the rest have in common: "right in row 0, wrong
 * from row 1 on: there the sign is the other way round".
 */
#ifndef TESTS_SUPPORT_DIAGNOSIS_H
#define TESTS_SUPPORT_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>

enum { MAX_GUESSES = 20, MAX_FACTORS = 8, MAX_TERMS = 4, DIAGNOSIS_SIZE = 400 };

/* What would have come out, [rows, width], if ...; NULL words: no more of them. */
typedef struct Guess {
    const char *words; /* "the 3 of the cube's derivative is missing" */
    const double *numbers;
} Guess;

/* The terms whose sum is what is expected. */
typedef struct Term {
    const char *words;     /* "what flows through the mean" */
    const double *numbers; /* [rows, width] */
} Term;

/* A factor that may have been forgotten, or used once too often. */
typedef struct Factor {
    const char *words; /* "sqrt(D)" */
    double value;
    int power; /* in the right formula: 1, -1 if it divides, 0 if it does not occur */
} Factor;

typedef struct Numbers {
    const char *name;             /* "dW" */
    const double *got, *expected; /* [rows, width] */
    size_t rows, width;
    const char *row, *column; /* what these are: "position"; NULL: "row" and "column" */
    const char *not_a_number; /* where a NaN may come from; NULL: that is not known */
    double tolerance;         /* of a number, relative to the largest that is expected */
    Guess guesses[MAX_GUESSES];
    Factor factors[MAX_FACTORS];
    Term terms[MAX_TERMS];
} Numbers;

/* Are they right? In any case says in `words` what there is to say. */
bool diagnose(const Numbers *numbers, char words[DIAGNOSIS_SIZE]);

#endif
