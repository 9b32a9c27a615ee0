/* literal_gpt.c: GPT-2 in plain loops (Radford et al. 2019; sizes and names as in nanoGPT). */
#include "support/literal_gpt.h"

#include <math.h>
#include <stdio.h>

#include "support/literal_pos.h"

/* One sequence on its way through the model. */
typedef struct Sequence {
    ModelCase *c;
    Arena *arena;
    size_t T, C, H, D;
    const int *tokens, *at; /* [T] */
    double *x;              /* [T, C] */
} Sequence;

static const real *values(const Sequence *s, int layer, const char *name)
{
    char full[96];
    if (layer < 0)
        snprintf(full, sizeof full, "transformer.%s", name);
    else
        snprintf(full, sizeof full, "transformer.h.%d.%s", layer, name);
    return literal_values(s->c, full);
}

/* A bias that is not there adds nothing. */
static double at(const real *bias, size_t i)
{
    return bias ? (double)bias[i] : 0;
}

static double *layer_norm_of(const Sequence *s, const double *x, const real *weight,
                             const real *bias)
{
    double *y = new_doubles(s->arena, s->T * s->C), C = (double)s->C;
    for (size_t t = 0; t < s->T; t++) {
        const double *row = x + t * s->C;
        double mean = 0, variance = 0;
        for (size_t i = 0; i < s->C; i++)
            mean += row[i] / C;
        for (size_t i = 0; i < s->C; i++)
            variance += (row[i] - mean) * (row[i] - mean) / C;
        for (size_t i = 0; i < s->C; i++)
            y[t * s->C + i] =
                (row[i] - mean) / sqrt(variance + 1e-5) * (double)weight[i] + at(bias, i);
    }
    return y;
}

/* [T, in] to [T, out] */
static double *linear_of(const Sequence *s, const double *x, size_t in, const real *weight,
                         const real *bias, size_t out)
{
    double *y = new_doubles(s->arena, s->T * out);
    for (size_t t = 0; t < s->T; t++)
        for (size_t o = 0; o < out; o++) {
            y[t * out + o] = at(bias, o);
            for (size_t i = 0; i < in; i++)
                y[t * out + o] += (double)weight[o * in + i] * x[t * in + i];
        }
    return y;
}

/* Changes the queries, keys and values of qkv [T, 3 C] in place. */
static void apply_query_key_door(const Sequence *s, double *qkv)
{
    for (size_t t = 0; t < s->T; t++)
        for (size_t h = 0; h < s->H; h++) {
            double *q = qkv + t * 3 * s->C + h * s->D;
            literal_at_query(s->c, q, s->at[t]);
            literal_at_key(s->c, q + s->C, s->at[t]);
            literal_at_value(s->c, q + 2 * s->C, s->at[t]);
        }
}

/* Row i of a head's attention, into y [D]. */
static void attend_row(const Sequence *s, size_t layer, size_t h, size_t i, const double *qkv,
                       double *y)
{
    size_t visible = s->c->shape.gpt.causal ? i + 1 : s->T, D = s->D;
    double *weights = new_doubles(s->arena, visible), sum = 0;
    const double *q = qkv + i * 3 * s->C + h * D, *keys = qkv + s->C + h * D;
    for (size_t j = 0; j < visible; j++) {
        const double *k = keys + j * 3 * s->C;
        const LiteralPair pair = {layer, i, j, s->at, q, keys, 3 * s->C};
        double score = 0;
        for (size_t d = 0; d < D; d++)
            score += q[d] * k[d];
        score = score / sqrt((double)D) + literal_at_scores(s->c, layer, h, s->at[i], s->at[j]) +
                literal_from_vectors(s->c, &pair);
        sum += weights[j] = exp(score);
    }
    for (size_t j = 0; j < visible; j++)
        for (size_t d = 0; d < D; d++)
            y[d] += weights[j] / sum * qkv[(j * 3 + 2) * s->C + h * D + d];
}

static double *attention_of(const Sequence *s, size_t layer, double *qkv)
{
    double *y = new_doubles(s->arena, s->T * s->C);
    apply_query_key_door(s, qkv);
    for (size_t i = 0; i < s->T; i++)
        for (size_t h = 0; h < s->H; h++)
            attend_row(s, layer, h, i, qkv, y + i * s->C + h * s->D);
    return y;
}

static void apply_gelu(double *x, size_t n)
{
    const double pi = acos(-1);
    for (size_t i = 0; i < n; i++)
        x[i] = 0.5 * x[i] * (1 + tanh(sqrt(2 / pi) * (x[i] + 0.044715 * pow(x[i], 3))));
}

static void add_to(const Sequence *s, const double *branch)
{
    for (size_t i = 0; i < s->T * s->C; i++)
        s->x[i] += branch[i];
}

static void apply_layer(const Sequence *s, size_t layer)
{
    int l = (int)layer;
    size_t C = s->C;
    double *y = layer_norm_of(s, s->x, values(s, l, "ln_1.weight"), values(s, l, "ln_1.bias"));
    y = linear_of(s, y, C, values(s, l, "attn.c_attn.weight"), values(s, l, "attn.c_attn.bias"),
                  3 * C);
    y = attention_of(s, layer, y);
    add_to(s, linear_of(s, y, C, values(s, l, "attn.c_proj.weight"),
                        values(s, l, "attn.c_proj.bias"), C));
    y = layer_norm_of(s, s->x, values(s, l, "ln_2.weight"), values(s, l, "ln_2.bias"));
    y = linear_of(s, y, C, values(s, l, "mlp.c_fc.weight"), values(s, l, "mlp.c_fc.bias"), 4 * C);
    apply_gelu(y, s->T * 4 * C);
    add_to(s, linear_of(s, y, 4 * C, values(s, l, "mlp.c_proj.weight"),
                        values(s, l, "mlp.c_proj.bias"), C));
}

static double *sequence_logits(Sequence *s)
{
    const real *table = values(s, -1, "wte.weight");
    s->x = new_doubles(s->arena, s->T * s->C);
    for (size_t t = 0; t < s->T; t++) {
        for (size_t i = 0; i < s->C; i++)
            s->x[t * s->C + i] = (double)table[(size_t)s->tokens[t] * s->C + i];
        literal_at_embedding(s->c, s->x + t * s->C, s->at[t]);
    }
    for (size_t layer = 0; layer < s->c->shape.gpt.n_layer; layer++)
        apply_layer(s, layer);
    double *y = layer_norm_of(s, s->x, values(s, -1, "ln_f.weight"), values(s, -1, "ln_f.bias"));
    return linear_of(s, y, s->C, table, NULL, s->c->shape.gpt.vocab_size);
}

double *literal_logits(Arena *arena, ModelCase *c)
{
    size_t T = c->shape.length, size = T * c->shape.gpt.vocab_size;
    double *all = new_doubles(arena, c->shape.batch_size * size);
    for (size_t b = 0; b < c->shape.batch_size; b++) {
        Sequence s = {.c = c,
                      .arena = arena,
                      .T = T,
                      .C = c->shape.gpt.n_embd,
                      .H = c->shape.gpt.n_head,
                      .D = c->shape.gpt.n_embd / c->shape.gpt.n_head,
                      .tokens = c->tokens + b * T,
                      .at = c->positions};
        const double *logits = sequence_logits(&s);
        for (size_t i = 0; i < size; i++)
            all[b * size + i] = logits[i];
    }
    return all;
}
