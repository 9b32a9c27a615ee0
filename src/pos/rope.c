/* rope.c: queries and keys turned by an angle that grows with their position.
 *
 * In each head, plane i of the query at position m is turned by the angle m theta[i], that of the
 * key at position n by n theta[i] (see rotation.h for the planes):
 *
 *     theta[i] = base^(-2i/D)              i = 0 ... D/2 - 1,  base 10000
 *
 * With R(m) for all these turns at once, the score is
 *
 *     R(m) q . R(n) k  =  q . R(-m) R(n) k  =  q . R(n - m) k
 *
 * since turning both arrows of a product by -m leaves it as it is, and two turns, one after the
 * other, are one by the sum of their angles. So each vector is turned by its own absolute position,
 * and each score feels the distance n - m alone: let a text begin at position 100, not at 0, and
 * every vector turns, but no score changes. (Words that are put in front of a text do more: they
 * are read, too. See `make claims CLAIM=10`.) Lengths stay as they are, nothing is learned, and a
 * key that was turned once can be kept (model/cache.h).
 *
 * Values are not turned: the mix of values says what was found, not where. With rope_values they
 * are, for the experiment that shows the difference: the mix is then a sum of R(n) v[n], which
 * changes with every position n, at the same distances too.
 *
 * A channel that is not turned compares what two tokens are, wherever they stand. Two options leave
 * some of these:
 *
 *     rope_share         only the first channels form planes (GPT-NeoX, GPT-J); D is then theirs
 *     rope_frequencies   the slowest planes stand still, theta[i] = 0: models use them as if they
 *                        did anyway (p-RoPE, Barbero et al. 2024, arXiv 2410.06205)
 *
 * There is no last position. But beyond the length of training slow planes come to angles that the
 * model has never met, and the loss rises; that is why they can be slowed down: rope_scaling.h.
 */
#include "pos/rope_scaling.h"

typedef struct RopeOptions {
    double base, share, frequencies;
    int pairing; /* Pairing */
    bool values;
    const char *scaling;
} RopeOptions;

#define AT(field) offsetof(RopeOptions, field)

/* clang-format off */
static const ConfigKey rope_keys[] = {
    {.name = "rope_base", .type = KEY_REAL, .offset = AT(base), .value = "10000", .min = 1,
     .max = 1e9,
     .help = "theta[i] = base^(-2i/D): a larger base turns the last planes more slowly"},
    {.name = "rope_pairing", .type = KEY_CHOICE, .offset = AT(pairing), .value = "interleaved",
     .choices = pairing_names,
     .help = "which channels form a pair: (0,1) (2,3) ... or (0,D/2) (1,D/2+1) ..."},
    {.name = "rope_values", .type = KEY_BOOL, .offset = AT(values), .value = "no",
     .unnamed_default = true, .help = "yes: the values are turned too, which RoPE does not do"},
    {.name = "rope_share", .type = KEY_REAL, .offset = AT(share), .value = "1", .min = 0, .max = 1,
     .unnamed_default = true,
     .help = "share of the channels that turn, the first ones; at least a pair"},
    {.name = "rope_frequencies", .type = KEY_REAL, .offset = AT(frequencies), .value = "1",
     .min = 0, .max = 1, .unnamed_default = true,
     .help = "share of the planes that turn, the fastest ones: p-RoPE"},
    {.name = "rope_scaling", .type = KEY_TEXT, .offset = AT(scaling), .value = "none",
     .is_legal = rope_scaling_is_legal, .form = ROPE_SCALING_FORM, .unnamed_default = true,
     .after_training = true, .help = "for longer texts: " ROPE_SCALING_FORM},
};
/* clang-format on */

typedef struct RopeState {
    Rotation rotation;
    RopeScaling scaling;
} RopeState;

/* A share of so many, to the nearest. */
static size_t part_of(size_t count, double share)
{
    return (size_t)(share * (double)count + 0.5);
}

static bool rope_init(Pos *pos, ParamList *params, Error *error)
{
    (void)params; /* nothing is learned */
    const RopeOptions *options = pos->options;
    size_t D = pos_head_size(&pos->shape);
    if (D % 2 != 0)
        return fail_request(error, "n_embd / n_head = %zu: rotary pairs need an even head size", D);
    size_t part = part_of(D / 2, options->share), planes = part > 0 ? part : 1;
    RopeState *state = pos->state = arena_alloc(&pos->arena, 1, sizeof *state);
    double *theta = arena_alloc(&pos->arena, planes, sizeof *theta); /* all 0: none turns */
    if (!state || !theta)
        return fail(error, "out of memory: frequencies");
    for (size_t i = 0; i < part_of(planes, options->frequencies); i++)
        theta[i] = pow(options->base, -2.0 * (double)i / (double)(2 * planes));
    state->rotation = (Rotation){theta, planes, (Pairing)options->pairing, .factor = 1};
    return rope_scaling_read(options->scaling, &state->scaling) ||
           fail_request(error, "rope_scaling = %s: expected " ROPE_SCALING_FORM, options->scaling);
}

/* At this door queries and keys are those of the same tokens, so one list of angles serves both.
 * How fast the planes turn may depend on how far all keys reach, those in a cache included. */
static void *rope_prepare(const Pos *pos, Tape *tape, Positions queries, Positions keys)
{
    const RopeState *state = pos->state;
    const Rotation *rotation =
        rope_scaled(tape, &state->rotation, state->scaling, pos->shape.span, keys);
    return angles_at(tape, rotation, queries);
}

static void rope_at_query_key(const Pos *pos, Tape *tape, PosSite *site)
{
    const RopeOptions *options = pos->options;
    const Angles *angles = site->prepared;
    site->heads = rotate(tape, site->heads, angles, angles, options->values ? angles : NULL);
}

static size_t rope_lasting_length(const Pos *pos)
{
    const RopeState *state = pos->state;
    return rope_scaling_lasting_length(state->scaling, pos->shape.span);
}

static void rope_describe(const Pos *pos, TextBuffer *out)
{
    const RopeOptions *options = pos->options;
    const RopeState *state = pos->state;
    size_t D = pos_head_size(&pos->shape);
    size_t turning = part_of(state->rotation.planes, options->frequencies);
    text_append_format(out, "base %g, pairs %s%s", options->base, pairing_names[options->pairing],
                       options->values ? ", values turned too" : "");
    if (turning < D / 2)
        text_append_format(out, ", %zu of %zu channels turned", 2 * turning, D);
    if (state->scaling.kind != SCALING_NONE)
        text_append_format(out, ", slowed down: %s", options->scaling);
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
    .lasting_length = rope_lasting_length,
    .describe = rope_describe,
};
