/* findings.h: what a comparison found: the numbers behind its tables, its pictures and its report.
 *
 * Everything is by arm (see experiment.h), over its finished runs. A mean over seeds stands with
 * its 95 % interval (see statistics.h); what there is too little for is NaN.
 */
#ifndef LAB_FINDINGS_H
#define LAB_FINDINGS_H

#include "lab/comparison.h"
#include "lab/results.h"

typedef struct Estimate {
    Sample over_seeds;
    Interval interval; /* 95 % */
} Estimate;

typedef struct ArmFindings {
    const char *says;    /* what its scheme says of itself in this model; "": nothing */
    size_t finished;     /* runs */
    Estimate val_loss;   /* of the whole validation split, at the last step */
    Estimate train_loss; /* of as much of the training text, without dropout */
    Estimate exact;      /* of a task, at the lengths of training: share of sequences that are all
                            right; its interval does not leave 0 ... 1 */
    size_t parameters, pos_parameters;
    double ms_per_step;      /* median of its runs on one thread, if there are any, else of all */
    size_t threads;          /* that these had; 0: not the same number */
    Estimate steps_to_reach; /* the stated loss, over the runs that reach it; its interval does not
                                leave 0 ... the last step */
    Estimate loss_at_time;   /* of a run as long as that of the fastest arm */
} ArmFindings;

/* A point of a curve: the mean over seeds. */
typedef struct CurvePoint {
    double x, mean, low, high; /* low and high: 95 % interval; NaN for one seed */
    size_t n;                  /* seeds */
} CurvePoint;

typedef struct Curve {
    const CurvePoint *points;
    size_t n_points;
} Curve;

/* The loss of one arm at one context length. */
typedef struct ContextFinding {
    Estimate same;       /* the same target characters at each length */
    Estimate plain;      /* windows side by side */
    const char *refused; /* why there is none; NULL where there is */
} ContextFinding;

/* How much of a task is all right at one length, for one arm. */
typedef struct LengthFinding {
    Estimate exact;         /* share of the sequences of which every answer is right */
    double lowest, highest; /* of a seed; NaN: there is none */
    bool trained;           /* did training have this length? */
    bool refused;           /* has the scheme no position for its end? */
} LengthFinding;

typedef struct Findings {
    const Experiment *experiment;
    const char *const *names; /* [n_arms] */
    const RunResult *runs;    /* [n_arms, n_seeds] */
    size_t finished;          /* runs, of n_arms * n_seeds */
    Comparison comparison;    /* of the validation losses; its schemes are the arms */
    const size_t *order;     /* [n_arms]: arms by mean loss, lowest first; those without one last */
    const char *headline;    /* one sentence with figures; see headline.h */
    const char *caveats;     /* the lines under it: of a task, how much is all right; what was not
                                shown; may be "" */
    const ArmFindings *arms; /* [n_arms] */
    double stated_loss;      /* nats, for steps_to_reach */
    double equal_time;       /* seconds, for loss_at_time */

    const Curve *by_step; /* [n_arms]: validation loss against step */

    size_t n_contexts;
    const size_t *contexts;           /* [n_contexts]: lengths, rising */
    const ContextFinding *by_context; /* [n_arms, n_contexts] */
    size_t same_targets;              /* how many characters `same` is over */
    const Curve *by_position;         /* [n_arms]: loss against position, from 1, up to the longest
                                         window that the arm serves; neighbouring ones as groups */

    size_t n_lengths;               /* 0 without a task */
    const size_t *lengths;          /* [n_lengths]: symbols, rising */
    const LengthFinding *by_length; /* [n_arms, n_lengths] */
    size_t trained_length;          /* the longest of training; 0: not the same in all arms */
    size_t length_questions;        /* sequences at each length */

    const char *const *builds; /* [n_builds]: different ones that made the runs */
    size_t n_builds;
} Findings;

static inline const RunResult *findings_run(const Findings *findings, size_t arm, size_t seed)
{
    return &findings->runs[arm * findings->experiment->n_seeds + seed];
}

/* c and l number the lengths in `contexts` and `lengths`. */
static inline const ContextFinding *findings_at_context(const Findings *findings, size_t arm,
                                                        size_t c)
{
    return &findings->by_context[arm * findings->n_contexts + c];
}

static inline const LengthFinding *findings_at_length(const Findings *findings, size_t arm,
                                                      size_t l)
{
    return &findings->by_length[arm * findings->n_lengths + l];
}

/* Reads the results and works everything out. `stated_loss` NaN: what every arm reaches, the
 * highest of their mean losses, rounded up to 0.01. */
bool findings_make(const Experiment *experiment, double stated_loss, Findings *findings,
                   Error *error);

#endif
