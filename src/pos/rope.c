/* rope.c: queries and keys turned by an angle that grows with their position.
 *
 * The D channels of a head are taken as D/2 pairs, each pair as a point in a plane. At position m,
 * plane i is turned by the angle m theta[i]:
 *
 *     theta[i] = base^(-2i/D)              i = 0 ... D/2 - 1,  base 10000
 *
 *     a' = a cos(m theta) - b sin(m theta)
 *     b' = a sin(m theta) + b cos(m theta)
 *
 * Lengths stay as they are. And if the query at position m and the key at position n are both
 * turned, the angle between them changes by (m - n) theta[i]: the score
 *
 *     R(m) q . R(n) k  =  q . R(n - m) k
 *
 * depends on the distance alone. Each vector is turned by its own absolute position, each score
 * feels a relative one; put words in front of a text and every vector turns, but no angle between
 * two of them. Values are not turned: the mix of values says what was found, not where.
 *
 * Backward: a turn is undone by the turn the other way round, and its derivative is its transpose,
 * which is the same thing: dq = R(-m) dq'.
 *
 * Two ways to pair the channels are in use, and a model trained with one talks nonsense with the
 * other:
 *
 *     interleaved   (0, 1) (2, 3) ...              the paper, GPT-J, Llama's own code
 *     half          (0, D/2) (1, D/2 + 1) ...      GPT-NeoX, Hugging Face's Llama
 */
#include "pos/pos.h"

#include "math/parallel.h"

typedef enum Pairing { INTERLEAVED, HALF } Pairing;
static const char *const pairings[] = {"interleaved", "half", NULL};

typedef struct RopeOptions {
    double base;
    int pairing; /* Pairing */
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
     .choices = pairings,
     .help = "which channels form a pair: (0,1) (2,3) ... or (0,D/2) (1,D/2+1) ..."},
};

static bool rope_init(Pos *pos, ParamList *params, Error *error)
{
    (void)params; /* nothing is learned */
    size_t D = pos_head_size(&pos->shape);
    if (D % 2 != 0)
        return fail_request(error, "n_embd / n_head = %zu: rotary pairs need an even head size", D);
    return true;
}

/* cos and sin of the angle of each position and plane, [T, D/2] both: the same for every layer. */
typedef struct Angles {
    Node node;
    const Pos *pos;
    Positions positions;
    real *cosines, *sines;
} Angles;

static void angles_forward(Node *node)
{
    Angles *op = (Angles *)node;
    const RopeOptions *options = op->pos->options;
    size_t D = pos_head_size(&op->pos->shape), planes = D / 2;
    for (size_t i = 0; i < planes; i++) {
        double theta = pow(options->base, -2.0 * (double)i / (double)D);
        for (size_t t = 0; t < op->positions.count; t++) {
            double angle = op->positions.at[t] * theta;
            op->cosines[t * planes + i] = (real)cos(angle);
            op->sines[t * planes + i] = (real)sin(angle);
        }
    }
}

/* Queries and keys are turned when they are new, and stand at the same positions. Angles are not
 * learned: their node has no backward. */
static void *rope_prepare(const Pos *pos, Tape *tape, Positions queries, Positions keys)
{
    (void)keys;
    Angles *op = tape_node(tape, sizeof *op, angles_forward, NULL);
    op->pos = pos;
    op->positions = queries;
    op->cosines = tape_numbers(tape, queries.count * pos_head_size(&pos->shape) / 2);
    op->sines = tape_numbers(tape, queries.count * pos_head_size(&pos->shape) / 2);
    tape_run(tape, &op->node);
    return op;
}

/* y = R(m) x for every vector of a view */
typedef struct Rotation {
    Node node;
    const Angles *angles;
    Pairing pairing;
    HeadView x, y; /* y: of a tensor of its own, [B, T, H D] */
} Rotation;

/* Turns one vector of D/2 pairs forward (direction 1) or back (-1): to = R from, or to += R from.
 * The two channels of plane i are i * step and i * step + apart. */
static inline void turn(const real *from, real *to, const real *c, const real *s, size_t planes,
                        size_t step, size_t apart, real direction, bool add)
{
    for (size_t i = 0; i < planes; i++) {
        real a = from[i * step], b = from[i * step + apart], sine = direction * s[i];
        real *first = to + i * step, *second = first + apart;
        *first = (add ? *first : 0) + (a * c[i] - b * sine);
        *second = (add ? *second : 0) + (a * sine + b * c[i]);
    }
}

/* The vectors of the tokens begin ... end - 1 of the whole batch. */
static inline void turn_tokens(const Rotation *op, size_t begin, size_t end, bool backward)
{
    size_t planes = op->x.head_size / 2;
    real direction = backward ? -1 : 1;
    bool add = backward && !op->x.x->grad_is_new;
    for (size_t token = begin; token < end; token++)
        for (size_t h = 0; h < op->x.n_head; h++) {
            size_t b = token / op->x.length, t = token % op->x.length;
            size_t in_x = head_place(&op->x, b, h, t), in_y = head_place(&op->y, b, h, t);
            const real *from = backward ? op->y.x->grad + in_y : op->x.x->data + in_x;
            real *to = backward ? op->x.x->grad + in_x : op->y.x->data + in_y;
            const real *c = op->angles->cosines + t * planes, *s = op->angles->sines + t * planes;
            if (op->pairing == INTERLEAVED)
                turn(from, to, c, s, planes, 2, 1, direction, add);
            else
                turn(from, to, c, s, planes, 1, planes, direction, add);
        }
}

static void rotate_tokens(void *context, size_t begin, size_t end)
{
    turn_tokens(context, begin, end, false);
}

static void rotate_gradient_tokens(void *context, size_t begin, size_t end)
{
    turn_tokens(context, begin, end, true);
}

static void rotation_forward(Node *node)
{
    Rotation *op = (Rotation *)node;
    parallel_for(tensor_rows(op->y.x), parallel_grain(tensor_width(op->y.x)), rotate_tokens, op);
}

static void rotation_backward(Node *node)
{
    Rotation *op = (Rotation *)node;
    if (!op->x.x->grad)
        return;
    if (head_view_size(&op->x) < tensor_size(op->x.x)) /* there are more in it than these */
        grad_ready_to_add(op->x.x);
    parallel_for(tensor_rows(op->y.x), parallel_grain(tensor_width(op->y.x)),
                 rotate_gradient_tokens, op);
}

static HeadView rotate(Tape *tape, HeadView x, const Angles *angles, Pairing pairing)
{
    Rotation *op = tape_node(tape, sizeof *op, rotation_forward, rotation_backward);
    size_t shape[] = {x.batch, x.length, x.n_head * x.head_size};
    op->angles = angles;
    op->pairing = pairing;
    op->x = x;
    tape_input(tape, x.x);
    op->y = head_view(tape_tensor(tape, 3, shape), x.n_head, 0, 1);
    tape_run(tape, &op->node);
    return op->y;
}

static void rope_at_query_key(const Pos *pos, Tape *tape, PosSite *site)
{
    const RopeOptions *options = pos->options;
    Pairing pairing = (Pairing)options->pairing;
    site->heads.q = rotate(tape, site->heads.q, site->prepared, pairing);
    site->heads.k = rotate(tape, site->heads.k, site->prepared, pairing);
}

static void rope_describe(const Pos *pos, TextBuffer *out)
{
    const RopeOptions *options = pos->options;
    text_append_format(out, "base %g, pairs %s", options->base, pairings[options->pairing]);
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
