/* gpt.c: the model, put together from operations. */
#include "model/gpt.h"

#include <assert.h>
#include <stdio.h>

#include "model/cache.h"

static const double INIT_STD = 0.02;

/* --- the parameters --- */

/* What every declaration needs. After a failure `out_of_memory` is set, and the rest is
 * harmless. */
typedef struct Declaration {
    ParamList *params;
    char prefix[PARAM_NAME_SIZE]; /* "transformer.h.0." */
    bool bias, out_of_memory;
} Declaration;

static Tensor *declare(Declaration *to, const char *name, size_t rank, const size_t shape[],
                       Init init, Decay decay)
{
    char full[2 * PARAM_NAME_SIZE];
    snprintf(full, sizeof full, "%s%s", to->prefix, name);
    Tensor *tensor = param_add(to->params, full, rank, shape, init, decay);
    to->out_of_memory = to->out_of_memory || !tensor;
    return tensor;
}

static Tensor *declare_matrix(Declaration *to, const char *name, size_t out, size_t in, double std)
{
    return declare(to, name, 2, (size_t[]){out, in}, (Init){INIT_NORMAL, std}, WEIGHT_DECAY);
}

static Tensor *declare_vector(Declaration *to, const char *name, size_t size, double value)
{
    return declare(to, name, 1, (size_t[]){size}, (Init){INIT_CONSTANT, value}, NO_DECAY);
}

static Tensor *declare_bias(Declaration *to, const char *name, size_t size)
{
    return to->bias ? declare_vector(to, name, size, 0) : NULL;
}

static void declare_block(Declaration *to, size_t layer, const GptConfig *config, GptBlock *block)
{
    size_t C = config->n_embd;
    /* 2 n_layer branches are added up in the residual stream; their sum keeps its variance. */
    double residual_std = INIT_STD / sqrt(2 * (double)config->n_layer);
    snprintf(to->prefix, sizeof to->prefix, "transformer.h.%zu.", layer);
    *block = (GptBlock){
        .ln_1_weight = declare_vector(to, "ln_1.weight", C, 1),
        .ln_1_bias = declare_bias(to, "ln_1.bias", C),
        .c_attn_weight = declare_matrix(to, "attn.c_attn.weight", 3 * C, C, INIT_STD),
        .c_attn_bias = declare_bias(to, "attn.c_attn.bias", 3 * C),
        .attn_proj_weight = declare_matrix(to, "attn.c_proj.weight", C, C, residual_std),
        .attn_proj_bias = declare_bias(to, "attn.c_proj.bias", C),
        .ln_2_weight = declare_vector(to, "ln_2.weight", C, 1),
        .ln_2_bias = declare_bias(to, "ln_2.bias", C),
        .c_fc_weight = declare_matrix(to, "mlp.c_fc.weight", 4 * C, C, INIT_STD),
        .c_fc_bias = declare_bias(to, "mlp.c_fc.bias", 4 * C),
        .mlp_proj_weight = declare_matrix(to, "mlp.c_proj.weight", C, 4 * C, residual_std),
        .mlp_proj_bias = declare_bias(to, "mlp.c_proj.bias", C),
    };
}

/* Everything but the positional scheme's own parameters. */
static bool declare_transformer(Gpt *gpt, Error *error)
{
    const GptConfig *config = &gpt->config;
    Declaration to = {.params = &gpt->params, .prefix = "transformer.", .bias = config->bias};
    gpt->blocks = arena_alloc(&gpt->params.arena, config->n_layer, sizeof *gpt->blocks);
    if (!gpt->blocks)
        return fail(error, "out of memory: %zu blocks", config->n_layer);
    gpt->wte = declare_matrix(&to, "wte.weight", config->vocab_size, config->n_embd, INIT_STD);
    for (size_t layer = 0; layer < config->n_layer; layer++)
        declare_block(&to, layer, config, &gpt->blocks[layer]);
    snprintf(to.prefix, sizeof to.prefix, "transformer.");
    gpt->ln_f_weight = declare_vector(&to, "ln_f.weight", config->n_embd, 1);
    gpt->ln_f_bias = declare_bias(&to, "ln_f.bias", config->n_embd);
    return to.out_of_memory ? fail(error, "out of memory: the list of parameters") : true;
}

/* --- a model --- */

static bool check_heads(const GptConfig *config, Error *error)
{
    return config->n_embd % config->n_head == 0 ||
           fail_request(error, "n_head = %zu: does not divide n_embd = %zu", config->n_head,
                        config->n_embd);
}

static PosShape shape_for_scheme(const GptConfig *config)
{
    size_t span = config->span > 0 ? config->span : config->block_size;
    size_t shown = config->shown > 0 ? config->shown : span;
    return (PosShape){
        .n_layer = config->n_layer,
        .n_head = config->n_head,
        .n_embd = config->n_embd,
        .block_size = config->block_size,
        .span = span,
        .shown = shown,
        .longest = config->longest > shown ? config->longest : shown,
        .causal = config->causal,
    };
}

bool gpt_init(Gpt *gpt, const GptConfig *config, const PosScheme *scheme, const void *options,
              Error *error)
{
    *gpt = (Gpt){.config = *config};
    if (!check_heads(config, error))
        return false;
    PosShape shape = shape_for_scheme(config);
    bool ok = declare_transformer(gpt, error);
    size_t without = gpt->params.n_numbers;
    ok = ok && pos_init(&gpt->pos, scheme, &shape, options, &gpt->params, error);
    gpt->pos_numbers = gpt->params.n_numbers - without;
    if (!ok)
        gpt_free(gpt);
    return ok;
}

void gpt_free(Gpt *gpt)
{
    pos_free(&gpt->pos);
    param_list_free(&gpt->params);
    *gpt = (Gpt){0};
}

bool gpt_allocate(Gpt *gpt, Error *error)
{
    return param_list_allocate(&gpt->params, error);
}

/* Initial values of the parameters, and then what a scheme has instead. */
static void initialise(const Pos *pos, ParamList *params, RandomKey key)
{
    param_list_initialise(params, random_for(key, "init"));
    if (pos->scheme->initialise)
        pos->scheme->initialise(pos);
}

void gpt_initialise(Gpt *gpt, RandomKey key)
{
    initialise(&gpt->pos, &gpt->params, key);
}

bool gpt_scheme_alone(Pos *pos, ParamList *params, const GptConfig *config, const PosScheme *scheme,
                      const void *options, RandomKey key, Error *error)
{
    *pos = (Pos){0};
    *params = (ParamList){0};
    if (!check_heads(config, error))
        return false;
    PosShape shape = shape_for_scheme(config);
    if (!pos_init(pos, scheme, &shape, options, params, error) ||
        !param_list_allocate(params, error))
        return false;
    initialise(pos, params, key);
    return true;
}

/* --- forward: each line of the drawing in gpt.h --- */

/* What the blocks of one pass share. */
typedef struct Pass {
    const Gpt *gpt;
    Tape *tape;
    const GptInput *input;
    Positions keys; /* of all tokens that may be looked at; the input's are the last of them */
    void *prepared; /* by the positional scheme */
} Pass;

/* Dropout at a named place of a layer. */
static Tensor *drop(const Pass *pass, Tensor *x, size_t layer, const char *site)
{
    RandomKey key = random_for(random_at(pass->input->dropout_key, layer), site);
    return dropout(pass->tape, x, pass->gpt->config.dropout, key);
}

/* Attention of a layer, from the normalised x [B, T, C]; what is returned, [B, T, C], is added to
 * x. */
static Tensor *attend(const Pass *pass, size_t layer, Tensor *x)
{
    const Gpt *gpt = pass->gpt;
    const GptBlock *block = &gpt->blocks[layer];
    const PosScheme *scheme = gpt->pos.scheme;
    const GptInput *input = pass->input;

    Tensor *qkv = linear(pass->tape, x, block->c_attn_weight, block->c_attn_bias); /* [B, T, 3 C] */
    PosSite site = {
        .layer = layer,
        .heads = split_heads(qkv, gpt->config.n_head), /* each of q, k, v [B, H, T, D] */
        .queries = input->positions,
        .keys = input->positions, /* so far: those of the new tokens alone */
        .prepared = pass->prepared,
    };
    if (scheme->at_query_key) /* door 2 */
        scheme->at_query_key(&gpt->pos, pass->tape, &site);
    if (input->cache) /* k and v are then [1, H, Tk, D], with those of the tokens before */
        gpt_cache_append(input->cache, pass->tape, layer, &site.heads);
    site.keys = pass->keys;
    AttentionOptions options = {
        .causal = gpt->config.causal,
        .window = input->window,
        .query_positions = site.queries.at,
        .key_positions = site.keys.at,
        .dropout = gpt->config.dropout,
        .key = random_for(random_at(input->dropout_key, layer), "attention"),
    };
    if (scheme->at_scores) /* door 3 */
        options.bias = scheme->at_scores(&gpt->pos, pass->tape, &site);
    Tensor *mixed = input->attention ? attention_reference(pass->tape, site.heads, options,
                                                           &input->attention[layer])
                                     : attention(pass->tape, site.heads, options);
    Tensor *y = linear(pass->tape, mixed, block->attn_proj_weight, block->attn_proj_bias);
    return drop(pass, y, layer, "residual of attention");
}

/* The two linear layers with a bend between them: C channels, 4 C, and C again. */
static Tensor *feed_forward(const Pass *pass, size_t layer, Tensor *x)
{
    const GptBlock *block = &pass->gpt->blocks[layer];
    Tensor *hidden = gelu(pass->tape, linear(pass->tape, x, block->c_fc_weight, block->c_fc_bias));
    Tensor *y = linear(pass->tape, hidden, block->mlp_proj_weight, block->mlp_proj_bias);
    return drop(pass, y, layer, "residual of feed-forward");
}

static Tensor *apply_block(const Pass *pass, size_t layer, Tensor *x)
{
    const GptBlock *block = &pass->gpt->blocks[layer];
    Tape *tape = pass->tape;
    Tensor *normalised = layer_norm(tape, x, block->ln_1_weight, block->ln_1_bias);
    x = add(tape, x, attend(pass, layer, normalised));
    normalised = layer_norm(tape, x, block->ln_2_weight, block->ln_2_bias);
    return add(tape, x, feed_forward(pass, layer, normalised));
}

Tensor *gpt_forward(const Gpt *gpt, Tape *tape, const GptInput *input)
{
    const PosScheme *scheme = gpt->pos.scheme;
    assert(input->positions.count == input->length);
    assert(!input->attention || !tape->gradients);
    Pass pass = {.gpt = gpt, .tape = tape, .input = input, .keys = input->positions};
    if (input->cache)
        pass.keys = gpt_cache_keys(input->cache, input->length);
    if (scheme->prepare)
        pass.prepared = scheme->prepare(&gpt->pos, tape, input->positions, pass.keys);

    Tensor *x = embedding(tape, gpt->wte, input->tokens, input->batch_size * input->length);
    /* [B T, C] to [B, T, C] */
    x = tape_reshape(tape, x, 3, (size_t[]){input->batch_size, input->length, gpt->config.n_embd});
    if (scheme->at_embedding) /* door 1 */
        x = scheme->at_embedding(&gpt->pos, tape, x, input->positions);
    x = drop(&pass, x, 0, "embedding");
    for (size_t layer = 0; layer < gpt->config.n_layer; layer++)
        x = apply_block(&pass, layer, x);
    x = layer_norm(tape, x, gpt->ln_f_weight, gpt->ln_f_bias);
    return linear(tape, x, gpt->wte, NULL); /* [B, T, V] */
}

/* --- memory --- */

/* The positions of `count` tokens with as wide a gap as training may leave: a scheme may need a
 * number for each distance that occurs, so gaps take memory. */
static bool widest_positions(const Pos *pos, Arena *arena, size_t count, Positions *positions,
                             Error *error)
{
    int *at = arena_alloc(arena, count, sizeof *at);
    if (!at)
        return fail(error, "out of memory: %zu positions", count);
    for (size_t t = 0; t + 1 < count; t++)
        at[t] = (int)t;
    at[count - 1] = pos_furthest(&pos->shape, count);
    *positions = (Positions){at, count};
    return true;
}

bool gpt_measure(const Gpt *gpt, size_t batch_size, size_t length, bool gradients, size_t *bytes,
                 Error *error)
{
    Tape tape;
    Arena arena = {0};
    GptInput input = {.batch_size = batch_size, .length = length};
    bool ready = widest_positions(&gpt->pos, &arena, length, &input.positions, error) &&
                 tape_init(&tape, gradients, error);
    if (ready) {
        tape_measure_begin(&tape);
        cross_entropy(&tape, gpt_forward(gpt, &tape, &input), NULL, NULL);
        *bytes = tape_measure_end(&tape);
        tape_free(&tape);
    }
    arena_free(&arena);
    return ready;
}
