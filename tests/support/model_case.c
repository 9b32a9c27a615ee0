/* model_case.c: small models of any scheme. */
#include "support/model_case.h"

#include <stdlib.h>
#include <string.h>

#include "autograd/ops.h"
#include "math/parallel.h"

const ModelShape small_model = {
    .gpt = {.n_layer = 2,
            .n_head = 2,
            .n_embd = 12,
            .block_size = 8,
            .vocab_size = 7,
            .bias = true,
            .causal = true},
    .batch_size = 2,
    .length = 5,
};

/* --- options --- */

/* Sets every "key=value" of a text with spaces between them. */
static void set_options(ModelCase *c, const char *options)
{
    Error error = {0};
    if (!pos_options_add(&c->options, &c->settings, &error))
        fail_msg("%s", error.text);
    while (options && *options) {
        size_t length = strcspn(options, " ");
        char *name = arena_text(&c->arena, options, length);
        assert_non_null(name);
        char *value = strchr(name, '=');
        assert_non_null(value);
        *value++ = '\0';
        if (!settings_set(&c->settings, name, value, "test", &error))
            fail_msg("%s", error.text);
        options += length + strspn(options + length, " ");
    }
}

const char *model_case_setting(ModelCase *c, const char *name)
{
    for (size_t t = 0; t < c->settings.n_tables; t++)
        for (size_t k = 0; k < c->settings.tables[t].n_keys; k++) {
            const ConfigKey *key = &c->settings.tables[t].keys[k];
            if (strcmp(key->name, name) != 0)
                continue;
            TextBuffer text = {0};
            key_format(key, c->settings.tables[t].values, &text);
            assert_false(text.failed);
            const char *copy = arena_text(&c->arena, text.bytes, text.length);
            text_buffer_free(&text);
            return copy;
        }
    fail_msg("%s: no such setting", name);
    return NULL;
}

double model_case_number(ModelCase *c, const char *name)
{
    return strtod(model_case_setting(c, name), NULL);
}

/* --- a model --- */

static void list_parameters(ModelCase *c)
{
    c->parameters = arena_alloc(&c->arena, c->gpt.params.count, sizeof *c->parameters);
    assert_non_null(c->parameters);
    for (Param *param = c->gpt.params.first; param; param = param->next)
        if (param->decay != FROZEN)
            c->parameters[c->n_parameters++] = (GradInput){
                .name = param->name, .x = &param->tensor, .kinks = true, .step = 0x1p-12};
}

static void make_input(ModelCase *c)
{
    size_t n = c->shape.batch_size * c->shape.length;
    c->tokens = random_tokens(&c->arena, n, c->shape.gpt.vocab_size, 2);
    c->targets = random_tokens(&c->arena, n, c->shape.gpt.vocab_size, 3);
    c->positions = arena_alloc(&c->arena, c->shape.length, sizeof *c->positions);
    assert_non_null(c->positions);
    for (size_t t = 0; t < c->shape.length; t++)
        c->positions[t] = (int)t;
    c->input = (GptInput){
        .tokens = c->tokens,
        .batch_size = c->shape.batch_size,
        .length = c->shape.length,
        .positions = {c->positions, c->shape.length},
        .dropout_key = random_seed(4),
    };
}

ModelCase *model_case(Fixture *f, const PosScheme *scheme, const char *options, ModelShape shape)
{
    ModelCase *c = arena_alloc(&f->arena, 1, sizeof *c);
    assert_true(c != NULL && scheme != NULL);
    parallel_set_threads(1);
    c->shape = shape;
    set_options(c, options);
    random_gpt(&c->gpt, &shape.gpt, scheme, pos_options_of(&c->options, scheme));
    list_parameters(c);
    make_input(c);
    return c;
}

ModelCase *small_model_of(Fixture *f, const char *scheme, bool causal)
{
    ModelShape shape = small_model;
    shape.gpt.causal = causal;
    return model_case(f, pos_find(scheme), NULL, shape);
}

void model_case_free(ModelCase *c)
{
    gpt_free(&c->gpt);
    settings_free(&c->settings);
    arena_free(&c->arena);
}

bool model_is_possible(const PosScheme *scheme, const char *options, GptConfig config, Error *error)
{
    ModelCase c = {0};
    set_options(&c, options);
    bool possible = gpt_init(&c.gpt, &config, scheme, pos_options_of(&c.options, scheme), error);
    model_case_free(&c);
    return possible;
}

Tensor *model_case_logits(Tape *tape, void *context)
{
    const ModelCase *c = context;
    return gpt_forward(&c->gpt, tape, &c->input);
}

Tensor *model_case_loss(Tape *tape, void *context)
{
    const ModelCase *c = context;
    return cross_entropy(tape, gpt_forward(&c->gpt, tape, &c->input), c->targets, NULL);
}

/* --- every scheme with every choice of its options --- */

/* Numbers that change a model of small_model's size, which the tables of options cannot tell, and
 * switches. Each belongs to the scheme that has its first key. */
static const char *const other_values[] = {
    "learned_length=90",
    "sinusoidal_rms=1",
    "relative_max_distance=2",
    "relative_gain=1",
    "t5_buckets=4 t5_max_distance=4",
    "t5_gain=1",
    "shaw_max_distance=2",
    "shaw_gain=1",
    "kerple_gain=1",
    "kerple_gain=1 kerple_kind=power",
    "fire_threshold=3",
    "fire_gain=1",
    "cope_max_position=1",
    "cope_gain=1",
    "rope_base=20",
    "rope_values=yes",
    "rope_share=0.4",
    "rope_share=0.67 rope_pairing=half",
    "rope_frequencies=0.67",
    "rope_scaling=linear:3",
    "rope_scaling=ntk:3",
    "rope_scaling=yarn:3 rope_share=0.67",
    "rope_scaling=dynamic rope_frequencies=0.67",
    "xpos_base=20",
    "xpos_gamma=3",
    "xpos_scale=2",
};

static bool has_key(const PosScheme *scheme, const char *option)
{
    size_t length = strcspn(option, "=");
    for (size_t k = 0; k < scheme->n_keys; k++)
        if (strlen(scheme->keys[k].name) == length &&
            strncmp(scheme->keys[k].name, option, length) == 0)
            return true;
    return false;
}

Variety *all_varieties(Arena *arena, size_t *count)
{
    enum { MANY = 256 };
    Variety *varieties = arena_alloc(arena, MANY, sizeof *varieties);
    assert_non_null(varieties);
    *count = 0;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const PosScheme *scheme = pos_schemes[s];
        varieties[(*count)++] = (Variety){scheme, NULL};
        for (size_t k = 0; k < scheme->n_keys; k++) {
            const ConfigKey *key = &scheme->keys[k];
            for (size_t v = 0; key->type == KEY_CHOICE && key->choices[v]; v++)
                if (strcmp(key->choices[v], key->value) != 0)
                    varieties[(*count)++] =
                        (Variety){scheme, text_format(arena, "%s=%s", key->name, key->choices[v])};
        }
        for (size_t n = 0; n < COUNT_OF(other_values); n++)
            if (has_key(scheme, other_values[n]))
                varieties[(*count)++] = (Variety){scheme, other_values[n]};
        assert_in_range(*count, 1, MANY / 2);
    }
    return varieties;
}

const char *variety_name(Arena *arena, Variety variety)
{
    return variety.options ? text_format(arena, "%s %s", variety.scheme->name, variety.options)
                           : variety.scheme->name;
}

/* --- the three doors --- */

Positions positions_from(Arena *arena, int first, int step, size_t count)
{
    int *at = arena_alloc(arena, count, sizeof *at);
    assert_non_null(at);
    for (size_t t = 0; t < count; t++)
        at[t] = first + step * (int)t;
    return (Positions){at, count};
}

Tensor *embed_at(Tape *tape, const Gpt *gpt, Tensor *x, Positions positions)
{
    const PosScheme *scheme = gpt->pos.scheme;
    return scheme->at_embedding ? scheme->at_embedding(&gpt->pos, tape, x, positions) : x;
}

static PosSite site_at(Tape *tape, const Gpt *gpt, size_t layer, Heads heads, Positions queries,
                       Positions keys)
{
    const PosScheme *scheme = gpt->pos.scheme;
    PosSite site = {.layer = layer, .heads = heads, .queries = queries, .keys = keys};
    if (scheme->prepare)
        site.prepared = scheme->prepare(&gpt->pos, tape, queries, keys);
    return site;
}

Heads heads_at(Tape *tape, const Gpt *gpt, Heads heads, Positions positions)
{
    PosSite site = site_at(tape, gpt, 0, heads_copy(tape, &heads), positions, positions);
    if (gpt->pos.scheme->at_query_key)
        gpt->pos.scheme->at_query_key(&gpt->pos, tape, &site);
    return site.heads;
}

ScoreBias bias_of_heads(Tape *tape, const Gpt *gpt, size_t layer, Heads heads, Positions queries,
                        Positions keys)
{
    PosSite site = site_at(tape, gpt, layer, heads, queries, keys);
    assert_non_null(gpt->pos.scheme->at_scores);
    /* cppcheck-suppress returnDanglingLifetime ; a bias stands on the tape, not in the site */
    return gpt->pos.scheme->at_scores(&gpt->pos, tape, &site);
}

ScoreBias bias_at(Tape *tape, const Gpt *gpt, size_t layer, Positions queries, Positions keys)
{
    return bias_of_heads(tape, gpt, layer, (Heads){0}, queries, keys);
}

double bias_of(const ScoreBias *bias, size_t h, ptrdiff_t distance)
{
    ptrdiff_t column = distance - bias->first_distance;
    size_t width = tensor_width(bias->by_distance);
    assert_true(column >= 0 && (size_t)column < width);
    return (double)bias->by_distance->data[h * width + (size_t)column];
}

Tensor *weights_at(Tape *tape, const Gpt *gpt, Tensor *x, Positions positions)
{
    const PosScheme *scheme = gpt->pos.scheme;
    const GptBlock *block = &gpt->blocks[0];
    x = embed_at(tape, gpt, x, positions);
    Tensor *qkv = linear(tape, x, block->c_attn_weight, block->c_attn_bias);
    PosSite site =
        site_at(tape, gpt, 0, split_heads(qkv, gpt->config.n_head), positions, positions);
    if (scheme->at_query_key)
        scheme->at_query_key(&gpt->pos, tape, &site);
    AttentionOptions options = {.causal = gpt->config.causal,
                                .query_positions = positions.at,
                                .key_positions = positions.at};
    if (scheme->at_scores)
        options.bias = scheme->at_scores(&gpt->pos, tape, &site);
    Tensor *weights;
    attention_reference(tape, site.heads, options, &weights);
    return weights;
}
