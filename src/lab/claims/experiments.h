/* experiments.h: the runs that claims draw on: each experiment is a table row, a comparison's
 * request.
 */
#ifndef LAB_CLAIMS_EXPERIMENTS_H
#define LAB_CLAIMS_EXPERIMENTS_H

#include "lab/experiment.h"

#define CLAIMS_CONFIG "configs/claims.ini"

typedef enum ExperimentId {
    ON_TEXT,           /* every scheme on the fables */
    ON_TEXT_BY_DEPTH,  /* none, with 1, 2 and 4 layers */
    ON_WHO,            /* the task `who`, causal: none and learned, with 1, 2 and 4 layers */
    ON_WHO_BOTH_SIDES, /* the same, seeing both sides */
    SINUSOID_GAINS,    /* sinusoidal with its three gains */
    TABLE_STARTS,      /* learned: from random rows, from the sinusoid, and frozen */
    TABLE_OFFSETS, /* learned, with a table twice as long as the windows, which stand at position
                          0 in training, or at random ones */
    ROPE_VALUES,   /* rope, and rope with the values turned too */
    ON_KBACK,      /* the task `kback`: every scheme */
    ON_NTH,        /* the task `nth`: every scheme */
    N_EXPERIMENTS,
    NO_EXPERIMENT = N_EXPERIMENTS,
} ExperimentId;

/* How much is asked for. */
typedef struct ExperimentScale {
    size_t first_seed, n_seeds;
    const char *data;          /* the text */
    const char *learning_rate; /* of every run; "": the one of the config */
    const char *config;        /* a file of settings for every run */
    const char *out_dir;       /* where runs are kept */
} ExperimentScale;

/* The request of an experiment, in the arena. */
bool experiment_request(ExperimentId id, Arena *arena, const ExperimentScale *scale,
                        Request *request, Error *error);

#endif
