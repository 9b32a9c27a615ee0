/* rope.c: queries and keys turned by an angle that grows with their position.
 *
 * In each head, plane i of the query at position m is turned by the angle m theta[i], that of the
 * key at position n by n theta[i] (see rotation.h for the planes):
 *
 *     theta[i] = base^(-2i/D)              i = 0 ... D/2 - 1,  base 10000
 *
 * Lengths stay as they are, and the angle between the two changes by (m - n) theta[i]: the score
 *
 *     R(m) q . R(n) k  =  q . R(n - m) k
 *
 * depends on the distance alone. Each vector is turned by its own absolute position, each score
 * feels a relative one; put words in front of a text and every vector turns, but no angle between
 * two of them.
 *
 * Values are not turned: the mix of values says what was found, not where. With rope_values they
 * are, for the experiment that shows the difference: the mix is then a sum of R(n) v[n], which
 * changes with every position n, at the same distances too.
 */
#include "pos/rotation.h"

typedef struct RopeOptions {
    double base;
    int pairing; /* Pairing */
    bool values;
} RopeOptions;

static const ConfigKey rope_keys[] = {
    {.name = "rope_base",
     .type = KEY_REAL,
     .offset = offsetof(RopeOptions, base),
     .value = "10000",
     .min = 1,
     .max = 1e9,
     .help = "theta[i] = base^(-2i/D): a larger base turns the last planes more slowly"},
    {.name = "rope_pairing",
     .type = KEY_CHOICE,
     .offset = offsetof(RopeOptions, pairing),
     .value = "interleaved",
     .choices = pairing_names,
     .help = "which channels form a pair: (0,1) (2,3) ... or (0,D/2) (1,D/2+1) ..."},
    {.name = "rope_values",
     .type = KEY_BOOL,
     .offset = offsetof(RopeOptions, values),
     .value = "no",
     .unnamed_default = true,
     .help = "yes: the values are turned too, which RoPE does not do"},
};

static bool rope_init(Pos *pos, ParamList *params, Error *error)
{
    (void)params; /* nothing is learned */
    const RopeOptions *options = pos->options;
    size_t D = pos_head_size(&pos->shape);
    if (D % 2 != 0)
        return fail_request(error, "n_embd / n_head = %zu: rotary pairs need an even head size", D);
    Rotation *rotation = pos->state = arena_alloc(&pos->arena, 1, sizeof *rotation);
    double *theta = arena_alloc(&pos->arena, D / 2, sizeof *theta);
    if (!rotation || !theta)
        return fail(error, "out of memory: frequencies");
    for (size_t i = 0; i < D / 2; i++)
        theta[i] = pow(options->base, -2.0 * (double)i / (double)D);
    *rotation = (Rotation){.theta = theta, .planes = D / 2, .pairing = (Pairing)options->pairing};
    return true;
}

/* Queries and keys are turned when they are new, and stand at the same positions. */
static void *rope_prepare(const Pos *pos, Tape *tape, Positions queries, Positions keys)
{
    (void)keys;
    return angles_at(tape, pos->state, queries);
}

static void rope_at_query_key(const Pos *pos, Tape *tape, PosSite *site)
{
    const RopeOptions *options = pos->options;
    site->heads.q = rotate(tape, site->heads.q, site->prepared);
    site->heads.k = rotate(tape, site->heads.k, site->prepared);
    if (options->values)
        site->heads.v = rotate(tape, site->heads.v, site->prepared);
}

static void rope_describe(const Pos *pos, TextBuffer *out)
{
    const RopeOptions *options = pos->options;
    text_append_format(out, "base %g, pairs %s%s", options->base, pairing_names[options->pairing],
                       options->values ? ", values turned too" : "");
}

extern const PosScheme pos_rope;
const PosScheme pos_rope = {
    .name = "rope",
    .title = "rotary position embedding",
    .source = "Su et al. 2021, arXiv 2104.09864, equations 14 to 16 and 34",
    .cost = "nothing",
    .keys = rope_keys,
    .n_keys = sizeof rope_keys / sizeof *rope_keys,
    .options_size = sizeof(RopeOptions),
    .init = rope_init,
    .prepare = rope_prepare,
    .at_query_key = rope_at_query_key,
    .describe = rope_describe,
};
