/* training.h: small training runs for tests: a text made up of a few words, and models that learn
 * it in a fraction of a second.
 *
 * A test that is listed as training_test(name) finds a Training in *state:
 *
 *     Small *run = small_run(*state, "pos = alibi\ndropout = 0.2\n");
 *     take_steps(run, 10);
 */
#ifndef TESTS_SUPPORT_TRAINING_H
#define TESTS_SUPPORT_TRAINING_H

#include "support/fixtures.h"

#include "train/run.h"
#include "train/trainer.h"

/* A config and its trainer. Tests may change the config, which the trainer looks up at each
 * step. */
typedef struct Small {
    Config config;
    Trainer trainer;
} Small;

enum { MAX_SMALL_RUNS = 256 };

typedef struct Training {
    Arena arena;
    char *folder;
    Corpus corpus, other; /* other: the same words in another order */
    Small *runs[MAX_SMALL_RUNS];
    size_t n_runs, threads;
} Training;

/* Computes on one thread, unless the test says otherwise; teardown frees every run. */
int training_setup(void **state);
int training_teardown(void **state);

#define training_test(function)                                                                    \
    cmocka_unit_test_setup_teardown(function, training_setup, training_teardown)

/* 2 layers, 2 heads, 32 channels, 4 windows of 16 characters, 20 steps; the settings, lines of
 * "key = value", are on top of that. NULL if there can be no such trainer: *error says why. */
Small *try_small_run(Training *training, const Corpus *corpus, const char *settings, Error *error);

/* On training->corpus; a failure fails the test. */
Small *small_run(Training *training, const char *settings);

/* The folder of a run, with nothing in it. */
Run run_folder(Training *training, const char *name);

void take_steps(Small *run, size_t count);

/* The table of a run with pos = learned, and whether the last step gave a row of it a gradient. */
Tensor *position_table(const Small *run);
bool row_has_gradient(const Tensor *table, size_t row);

/* Every parameter and both moments. */
#define assert_same_state(a, b) check_same_state(a, b, __FILE__, __LINE__)
void check_same_state(const Small *a, const Small *b, const char *file, int line);

#endif
