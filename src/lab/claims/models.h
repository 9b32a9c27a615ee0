/* models.h: the models behind a claim: as a run begins, and what it made of them. */
#ifndef LAB_CLAIMS_MODELS_H
#define LAB_CLAIMS_MODELS_H

#include "lab/findings.h"
#include "train/checkpoint.h"

/* The model with which a run of that config begins: its shape is config_gpt(...), or another one.
 * The config outlives it; gpt_free. */
bool model_at_start(Gpt *gpt, const Config *config, const GptConfig *shape, Error *error);

/* The model at the last step of a run. It must stay where it is; saved_model_free. */
bool model_at_end(SavedModel *saved, const Findings *findings, size_t arm, size_t seed,
                  Error *error);

#endif
