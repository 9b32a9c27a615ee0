/* make_runs.c: a pool with a board. */
#include "cli/make_runs.h"

#include "base/file.h"
#include "cli/board.h"
#include "lab/results.h"
#include "math/parallel.h"

bool runs_are_missing(const RunsToMake *runs)
{
    for (size_t e = 0; e < runs->n_experiments; e++) {
        const Experiment *experiment = runs->experiments[e];
        for (size_t t = 0; t < experiment->n_arms * experiment->n_seeds; t++)
            if (!result_is_final(experiment->trials[t]))
                return true;
    }
    return false;
}

/* The program itself: under this name even if the file has been built anew meanwhile. */
static const char *own_program(const Args *args)
{
    return path_is_taken("/proc/self/exe") ? "/proc/self/exe" : args->program;
}

bool make_runs(const RunsToMake *runs, size_t *count, size_t *failed, Error *error)
{
    Pool *pool = arena_alloc(runs->arena, 1, sizeof *pool);
    Board board = {.terminal = runs->terminal};
    if (!pool)
        return fail(error, "out of memory: the runs of a comparison");
    if (!pool_init(pool, runs->arena, runs->experiments, runs->n_experiments, runs->folder,
                   own_program(runs->args), runs->threads > 0 ? runs->threads : parallel_threads(),
                   error))
        return false;
    size_t finished = pool_count(pool, JOB_FINISHED);
    if (finished > 0)
        terminal_printf(runs->terminal, "%zu of %zu runs are there already", finished, pool->count);
    bool ok = finished == pool->count || pool_run(pool, board_observer(&board), error);
    terminal_close_line(runs->terminal);
    *count = pool->count;
    *failed = pool_count(pool, JOB_FAILED);
    pool_free(pool);
    return ok;
}
