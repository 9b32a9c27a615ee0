/* shaw.c: one learned vector for each distance, added to the key that a query compares with.
 *
 *     s[i,j] = q[i].(k[j] + gain * a[r]) / sqrt(D)        r = position of j - position of i,
 *                                                         at least -k and at most k
 *
 * so the bias is gain * q[i].a[r] / sqrt(D). (k without an index is a distance, an option.) The
 * vectors a of a layer are the same for all of its heads. Beyond the distance k all keys have the
 * same vector, a[-k] to the left and a[k] to the right, so there is one at any length; with a
 * causal mask none to the right is needed.
 *
 * A number for each distance (relative.c) can say "look at the token before". A vector can say it
 * to some queries and not to others: how much a distance counts depends on who asks.
 *
 * The paper has a second such vector, added to the value; where it tried them one by one, the one
 * on the key did as well as both. The other schemes leave values alone; so does this one. The gain
 * is about step size, as in relative.c; the paper has none, which is a gain of 1.
 */
#include "pos/query_table.h"
#include "pos/shaw_op.h"

typedef struct ShawOptions {
    size_t max_distance;
    double gain;
} ShawOptions;

static const ConfigKey shaw_keys[] = {
    {.name = "shaw_max_distance",
     .type = KEY_SIZE,
     .offset = offsetof(ShawOptions, max_distance),
     .value = "0",
     .max = 1 << 20,
     .help = "k: keys further away share a vector; 0: as far as 16 tokens reach; less than span"},
    {.name = "shaw_gain",
     .type = KEY_REAL,
     .offset = offsetof(ShawOptions, gain),
     .value = "8",
     .min = 1e-3,
     .max = 1e3,
     .help = "times the learned vectors: how far one step of AdamW moves a bias; the paper's: 1"},
};

typedef struct ShawState {
    int max_distance; /* k */
    Tensor **vectors; /* for each layer [k + 1, D], or [2 k + 1, D] without a mask */
} ShawState;

/* As far as 16 tokens reach, as in the paper; further where there are gaps between tokens. */
static size_t default_max_distance(const PosShape *shape)
{
    size_t furthest = shape->span - 1, k = 16 * shape->span / shape->block_size;
    return furthest < k ? furthest : k;
}

static bool shaw_init(Pos *pos, ParamList *params, Error *error)
{
    const ShawOptions *options = pos->options;
    size_t k = options->max_distance ? options->max_distance : default_max_distance(&pos->shape);
    ShawState *state = pos->state = arena_alloc(&pos->arena, 1, sizeof *state);
    if (!state)
        return fail(error, "out of memory: vectors of shaw");
    state->max_distance = (int)k;
    state->vectors = query_tables(pos, params, pos->shape.causal ? k + 1 : 2 * k + 1, error);
    return state->vectors != NULL;
}

static ScoreBias shaw_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    const ShawOptions *options = pos->options;
    const ShawState *state = pos->state;
    double scale = options->gain / sqrt((double)pos_head_size(&pos->shape));
    Tensor *z = query_table(tape, site->heads.q, state->vectors[site->layer], scale);
    return (ScoreBias){.by_pair = picked_bias(tape, z, state->max_distance, pos->shape.causal,
                                              site->queries, site->keys)};
}

static void shaw_describe(const Pos *pos, TextBuffer *out)
{
    const ShawState *state = pos->state;
    text_append_format(out, "distances up to %d", state->max_distance);
}

extern const PosScheme pos_shaw;
const PosScheme pos_shaw = {
    .name = "shaw",
    .title = "learned vector by distance, added to the key",
    .source = "Shaw et al. 2018, arXiv 1803.02155, equations 4 and 5",
    .cost = "n_layer (k + 1) D parameters, and memory in T^2: n_layer B H T T numbers",
    .keys = shaw_keys,
    .n_keys = sizeof shaw_keys / sizeof *shaw_keys,
    .options_size = sizeof(ShawOptions),
    .init = shaw_init,
    .at_scores = shaw_at_scores,
    .describe = shaw_describe,
};
