/* specimen.c: small models, and their doors. */
#include "lab/claims/specimen.h"

#include "lab/claims/measure.h"

static const double SPREAD = 0.3; /* of the parameters, around where each starts */

const GptConfig specimen_config = {
    .n_layer = 2, .n_head = 4, .n_embd = 64, .block_size = 32, .vocab_size = 16, .causal = true};

/* --- a model --- */

/* The scheme's own struct of options, with their defaults and what is set on top of these. */
static bool add_options(Settings *settings, const PosScheme *scheme, const Setting *options,
                        void **values, Error *error)
{
    *values = NULL;
    if (scheme->n_keys == 0)
        return true;
    *values = arena_alloc(&settings->arena, 1, scheme->options_size);
    if (!*values)
        return fail(error, "out of memory: options of %s", scheme->name);
    KeyTable table = {scheme->name, scheme->keys, scheme->n_keys, *values};
    if (!settings_add(settings, table, error))
        return false;
    for (; options && options->key; options++)
        if (!settings_set(settings, options->key, options->value, scheme->name, error))
            return false;
    return true;
}

static void randomise(ParamList *params, RandomKey key)
{
    for (Param *param = params->first; param; param = param->next) {
        RandomKey own = random_for(key, param->name);
        double start = param->init.kind == INIT_CONSTANT ? param->init.value : 0;
        for (size_t i = 0; i < tensor_size(&param->tensor); i++)
            param->tensor.data[i] = (real)(start + SPREAD * random_normal(own, i));
    }
}

bool specimen_init_as(Specimen *specimen, const GptConfig *config, const PosScheme *scheme,
                      const Setting *options, RandomKey key, Error *error)
{
    void *values;
    *specimen = (Specimen){0};
    if (tape_init(&specimen->tape, false, error) &&
        tape_reserve(&specimen->tape, SPECIMEN_BYTES, error) &&
        add_options(&specimen->settings, scheme, options, &values, error) &&
        gpt_init(&specimen->gpt, config, scheme, values, error) &&
        gpt_allocate(&specimen->gpt, error)) {
        randomise(&specimen->gpt.params, random_for(key, "specimen"));
        return true;
    }
    specimen_free(specimen);
    return false;
}

bool specimen_init(Specimen *specimen, const PosScheme *scheme, const Setting *options,
                   RandomKey key, Error *error)
{
    return specimen_init_as(specimen, &specimen_config, scheme, options, key, error);
}

void specimen_free(Specimen *specimen)
{
    gpt_free(&specimen->gpt);
    settings_free(&specimen->settings);
    tape_free(&specimen->tape);
}

/* --- what one looks with --- */

Positions positions_on(Tape *tape, int first, size_t count)
{
    int *at = tape_struct(tape, count * sizeof *at);
    for (size_t t = 0; t < count; t++)
        at[t] = first + (int)t;
    return (Positions){at, count};
}

Tensor *random_vectors(Tape *tape, size_t T, size_t C, RandomKey key)
{
    Tensor *x = tape_constant(tape, 3, (size_t[]){1, T, C});
    for (size_t i = 0; i < T * C; i++)
        x->data[i] = (real)random_normal(key, i);
    return x;
}

Tensor *repeated_vector(Tape *tape, size_t T, size_t C, RandomKey key)
{
    Tensor *x = tape_constant(tape, 3, (size_t[]){1, T, C});
    for (size_t i = 0; i < T * C; i++)
        x->data[i] = (real)random_normal(key, i % C);
    return x;
}

/* --- the doors --- */

static void *prepare(Tape *tape, const Gpt *gpt, Positions queries, Positions keys)
{
    const PosScheme *scheme = gpt->pos.scheme;
    return scheme->prepare ? scheme->prepare(&gpt->pos, tape, queries, keys) : NULL;
}

Tensor *through_embedding(Tape *tape, const Gpt *gpt, Tensor *x, Positions positions)
{
    const PosScheme *scheme = gpt->pos.scheme;
    return scheme->at_embedding ? scheme->at_embedding(&gpt->pos, tape, x, positions) : x;
}

/* A scheme may turn vectors where they stand, so it gets copies. */
Heads through_query_key(Tape *tape, const Gpt *gpt, size_t layer, Heads heads, Positions positions)
{
    PosSite site = {layer, heads_copy(tape, &heads), positions, positions,
                    prepare(tape, gpt, positions, positions)};
    if (gpt->pos.scheme->at_query_key)
        gpt->pos.scheme->at_query_key(&gpt->pos, tape, &site);
    return site.heads;
}

ScoreBias through_scores(Tape *tape, const Gpt *gpt, size_t layer, Heads heads, Positions queries,
                         Positions keys)
{
    if (!gpt->pos.scheme->at_scores)
        return (ScoreBias){0};
    PosSite site = {.layer = layer, .heads = heads, .queries = queries, .keys = keys};
    site.prepared = prepare(tape, gpt, queries, keys);
    /* cppcheck-suppress returnDanglingLifetime ; a bias stands on the tape, not in the site */
    return gpt->pos.scheme->at_scores(&gpt->pos, tape, &site);
}

/* --- how to compare what they made of it --- */

double dot_of(const real *a, const real *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

double heads_apart(const HeadView *a, const HeadView *b)
{
    double worst = 0;
    for (size_t h = 0; h < a->n_head; h++)
        for (size_t t = 0; t < a->length; t++)
            for (size_t d = 0; d < a->head_size; d++)
                worst = measure_worse(worst, fabs((double)head_data(a, 0, h, t)[d] -
                                                  (double)head_data(b, 0, h, t)[d]));
    return worst;
}
