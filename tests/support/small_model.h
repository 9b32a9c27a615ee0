/* small_model.h: a model of 2 layers with all that a checkpoint holds, and a file for it. A test
 * that needs one is listed as WITH_A_MODEL(name) and finds it in *state. */
#ifndef TESTS_SUPPORT_SMALL_MODEL_H
#define TESTS_SUPPORT_SMALL_MODEL_H

#include "support/check.h"

#include <stdbool.h>

#include "train/checkpoint.h"

#define SMALL_MODEL_SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

typedef struct SmallModel {
    Arena arena;
    char *folder, *path; /* a file in it, which is not there yet */
    Config config;       /* 2 layers, 2 heads, 8 channels, 8 positions, with biases */
    Vocab vocab;         /* \n, space, a, é, த, 😀 */
    Gpt gpt;
    AdamW adamw; /* random moments */
    Progress progress;
    SavedModel saved; /* what open_saved read; it is freed with the rest */
    Error error;
} SmallModel;

int small_model_setup(void **state);
int small_model_teardown(void **state);

#define WITH_A_MODEL(test)                                                                         \
    cmocka_unit_test_setup_teardown(test, small_model_setup, small_model_teardown)

/* Sets a key of the config; remake makes the model anew by the config. */
void model_set(SmallModel *m, const char *key, const char *text);
void remake(SmallModel *m);

/* Writes the checkpoint, with moments or without; fails the test if that fails. */
void write_checkpoint(SmallModel *m, bool with_moments);

/* Reads m->path into m->saved. */
bool open_saved(SmallModel *m);

/* What is in the file, to be looked at or changed; and a file of these contents. */
SafeFile contents_of(SmallModel *m);
void write_contents(SmallModel *m, const SafeFile *contents);

#endif
