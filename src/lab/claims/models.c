/* models.c: models made anew, and models from files. */
#include "lab/claims/models.h"

bool model_at_start(Gpt *gpt, const Config *config, const GptConfig *shape, Error *error)
{
    if (!gpt_init(gpt, shape, config_scheme(config), config_scheme_options(config), error))
        return false;
    if (!gpt_allocate(gpt, error)) {
        gpt_free(gpt);
        return false;
    }
    gpt_initialise(gpt, random_seed(config->seed));
    return true;
}

bool model_at_end(SavedModel *saved, const Findings *findings, size_t arm, size_t seed,
                  Error *error)
{
    const Trial *trial = experiment_trial(findings->experiment, arm, seed);
    return saved_model_open(saved, trial->run.checkpoint, error);
}
