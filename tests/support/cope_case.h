/* cope_case.h: what both tests of src/pos/cope_op.c need: inputs of every kind, and the position of
 * a key once more, in plain loops on double. */
#ifndef TESTS_SUPPORT_COPE_CASE_H
#define TESTS_SUPPORT_COPE_CASE_H

#include "pos/cope_op.h"
#include "support/attention_case.h"

typedef struct CopeCase {
    AttentionCase attention; /* for its queries and keys */
    Tensor *z;
    GradInput inputs[3]; /* q, k and z, or the tensor of both and z */
    size_t n_inputs;
} CopeCase;

/* Random numbers; z is for the positions 0 ... last. */
CopeCase cope_case(Fixture *f, AttentionShape shape, size_t last);

/* A GradGraph: the bias of such a case. */
Tensor *cope_case_bias(Tape *tape, void *context);

/* Small ones first. Of all but the last, queries and keys are sorted by head. */
extern const AttentionShape cope_shapes[];
extern const size_t n_cope_shapes;

/* Where the pair (i, j) of a head begins, its queries' z, and up to which key query i sees. */
typedef struct CopeRow {
    size_t pair, z, seen;
    const real *q;
} CopeRow;

CopeRow cope_row(const CopeCase *c, size_t head, size_t i);
const real *cope_key(const CopeCase *c, size_t head, size_t u);

/* The gate of key u, and the position of key j, which is not clipped. */
double cope_gate(const CopeCase *c, const CopeRow *row, size_t head, size_t u);
double cope_position(const CopeCase *c, const CopeRow *row, size_t head, size_t j);

#endif
