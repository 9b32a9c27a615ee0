/* xpos.c: RoPE whose scores die away with distance (Extrapolatable Position Embedding).
 *
 * Plane i of the query at position m is turned by m theta[i] as in rope.c, and multiplied by a
 * power of zeta[i]; that of the key at position n by the inverse power:
 *
 *     q' = zeta[i]^(m/s) R(m) q        zeta[i] = (i/(D/2) + gamma) / (1 + gamma)
 *     k' = zeta[i]^(-n/s) R(n) k       i = 0 ... D/2 - 1,  gamma 0.4
 *
 * In q'.k' plane i gives zeta[i]^((m - n)/s) times what it gives with RoPE. That factor is a
 * function of the distance alone, and as zeta[i] < 1 it falls with the distance. Planes that turn
 * fast, whose angle says little about a key far away, die soon; slow ones have a zeta near 1 and go
 * on. (RoPE's sum over the planes goes up and down with the distance; to damp it is meant to help
 * with texts longer than those of training.) A key behind its query would be multiplied by more
 * than 1, so there is no such model without a causal mask. (The paper also cuts attention into
 * blocks at test time; that is not done here.)
 *
 * s sets the pace: half of PosShape.span by default, as the 512 of the authors' code is half of the
 * 1024 tokens that they train on. Then plane 0 is down to (2/7)^2 = 0.08 at the length of training,
 * and the last of 16 planes to 0.91. With s = 512 at a length of 64, plane 0 would be at 0.86:
 * hardly another model than RoPE.
 *
 * The powers of a key grow without end: with s = 1 that at position 71 is more than a float holds.
 * The authors' code counts positions from the middle of the text, which moves as the text grows;
 * but a key that is kept for later queries cannot change, so here they count from 0. No score
 * depends on that. Positions end where a power leaves e^-60 ... e^60 (a float goes to e^88, and the
 * vectors' own numbers need some room): by default at about 24 times the span.
 */
#include <limits.h>

#include "pos/rotation.h"

static const double MOST_GROWTH = 60; /* the logarithm of the largest power */

typedef struct XposOptions {
    double base, gamma, scale;
    int pairing; /* Pairing */
} XposOptions;

/* clang-format off */
static const ConfigKey xpos_keys[] = {
    {.name = "xpos_base", .type = KEY_REAL, .offset = offsetof(XposOptions, base), .value = "10000",
     .min = 1, .max = 1e9, .help = "theta[i] = base^(-2i/D), as rope_base"},
    {.name = "xpos_gamma", .type = KEY_REAL, .offset = offsetof(XposOptions, gamma), .value = "0.4",
     .min = 1e-3, .max = 1e30,
     .help = "zeta[i] = (i/(D/2) + gamma) / (1 + gamma): the larger, the less decay; 1e18: RoPE"},
    {.name = "xpos_scale", .type = KEY_REAL, .offset = offsetof(XposOptions, scale), .value = "0",
     .max = 1e9,
     .help = "s: a score decays by zeta[i] over s positions; 0: half of span (block_size, or "
             "random_positions)"},
    {.name = "xpos_pairing", .type = KEY_CHOICE, .offset = offsetof(XposOptions, pairing),
     .value = "interleaved", .choices = pairing_names,
     .help = "which channels form a pair, as rope_pairing"},
};
/* clang-format on */

typedef struct XposState {
    Rotation queries, keys; /* what the one loses, the other gains */
} XposState;

/* zeta^(m/s) is exp(m ln(zeta)/s), so the growths (rotation.h) are ln(zeta[i]) / s for the queries,
 * which fall, and minus that for the keys, which rise. */

static bool xpos_init(Pos *pos, ParamList *params, Error *error)
{
    (void)params; /* nothing is learned */
    const XposOptions *options = pos->options;
    size_t D = pos_head_size(&pos->shape), planes = D / 2;
    if (D % 2 != 0)
        return fail_request(error, "n_embd / n_head = %zu: rotary pairs need an even head size", D);
    XposState *state = pos->state = arena_alloc(&pos->arena, 1, sizeof *state);
    double *theta = arena_alloc(&pos->arena, 3 * planes, sizeof *theta);
    if (!state || !theta)
        return fail(error, "out of memory: frequencies");
    double *rise = theta + planes, *fall = rise + planes;
    double scale = options->scale > 0 ? options->scale : (double)pos->shape.span / 2;
    for (size_t i = 0; i < planes; i++) {
        double share = (double)i / (double)planes; /* 2i/D, which is i/(D/2) */
        theta[i] = pow(options->base, -share);
        rise[i] = log((1 + options->gamma) / (share + options->gamma)) / scale;
        fall[i] = -rise[i];
    }
    state->queries = (Rotation){theta, planes, (Pairing)options->pairing, .growth = fall};
    state->keys = (Rotation){theta, planes, (Pairing)options->pairing, .growth = rise};
    /* rise[0] is a number divided by s, and at the last position of training it may have come to
     * MOST_GROWTH: which s is that? */
    size_t shown = pos->shape.shown;
    double least = scale * rise[0] * (double)(shown - 1) / MOST_GROWTH;
    return scale >= least ||
           fail_request(error, "xpos_scale = %g: expected at least %g for %zu positions", scale,
                        ceil(100 * least) / 100, shown);
}

/* Plane 0 is the first to reach the end; without growth there is none. */
static size_t xpos_max_length(const Pos *pos)
{
    const XposState *state = pos->state;
    double last = MOST_GROWTH / state->keys.growth[0];
    return last < INT_MAX ? (size_t)last + 1 : 0;
}

/* Queries and keys are turned when they are new, and stand at the same positions. */
static void *xpos_prepare(const Pos *pos, Tape *tape, Positions queries, Positions keys)
{
    (void)keys;
    const XposState *state = pos->state;
    Angles **angles = tape_struct(tape, 2 * sizeof *angles);
    angles[0] = angles_at(tape, &state->queries, queries);
    angles[1] = angles_at(tape, &state->keys, queries);
    return angles;
}

static void xpos_at_query_key(const Pos *pos, Tape *tape, PosSite *site)
{
    (void)pos;
    Angles *const *angles = site->prepared;
    site->heads = rotate(tape, site->heads, angles[0], angles[1], NULL);
}

static void xpos_describe(const Pos *pos, TextBuffer *out)
{
    const XposOptions *options = pos->options;
    const XposState *state = pos->state;
    text_append_format(out, "base %g, pairs %s, plane 0 falls to %.2g over %zu positions",
                       options->base, pairing_names[options->pairing],
                       exp(state->queries.growth[0] * (double)pos->shape.span), pos->shape.span);
}

extern const PosScheme pos_xpos;
const PosScheme pos_xpos = {
    .name = "xpos",
    .title = "rotary position embedding that decays with distance",
    .source = "Sun et al. 2022, arXiv 2212.10554, algorithm 1",
    .cost = "nothing",
    .causal_only = true,
    .keys = xpos_keys,
    .n_keys = sizeof xpos_keys / sizeof *xpos_keys,
    .options_size = sizeof(XposOptions),
    .init = xpos_init,
    .prepare = xpos_prepare,
    .at_query_key = xpos_at_query_key,
    .max_length = xpos_max_length,
    .describe = xpos_describe,
};
