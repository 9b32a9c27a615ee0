/* sinusoidal.c: a fixed vector of sines and cosines for each position, added to the token's.
 *
 *     h[t] = token_table[x[t]] + gain * S[position of t]              x[t]: the t-th token
 *     S[p] = sin(p w[0]), cos(p w[0]), sin(p w[1]), cos(p w[1]), ...      w: see sinusoid.c
 *
 * Each pair is the hand of a clock that turns by w[i] from one position to the next; each clock is
 * slower than the one before. Nothing is learned about single positions, so there is a vector for
 * every position, and the authors hoped that a model would go on beyond the length of training. It
 * can be asked to; but slow clocks then show times that it has never seen, and the loss soon rises
 * (`make claims CLAIM=3`).
 *
 * The gain matters more than it seems. A pair has sin^2 + cos^2 = 1, so the rms of S is sqrt(1/2) =
 * 0.71, while token vectors start at 0.02: in the paper those are multiplied by sqrt(C) first,
 * here, as in GPT-2, they are not. At gain 1 positions drown the tokens. So by default the gain is
 * one learned number that starts where the rms is that of a learned table.
 */
#include "math/rows.h"
#include "pos/sinusoid.h"

typedef enum GainKind { GAIN_LEARNED, GAIN_FIXED, GAIN_TEXTBOOK } GainKind;
static const char *const gain_kinds[] = {"learned", "fixed", "textbook", NULL};

typedef struct SinusoidalOptions {
    int gain; /* GainKind */
    double rms;
} SinusoidalOptions;

/* clang-format off */
static const ConfigKey sinusoidal_keys[] = {
    {.name = "sinusoidal_gain", .type = KEY_CHOICE, .offset = offsetof(SinusoidalOptions, gain),
     .value = "learned", .choices = gain_kinds,
     .help = "learned: one number that scales all; fixed: it stays at the start; textbook: 1"},
    {.name = "sinusoidal_rms", .type = KEY_REAL, .offset = offsetof(SinusoidalOptions, rms),
     .value = "0.02", .min = 1e-6, .max = 100,
     .help = "rms of the position vectors at the start (learned and fixed gain)"},
};
/* clang-format on */

typedef struct SinusoidalState {
    real first_gain; /* where it starts, and stays if it is not learned */
    Tensor *gain;    /* [1]: the learned one; NULL where there is none */
} SinusoidalState;

static bool sinusoidal_init(Pos *pos, ParamList *params, Error *error)
{
    const SinusoidalOptions *options = pos->options;
    double gain = options->gain == GAIN_TEXTBOOK ? 1 : options->rms / SINUSOID_RMS;
    SinusoidalState *state = pos->state = arena_alloc(&pos->arena, 1, sizeof *state);
    if (state) {
        state->first_gain = (real)gain;
        if (options->gain != GAIN_LEARNED)
            return true;
        state->gain = param_add(params, "transformer.wpe.gain", 1, (size_t[]){1},
                                (Init){INIT_CONSTANT, gain}, NO_DECAY);
    }
    return state && state->gain ? true : fail(error, "out of memory: gain");
}

/* y[t] = gain * S[position t]        dgain += sum over t and c of dy[t,c] S[position t, c] */
typedef struct Sinusoid {
    Node node;
    const SinusoidalState *state;
    Positions positions;
    Tensor *y; /* [T, C] */
    real *s;   /* [T, C]: S at the positions */
} Sinusoid;

static void sinusoid_forward(Node *node)
{
    Sinusoid *op = (Sinusoid *)node;
    real gain = op->state->gain ? op->state->gain->data[0] : op->state->first_gain;
    sinusoids_at(op->positions, tensor_width(op->y), op->s);
    for (size_t i = 0; i < tensor_size(op->y); i++)
        op->y->data[i] = gain * op->s[i];
}

static void sinusoid_backward(Node *node)
{
    Sinusoid *op = (Sinusoid *)node;
    if (op->state->gain)
        op->state->gain->grad[0] += row_dot(op->y->grad, op->s, tensor_size(op->y));
}

static Tensor *sinusoidal_at_embedding(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    Sinusoid *op = tape_node(tape, sizeof *op, sinusoid_forward, sinusoid_backward);
    op->state = pos->state;
    op->positions = positions;
    op->y = tape_tensor(tape, 2, (size_t[]){positions.count, pos->shape.n_embd});
    op->s = tape_numbers(tape, tensor_size(op->y));
    tape_run(tape, &op->node);
    return add(tape, x, op->y);
}

static void sinusoidal_describe(const Pos *pos, TextBuffer *out)
{
    const SinusoidalState *state = pos->state;
    text_append_format(out, "%s gain, rms %.3g at the start", state->gain ? "learned" : "fixed",
                       SINUSOID_RMS * (double)state->first_gain);
}

extern const PosScheme pos_sinusoidal;
const PosScheme pos_sinusoidal = {
    .name = "sinusoidal",
    .title = "sinusoidal absolute embedding",
    .source = "Vaswani et al. 2017, arXiv 1706.03762, section 3.5",
    .cost = "1 parameter (the gain)",
    .keys = sinusoidal_keys,
    .n_keys = sizeof sinusoidal_keys / sizeof *sinusoidal_keys,
    .options_size = sizeof(SinusoidalOptions),
    .init = sinusoidal_init,
    .at_embedding = sinusoidal_at_embedding,
    .describe = sinusoidal_describe,
};
