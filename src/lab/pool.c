/* pool.c: a loop that looks after the runs: who has ended, who can begin. (Which runs there are,
 * and how far they are, is in pool_jobs.c.) */
#include "lab/pool.h"

#include <signal.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/terminal.h"
#include "lab/results.h"

/* More threads than this hardly make a run of such a size faster. */
enum { MOST_THREADS = 4 };

/* --- the end of a run --- */

static void end_job(Pool *pool, Job *job, JobState state, const char *reason)
{
    job_look(job, &pool->scratch); /* another process may have gone on since the last time */
    job->state = state;
    job->reason = reason;
    if (pool->observer.at_end)
        pool->observer.at_end(pool->observer.context, pool, job);
}

/* What becomes of a run whose process has ended. It may have ended because another one had its
 * folder: then that one makes the run now. Or the other one had it for a moment only, to see
 * whether anybody has it: so the run tries again, once. */
static void settle(Pool *pool, Job *job, int status)
{
    job_look(job, &pool->scratch);
    if (result_is_final(job->trial))
        end_job(pool, job, JOB_FINISHED, NULL);
    else if (job->stopping || interrupt_signal())
        job->state = JOB_WAITING;
    else if (run_is_in_use(&job->trial->run)) /* someone else was faster */
        job->state = JOB_ELSEWHERE;
    else if (!job->tried_again && job_found_folder_in_use(job, &pool->scratch)) {
        job->tried_again = true;
        job->state = JOB_WAITING;
    } else
        end_job(pool, job, JOB_FAILED, job_reason(job, status, pool->arena));
    job->stopping = false;
}

static bool poll_running(Pool *pool, Job *job, Error *error)
{
    bool ended = false;
    int status = 0;
    if (!spawn_poll(&job->child, &ended, &status, error))
        return false;
    if (ended)
        settle(pool, job, status);
    else
        job_look(job, &pool->scratch);
    return true;
}

/* When the other process is through, or was stopped, the run is nobody's: it may be this one's. */
static void poll_elsewhere(Pool *pool, Job *job)
{
    job_look(job, &pool->scratch);
    if (run_is_in_use(&job->trial->run))
        return;
    if (result_is_final(job->trial))
        end_job(pool, job, JOB_FINISHED, NULL);
    else
        job->state = JOB_WAITING;
}

/* Looks after the runs that are on their way. */
static bool poll_jobs(Pool *pool, Error *error)
{
    for (size_t j = 0; j < pool->count; j++) {
        Job *job = &pool->jobs[j];
        if (job->state == JOB_RUNNING && !poll_running(pool, job, error))
            return false;
        if (job->state == JOB_ELSEWHERE)
            poll_elsewhere(pool, job);
    }
    return true;
}

/* --- who can begin --- */

static size_t idle_cores(const Pool *pool)
{
    size_t busy = 0;
    for (size_t j = 0; j < pool->count; j++)
        busy += pool->jobs[j].state == JOB_RUNNING ? pool->jobs[j].threads : 0;
    return busy < pool->cores ? pool->cores - busy : 0;
}

static bool start(Pool *pool, Job *job, Error *error)
{
    if (result_is_final(job->trial)) { /* another process has made it meanwhile */
        end_job(pool, job, JOB_FINISHED, NULL);
        return true;
    }
    if (run_is_in_use(&job->trial->run)) {
        job->state = JOB_ELSEWHERE;
        return true;
    }
    bool missing;
    char **command = experiment_command(job->experiment, job->trial, pool->program, job->threads);
    if (!command)
        return fail(error, "out of memory: the command of a run");
    if (!spawn_start(command, NULL, job->log, &job->child, &missing, error))
        return false;
    if (missing)
        return fail(error, "%s: is not there any more", pool->program);
    job->state = JOB_RUNNING;
    job->begun = clock_seconds();
    job->begun_step = job->step;
    return true;
}

static bool start_waiting(Pool *pool, Error *error)
{
    for (size_t n = 0; n < pool->count; n++) {
        Job *job = &pool->jobs[pool->order[n]];
        if (job->state == JOB_WAITING && idle_cores(pool) >= job->threads &&
            !start(pool, job, error))
            return false;
    }
    return true;
}

/* With nothing left to begin, the run with the most before it is stopped to go on with more
 * threads. One at a time: the next turn finds it started again. */
static void widen_one(Pool *pool)
{
    size_t idle = idle_cores(pool);
    Job *longest = NULL;
    if (idle == 0 || pool_count(pool, JOB_WAITING) > 0)
        return;
    for (size_t j = 0; j < pool->count; j++) {
        Job *job = &pool->jobs[j];
        if (job->state == JOB_RUNNING && job->stopping)
            return;
        if (job->state == JOB_RUNNING && job->threads < MOST_THREADS &&
            job_seconds_left(job) > pool->worth_seconds &&
            (!longest || job_cost_left(job) > job_cost_left(longest)))
            longest = job;
    }
    if (!longest)
        return;
    size_t share = idle / pool_count(pool, JOB_RUNNING); /* the others may get more, too */
    size_t threads = longest->threads + (share > 1 ? share : 1);
    longest->threads = threads < MOST_THREADS ? threads : MOST_THREADS;
    longest->stopping = true;
    spawn_signal(&longest->child, SIGTERM);
}

/* --- the loop --- */

static void wait_a_tick(const Pool *pool)
{
    struct timespec tick = {.tv_nsec = (long)(pool->tick_seconds * 1e9)};
    nanosleep(&tick, NULL); /* a signal cuts it short, which is just as well */
}

/* One that is asked to stop already does. */
static void stop_all(Pool *pool)
{
    for (size_t j = 0; j < pool->count; j++)
        if (pool->jobs[j].state == JOB_RUNNING && !pool->jobs[j].stopping)
            spawn_signal(&pool->jobs[j].child, interrupt_to_pass_on());
}

static bool is_over(const Pool *pool)
{
    if (interrupt_signal())
        return pool_count(pool, JOB_RUNNING) == 0;
    return pool_count(pool, JOB_FINISHED) + pool_count(pool, JOB_FAILED) == pool->count;
}

static bool run_loop(Pool *pool, Error *error)
{
    bool stopped = false;
    while (!is_over(pool)) {
        if (interrupt_signal() && !stopped) {
            stop_all(pool);
            stopped = true;
        }
        if (!stopped) {
            if (!start_waiting(pool, error))
                return false;
            widen_one(pool);
        }
        if (pool->observer.at_tick)
            pool->observer.at_tick(pool->observer.context, pool);
        wait_a_tick(pool);
        if (!poll_jobs(pool, error))
            return false;
    }
    return true;
}

bool pool_run(Pool *pool, PoolObserver observer, Error *error)
{
    pool->observer = observer;
    pool->begun = clock_seconds();
    pool->done_before = pool_done(pool);
    interrupt_watch();
    if (run_loop(pool, error))
        return true;
    stop_all(pool); /* they leave checkpoints, and end by themselves */
    return false;
}
