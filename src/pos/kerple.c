/* kerple.c: scores fall off with distance along a curve of which each head learns two numbers.
 *
 *     s[i,j] = q[i].k[j] / sqrt(D)  -  r1[h] ln(1 + r2[h] |i - j|)          kerple_kind = log
 *     s[i,j] = q[i].k[j] / sqrt(D)  -  r1[h] |i - j|^r2[h]                  kerple_kind = power
 *
 * for a query at position i, a key at position j and head h, with r1, r2 > 0, and r2 < 2 for a
 * power. (With these bounds, and a constant added, which no softmax notices, the bias is a kernel:
 * a product u[i].u[j] of vectors, one for each position. Hence the name, kernelized relative
 * positional embedding.) A power with r2 = 1 is ALiBi with slopes that are learned; the logarithm
 * falls ever more slowly, so far keys are not lost. Nothing ends at the training length.
 *
 * An optimiser knows no bounds. So what is learned are two other numbers of each head, a and b,
 * which start at 0 and may take any value; r1 and r2 are made of them. Let
 *
 *     S(v) = ln(1 + exp(v)) / ln 2        always positive, and S(0) = 1
 *
 *     r1 = start[h] S(gain a)             start[h] = 2 (h + 1/2) / H, for a power half of that
 *     r2 = 1/2 S(gain b)                  in the logarithm: 1/2 at first
 *     r2 = 2 / (1 + exp(-gain b))         in the power: 1 at first
 *
 * The gain is about step size, as in relative.c. All layers share the numbers, as in the authors'
 * code. (That code learns r1 and r2 as they are, and cuts them off at 0.01. They start at random:
 * r1 up to 2 and r2 up to 1 in the logarithm, r1 up to 1 and r2 up to 2 in the power.)
 *
 * The derivatives, with d = |i - j| and v = gain b: the bias is f = -r1 curve, and
 *
 *     df/da = -gain start S'(gain a) curve              S'(v) = 1 / (1 + exp(-v)) / ln 2
 *     df/db = -gain r1 dcurve/dv
 *
 *     curve = ln(1 + r2 d)     dcurve/dv = d / (1 + r2 d) * dr2/dv       dr2/dv = S'(v) / 2
 *     curve = d^r2             dcurve/dv = d^r2 ln d * dr2/dv            dr2/dv = r2 (1 - r2/2)
 *
 * (d^r2 is 0 at d = 0 whatever r2 is, so its slope there is 0. The last one: with e = exp(-v),
 * dr2/dv = 2 e / (1 + e)^2 = 2/(1 + e) * e/(1 + e), and e/(1 + e) = 1 - 1/(1 + e).)
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

/* The curve ln(1 + r2 d), and dcurve/dv. */
static double logarithm(double d, double v, double *slope)
{
    double s_slope, r2 = softplus(v, &s_slope) / 2;
    *slope = d / (1 + r2 * d) * s_slope / 2;
    return log1p(r2 * d);
}

/* The curve d^r2, and dcurve/dv. */
static double power(double d, double v, double *slope)
{
    double r2 = 2 / (1 + exp(-v)), result = pow(d, r2);
    *slope = d > 0 ? result * log(d) * r2 * (1 - r2 / 2) : 0;
    return result;
}

/* f, and in `slopes` df/da and df/db. */
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
