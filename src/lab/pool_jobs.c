/* pool_jobs.c: the runs of a pool: each of them once, in the order in which they begin; and how far
 * they are, all together. */
#include "lab/pool.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/terminal.h"
#include "lab/results.h"

static const double TICK_SECONDS = 0.2;

/* A run that is stopped needs half a second to go on: more threads have to gain it more than
 * that. */
static const double WORTH_SECONDS = 4;

static bool out_of_memory(Error *error)
{
    return fail(error, "out of memory: the runs of a comparison");
}

/* --- which runs there are --- */

/* The job that makes this trial's run, if only for another experiment; NULL: none yet. */
static Job *job_of(Pool *pool, const Trial *trial)
{
    for (size_t j = 0; j < pool->count; j++)
        if (strcmp(pool->jobs[j].trial->run.folder, trial->run.folder) == 0)
            return &pool->jobs[j];
    return NULL;
}

/* One job for all trials that share a run. It is that of a trial that asks for the loss by context,
 * if there is one: then the others, too, find all that they need in what the run leaves. */
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

static size_t count_trials(const Experiment *experiment)
{
    return experiment->n_arms * experiment->n_seeds;
}

bool pool_init(Pool *pool, Arena *arena, const Experiment *const *experiments, size_t n_experiments,
               const char *folder, const char *program, size_t cores, Error *error)
{
    size_t most = 0;
    *pool = (Pool){.arena = arena,
                   .program = program,
                   .cores = cores,
                   .tick_seconds = TICK_SECONDS,
                   .worth_seconds = WORTH_SECONDS};
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

/* What is left takes as long, share by share, as what was done since the start. */
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
