/* experiment_case.h: an experiment in a folder of its own, whose runs nobody trained: a test writes
 * what is in their folders.
 *
 *     static void ...(void **state)
 *     {
 *         ExperimentCase *made = *state;
 *         made->request.pos = "none,learned";
 *         lay_out(made);
 *         write_run(made, 0, 1, (MadeRun){.loss = {3, 2, 1.5}, .ms = 4, .threads = 1});
 *
 * Each run has one layer of 8 channels, reads 2 windows of 4 tokens in a step, and takes 20 steps.
 */
#ifndef TESTS_SUPPORT_EXPERIMENT_CASE_H
#define TESTS_SUPPORT_EXPERIMENT_CASE_H

#include "support/check.h"

#include "lab/experiment.h"

enum { MADE_STEPS = 20, MADE_LOOKS = 3, MADE_TOKENS = 2 * 4, MOST_COMMON = 16 };

typedef struct ExperimentCase {
    Arena arena;
    char *folder;
    Setting common[MOST_COMMON]; /* of which request.n_common are there */
    Request request;             /* none and rope, seeds 1 and 2, until the test changes it */
    Experiment experiment;
    Error error;
} ExperimentCase;

int experiment_setup(void **state);
int experiment_teardown(void **state);

#define experiment_test(function)                                                                  \
    cmocka_unit_test_setup_teardown(function, experiment_setup, experiment_teardown)

/* One more setting of all runs. */
void add_common(ExperimentCase *made, const char *key, const char *value);

/* Lays out what is asked for; fails the test where it cannot. */
Experiment *lay_out(ExperimentCase *made);

/* printf into the arena. */
const char *case_text(ExperimentCase *made, const char *format, ...) PRINTF_LIKE(2, 3);

/* What is in the folder of a run. A file that is NULL is not there, or goes. */
typedef struct RunFiles {
    const char *config, *metrics, *result, *contexts, *positions, *exam;
} RunFiles;

void write_files(const Trial *trial, RunFiles files);

/* The first lines of these files. */
#define METRICS_HEAD   "step,train_loss,val_loss,learning_rate,grad_norm,chars_per_second,elapsed_s\n"
#define RESULT_HEAD    "step,val_loss,train_loss,exact,parameters,position_parameters\n"
#define POSITIONS_HEAD "context,position,characters,loss_nats\n"
#define EXAM_HEAD      "length,tokens,trained,sequences,loss,exact_match\n"
#define CONTEXTS_HEAD                                                                              \
    "context,training,windows,characters,loss_nats,loss_bits,same_characters,same_nats,same_bits," \
    "refused\n"

/* A finished run in a few numbers. */
typedef struct MadeRun {
    double loss[MADE_LOOKS]; /* validation losses at steps 0, 10 and 20 */
    double ms;               /* a step; 0: unknown */
    size_t threads;
    const char *build; /* its version; NULL: "1" */
} MadeRun;

/* Its files. The training loss is 0.5 below the validation loss; the model has 900 parameters, of
 * which 10 times the number of its arm are positional; in windows of 2 and 4 tokens the loss is
 * 0.25 and 0.125 above that of the last step, on the same 40 characters 0.75 and 0.625 above it. Of
 * a task 3/4 of 512 sequences of 20 symbols are all right. */
RunFiles files_of(ExperimentCase *made, const Trial *trial, MadeRun run);
void write_run(ExperimentCase *made, size_t arm, size_t seed, MadeRun run);

/* The same for every run, each with another last loss. */
void write_all_runs(ExperimentCase *made);

#endif
