/* saved_models.h: models in the folders of made-up runs, for what looks into the models of runs. */
#ifndef TESTS_SUPPORT_SAVED_MODELS_H
#define TESTS_SUPPORT_SAVED_MODELS_H

#include "support/findings_case.h"

/* Writes the checkpoint of each run: a random_gpt of its scheme, of two layers and two heads of 16
 * channels, the same for every seed. */
void save_models(FindingsCase *made);

#endif
