/* job.h: a run on its way: what has become of it, and how far it is.
 *
 * All that is known of a run comes from its files, not from the process that makes it: so it does
 * not matter whose process that is.
 */
#ifndef LAB_JOB_H
#define LAB_JOB_H

#include "base/spawn.h"
#include "lab/experiment.h"

typedef enum JobState {
    JOB_WAITING,
    JOB_RUNNING,
    JOB_ELSEWHERE, /* another process has it */
    JOB_FINISHED,
    JOB_FAILED,
} JobState;

/* A trial on its way. */
typedef struct Job {
    const Experiment *experiment;
    const Trial *trial;
    JobState state;
    const char *log;    /* the file that has what the run says */
    const char *reason; /* of a failed one: in its own words */
    size_t step;        /* how far it is, */
    double loss;        /* and its last validation loss; NaN: none yet */
    Child child;
    size_t threads;    /* that it has, or shall have */
    bool stopping;     /* it was asked to stop, to go on with more threads */
    bool tried_again;  /* once, since it had found its folder in use */
    double begun;      /* the clock when it was started, */
    size_t begun_step; /* and the step it was at */
} Job;

/* Reads how far the run is, and its last validation loss. `scratch` is reset. */
void job_look(Job *job, Arena *scratch);

/* The share of its steps that are done, 0 to 1; all of a run that has ended. */
double job_done(const Job *job);

/* What the rest costs, in floating-point operations. */
double job_cost_left(const Job *job);

/* Which one begins first, as strcmp: the one that has more left; of equal ones the earlier seed. */
int job_compare(const Job *a, const Job *b);

/* The time that the rest takes if it goes on as it did since it was started; NaN: not known yet. */
double job_seconds_left(const Job *job);

/* Did it end because another process had its folder? By the last line of its log. */
bool job_found_folder_in_use(const Job *job, Arena *scratch);

/* Why it failed, by the exit code of its process (see spawn.h) and the last line of its log. */
const char *job_reason(const Job *job, int status, Arena *arena);

#endif
