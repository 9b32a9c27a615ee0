/* cope.c: positions that a query counts itself (Contextual Position Encoding).
 *
 * "The third word before this one" is a position, but not one that can be had from the distance in
 * characters: one would have to count the spaces. Here each query decides, key by key, whether that
 * key counts. A key's position is the number of keys that count, from itself up to the query:
 *
 *     g[i,u] = sigmoid(q[i].k[u] / sqrt(D))           a gate for each pair, from 0 to 1
 *     p[i,j] = sum of g[i,u] over u = j ... i         the position of key j for query i
 *     s[i,j] = q[i].k[j] / sqrt(D)  +  gain * q[i].e[min(p[i,j], P)]
 *
 * e [P + 1, D] is a learned vector for each of the positions 0 ... P, and between two whole numbers
 * a mixture of both neighbours, e[n + w] = (1 - w) e[n] + w e[n + 1], so that the gates get a
 * gradient. The heads of a layer share the vectors, but each counts by gates of its own. If all
 * gates are 1, p[i,j] = i - j + 1, and this is a vector for each distance, as in shaw.c; if they
 * are 1 at spaces alone, it counts words. A nearer key never has a higher position, whatever the
 * gates are. Keys whose position is P or more share e[P], so a text may have any length.
 *
 * Gates divide by sqrt(D), and the bias does not, as in the paper's listing. The gain is about step
 * size, as in relative.c; the paper has none, which is a gain of 1. A key behind its query has no
 * position, so there is no such model without a causal mask. What counts is the order of the
 * tokens; the numbers in the list of positions are not looked at.
 */
#include "pos/cope_op.h"
#include "pos/query_table.h"

typedef struct CopeOptions {
    size_t max_position;
    double gain;
} CopeOptions;

static const ConfigKey cope_keys[] = {
    {.name = "cope_max_position",
     .type = KEY_SIZE,
     .offset = offsetof(CopeOptions, max_position),
     .value = "0",
     .max = 1 << 20,
     .help = "P: positions are counted up to here; 0: block_size, the most there are in training"},
    {.name = "cope_gain",
     .type = KEY_REAL,
     .offset = offsetof(CopeOptions, gain),
     .value = "8",
     .min = 1e-3,
     .max = 1e3,
     .help = "times the learned vectors: how far one step of AdamW moves a bias; the paper's: 1"},
};

typedef struct CopeState {
    Tensor **vectors; /* for each layer [P + 1, D] */
} CopeState;

static bool cope_init(Pos *pos, ParamList *params, Error *error)
{
    const CopeOptions *options = pos->options;
    size_t last = options->max_position > 0 ? options->max_position : pos->shape.block_size;
    CopeState *state = pos->state = arena_alloc(&pos->arena, 1, sizeof *state);
    if (!state)
        return fail(error, "out of memory: vectors of cope");
    state->vectors = query_tables(pos, params, last + 1, error);
    return state->vectors != NULL;
}

static ScoreBias cope_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    const CopeOptions *options = pos->options;
    const CopeState *state = pos->state;
    Tensor *z = query_table(tape, site->heads.q, state->vectors[site->layer], options->gain);
    return (ScoreBias){.by_pair = counted_bias(tape, &site->heads, z)};
}

static void cope_describe(const Pos *pos, TextBuffer *out)
{
    const CopeState *state = pos->state;
    text_append_format(out, "positions up to %zu", state->vectors[0]->shape[0] - 1);
}

extern const PosScheme pos_cope;
const PosScheme pos_cope = {
    .name = "cope",
    .title = "positions counted by content",
    .source = "Golovneva et al. 2024, arXiv 2405.18719, section 4 and its listing",
    .cost = "n_layer (P + 1) D parameters, and memory in T^2: n_layer B H T T numbers",
    .causal_only = true,
    .keys = cope_keys,
    .n_keys = sizeof cope_keys / sizeof *cope_keys,
    .options_size = sizeof(CopeOptions),
    .init = cope_init,
    .at_scores = cope_at_scores,
    .describe = cope_describe,
};
