/* param.h: the numbers that are learned.
 *
 * A parameter is one row of a list: name, shape, how it starts, whether it decays. Modules declare
 * their parameters first; then the list is allocated as a whole, the values of all parameters in
 * one flat buffer and their gradients in another:
 *
 *     values     | wte ......... | h.0.ln_1 | h.0.attn.c_attn ....... | ...
 *     gradients  | the same places                                       |
 *
 * so that the optimiser, the gradient clip and the checkpoint are each one loop. Every parameter
 * starts at a multiple of 64 bytes; the numbers in the gaps are zero and stay zero.
 *
 * Initial values are drawn by a parameter's *name*, so two models that share a parameter start from
 * the same numbers in it, whatever else they have.
 */
#ifndef AUTOGRAD_PARAM_H
#define AUTOGRAD_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "autograd/tensor.h"
#include "base/arena.h"
#include "base/random.h"

enum { PARAM_NAME_SIZE = 64 };

typedef enum InitKind {
    INIT_CONSTANT, /* every number is `value` */
    INIT_NORMAL,   /* normal with mean 0 and standard deviation `value` */
} InitKind;

typedef struct Init {
    InitKind kind;
    double value;
} Init;

typedef enum Decay {
    NO_DECAY,
    WEIGHT_DECAY, /* AdamW pulls it towards 0: matrices and embeddings, nothing else */
    FROZEN,       /* it stays as it starts: a constant, with no gradient and no decay */
} Decay;

typedef struct Param {
    char name[PARAM_NAME_SIZE]; /* nanoGPT's: "transformer.h.0.attn.c_attn.weight" */
    Tensor tensor;
    Init init;
    Decay decay;
    struct Param *next;
} Param;

typedef struct ParamList {
    Arena arena;
    Param *first, *last;
    size_t count;     /* parameters (rows) */
    size_t n_numbers; /* numbers in them that are learned, gaps not counted */
    size_t size;      /* length of the two buffers, gaps counted: known once they are there */
    real *values, *gradients;
} ParamList;

/* Declares a parameter. Its tensor has a shape at once and data after param_list_allocate. NULL
 * when there is no more memory. */
Tensor *param_add(ParamList *list, const char *name, size_t rank, const size_t shape[], Init init,
                  Decay decay);

/* Makes the two buffers and points every tensor into them; all values are zero. */
bool param_list_allocate(ParamList *list, Error *error);

/* Gives each parameter its initial values. */
void param_list_initialise(ParamList *list, RandomKey key);

/* Where a parameter's numbers start in the flat buffers. */
static inline size_t param_start(const ParamList *list, const Param *param)
{
    return (size_t)(param->tensor.data - list->values);
}

void param_list_zero_gradients(ParamList *list);
Param *param_find(const ParamList *list, const char *name);
void param_list_free(ParamList *list);

#endif
