/* experiment.h: schemes, and other settings, crossed with seeds: the runs of a comparison.
 *
 *     posgpt compare --pos a,b --vary learning_rate=5e-4,1e-3 --seeds 3
 *
 *                                  seed 1   seed 2   seed 3
 *     a, learning_rate = 5e-4        .        .        .
 *     a, learning_rate = 1e-3        .        .        .
 *     b, learning_rate = 5e-4        .        .        .
 *     b, learning_rate = 1e-3        .        .        .
 *
 * A row is an arm, as in a medical trial: what is compared. A cell is a trial: one run, in a folder
 * with the same name that `posgpt train` would give it, so a run that is there already is not made
 * twice, whoever made it. All other settings are the same for all trials; and so is what a seed
 * decides (see random.h).
 */
#ifndef LAB_EXPERIMENT_H
#define LAB_EXPERIMENT_H

#include "data/corpus.h"
#include "lab/arms.h"
#include "train/run.h"

/* One run. It stays where it is, as its config must (see config.h). */
typedef struct Trial {
    const Arm *arm;
    size_t seed;
    Config config;
    Run run;
    double cost; /* floating-point operations of all its steps: how long it takes beside others */
} Trial;

enum { MAX_SEEDS = 1000 };

typedef struct Experiment {
    Arena *arena;
    const Request *request;
    Corpus corpus;  /* or the task in its place: the same for all */
    Arm *arms;      /* [n_arms] */
    Trial **trials; /* [n_arms, n_seeds] */
    size_t n_arms, n_seeds;
    size_t without;  /* the arm without a scheme, and that with the plainest one: their distance */
    size_t plainest; /* sets the margin of comparison.h. NO_SCHEME: there is none such */
    const char *folder; /* for what is written about all its runs together */
} Experiment;

/* Lays the experiment out; nothing runs, and nothing is written. Refuses what makes no run, naming
 * the arm. The experiment must not be moved afterwards. */
bool experiment_init(Experiment *experiment, Arena *arena, const Request *request, Error *error);
void experiment_free(Experiment *experiment);

static inline Trial *experiment_trial(const Experiment *experiment, size_t arm, size_t seed)
{
    return experiment->trials[arm * experiment->n_seeds + seed];
}

/* The task that is learned in place of a text; NULL: a text. */
const Task *experiment_task(const Experiment *experiment);

/* What a loss is the mean over: "character", "word", or "answer" of a task. */
const char *experiment_unit(const Experiment *experiment);

/* The length of the windows of training; 0 where it is not the same in all arms. */
size_t experiment_block_size(const Experiment *experiment);

/* The command that makes a trial's run: program train --config ... --pos a ... --seed 1, ended by
 * NULL, in the arena; NULL for lack of memory. */
char **experiment_command(const Experiment *experiment, const Trial *trial, const char *program,
                          size_t threads);

#endif
