/* fire.c: a learned function of how far away a key is, as a share of how far there is to look back.
 *
 *     s[i,j] = q[i].k[j] / sqrt(D)  +  f[h](x)        x = psi(|i - j|) / psi(max(L, i))
 *                                                     psi(v) = ln(1 + c v)
 *
 * From query i the start of the text is i away, so x runs from 0 to 1 in a text of any length: what
 * f learns about the far end of short texts holds for that of long ones, and f is never asked about
 * an x that it has not met. psi leaves more room to near distances. Queries before the threshold L
 * are all measured against L (for the second token the first one would be the far end), and among
 * them x depends on the distance alone.
 *
 * f is a network of 32 hidden units (bias_mlp.h), one for each layer; the paper's FIRE-S has one
 * for all. c and L are learned as well, by their logarithms, which keeps them above 0:
 *     c = 0.1 exp(C)      L = first L * exp(M)
 * f, C and M start at 0; first L is a quarter of what a training sequence spans, as the paper's 512
 * was of its 2048.
 * Backward: let u = c |i - j| and v = c max(L, i), so x = ln(1 + u) / ln(1 + v). Since dc/dC = c,
 * du/dC = u and dv/dC = v; the quotient rule gives
 *     dx/dC = ( u / (1 + u)  -  x v / (1 + v) ) / ln(1 + v)
 * and M acts on v alone, where the query stands before L: there dv/dM = v, and
 *     dx/dM = -x v / (1 + v) / ln(1 + v)         0 where i >= L
 */
#include "pos/bias_mlp.h"
#include "pos/bias_table.h"
#include "pos/pos.h"

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

/* x of every pair: its distance as a share of the way back. */
typedef struct Shares {
    Node node;
    Tensor *scale; /* [2]: C and M */
    double first_threshold;
    Positions queries, keys;
    Distances distances;
    real *psi; /* of each of the distances, made once for all pairs that have it */
    Tensor *x; /* [Tq, Tk] */
} Shares;

/* c and L */
static void get_scale(const Shares *op, double *c, double *threshold)
{
    *c = FIRST_C * exp((double)op->scale->data[0]);
    *threshold = op->first_threshold * exp((double)op->scale->data[1]);
}

static void shares_forward(Node *node)
{
    Shares *op = (Shares *)node;
    double c, threshold;
    get_scale(op, &c, &threshold);
    for (size_t column = 0; column < op->distances.count; column++)
        op->psi[column] = (real)log1p(c * fabs((double)op->distances.first + (double)column));
    for (size_t i = 0; i < op->queries.count; i++) {
        ptrdiff_t of_position_0 = -op->queries.at[i] - op->distances.first; /* its place in psi */
        real whole_way = (real)log1p(c * fmax(threshold, (double)op->queries.at[i]));
        for (size_t j = 0; j < op->keys.count; j++)
            op->x->data[i * op->keys.count + j] =
                op->psi[of_position_0 + op->keys.at[j]] / whole_way;
    }
}

static void shares_backward(Node *node)
{
    Shares *op = (Shares *)node;
    if (!op->scale->grad)
        return;
    double c, threshold, dC = 0, dM = 0;
    get_scale(op, &c, &threshold);
    for (size_t i = 0; i < op->queries.count; i++) {
        double query = op->queries.at[i], v = c * fmax(threshold, query), whole_way = log1p(v);
        for (size_t j = 0; j < op->keys.count; j++) {
            double x = (double)op->x->data[i * op->keys.count + j];
            double dx = (double)op->x->grad[i * op->keys.count + j] / whole_way;
            double u = c * fabs(op->keys.at[j] - query);
            dC += dx * (u / (1 + u) - x * v / (1 + v));
            dM -= query < threshold ? dx * x * v / (1 + v) : 0;
        }
    }
    op->scale->grad[0] += (real)dC;
    op->scale->grad[1] += (real)dM;
}

static ScoreBias fire_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    const FireOptions *options = pos->options;
    const FireLayer *layer = (const FireLayer *)pos->state + site->layer;
    Shares *op = tape_node(tape, sizeof *op, shares_forward, shares_backward);
    op->scale = tape_input(tape, layer->scale);
    op->first_threshold =
        options->threshold > 0 ? (double)options->threshold : (double)pos->shape.span / 4;
    op->queries = site->queries;
    op->keys = site->keys;
    op->distances = distances_between(site->queries, site->keys);
    op->psi = tape_numbers(tape, op->distances.count);
    op->x = tape_tensor(tape, 2, (size_t[]){site->queries.count, site->keys.count});
    tape_run(tape, &op->node);
    return bias_mlp(tape, op->x, layer->mlp, options->gain, pos->shape.causal);
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
