/* fire.c: a learned function of how far away a key is, as a share of how far there is to look back.
 *
 *     s[i,j] = q[i].k[j] / sqrt(D)  +  f[h](x)        x = psi(|i - j|) / psi(max(L, i))
 *                                                     psi(v) = ln(1 + c v)
 *
 * i and j are the positions of query and key. From query i the start of the text is i away, so x
 * runs from 0 to 1 in a text of any length: what f learns about the far end of short texts holds
 * for that of long ones, and f is never asked about an x outside of 0 ... 1. psi leaves more room
 * to near distances. Queries before the threshold L are all measured against L (for the second
 * token the first one would be the far end), and among them x depends on the distance alone.
 *
 * That is no promise for near keys: the longer the way back, the smaller is their share of it. With
 * c = 0.1 the key one step back is at x = 0.05 for query 63 and at 0.02 for query 500: between 0,
 * the query itself, and the smallest share that training on 64 tokens has shown.
 *
 * f is a network of 32 hidden units (bias_mlp.h), one for each layer; the paper's FIRE-S has one
 * for all. c and L are learned as well, by their logarithms, which keeps them above 0:
 *
 *     c = 0.1 exp(C)      L = first L * exp(M)
 *
 * f, C and M start at 0; first L is a quarter of what a training sequence spans, as the paper's 512
 * was of its 2048.
 */
#include "pos/bias_mlp.h"
#include "pos/fire_op.h"

enum { WIDTH = 32 };
static const double FIRST_C = 0.1;

typedef struct FireOptions {
    size_t threshold;
    double gain;
} FireOptions;

/* clang-format off */
static const ConfigKey fire_keys[] = {
    {.name = "fire_threshold", .type = KEY_SIZE, .offset = offsetof(FireOptions, threshold),
     .value = "0", .max = 1 << 20,
     .help = "L at first: distances are shares of L up to there; 0: a quarter of span"},
    {.name = "fire_gain", .type = KEY_REAL, .offset = offsetof(FireOptions, gain), .value = "8",
     .min = 1e-3, .max = 1e3,
     .help = "bias = gain times the network's output: how far one step of AdamW moves a bias"},
};
/* clang-format on */

typedef struct FireLayer {
    Tensor *scale; /* [2]: C and M */
    Mlp mlp;
} FireLayer;

static bool fire_init(Pos *pos, ParamList *params, Error *error)
{
    FireLayer *layers = pos->state = arena_alloc(&pos->arena, pos->shape.n_layer, sizeof *layers);
    bool ok = layers != NULL;
    for (size_t l = 0; ok && l < pos->shape.n_layer; l++) {
        char *prefix = text_format(&pos->arena, "transformer.h.%zu.attn.fire", l);
        char *scale = text_format(&pos->arena, "transformer.h.%zu.attn.fire.scale", l);
        if (prefix && scale)
            layers[l].scale = param_add(params, scale, 1, (size_t[]){2}, (Init){0}, NO_DECAY);
        ok = layers[l].scale &&
             mlp_declare(&layers[l].mlp, params, prefix, WIDTH, pos->shape.n_head);
    }
    return ok ? true : fail(error, "out of memory: FIRE's networks");
}

static ScoreBias fire_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    const FireOptions *options = pos->options;
    const FireLayer *layer = (const FireLayer *)pos->state + site->layer;
    double first_threshold =
        options->threshold > 0 ? (double)options->threshold : (double)pos->shape.span / 4;
    Tensor *x =
        shares_of_way(tape, layer->scale, FIRST_C, first_threshold, site->queries, site->keys);
    return bias_mlp(tape, x, layer->mlp, options->gain, pos->shape.causal);
}

extern const PosScheme pos_fire;
const PosScheme pos_fire = {
    .name = "fire",
    .title = "learned function of the share of the way back",
    .source = "Li et al. 2023, arXiv 2310.04418, section 3",
    .cost = "n_layer (32 H + 66) parameters, and memory in T^2: n_layer H T T numbers",
    .keys = fire_keys,
    .n_keys = sizeof fire_keys / sizeof *fire_keys,
    .options_size = sizeof(FireOptions),
    .init = fire_init,
    .at_scores = fire_at_scores,
};
