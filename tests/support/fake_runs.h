/* fake_runs.h: a pool whose program is a script of the shell in place of posgpt. It says in a file
 * when it begins and ends, and leaves the files of a finished run:
 *
 *     begin none-1 1       scheme and seed, threads
 *     end none-1 1
 *
 * So a test says what becomes of a run, and when. The pool looks at its runs every hundredth of a
 * second.
 */
#ifndef TESTS_SUPPORT_FAKE_RUNS_H
#define TESTS_SUPPORT_FAKE_RUNS_H

#include "lab/pool.h"
#include "support/experiment_case.h"

/* Bodies of scripts. They know $pos, $seed and $threads; $run, the run's folder; and $here, that of
 * the test. */
#define MAKES_THE_RUN "say begin; finish; say end\n"

/* Waits up to five seconds for a condition. */
#define WAITS_UNTIL(condition)                                                                     \
    "n=0; until " condition " || [ $n -ge 250 ]; do sleep 0.02; n=$((n + 1)); done\n"

/* Says that it has done one of its 20 steps. */
#define IS_AT_STEP_1 "mkdir -p \"$run\"; cp \"$here/begun.csv\" \"$run/metrics.csv\"\n"

/* Works until it is stopped. */
#define WORKS_UNTIL_STOPPED                                                                        \
    "trap 'say stopped; exit 143' TERM INT HUP; say begin\n" IS_AT_STEP_1 WAITS_UNTIL("false")

/* A pool of the experiment's runs, which is laid out unless it is already. */
Pool *fake_pool(ExperimentCase *made, const char *body, size_t cores);

/* Runs it to its end, and frees what it holds but for its jobs. The second makes it before. */
void run_observed(ExperimentCase *made, Pool *pool, PoolObserver observer);
Pool *run_fake_pool(ExperimentCase *made, const char *body, size_t cores);

/* What the scripts have said; how many lines of it start with this; the most threads that were at
 * work at one time. */
const char *events(ExperimentCase *made);
size_t count_events(ExperimentCase *made, const char *start);
size_t most_threads(ExperimentCase *made);

/* A file in the test's folder. */
void write_in_folder(ExperimentCase *made, const char *name, const char *text);

/* As experiment_test(). One that waits for ever is ended by a signal after a minute. */
int fake_setup(void **state);

#define fake_test(function)                                                                        \
    cmocka_unit_test_setup_teardown(function, fake_setup, experiment_teardown)

#endif
