/* pool.c: a loop that looks after the runs: who has ended, who can begin. */
#include "lab/pool.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/terminal.h"
#include "lab/results.h"

/* More threads than this hardly make a run of such a size faster. */
enum { MOST_THREADS = 4 };

static bool out_of_memory(Error *error)
{
    return fail(error, "out of memory: the runs of a comparison");
}

/* --- how far it all is --- */

double pool_done(const Pool *pool)
{
    double done = 0, all = 0;
    for (size_t j = 0; j < pool->count; j++) {
        all += pool->jobs[j].trial->cost;
        done += pool->jobs[j].trial->cost * job_done(&pool->jobs[j]);
    }
    return done / all;
}

double pool_seconds_left(const Pool *pool)
{
    double done = pool_done(pool), gained = done - pool->done_before;
    return gained > 0 ? (clock_seconds() - pool->begun) * (1 - done) / gained : NAN;
}

size_t pool_count(const Pool *pool, JobState state)
{
    size_t count = 0;
    for (size_t j = 0; j < pool->count; j++)
        count += pool->jobs[j].state == state;
    return count;
}

/* --- the beginning --- */

/* By insertion, which leaves equal ones as they are: by arm. */
static void put_in_order(Pool *pool)
{
    for (size_t j = 0; j < pool->count; j++) {
        size_t place = j;
        while (place > 0 && job_compare(&pool->jobs[j], &pool->jobs[pool->order[place - 1]]) < 0) {
            pool->order[place] = pool->order[place - 1];
            place--;
        }
        pool->order[place] = j;
    }
}

/* The job whose run is the same; NULL: none yet. */
static Job *job_of(Pool *pool, const Trial *trial)
{
    for (size_t j = 0; j < pool->count; j++)
        if (strcmp(pool->jobs[j].trial->run.folder, trial->run.folder) == 0)
            return &pool->jobs[j];
    return NULL;
}

/* Of trials that share a run, the one that asks for the loss by context is made: the other finds
 * all that it needs in it. */
static bool add_job(Pool *pool, const Experiment *experiment, const Trial *trial, const char *logs,
                    Error *error)
{
    const char *file = text_format(pool->arena, "%s.log", trial->run.name);
    Job *job = job_of(pool, trial);
    if (job && (job->trial->config.by_context || !trial->config.by_context))
        return true;
    if (!job)
        job = &pool->jobs[pool->count++];
    *job = (Job){.experiment = experiment, .trial = trial, .loss = NAN, .threads = 1};
    job->log = file ? path_join(pool->arena, logs, file) : NULL;
    if (!job->log)
        return out_of_memory(error);
    job_look(job, &pool->scratch);
    if (result_is_final(trial))
        job->state = JOB_FINISHED;
    return true;
}

static size_t count_trials(const Experiment *experiment)
{
    return experiment->n_arms * experiment->n_seeds;
}

bool pool_init(Pool *pool, Arena *arena, const Experiment *const *experiments, size_t n_experiments,
               const char *folder, const char *program, size_t cores, Error *error)
{
    size_t most = 0;
    *pool = (Pool){.arena = arena, .program = program, .cores = cores};
    pool->tick_seconds = 0.2;
    pool->worth_seconds = 4;
    for (size_t e = 0; e < n_experiments; e++)
        most += count_trials(experiments[e]);
    const char *logs = path_join(arena, folder, "logs");
    pool->jobs = arena_alloc(arena, most, sizeof *pool->jobs);
    pool->order = arena_alloc(arena, most, sizeof *pool->order);
    if (!logs || !pool->jobs || !pool->order)
        return out_of_memory(error);
    if (!folder_make(logs, error))
        return false;
    for (size_t e = 0; e < n_experiments; e++)
        for (size_t t = 0; t < count_trials(experiments[e]); t++)
            if (!add_job(pool, experiments[e], experiments[e]->trials[t], logs, error))
                return false;
    put_in_order(pool);
    return true;
}

void pool_free(Pool *pool)
{
    arena_free(&pool->scratch);
}

/* --- the end of a run --- */

static void end_job(Pool *pool, Job *job, JobState state, const char *reason)
{
    job_look(job, &pool->scratch); /* another process may have gone on since the last time */
    job->state = state;
    job->reason = reason;
    if (pool->observer.at_end)
        pool->observer.at_end(pool->observer.context, pool, job);
}

/* What becomes of a run whose process has ended. Another process may have had its folder only for a
 * moment, to see whether anybody has it: so the run tries again, once. */
static void settle(Pool *pool, Job *job, int status)
{
    job_look(job, &pool->scratch);
    if (result_is_final(job->trial))
        end_job(pool, job, JOB_FINISHED, NULL);
    else if (job->stopping || interrupt_signal())
        job->state = JOB_WAITING;
    else if (run_is_in_use(&job->trial->run)) /* someone else was faster */
        job->state = JOB_ELSEWHERE;
    else if (!job->refused && job_found_folder_in_use(job, &pool->scratch)) {
        job->refused = true;
        job->state = JOB_WAITING;
    } else
        end_job(pool, job, JOB_FAILED, job_reason(job, status, pool->arena));
    job->stopping = false;
}

/* Looks after the runs that are on their way. */
static bool poll_jobs(Pool *pool, Error *error)
{
    for (size_t j = 0; j < pool->count; j++) {
        Job *job = &pool->jobs[j];
        bool ended = false;
        int status = 0;
        if (job->state == JOB_RUNNING && !spawn_poll(&job->child, &ended, &status, error))
            return false;
        if (ended)
            settle(pool, job, status);
        else if (job->state == JOB_RUNNING || job->state == JOB_ELSEWHERE)
            job_look(job, &pool->scratch);
        if (job->state != JOB_ELSEWHERE || run_is_in_use(&job->trial->run))
            continue;
        if (result_is_final(job->trial))
            end_job(pool, job, JOB_FINISHED, NULL);
        else
            job->state = JOB_WAITING;
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
    bool missing;
    if (result_is_final(job->trial)) { /* another process has made it meanwhile */
        end_job(pool, job, JOB_FINISHED, NULL);
        return true;
    }
    if (run_is_in_use(&job->trial->run)) {
        job->state = JOB_ELSEWHERE;
        return true;
    }
    char **command = experiment_command(job->experiment, job->trial, pool->program, job->threads);
    if (!command)
        return out_of_memory(error);
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
    size_t share = idle / pool_count(pool, JOB_RUNNING), threads = longest->threads;
    threads += share > 1 ? share : 1;
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
