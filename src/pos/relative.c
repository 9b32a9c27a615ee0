/* relative.c: one learned number for each head, layer and distance, added to the score.
 *
 *     s[i,j] = q[i].k[j] / sqrt(D)  +  gain * w[h, r]
 *
 * where r is the row of the distance d = position of j - position of i, and M the largest distance
 * with a row of its own:
 *
 *     d   ...  -M-1   -M   -M+1  ...   -1    0  |   1   ...   M    M+1  ...
 *     r          0     0     1        M-1    M  |  M+1       2M    2M
 *                                               |  only without a causal mask
 *
 * What counts is how far a key stands from the query, not where the two stand: all pairs at the
 * same distance share one number, and all pairs further apart than M share the last one. So there
 * is a bias at any length; beyond the training length it is the one of distance M. (A scalar form
 * of Shaw et al. 2018, whose relative positions are vectors; Raffel et al. 2020 reduced them to
 * scalars.)
 *
 * The gain is about step size. AdamW moves a number by about its learning rate a step, say 0.001. A
 * weight matrix of small numbers is content with that; a bias must reach 5 to say "never look
 * there". So the bias is gain times the number that AdamW moves, 8 by default.
 */
#include "pos/bias_table.h"
#include "pos/pos.h"

typedef struct RelativeOptions {
    size_t max_distance;
    double gain;
} RelativeOptions;

static const ConfigKey relative_keys[] = {
    {.name = "relative_max_distance",
     .type = KEY_SIZE,
     .offset = offsetof(RelativeOptions, max_distance),
     .value = "0",
     .max = 1 << 20,
     .help = "keys further away share a bias; 0: the furthest in training, usually block_size - 1"},
    {.name = "relative_gain",
     .type = KEY_REAL,
     .offset = offsetof(RelativeOptions, gain),
     .value = "8",
     .min = 1e-3,
     .max = 1e3,
     .help = "bias = gain times the learned number: how far one step of AdamW moves a bias"},
};

typedef struct RelativeState {
    ptrdiff_t max_distance; /* M */
    Tensor **weight;        /* for each layer [H, M + 1], or [H, 2 M + 1] without a mask */
} RelativeState;

static bool relative_init(Pos *pos, ParamList *params, Error *error)
{
    const RelativeOptions *options = pos->options;
    size_t far = options->max_distance > 0 ? options->max_distance : pos->shape.span - 1;
    size_t rows = pos->shape.causal ? far + 1 : 2 * far + 1;
    RelativeState *state = pos->state = arena_alloc(&pos->arena, 1, sizeof *state);
    if (state)
        state->weight = arena_alloc(&pos->arena, pos->shape.n_layer, sizeof *state->weight);
    if (!state || !state->weight)
        return fail(error, "out of memory: relative biases");
    state->max_distance = (ptrdiff_t)far;
    for (size_t layer = 0; layer < pos->shape.n_layer; layer++) {
        char *name = text_format(&pos->arena, "transformer.h.%zu.attn.relative.weight", layer);
        if (name)
            state->weight[layer] = param_add(params, name, 2, (size_t[]){pos->shape.n_head, rows},
                                             (Init){INIT_CONSTANT, 0}, NO_DECAY);
        if (!name || !state->weight[layer])
            return fail(error, "out of memory: relative biases");
    }
    return true;
}

/* r: the distance, cut off at -M and at 0 (without a mask at M), and counted from there. */
static size_t relative_row(const Pos *pos, ptrdiff_t distance)
{
    const RelativeState *state = pos->state;
    ptrdiff_t far = state->max_distance, most = pos->shape.causal ? 0 : far;
    distance = distance < -far ? -far : distance > most ? most : distance;
    return (size_t)(distance + far);
}

static ScoreBias relative_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    const RelativeOptions *options = pos->options;
    const RelativeState *state = pos->state;
    return bias_learned(pos, tape, state->weight[site->layer], relative_row, options->gain,
                        site->queries, site->keys);
}

static void relative_describe(const Pos *pos, TextBuffer *out)
{
    const RelativeState *state = pos->state;
    const RelativeOptions *options = pos->options;
    text_append_format(out, "distances up to %td, gain %g", state->max_distance, options->gain);
}

extern const PosScheme pos_relative;
const PosScheme pos_relative = {
    .name = "relative",
    .title = "learned bias by distance",
    .source = "Shaw et al. 2018, arXiv 1803.02155; as scalars, Raffel et al. 2020",
    .cost = "n_layer H T parameters",
    .keys = relative_keys,
    .n_keys = sizeof relative_keys / sizeof *relative_keys,
    .options_size = sizeof(RelativeOptions),
    .init = relative_init,
    .at_scores = relative_at_scores,
    .describe = relative_describe,
};
