/* attention_case.h: what both tests of attention need: inputs for every combination of options, and
 * attention once more, in plain loops on double and straight from the formulas. */
#ifndef TESTS_SUPPORT_ATTENTION_CASE_H
#define TESTS_SUPPORT_ATTENTION_CASE_H

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"

/* How q, k and v stand. As the linear layer before attention leaves them they are three parts of
 * one tensor; a scheme at the query-key door replaces q and k, and v alone stays there. */
typedef enum HeadLayout { SORTED_BY_HEAD, THREE_PARTS, ONLY_VALUES_A_PART } HeadLayout;

typedef struct AttentionShape {
    size_t batch, n_head, n_query, n_key, head_size;
    bool causal;
    size_t gap; /* between positions in a bias by distance: 1 for 0, 1, 2, ...; 2 for a list with
                     * gaps that starts at 300; 0: no such bias */
    size_t by_pair; /* sequences of a bias by pair: 1, or all of the batch; 0: no such bias */
    double dropout;
    size_t window;     /* 0: none */
    HeadLayout layout; /* other than SORTED_BY_HEAD: with n_query = n_key */
} AttentionShape;

/* Random inputs of such a shape: q, k, v and the biases. */
typedef struct AttentionCase {
    AttentionShape shape;
    Heads heads;
    AttentionOptions options;
    GradInput inputs[5];
    size_t n_inputs;
    size_t q_input, k_input, v_input, distance_input, pair_input; /* which of them it is */
} AttentionCase;

AttentionCase attention_case(Arena *arena, AttentionShape shape);

/* One sequence of two tokens with one head of one channel. */
Heads heads_of_two(Arena *arena, const double q[2], const double k[2], const double v[2]);

/* A GradGraph: attention on such a case. Inputs that are not sorted by head pass through the tape
 * first, so that attention is the first to give a share to a gradient that holds garbage. */
Tensor *attention_of_case(Tape *tape, void *context);

/* Shapes with every option alone and together, small and ragged, with one block of 64 queries and
 * more, with fewer queries than keys, and of the sizes used in training; without dropout. */
extern const AttentionShape attention_shapes[];
extern const size_t n_attention_shapes;

/* Results in double, without dropout. The gradients are those of the inputs in their order. */
typedef struct AttentionLiteral {
    double *weights; /* [B, H, Tq, Tk] */
    double *y;       /* [B, Tq, H D] */
    double *gradients[5];
} AttentionLiteral;

/* From dy [B, Tq, H D]. */
AttentionLiteral attention_literal(Arena *arena, const AttentionCase *c, const real *dy);

#endif
