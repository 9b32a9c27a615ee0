/* arms.h: what a comparison compares, from lists as a person types them.
 *
 *     --pos a,b --vary learning_rate=1e-3,2e-3 --vary b_gain=1,8
 *
 *     a (learning_rate = 1e-3)                  b (learning_rate = 1e-3, b_gain = 1)
 *     a (learning_rate = 2e-3)                  b (learning_rate = 1e-3, b_gain = 8)
 *                                               b (learning_rate = 2e-3, b_gain = 1)
 *                                               b (learning_rate = 2e-3, b_gain = 8)
 *
 * Every scheme is crossed with every value. A setting that has no effect on a scheme, such as the
 * option of another one, is not varied there; one that has none on any scheme is refused.
 */
#ifndef LAB_ARMS_H
#define LAB_ARMS_H

#include "train/config.h"

/* A setting as one would write it on the command line, without the dashes. */
typedef struct Setting {
    const char *key, *value;
} Setting;

/* What is asked for. The texts outlive the experiment. */
typedef struct Request {
    const char *config;      /* a file of settings, read first; "": none */
    const Setting *common;   /* [n_common]: settings of all runs, which come after the file */
    const char *pos;         /* "a,b", or "all" */
    const char *const *vary; /* [n_vary]: "learning_rate=5e-4,1e-3", each crossed with the rest */
    size_t n_common, n_vary;
    size_t first_seed, n_seeds; /* first_seed, first_seed + 1, ... */
    const char *name;           /* of the comparison's folder; "": made from what is compared */
} Request;

/* What is compared with what: a scheme, with values for the settings that are varied. */
typedef struct Arm {
    const char *name; /* "a", or "a (a_gain = 8)" */
    const PosScheme *scheme;
    const Setting *settings; /* [n_settings]: what sets it apart, pos first */
    size_t n_settings;
    size_t variant, n_variants; /* its number among the arms of its scheme, from 0; how many */
} Arm;

enum { MAX_ARMS = 64 };

/* The arms of a request, in the arena. Refuses what is no scheme, no setting or no value of it, and
 * settings that make losses that do not compare. */
bool arms_make(Arena *arena, const Request *request, Arm **arms, size_t *count, Error *error);

/* Gives a config, which has its defaults, the settings of a request's run of this arm. */
bool arm_apply(const Arm *arm, const Request *request, Config *config, Error *error);

#endif
