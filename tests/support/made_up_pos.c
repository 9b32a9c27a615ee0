/* made_up_pos.c: schemes made of a function. */
#include "support/made_up_pos.h"

#include "support/check.h"

enum { MOST_CHANNELS = 64 };

static HeadView made_view(const Pos *pos, Tape *tape, const HeadView *from, Positions positions,
                          bool is_key)
{
    const MakeVector *make = pos->state;
    size_t T = from->length, H = from->n_head, D = from->head_size;
    double x[MOST_CHANNELS], y[MOST_CHANNELS];
    assert_true(D <= MOST_CHANNELS && from->batch == 1);
    Tensor *made = tape_constant(tape, 3, (size_t[]){1, T, H * D});
    for (size_t t = 0; t < T && !tape->measuring; t++)
        for (size_t h = 0; h < H; h++) {
            for (size_t d = 0; d < D; d++)
                x[d] = (double)head_data(from, 0, h, t)[d];
            (*make)(h, positions.at[t], is_key, x, y, D);
            for (size_t d = 0; d < D; d++)
                made->data[(t * H + h) * D + d] = (real)y[d];
        }
    return head_view(made, H, 0, 1);
}

static void made_up_at_query_key(const Pos *pos, Tape *tape, PosSite *site)
{
    site->heads.q = made_view(pos, tape, &site->heads.q, site->queries, false);
    site->heads.k = made_view(pos, tape, &site->heads.k, site->keys, true);
}

static ScoreBias made_up_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    const MakeScore *make = pos->state;
    size_t H = pos->shape.n_head, T = site->queries.count;
    Tensor *bias = tape_constant(tape, 4, (size_t[]){1, H, T, T});
    for (size_t h = 0; h < H && !tape->measuring; h++)
        for (size_t i = 0; i < T; i++)
            for (size_t j = 0; j < T; j++)
                bias->data[(h * T + i) * T + j] =
                    (real)(*make)(site->layer, h, site->queries.at[i], site->keys.at[j],
                                  head_data(&site->heads.q, 0, h, i));
    return (ScoreBias){.by_pair = bias};
}

static const PosScheme at_query_key = {
    .name = "made-up",
    .title = "a function of vectors",
    .at_query_key = made_up_at_query_key,
};

static const PosScheme at_scores = {
    .name = "made-up",
    .title = "a function of pairs",
    .at_scores = made_up_at_scores,
};

static PosShape shape_of(size_t head_size, bool causal)
{
    return (PosShape){.n_layer = 2,
                      .n_head = 3,
                      .n_embd = 3 * head_size,
                      .block_size = 8,
                      .longest = 8,
                      .causal = causal};
}

Pos made_up_query_key(MakeVector *make, size_t head_size)
{
    return (Pos){.scheme = &at_query_key, .shape = shape_of(head_size, true), .state = make};
}

Pos made_up_scores(MakeScore *make, bool causal)
{
    return (Pos){.scheme = &at_scores, .shape = shape_of(4, causal), .state = make};
}
