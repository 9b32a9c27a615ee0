/* saved_models.c: a checkpoint for each run. */
#include "support/saved_models.h"

#include "base/file.h"
#include "support/random_gpt.h"
#include "train/checkpoint.h"

static void save_model(const Corpus *corpus, Trial *trial)
{
    Config *config = &trial->config;
    Gpt gpt;
    config->n_layer = config->n_head = 2;
    config->n_embd = 32;
    GptConfig shape = config_gpt(config, corpus->vocab.size);
    random_gpt(&gpt, &shape, config_scheme(config), config_scheme_options(config));
    Checkpoint checkpoint = {
        .config = config, .vocab = &corpus->vocab, .corpus_sha256 = corpus->sha256, .gpt = &gpt};
    assert_true(folder_make(trial->run.folder, NULL));
    Error error = {0};
    if (!checkpoint_write(trial->run.checkpoint, &checkpoint, &error))
        fail_msg("%s", error.text);
    gpt_free(&gpt);
}

void save_models(FindingsCase *made)
{
    Experiment *experiment = &made->experiment;
    for (size_t t = 0; t < experiment->n_arms * experiment->n_seeds; t++)
        save_model(&experiment->corpus, experiment->trials[t]);
}
