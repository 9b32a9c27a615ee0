/* tensor.h: an array of numbers with a shape, and room for its gradient.
 *
 * Numbers lie row-major: in a tensor of shape [B, T, C] element (b, t, c) is
 * data[(b * T + t) * C + c]. Most operations only care about the last dimension and see a tensor as
 * `rows` rows of `width` numbers.
 *
 * Letters of shapes, the same in every file:
 *     B  sequences in a batch        T  positions in a sequence      C  channels (n_embd)
 *     H  attention heads             D  channels per head, C / H     V  size of the vocabulary
 *     N  rows, whatever they are (often B * T)                       O  outputs of a linear layer
 *
 * In formulas dx is the gradient of x, and [i = j] is 1 where that holds, and 0 where it does not.
 */
#ifndef AUTOGRAD_TENSOR_H
#define AUTOGRAD_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "math/gemm.h"
#include "math/real.h"

enum { MAX_RANK = 4 };

typedef struct Tensor Tensor;

struct Tensor {
    real *data;
    real *grad; /* d loss / d data, same shape; NULL for a constant (and see tape.h) */
    size_t rank;
    size_t shape[MAX_RANK];
    bool grad_is_new; /* grad holds nothing yet: the first share is set, the others are added */

    /* For a tensor on a tape: */
    bool learns;  /* does it get a gradient in a backward pass? (A parameter has its own.) */
    Tensor *base; /* whose numbers these are, if it is only a view of them */
};

/* How many numbers there are. SIZE_MAX where a size_t is too small for that: no machine has them,
 * but a model that is only measured may ask for them. */
static inline size_t tensor_size(const Tensor *x)
{
    size_t size = 1;
    for (size_t dimension = 0; dimension < x->rank; dimension++) {
        size_t length = x->shape[dimension];
        size = length > 0 && size > SIZE_MAX / length ? SIZE_MAX : size * length;
    }
    return size;
}

/* The length of the last dimension. */
static inline size_t tensor_width(const Tensor *x)
{
    return x->shape[x->rank - 1];
}

/* How many rows of that length there are. */
static inline size_t tensor_rows(const Tensor *x)
{
    return tensor_size(x) / tensor_width(x);
}

/* How a matrix product gives its share to a gradient. */
static inline GemmMode grad_mode(const Tensor *x)
{
    return x->grad_is_new ? GEMM_SET : GEMM_ADD;
}

/* Makes a gradient ready for an operation that can only add to it. */
static inline void grad_ready_to_add(Tensor *x)
{
    if (!x || !x->grad || !x->grad_is_new)
        return;
    memset(x->grad, 0, tensor_size(x) * sizeof *x->grad);
    x->grad_is_new = false;
}

#endif
