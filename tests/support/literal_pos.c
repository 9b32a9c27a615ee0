/* literal_pos.c: definitions of the schemes. */
#include "support/literal_pos.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is(const ModelCase *c, const char *name)
{
    return strcmp(c->gpt.pos.scheme->name, name) == 0;
}

bool literal_knows(const PosScheme *scheme)
{
    const char *const known[] = {"none", "learned", "sinusoidal", "relative", "t5",   "alibi",
                                 "shaw", "kerple",  "fire",       "cope",     "rope", "xpos"};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(scheme->name, known[i]) == 0)
            return true;
    return false;
}

const real *literal_values(const ModelCase *c, const char *name)
{
    const Param *param = param_find(&c->gpt.params, name);
    return param ? param->tensor.data : NULL;
}

/* --- [1] --- */

/* The learned number, or what the options say. */
static double sinusoidal_gain(ModelCase *c)
{
    const char *kind = model_case_setting(c, "sinusoidal_gain");
    if (strcmp(kind, "learned") == 0)
        return (double)literal_values(c, "transformer.wpe.gain")[0];
    return strcmp(kind, "textbook") == 0 ? 1 : model_case_number(c, "sinusoidal_rms") * sqrt(2);
}

void literal_at_embedding(ModelCase *c, double *x, int position)
{
    size_t C = c->shape.gpt.n_embd;
    if (is(c, "learned")) {
        const real *table = literal_values(c, "transformer.wpe.weight");
        for (size_t i = 0; i < C; i++)
            x[i] += (double)table[(size_t)position * C + i];
    }
    if (is(c, "sinusoidal")) {
        double gain = sinusoidal_gain(c);
        for (size_t i = 0; i < C; i++) {
            double angle = position / pow(10000, (double)(i - i % 2) / (double)C);
            x[i] += gain * (i % 2 == 0 ? sin(angle) : cos(angle));
        }
    }
}

/* --- [2] --- */

double literal_rope_theta(const char *scaling, double base, double d, double trained, double length,
                          double i)
{
    const double pi = acos(-1), colon = (double)strcspn(scaling, ":");
    double s = scaling[(size_t)colon] == ':' ? strtod(scaling + (size_t)colon + 1, NULL) : 1;
    double theta = pow(base, -2 * i / d), turns = trained / (2 * pi / theta);
    if (strncmp(scaling, "linear", 6) == 0)
        return theta / s;
    if (strcmp(scaling, "dynamic") == 0)
        s = fmax(1, length / trained);
    if (strcmp(scaling, "dynamic") == 0 || strncmp(scaling, "ntk", 3) == 0)
        return d > 2 ? pow(base * pow(s, d / (d - 2)), -2 * i / d) : 1;
    if (strncmp(scaling, "yarn", 4) != 0)
        return theta;
    double llama = log(32) / log(4096 / (2 * pi)), beta = pow(trained / (2 * pi), llama);
    double ramp = turns < 1 ? 0 : turns > beta ? 1 : (turns - 1) / (beta - 1);
    return (1 - ramp) * theta / s + ramp * theta;
}

/* Pair i of `pairs` as a length and an angle, which grows. */
static void turn_pair(double *x, const char *pairing, size_t pairs, size_t i, double by)
{
    bool half = strcmp(pairing, "half") == 0;
    double *a = half ? x + i : x + 2 * i, *b = half ? x + pairs + i : x + 2 * i + 1;
    double length = hypot(*a, *b), angle = atan2(*b, *a) + by;
    *a = length * cos(angle);
    *b = length * sin(angle);
}

static void rope_turn(ModelCase *c, double *x, int position)
{
    size_t D = c->shape.gpt.n_embd / c->shape.gpt.n_head, T = c->shape.length;
    const char *scaling = model_case_setting(c, "rope_scaling");
    size_t pairs = (size_t)lround(model_case_number(c, "rope_share") * (double)D / 2);
    size_t turning = (size_t)lround(model_case_number(c, "rope_frequencies") * (double)pairs);
    for (size_t i = 0; i < turning; i++)
        turn_pair(x, model_case_setting(c, "rope_pairing"), pairs, i,
                  position * literal_rope_theta(scaling, model_case_number(c, "rope_base"),
                                                2 * (double)pairs, (double)c->shape.gpt.block_size,
                                                c->positions[T - 1] - c->positions[0] + 1,
                                                (double)i));
    bool yarn = strncmp(scaling, "yarn:", 5) == 0;
    for (size_t d = 0; yarn && d < D; d++)
        x[d] *= 0.1 * log(strtod(scaling + 5, NULL)) + 1;
}

/* The paper's, with its exponents divided by a scale as in the authors' code. */
static void xpos_turn(ModelCase *c, double *x, int position, double sign)
{
    size_t D = c->shape.gpt.n_embd / c->shape.gpt.n_head;
    const char *pairing = model_case_setting(c, "xpos_pairing");
    double gamma = model_case_number(c, "xpos_gamma"), scale = model_case_number(c, "xpos_scale");
    double base = model_case_number(c, "xpos_base");
    if (scale == 0)
        scale = (double)c->shape.gpt.block_size / 2;
    for (size_t i = 0; i < D / 2; i++)
        turn_pair(x, pairing, D / 2, i, position * pow(base, -2 * (double)i / (double)D));
    for (size_t d = 0; d < D; d++) {
        size_t i = strcmp(pairing, "half") == 0 ? d % (D / 2) : d / 2;
        double zeta = (2 * (double)i / (double)D + gamma) / (1 + gamma);
        x[d] *= pow(zeta, sign * position / scale);
    }
}

void literal_at_query(ModelCase *c, double *x, int position)
{
    if (is(c, "rope"))
        rope_turn(c, x, position);
    if (is(c, "xpos"))
        xpos_turn(c, x, position, 1);
}

void literal_at_key(ModelCase *c, double *x, int position)
{
    if (is(c, "rope"))
        rope_turn(c, x, position);
    if (is(c, "xpos"))
        xpos_turn(c, x, position, -1);
}

void literal_at_value(ModelCase *c, double *x, int position)
{
    if (is(c, "rope") && strcmp(model_case_setting(c, "rope_values"), "yes") == 0)
        rope_turn(c, x, position);
}

/* --- [3] --- */

size_t literal_t5_bucket(bool causal, ptrdiff_t r, size_t n_buckets, size_t max_distance)
{
    size_t start = 0;
    if (!causal) {
        n_buckets /= 2;
        start = r > 0 ? n_buckets : 0;
    }
    /* NOLINTNEXTLINE(bugprone-integer-division): buckets are whole */
    double d = causal ? fmax((double)-r, 0) : fabs((double)r), exact = (double)(n_buckets / 2);
    if (d < exact)
        return start + (size_t)d;
    double log_share = log(d / exact) / log((double)max_distance / exact);
    double bucket = exact + floor(log_share * ((double)n_buckets - exact));
    return start + (size_t)fmin(bucket, (double)n_buckets - 1);
}

static double t5_bias(ModelCase *c, size_t h, int r)
{
    bool causal = c->shape.gpt.causal;
    size_t T = c->shape.gpt.block_size, n = (size_t)model_case_number(c, "t5_buckets");
    size_t far = (size_t)model_case_number(c, "t5_max_distance");
    if (n == 0)
        n = T >= 64 ? 32 : causal ? T / 2 : T / 4 * 2;
    if (far == 0)
        far = 3 * T / 4;
    size_t bucket = literal_t5_bucket(causal, r, n, far);
    const real *weight = literal_values(c, "transformer.t5_bias.weight");
    return model_case_number(c, "t5_gain") * (double)weight[h * n + bucket];
}

static double relative_bias(ModelCase *c, size_t layer, size_t h, int r)
{
    char name[64];
    snprintf(name, sizeof name, "transformer.h.%zu.attn.relative.weight", layer);
    int far = (int)model_case_number(c, "relative_max_distance");
    if (far == 0)
        far = (int)c->shape.gpt.block_size - 1;
    int rows = c->shape.gpt.causal ? far + 1 : 2 * far + 1;
    int row = (r < -far ? -far : r > far ? far : r) + far;
    return model_case_number(c, "relative_gain") *
           (double)literal_values(c, name)[(int)h * rows + row];
}

const double literal_alibi_exponents[16][16] = {
    {8},
    {4, 8},
    {4, 8, 2},
    {2, 4, 6, 8},
    {2, 4, 6, 8, 1},
    {2, 4, 6, 8, 1, 3},
    {2, 4, 6, 8, 1, 3, 5},
    {1, 2, 3, 4, 5, 6, 7, 8},
    {1, 2, 3, 4, 5, 6, 7, 8, 0.5},
    {1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5},
    {1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5},
    {1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5, 3.5},
    {1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5, 3.5, 4.5},
    {1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5},
    {1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5},
    {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8},
};

static double kerple_bias(ModelCase *c, size_t h, int r)
{
    const real *numbers = literal_values(c, "transformer.kerple_bias.weight") + 2 * h;
    double gain = model_case_number(c, "kerple_gain"), H = (double)c->shape.gpt.n_head;
    double a = exp(gain * (double)numbers[0]), b = exp(gain * (double)numbers[1]);
    double r1 = (2 * (double)h + 1) / H * log2(1 + a);
    if (strcmp(model_case_setting(c, "kerple_kind"), "log") == 0)
        return -r1 * log(1 + log2(1 + b) / 2 * abs(r));
    return -r1 / 2 * pow(abs(r), 2 * b / (1 + b));
}

static double fire_bias(ModelCase *c, size_t layer, size_t h, int query, int key)
{
    enum { W = 32 };
    const char *const names[] = {"scale", "c_fc.weight", "c_fc.bias", "c_proj.weight"};
    const real *values[4];
    for (size_t i = 0; i < 4; i++) {
        char name[64];
        snprintf(name, sizeof name, "transformer.h.%zu.attn.fire.%s", layer, names[i]);
        values[i] = literal_values(c, name);
    }
    double L = model_case_number(c, "fire_threshold"), scale = exp((double)values[0][0]) / 10;
    L = (L > 0 ? L : (double)c->shape.gpt.block_size / 4) * exp((double)values[0][1]);
    double x = log(scale * abs(query - key) + 1) / log(scale * fmax(L, query) + 1), sum = 0;
    for (size_t w = 0; w < W; w++)
        sum +=
            (double)values[3][h * W + w] * fmax(0, (double)values[1][w] * x + (double)values[2][w]);
    return model_case_number(c, "fire_gain") * sum;
}

double literal_at_scores(ModelCase *c, size_t layer, size_t h, int query, int key)
{
    if (is(c, "relative"))
        return relative_bias(c, layer, h, key - query);
    if (is(c, "t5"))
        return t5_bias(c, h, key - query);
    if (is(c, "alibi"))
        return -pow(2, -literal_alibi_exponents[c->shape.gpt.n_head - 1][h]) * fabs(key - query);
    if (is(c, "kerple"))
        return kerple_bias(c, h, key - query);
    if (is(c, "fire"))
        return fire_bias(c, layer, h, query, key);
    return 0;
}

static const real *layer_values(const ModelCase *c, size_t layer, const char *name)
{
    char full[64];
    snprintf(full, sizeof full, "transformer.h.%zu.attn.%s.weight", layer, name);
    return literal_values(c, full);
}

/* Equations 4 and 5 of the paper: q.a / sqrt(D), with a gain. */
static double shaw_bias(ModelCase *c, const LiteralPair *pair)
{
    size_t D = c->shape.gpt.n_embd / c->shape.gpt.n_head;
    int far = (int)model_case_number(c, "shaw_max_distance"), T = (int)c->shape.gpt.block_size;
    if (far == 0)
        far = T - 1 < 16 ? T - 1 : 16;
    int r = pair->at[pair->j] - pair->at[pair->i];
    int row = (r < -far ? -far : r > far ? far : r) + far;
    const real *a = layer_values(c, pair->layer, "shaw") + (size_t)row * D;
    double sum = 0;
    for (size_t d = 0; d < D; d++)
        sum += pair->q[d] * (double)a[d];
    return model_case_number(c, "shaw_gain") * sum / sqrt((double)D);
}

/* Section 4 of the paper: between two whole positions the vector is a mixture of theirs. */
static double cope_bias(ModelCase *c, const LiteralPair *pair)
{
    size_t D = c->shape.gpt.n_embd / c->shape.gpt.n_head;
    double last = model_case_number(c, "cope_max_position"), position = 0, sum = 0;
    if (last == 0)
        last = (double)c->shape.gpt.block_size;
    for (size_t u = pair->j; u <= pair->i; u++) {
        double score = 0;
        for (size_t d = 0; d < D; d++)
            score += pair->q[d] * pair->keys[u * pair->stride + d];
        position += 1 / (1 + exp(-score / sqrt((double)D)));
    }
    position = fmin(position, last);
    const real *e = layer_values(c, pair->layer, "cope");
    const real *below = e + (size_t)floor(position) * D, *above = e + (size_t)ceil(position) * D;
    double share = position - floor(position);
    for (size_t d = 0; d < D; d++)
        sum += pair->q[d] * (share * (double)above[d] + (1 - share) * (double)below[d]);
    return model_case_number(c, "cope_gain") * sum;
}

double literal_from_vectors(ModelCase *c, const LiteralPair *pair)
{
    if (is(c, "shaw"))
        return shaw_bias(c, pair);
    if (is(c, "cope"))
        return cope_bias(c, pair);
    return 0;
}

bool literal_looks_at_vectors(const PosScheme *scheme)
{
    return strcmp(scheme->name, "shaw") == 0 || strcmp(scheme->name, "cope") == 0;
}
