/* t5.c: one learned number for each head and *range* of distances, shared by all layers.
 *
 *     s[i,j] = q[i].k[j] / sqrt(D)  +  gain * w[h, bucket(distance)]
 *
 * Near distances get a bucket each, far ones share: with n buckets, of which the first e = n/2 are
 * exact, and a maximum distance M,
 *
 *     bucket(d) = d                                              for d < e
 *     bucket(d) = e + floor( ln(d/e) / ln(M/e) * (n - e) )       beyond, at most n - 1
 *
 * The quotient of logarithms goes from 0 at d = e to 1 at d = M, more and more slowly: it takes the
 * same step whenever d becomes (M/e)^(1/(n - e)) times as large. So far buckets are wider than near
 * ones, each by the same factor; with n = 32 and M = 128 that is 8^(1/16) = 1.14.
 *
 * Every distance from somewhat below M on falls into the last bucket, so there is a bias at any
 * length. Without a causal mask half of the buckets is for keys to the left, half for those to the
 * right.
 *
 * The original has 32 buckets and M = 128 at a length of 512. At a length of 64 that would leave
 * five buckets that no pair ever falls into, never trained and read all the same in a longer text;
 * so both numbers follow what a training sequence spans here: its length, or more if there are gaps
 * (random_positions). T5 itself does not divide q.k by sqrt(D); here, as in the other schemes of
 * this folder, the bias is added to the divided score, with a gain (see relative.c).
 */
#include "pos/bias_table.h"
#include "pos/pos.h"

typedef struct T5Options {
    size_t buckets, max_distance;
    double gain;
} T5Options;

/* clang-format off */
static const ConfigKey t5_keys[] = {
    {.name = "t5_buckets", .type = KEY_SIZE, .offset = offsetof(T5Options, buckets), .value = "0",
     .max = 4096,
     .help = "ranges of distances; 0: half of span (block_size, or random_positions), at most 32"},
    {.name = "t5_max_distance", .type = KEY_SIZE, .offset = offsetof(T5Options, max_distance),
     .value = "0", .max = 1 << 20,
     .help = "where the last range begins, about; 0: three quarters of span"},
    {.name = "t5_gain", .type = KEY_REAL, .offset = offsetof(T5Options, gain), .value = "8",
     .min = 1e-3, .max = 1e3,
     .help = "bias = gain times the learned number: how far one step of AdamW moves a bias"},
};
/* clang-format on */

typedef struct T5State {
    size_t buckets, max_distance;
    Tensor *weight; /* [H, buckets] */
} T5State;

/* Half of what a training sequence spans, at most 32; on each side as many as on the other. */
static size_t default_buckets(const PosShape *shape)
{
    size_t sides = shape->causal ? 1 : 2, most = 32 / sides;
    size_t per_side = shape->span < 4 * sides ? 2 : shape->span / (2 * sides);
    return sides * (per_side < most ? per_side : most);
}

static size_t default_max_distance(const PosShape *shape)
{
    return shape->span < 3 ? 2 : 3 * shape->span / 4;
}

static bool t5_init(Pos *pos, ParamList *params, Error *error)
{
    const T5Options *options = pos->options;
    size_t buckets = options->buckets ? options->buckets : default_buckets(&pos->shape);
    size_t per_side = pos->shape.causal ? buckets : buckets / 2;
    size_t far = options->max_distance ? options->max_distance : default_max_distance(&pos->shape);
    if (per_side < 2 || (!pos->shape.causal && buckets % 2 != 0))
        return fail_request(error, "t5_buckets = %zu: expected %s", buckets,
                            pos->shape.causal ? "at least 2"
                                              : "an even number, at least 4 (causal = no)");
    if (far <= per_side / 2)
        return fail_request(error,
                            "t5_max_distance = %zu: expected more than %zu, the number of "
                            "distances with a bucket of their own",
                            far, per_side / 2);
    T5State *state = pos->state = arena_alloc(&pos->arena, 1, sizeof *state);
    if (!state)
        return fail(error, "out of memory: T5 biases");
    state->buckets = buckets;
    state->max_distance = far;
    state->weight =
        param_add(params, "transformer.t5_bias.weight", 2, (size_t[]){pos->shape.n_head, buckets},
                  (Init){INIT_CONSTANT, 0}, NO_DECAY);
    return state->weight ? true : fail(error, "out of memory: T5 biases");
}

static size_t t5_bucket(const Pos *pos, ptrdiff_t distance)
{
    const T5State *state = pos->state;
    /* those of one side */
    size_t n = pos->shape.causal ? state->buckets : state->buckets / 2, exact = n / 2;
    size_t start = !pos->shape.causal && distance > 0 ? n : 0; /* keys to the right */
    size_t d = distance <= 0 ? (size_t)-distance : pos->shape.causal ? 0 : (size_t)distance;
    /* exercise 7 begins */
    if (d < exact)
        return start + d;
    double share =
        log((double)d / (double)exact) / log((double)state->max_distance / (double)exact);
    size_t bucket = exact + (size_t)(share * (double)(n - exact));
    return start + (bucket < n ? bucket : n - 1);
    /* exercise 7 ends */
}

static void *t5_prepare(const Pos *pos, Tape *tape, Positions queries, Positions keys)
{
    const T5State *state = pos->state;
    const T5Options *options = pos->options;
    ScoreBias *bias = tape_struct(tape, sizeof *bias);
    *bias = bias_learned(pos, tape, state->weight, t5_bucket, options->gain, queries, keys);
    return bias;
}

static ScoreBias t5_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    (void)pos, (void)tape;
    return *(const ScoreBias *)site->prepared;
}

/* How many buckets some pair of a training sequence falls into. The distances of one bucket are
 * neighbours, so on a walk along all distances each change of the number is a bucket more. */
static void t5_describe(const Pos *pos, TextBuffer *out)
{
    const T5State *state = pos->state;
    ptrdiff_t last = (ptrdiff_t)pos->shape.span - 1;
    size_t reached = 1;
    for (ptrdiff_t distance = 1 - last; distance <= (pos->shape.causal ? 0 : last); distance++)
        reached += t5_bucket(pos, distance) != t5_bucket(pos, distance - 1);
    text_append_format(out, "%zu buckets, of which training reaches %zu", state->buckets, reached);
}

extern const PosScheme pos_t5;
const PosScheme pos_t5 = {
    .name = "t5",
    .title = "learned bias by range of distances",
    .source = "Raffel et al. 2020, arXiv 1910.10683, section 2.1",
    .cost = "H x buckets parameters",
    .keys = t5_keys,
    .n_keys = sizeof t5_keys / sizeof *t5_keys,
    .options_size = sizeof(T5Options),
    .init = t5_init,
    .prepare = t5_prepare,
    .at_scores = t5_at_scores,
    .describe = t5_describe,
};
