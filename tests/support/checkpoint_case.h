/* checkpoint_case.h: a model of 2 layers with all that a checkpoint holds, and a file for it. A
 * test that needs one is listed as WITH_A_MODEL(name) and finds it in *state. */
#ifndef TESTS_SUPPORT_CHECKPOINT_CASE_H
#define TESTS_SUPPORT_CHECKPOINT_CASE_H

#include "support/config_keys.h"

#include "train/checkpoint.h"

#define CHECKPOINT_CASE_SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

typedef struct CheckpointCase {
    Arena arena;
    char *folder, *path; /* a file in it, which is not there yet */
    Config config;       /* 2 layers, 2 heads, 8 channels, 8 positions, with biases */
    Vocab vocab;         /* \n, space, a, é, த, 😀 */
    Gpt gpt;             /* a random_gpt */
    AdamW adamw;         /* random moments */
    Progress progress;
    SavedModel saved; /* what open_saved read; it is freed with the rest */
    Error error;
} CheckpointCase;

int checkpoint_case_setup(void **state);
int checkpoint_case_teardown(void **state);

#define WITH_A_MODEL(test)                                                                         \
    cmocka_unit_test_setup_teardown(test, checkpoint_case_setup, checkpoint_case_teardown)

/* Makes the model anew by the config. */
void remake(CheckpointCase *m);

/* Writes the checkpoint, with moments or without; fails the test if that fails. */
void write_checkpoint(CheckpointCase *m, bool with_moments);

/* Reads m->path into m->saved. */
bool open_saved(CheckpointCase *m);

/* It cannot be opened: the message is "PATH: piece...", and nothing is left of the model. */
void assert_refused(CheckpointCase *m, const char *piece);

/* What is in the file, to be looked at or changed; and a file of these contents. */
SafeFile contents_of(CheckpointCase *m);
void write_contents(CheckpointCase *m, const SafeFile *contents);

/* A text or a tensor of the contents, which must be there. */
SafeText *text_named(const SafeFile *contents, const char *key);
SafeTensor *tensor_named(const SafeFile *contents, const char *name);

#endif
