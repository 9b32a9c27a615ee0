/* kerple.c: scores fall off with distance along a curve of which each head learns two numbers.
 *
 *     s[i,j] = q[i].k[j] / sqrt(D)  -  r1[h] ln(1 + r2[h] |i - j|)          kerple_kind = log
 *     s[i,j] = q[i].k[j] / sqrt(D)  -  r1[h] |i - j|^r2[h]                  kerple_kind = power
 *
 * with r1, r2 > 0, and r2 < 2 for a power. Such curves are kernels: with a constant added, which no
 * softmax notices, each is the product of one vector that belongs to i alone with one that belongs
 * to j alone. A power with r2 = 1 is ALiBi with slopes that are learned; the logarithm falls ever
 * more slowly, so far keys are not lost. Nothing ends at the training length.
 *
 * All layers share the numbers, as in the authors' code. There r1 and r2 are learned as they are,
 * drawn between 0 and some bound (for r1, 2 in the logarithm and 1 in the power; for r2, 1 and 2),
 * and cut off at 0.01 when they fall below. Here a[h] and b[h] are learned, which start at 0 and
 * may take any value. S(v) = ln(1 + exp(v)) / ln 2, which is 1 at 0 and always positive, makes of
 * them
 *
 *     r1 = start[h] S(gain a[h])        the heads' starts spread evenly over the authors' range
 *     r2 = 1/2 S(gain b[h])             in the logarithm: 1/2 at first
 *     r2 = 2 / (1 + exp(-gain b[h]))    in the power: 1 at first
 *
 * The gain is about step size, as in relative.c. With d = |i - j|, and the bias f,
 *
 *     f = -r1 ln(1 + r2 d)    df/da = gain f S'(gain a) / S(gain a)
 *                             df/db = -gain/2 r1 d / (1 + r2 d) S'(gain b)
 *     f = -r1 d^r2            df/da as above
 *                             df/db = -gain r1 d^r2 ln d r2 (1 - r2/2)      (0 where d is 0)
 *
 * and S'(v) = 1 / (1 + exp(-v)) / ln 2.
 */
#include "pos/bias_table.h"
#include "pos/pos.h"

typedef enum Kind { LOGARITHM, POWER } Kind;
static const char *const kinds[] = {"log", "power", NULL};

typedef struct KerpleOptions {
    int kind; /* Kind */
    double gain;
} KerpleOptions;

static const ConfigKey kerple_keys[] = {
    {.name = "kerple_kind",
     .type = KEY_CHOICE,
     .offset = offsetof(KerpleOptions, kind),
     .value = "log",
     .choices = kinds,
     .help = "the curve: r1 ln(1 + r2 d), or r1 d^r2"},
    {.name = "kerple_gain",
     .type = KEY_REAL,
     .offset = offsetof(KerpleOptions, gain),
     .value = "8",
     .min = 1e-3,
     .max = 1e3,
     .help = "r1 and r2 follow gain times the learned numbers: how far a step of AdamW moves them"},
};

/* The learned numbers, [H, 2]: a and b of each head. */
static bool kerple_init(Pos *pos, ParamList *params, Error *error)
{
    pos->state = param_add(params, "transformer.kerple_bias.weight", 2,
                           (size_t[]){pos->shape.n_head, 2}, (Init){INIT_CONSTANT, 0}, NO_DECAY);
    return pos->state ? true : fail(error, "out of memory: KERPLE's numbers");
}

/* S(v) and S'(v) */
static double softplus(double v, double *slope)
{
    *slope = 1 / (1 + exp(-v)) / log(2.0);
    return (fmax(v, 0) + log1p(exp(-fabs(v)))) / log(2.0);
}

/* ln(1 + r2 d), and its derivative by v, of which r2 is made. */
static double logarithm(double d, double v, double *slope)
{
    double s_slope, r2 = softplus(v, &s_slope) / 2;
    *slope = d / (1 + r2 * d) * s_slope / 2;
    return log1p(r2 * d);
}

/* d^r2, and the same. */
static double power(double d, double v, double *slope)
{
    double r2 = 2 / (1 + exp(-v)), result = pow(d, r2);
    *slope = d > 0 ? result * log(d) * r2 * (1 - r2 / 2) : 0;
    return result;
}

static double kerple_bias(const Pos *pos, size_t h, const real *numbers, ptrdiff_t distance,
                          double slopes[MAX_CURVE_NUMBERS])
{
    const KerpleOptions *options = pos->options;
    bool is_power = options->kind == POWER;
    double gain = options->gain, d = fabs((double)distance), s_slope, curve_slope;
    double start = ((double)h + 0.5) / (double)pos->shape.n_head * (is_power ? 1 : 2);
    double s = softplus(gain * (double)numbers[0], &s_slope);
    /* cppcheck-suppress uninitvar ; either function sets curve_slope */
    double curve = (is_power ? power : logarithm)(d, gain * (double)numbers[1], &curve_slope);
    slopes[0] = -gain * start * s_slope * curve;
    slopes[1] = -gain * start * s * curve_slope;
    return -start * s * curve;
}

/* The same for every layer, so it is made once. */
static void *kerple_prepare(const Pos *pos, Tape *tape, Positions queries, Positions keys)
{
    ScoreBias *bias = tape_struct(tape, sizeof *bias);
    *bias = bias_curve(pos, tape, pos->state, kerple_bias, queries, keys);
    return bias;
}

static ScoreBias kerple_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    (void)pos, (void)tape;
    return *(const ScoreBias *)site->prepared;
}

static void kerple_describe(const Pos *pos, TextBuffer *out)
{
    const KerpleOptions *options = pos->options;
    text_append_format(out, "%s, gain %g", kinds[options->kind], options->gain);
}

extern const PosScheme pos_kerple;
const PosScheme pos_kerple = {
    .name = "kerple",
    .title = "learned curve by distance",
    .source = "Chi et al. 2022, arXiv 2205.09921, section 4",
    .cost = "2 H parameters",
    .keys = kerple_keys,
    .n_keys = sizeof kerple_keys / sizeof *kerple_keys,
    .options_size = sizeof(KerpleOptions),
    .init = kerple_init,
    .prepare = kerple_prepare,
    .at_scores = kerple_at_scores,
    .describe = kerple_describe,
};
