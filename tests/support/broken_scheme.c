/* broken_scheme.c: rotary schemes on plain loops, with a fault each. */
#include "support/broken_scheme.h"

#include <math.h>

/* A copy with every vector turned: plane i of the token at position m by angle(m) theta[i]. */
static HeadView turned(Tape *tape, HeadView x, Positions positions, double base,
                       double (*angle)(double m))
{
    HeadView y = head_view_copy(tape, &x);
    for (size_t b = 0; b < y.batch; b++)
        for (size_t h = 0; h < y.n_head; h++)
            for (size_t t = 0; t < y.length; t++) {
                real *v = y.x->data + head_place(&y, b, h, t);
                for (size_t i = 0; i < y.head_size; i += 2) {
                    double phi =
                        angle(positions.at[t]) * pow(base, -(double)i / (double)y.head_size);
                    double p = (double)v[i], q = (double)v[i + 1];
                    v[i] = (real)(p * cos(phi) - q * sin(phi));
                    v[i + 1] = (real)(p * sin(phi) + q * cos(phi));
                }
            }
    return y;
}

static double forward(double m)
{
    return m;
}

static double backward(double m)
{
    return -m;
}

static double one_ahead(double m)
{
    return m + 1;
}

static double squared(double m)
{
    return m * m;
}

static void change_queries_and_keys(Tape *tape, PosSite *site, RopeFault fault)
{
    double (*of_q)(double) = fault == WRONG_SIGN ? backward : forward;
    double (*of_k)(double) = fault == KEYS_ONE_AHEAD     ? one_ahead
                             : fault == KEYS_BY_POSITION ? squared
                                                         : of_q;
    double base = fault == WRONG_BASE ? 9000 : 10000;
    if (fault == TOKENS_VECTOR || (fault == ONLY_FIRST_LAYER && site->layer > 0))
        return;
    site->heads.q = turned(tape, site->heads.q, site->queries, base, of_q);
    if (fault != QUERIES_ONLY)
        site->heads.k = turned(tape, site->heads.k, site->queries, base, of_k);
    if (fault == VALUES_TOO)
        site->heads.v = turned(tape, site->heads.v, site->queries, base, forward);
    if (fault == LONGER)
        site->heads.k.x->data[5] *= (real)1.001;
    if (fault == NAN_IN_A_KEY)
        site->heads.k.x->data[5] = (real)NAN;
}

static Tensor *change_embedding(Tape *tape, Tensor *x, Positions positions, RopeFault fault)
{
    HeadView view = head_view(x, 1, 0, 1);
    if (fault == TOKENS_VECTOR)
        return turned(tape, view, positions, 1, forward).x;
    if (fault != EMBEDDING_TOO)
        return x;
    Tensor *y = head_view_copy(tape, &view).x;
    y->data[3] += (real)0.001;
    return y;
}

/* A scheme has no room for a fault, so there is a pair of functions for each. */
#define FAULTS(ROW)                                                                                \
    ROW(NO_FAULT)                                                                                  \
    ROW(WRONG_SIGN)                                                                                \
    ROW(WRONG_BASE)                                                                                \
    ROW(LONGER)                                                                                    \
    ROW(KEYS_ONE_AHEAD)                                                                            \
    ROW(KEYS_BY_POSITION)                                                                          \
    ROW(VALUES_TOO)                                                                                \
    ROW(QUERIES_ONLY)                                                                              \
    ROW(EMBEDDING_TOO)                                                                             \
    ROW(ONLY_FIRST_LAYER)                                                                          \
    ROW(NAN_IN_A_KEY)                                                                              \
    ROW(TOKENS_VECTOR)

#define DOORS(fault)                                                                               \
    static Tensor *embedding_##fault(const Pos *pos, Tape *tape, Tensor *x, Positions positions)   \
    {                                                                                              \
        (void)pos;                                                                                 \
        return change_embedding(tape, x, positions, fault);                                        \
    }                                                                                              \
    static void query_key_##fault(const Pos *pos, Tape *tape, PosSite *site)                       \
    {                                                                                              \
        (void)pos;                                                                                 \
        change_queries_and_keys(tape, site, fault);                                                \
    }
FAULTS(DOORS)

#define SCHEME(fault)                                                                              \
    [fault] = {                                                                                    \
        .name = #fault, .at_embedding = embedding_##fault, .at_query_key = query_key_##fault},

PosScheme broken_rope(RopeFault fault)
{
    static const PosScheme schemes[] = {FAULTS(SCHEME)};
    return schemes[fault];
}
