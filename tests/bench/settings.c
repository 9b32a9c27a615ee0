/* settings.c: the three settings that everybody measures, and a model in training for each. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/terminal.h"
#include "bench/bench.h"
#include "model/flops.h"

const Setting settings_of_bench[N_SETTINGS] = {
    {"cpu", "nanoGPT on a CPU", 4, 4, 128, 64, 12, 0, false},
    {"medium", "medium", 6, 6, 192, 128, 16, 0, false},
    {"gpu", "nanoGPT on a GPU", 6, 6, 384, 256, 64, 0.2, true},
};

size_t setting_count(const Plan *plan)
{
    return plan->quick ? N_SETTINGS - 1 : N_SETTINGS;
}

size_t setting_repetitions(const Plan *plan, const Setting *setting)
{
    return setting->large && plan->repetitions > 3 ? 3 : plan->repetitions;
}

double setting_flops(const Setting *setting)
{
    GptConfig config = {.n_layer = setting->n_layer,
                        .n_head = setting->n_head,
                        .n_embd = setting->n_embd,
                        .block_size = setting->block_size,
                        .vocab_size = VOCABULARY,
                        .causal = true};
    return gpt_step_flops(&config, setting->batch_size, setting->block_size);
}

size_t steps_worth_timing(const Setting *setting)
{
    return (size_t)(2e10 / setting_flops(setting)) + 1;
}

/* What the time of a step depends on is how many characters there are, not which. */
static bool make_corpus(Arena *arena, Corpus *corpus, Error *error)
{
    enum { LENGTH = 20000 };
    int *tokens = arena_alloc(arena, LENGTH, sizeof *tokens);
    uint32_t *characters = arena_alloc(arena, VOCABULARY, sizeof *characters);
    if (!tokens || !characters)
        return fail(error, "out of memory: a text");
    for (size_t i = 0; i < LENGTH; i++)
        tokens[i] = (int)(random_uniform(random_seed(1), i) * VOCABULARY);
    for (uint32_t v = 0; v < VOCABULARY; v++)
        characters[v] = '0' + v;
    *corpus = (Corpus){.path = "random",
                       .name = "random",
                       .vocab = {.size = VOCABULARY, .characters = characters},
                       .all = {tokens, LENGTH},
                       .train = {tokens, LENGTH / 2},
                       .validation = {tokens + LENGTH / 2, LENGTH / 2}};
    return true;
}

static void choose(Config *config, const Setting *setting, const char *scheme)
{
    for (size_t i = 0; i < pos_scheme_count; i++)
        if (strcmp(pos_schemes[i]->name, scheme) == 0)
            config->pos = (int)i;
    config->n_layer = setting->n_layer;
    config->n_head = setting->n_head;
    config->n_embd = setting->n_embd;
    config->block_size = setting->block_size;
    config->batch_size = setting->batch_size;
    config->dropout = setting->dropout;
    config->learning_rate = 1e-3;
}

bool subject_init(Subject *subject, const Setting *setting, const char *scheme, Error *error)
{
    memset(subject, 0, sizeof *subject);
    if (!config_init(&subject->config, error))
        return false;
    choose(&subject->config, setting, scheme);
    if (make_corpus(&subject->arena, &subject->corpus, error) &&
        trainer_init(&subject->trainer, &subject->config, &subject->corpus, error))
        return true;
    config_free(&subject->config);
    arena_free(&subject->arena);
    return false;
}

void subject_free(Subject *subject)
{
    trainer_free(&subject->trainer);
    config_free(&subject->config);
    arena_free(&subject->arena);
}

bool subject_steps(Subject *subject, size_t count, double *seconds, Error *error)
{
    double start = clock_seconds();
    for (size_t step = 0; step < count; step++)
        if (!trainer_step(&subject->trainer, error))
            return false;
    *seconds = (clock_seconds() - start) / (double)count;
    return true;
}
