/* weights_case.h: files of weights, changed and loaded. A test finds the CheckpointCase in *state,
 * as with WITH_A_MODEL. */
#ifndef TESTS_SUPPORT_WEIGHTS_CASE_H
#define TESTS_SUPPORT_WEIGHTS_CASE_H

#include "support/checkpoint_case.h"

#define TOKEN_TABLE "transformer.wte.weight"

/* The tensors of m->gpt and nothing else, with room for more. */
SafeFile bare_contents(CheckpointCase *m);

/* Sets a number of a tensor of the contents. */
void set_number(CheckpointCase *m, SafeFile *file, const char *name, size_t i, double value);

/* Loads m->path into a new model of the same config, to be freed. */
bool load_weights(CheckpointCase *m, Gpt *into, const char **lacks);

/* The file holds the weights of m->gpt, bit for bit, and lacks that; NULL: nothing. */
void assert_loads(CheckpointCase *m, const char *expected);

/* The message is "PATH: piece...", and no number has changed. */
void assert_not_loaded(CheckpointCase *m, ErrorKind kind, const char *piece);

#endif
