/* judge.h: what the judges of all exercises share.
 *
 * A judge asks the library, in which a student's file stands in for one of its own, for numbers,
 * and computes the same numbers once more straight from a definition, on double. A gradient is not
 * derived a second time: it is measured, by differences of the operation's definition. Each line
 * of the verdict is one thing that was looked at:
 *
 *     dx      right, all 35 numbers
 *     db      every number is 5 times too small: divided once too often by N, the number of rows
 */
#ifndef TESTS_EXERCISES_JUDGE_H
#define TESTS_EXERCISES_JUDGE_H

#include "autograd/tape.h"
#include "base/arena.h"
#include "support/diagnosis.h"

typedef struct Judge {
    Arena arena;  /* inputs and expectations */
    Tape tape;    /* with gradients */
    size_t wrong; /* lines of the verdict that were not good */
} Judge;

/* One for each exercise. */
void judge_gelu(Judge *judge);
void judge_linear(Judge *judge);
void judge_cross_entropy(Judge *judge);
void judge_mask(Judge *judge);
void judge_sinusoid(Judge *judge);
void judge_rotation(Judge *judge);
void judge_bucket(Judge *judge);
void judge_layer_norm(Judge *judge);

/* Prints a line about these numbers. True if they are right; the tolerance is set here. */
bool judge_numbers(Judge *judge, Numbers numbers);

/* Prints a line of its own that counts as wrong. */
void judge_say_wrong(Judge *judge, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);

/* Says on stderr what is tried now, and what is the matter if the program ends there: the command
 * around the judge (scripts/exercise.sh) shows it then. */
void judge_try(const char *name, const char *format, ...) PRINTF_LIKE(2, 3);

/* n numbers: zero; and such as stand at `data`. Ends the program where there is no memory. */
double *judge_doubles(Judge *judge, size_t n);
double *judge_as_doubles(Judge *judge, const real *data, size_t n);
Tensor *judge_tensor(Judge *judge, uint64_t seed, size_t rows, size_t width); /* standard normal */
void judge_need(bool there, const char *what);

/* Operations: the same numbers again, as a tensor of the tape; and the sum of r[i] y[i], from which
 * the gradient r reaches y. */
Tensor *judge_copy(Tape *tape, Tensor *x);
Tensor *judge_sum(Tape *tape, Tensor *y, const double *r);

/* --- the gradients of an operation --- */

enum { MAX_INPUTS = 3 };

typedef struct Operation {
    const char *names[MAX_INPUTS]; /* of the gradients: "dx" */
    Tensor *inputs[MAX_INPUTS];
    size_t n_inputs, rows, width; /* of y */
    Tensor *(*record)(Tape *tape, Tensor *const inputs[]);
    void (*define)(const Tensor *const shapes[], double *const inputs[], double *y);
    /* Adds guesses, factors and terms to the numbers of one input's gradient, from the inputs and
     * from r, the gradient that reaches y. NULL: there are none. */
    void (*guess)(Judge *judge, const struct Operation *op, size_t input, const double *r,
                  Numbers *numbers);
} Operation;

/* Judges y and each gradient: alone, added to what is there, and set where nothing is there yet. */
void judge_operation(Judge *judge, const Operation *op);

#endif
