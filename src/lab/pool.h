/* pool.h: makes the runs of experiments, several at a time.
 *
 * Runs know nothing of each other, so each core has one of its own, on one thread: that wastes
 * nothing on waiting for other threads. Each run is a process, this program itself as `posgpt
 * train`: whatever happens to one does not touch the others. The longest begin first, so that no
 * long one is left over at the end; of those that are equally long, the first seed of every arm
 * comes before the second of any. When no run is waiting and cores fall idle, a run that still has
 * far to go is stopped and goes on with more threads, since its numbers do not depend on that.
 *
 * Experiments may share runs: a run is made once. One that is finished is not made again, one that
 * was interrupted goes on, and one that another process is working at is left to it. So the same
 * command can be given again after anything, and in two places at once.
 */
#ifndef LAB_POOL_H
#define LAB_POOL_H

#include "lab/job.h"

typedef struct Pool Pool;

/* Who watches, such as a display of how far the runs are. A function that is NULL is not called. */
typedef struct PoolObserver {
    void *context;
    void (*at_tick)(void *context, const Pool *pool);                /* a few times a second */
    void (*at_end)(void *context, const Pool *pool, const Job *job); /* it has finished or failed */
} PoolObserver;

struct Pool {
    Arena *arena;
    const char *program; /* what to start; see `experiment_command` */
    size_t cores;        /* how many threads there may be, of all runs together */
    Job *jobs;           /* [count], in the order of the experiments and their trials */
    size_t *order;       /* [count]: the jobs' numbers, in the order in which they begin */
    size_t count;
    double tick_seconds;  /* from one look at the runs to the next; below 1 */
    double worth_seconds; /* a run that has longer to go may be stopped, to get more threads */
    PoolObserver observer;
    double begun;       /* the clock at the start, */
    double done_before; /* and the share of the work that was done by then */
    Arena scratch;
};

/* Looks at what is there already. `folder` is where the runs' logs go, in logs/; the program is a
 * path. The jobs live in the arena. */
bool pool_init(Pool *pool, Arena *arena, const Experiment *const *experiments, size_t n_experiments,
               const char *folder, const char *program, size_t cores, Error *error);
void pool_free(Pool *pool);

/* Runs until there is nothing left to do, or a signal comes (see interrupt.h): then every run that
 * is at work has left a checkpoint. That runs failed is no failure of this. */
bool pool_run(Pool *pool, PoolObserver observer, Error *error);

size_t pool_count(const Pool *pool, JobState state);

/* The share of all steps that are done, 0 to 1, weighed by what they cost. */
double pool_done(const Pool *pool);

/* Seconds until the end as far as can be told; NaN: not yet. */
double pool_seconds_left(const Pool *pool);

#endif
