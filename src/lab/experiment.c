/* experiment.c: a run for every arm and every seed. */
#include "lab/experiment.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "lab/comparison.h"
#include "model/flops.h"

static bool out_of_memory(Error *error)
{
    return fail(error, "out of memory: the runs of a comparison");
}

/* --- arms --- */

/* The arm of a scheme that has no other: where it has several, none of them is the scheme's own. */
static size_t arm_of_scheme(const Experiment *experiment, const char *name)
{
    for (size_t a = 0; a < experiment->n_arms; a++) {
        const Arm *arm = &experiment->arms[a];
        if (arm->n_variants == 1 && strcmp(arm->scheme->name, name) == 0)
            return a;
    }
    return NO_SCHEME;
}

static bool lay_out_arms(Experiment *experiment, Error *error)
{
    if (!arms_make(experiment->arena, experiment->request, &experiment->arms, &experiment->n_arms,
                   error))
        return false;
    experiment->without = arm_of_scheme(experiment, POS_CONTROL);
    experiment->plainest = arm_of_scheme(experiment, POS_PLAINEST);
    return true;
}

/* --- trials --- */

static double cost_of(const Experiment *experiment, const Config *config)
{
    GptConfig gpt = config_gpt(config, experiment->corpus.vocab.size);
    size_t rows = config->batch_size * config->gradient_accumulation_steps;
    return gpt_step_flops(&gpt, rows, config->block_size) * (double)config->max_iters;
}

static bool set_trial(const Experiment *experiment, Trial *trial, Error *error)
{
    char seed[TEXT_NUMBER_SIZE];
    snprintf(seed, sizeof seed, "%zu", trial->seed);
    Config *config = &trial->config;
    if (!arm_apply(trial->arm, experiment->request, config, error) ||
        !settings_set(&config->settings, "seed", seed, "--seeds", error))
        return false;
    config_settle(config);
    return config_check(config, error);
}

/* What depends on the corpus: whether a window fits into it, the cost of the run, its folder. */
static bool place_trial(Experiment *experiment, Trial *trial, Error *error)
{
    if (!task_of(&trial->config.task) &&
        !corpus_check_block_size(&experiment->corpus, trial->config.block_size, error))
        return false;
    trial->cost = cost_of(experiment, &trial->config);
    return run_of_config(experiment->arena, &trial->config, &experiment->corpus, &trial->run,
                         error);
}

/* Trial number t: first its settings, as those of the first trial say which corpus there is. */
static bool make_trial(Experiment *experiment, size_t t, Error *error)
{
    Trial *trial = experiment->trials[t];
    trial->arm = &experiment->arms[t / experiment->n_seeds];
    trial->seed = experiment->request->first_seed + t % experiment->n_seeds;
    if (!config_init(&trial->config, error))
        return false;
    bool ok = set_trial(experiment, trial, error);
    if (ok && t == 0)
        ok = run_corpus(experiment->arena, &trial->config, &experiment->corpus, error);
    ok = ok && place_trial(experiment, trial, error);
    return ok || (experiment->n_arms > 1 ? fail_within(error, "%s", trial->arm->name) : false);
}

/* What is varied may have no effect on what is learned, as the length of the sample has none; then
 * two arms are one run, and one folder. */
static bool check_folder(const Experiment *experiment, size_t arm, Error *error)
{
    const Trial *trial = experiment_trial(experiment, arm, 0);
    for (size_t before = 0; before < arm; before++)
        if (strcmp(experiment_trial(experiment, before, 0)->run.folder, trial->run.folder) == 0)
            return fail_request(error, "%s and %s are the same run: expected different ones",
                                experiment->arms[before].name, trial->arm->name);
    return true;
}

static bool lay_out_trials(Experiment *experiment, Error *error)
{
    size_t count = experiment->n_arms * experiment->n_seeds;
    Trial *trials = arena_alloc(experiment->arena, count, sizeof *trials);
    Trial **addresses = arena_alloc(experiment->arena, count, sizeof *addresses);
    if (!trials || !addresses)
        return out_of_memory(error);
    for (size_t t = 0; t < count; t++)
        addresses[t] = &trials[t];
    experiment->trials = addresses;
    for (size_t t = 0; t < count; t++)
        if (!make_trial(experiment, t, error))
            return false;
    for (size_t arm = 1; arm < experiment->n_arms; arm++)
        if (!check_folder(experiment, arm, error))
            return false;
    return true;
}

/* --- the comparison's folder --- */

/* "compare-fables-2x3-0123abcd": the text, how many arms and seeds, and digits that are others
 * where any of the runs is another: a hash of their names. */
static bool name_folder(Experiment *experiment, Error *error)
{
    Arena *arena = experiment->arena;
    const char *out_dir = experiment->trials[0]->config.out_dir, *name = experiment->request->name;
    if (name[0] == '\0') {
        TextBuffer runs = {0};
        for (size_t arm = 0; arm < experiment->n_arms; arm++)
            text_append_format(&runs, "%s\n", experiment_trial(experiment, arm, 0)->run.name);
        RandomKey key = random_for(random_seed(0), runs.failed ? "" : runs.bytes);
        name = runs.failed ? NULL
                           : text_format(arena, "compare-%s-%zux%zu-%08x", experiment->corpus.name,
                                         experiment->n_arms, experiment->n_seeds,
                                         (unsigned)(key.value >> 32));
        text_buffer_free(&runs);
    } else if (!run_check_name(name, error)) {
        return fail_within(error, "--name = %s", name);
    }
    experiment->folder = name ? path_join(arena, out_dir, name) : NULL;
    return experiment->folder || out_of_memory(error);
}

bool experiment_init(Experiment *experiment, Arena *arena, const Request *request, Error *error)
{
    *experiment = (Experiment){.arena = arena, .request = request, .n_seeds = request->n_seeds};
    if (lay_out_arms(experiment, error) && lay_out_trials(experiment, error) &&
        name_folder(experiment, error))
        return true;
    experiment_free(experiment);
    return false;
}

void experiment_free(Experiment *experiment)
{
    size_t count = experiment->trials ? experiment->n_arms * experiment->n_seeds : 0;
    for (size_t t = 0; t < count; t++)
        config_free(&experiment->trials[t]->config);
    experiment->trials = NULL;
}

/* --- what its runs have in common --- */

const Task *experiment_task(const Experiment *experiment)
{
    return task_of(&experiment->trials[0]->config.task);
}

const char *experiment_unit(const Experiment *experiment)
{
    return experiment_task(experiment) ? "answer" : vocab_unit(&experiment->corpus.vocab);
}

size_t experiment_block_size(const Experiment *experiment)
{
    size_t length = experiment->trials[0]->config.block_size;
    for (size_t arm = 1; arm < experiment->n_arms; arm++)
        if (experiment->trials[arm * experiment->n_seeds]->config.block_size != length)
            return 0;
    return length;
}

/* --- the command of a run --- */

/* Words that grow: each setting becomes a flag and its value. */
typedef struct Words {
    Arena *arena;
    char **words;
    size_t count;
    bool failed;
} Words;

static void add_word(Words *words, const char *text)
{
    char *word = text ? arena_text(words->arena, text, strlen(text)) : NULL;
    words->failed = words->failed || !word;
    words->words[words->count++] = word;
}

static void add_flag(Words *words, const char *key, const char *value)
{
    char *flag = text_format(words->arena, "--%s", key);
    for (char *at = flag; at && *at != '\0'; at++)
        if (*at == '_')
            *at = '-';
    add_word(words, flag);
    add_word(words, value);
}

static void add_number(Words *words, const char *key, size_t number)
{
    add_flag(words, key, text_format(words->arena, "%zu", number));
}

char **experiment_command(const Experiment *experiment, const Trial *trial, const char *program,
                          size_t threads)
{
    const Request *request = experiment->request;
    enum { OTHERS = 2 + 2 * 4 + 1 }; /* program and command, four flags, the end */
    size_t most = OTHERS + 2 * (request->n_common + trial->arm->n_settings);
    Words words = {.arena = experiment->arena};
    words.words = arena_alloc(words.arena, most, sizeof *words.words);
    if (!words.words)
        return NULL;
    add_word(&words, program);
    add_word(&words, "train");
    if (request->config[0] != '\0')
        add_flag(&words, "config", request->config);
    add_flag(&words, "by_context", "yes");
    for (size_t s = 0; s < request->n_common; s++)
        add_flag(&words, request->common[s].key, request->common[s].value);
    for (size_t s = 0; s < trial->arm->n_settings; s++)
        add_flag(&words, trial->arm->settings[s].key, trial->arm->settings[s].value);
    add_number(&words, "seed", trial->seed);
    add_number(&words, "threads", threads);
    return words.failed ? NULL : words.words;
}
