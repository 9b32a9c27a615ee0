/* test_pool_threads.c: tests of src/lab/pool.c: how many runs are at work at once and on how many
 * threads, and what a signal does. */
#include "support/check.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "support/fake_runs.h"
#include "support/fixtures.h"

/* Each run waits until as many have begun as there are cores: they are at work together. */
static void as_many_run_at_once_as_there_are_cores(void **state)
{
    ExperimentCase *made = *state;
    lay_out(made);
    for (size_t cores = 1; cores <= 3; cores++) {
        write_in_folder(made, "events", "");
        for (size_t t = 0; t < 4; t++)
            write_files(made->experiment.trials[t], (RunFiles){0});
        const char *body = case_text(
            made, "say begin\n" WAITS_UNTIL("[ $(grep -c begin \"$here/events\") -ge %zu ]") "%s",
            cores, "sleep 0.03; finish; say end\n");
        run_fake_pool(made, body, cores);
        assert_int_equal(count_events(made, "end"), 4);
        assert_int_equal(most_threads(made), cores);
    }
}

/* --- more threads --- */

/* On one thread the run of rope goes on until it is stopped; the other ends at once. */
#define LONG_ON_ONE_THREAD                                                                         \
    "if [ $pos-$threads = rope-1 ]; then\n" WORKS_UNTIL_STOPPED "fi\n" MAKES_THE_RUN

static void the_last_run_goes_on_with_the_threads_of_those_that_ended(void **state)
{
    ExperimentCase *made = *state;
    made->request.n_seeds = 1;
    Pool *pool = fake_pool(made, LONG_ON_ONE_THREAD, 2);
    pool->worth_seconds = 0;
    run_observed(made, pool, (PoolObserver){0});
    assert_contains(events(made), "stopped rope-1 1\nbegin rope-1 2\nend rope-1 2\n");
    assert_int_equal(count_events(made, "stopped"), 1);
    assert_int_equal(count_events(made, "begin none-1"), 1);
    assert_int_equal(pool_count(pool, JOB_FINISHED), 2);
    assert_int_equal(most_threads(made), 2);
}

static void four_threads_are_the_most_that_a_run_gets(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "rope";
    made->request.n_seeds = 1;
    Pool *pool = fake_pool(made, LONG_ON_ONE_THREAD, 9);
    pool->worth_seconds = 0;
    run_observed(made, pool, (PoolObserver){0});
    assert_string_equal(events(made), "begin rope-1 1\nstopped rope-1 1\n"
                                      "begin rope-1 4\nend rope-1 4\n");
}

/* Its first step took less than a quarter of a second, so the other 19 take less than five. */
#define SHORT_AT_STEP_1                                                                            \
    "trap 'say stopped' TERM; say begin\n" IS_AT_STEP_1 "sleep 0.2; finish; say end\n"

static void a_run_that_is_nearly_done_is_not_stopped(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "rope";
    made->request.n_seeds = 1;
    Pool *pool = fake_pool(made, SHORT_AT_STEP_1, 2);
    pool->worth_seconds = 1000;
    run_observed(made, pool, (PoolObserver){0});
    assert_string_equal(events(made), "begin rope-1 1\nend rope-1 1\n");
}

static void no_run_is_stopped_where_no_core_is_idle(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "rope";
    made->request.n_seeds = 1;
    Pool *pool = fake_pool(made, SHORT_AT_STEP_1, 1);
    pool->worth_seconds = 0;
    run_observed(made, pool, (PoolObserver){0});
    assert_string_equal(events(made), "begin rope-1 1\nend rope-1 1\n");
}

/* --- signals --- */

/* In a process of its own: what pool_run leaves behind, as an exit code; 0: all is well. */
static int run_until_signal(ExperimentCase *made, const char *body)
{
    Pool *pool = fake_pool(made, body, 2);
    if (!pool_run(pool, (PoolObserver){0}, NULL))
        return 1;
    if (interrupt_signal() != SIGTERM)
        return 2;
    if (pool_count(pool, JOB_RUNNING) > 0 || pool_count(pool, JOB_FAILED) > 0)
        return 3;
    return pool_count(pool, JOB_WAITING) == 4 ? 0 : 4;
}

/* The pool gets its signal when two runs have said `event`. */
static void assert_stops(ExperimentCase *made, const char *body, const char *event)
{
    lay_out(made);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(run_until_signal(made, body));
    for (int n = 0; n < 1000 && count_events(made, event) < 2; n++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    assert_int_equal(kill(child, SIGTERM), 0);
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    write_in_folder(made, "signalled", "");
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(count_events(made, "begin"), 2);
    assert_int_equal(count_events(made, "stopped"), 2);
}

static void a_signal_stops_every_run_and_begins_none(void **state)
{
    assert_stops(*state, WORKS_UNTIL_STOPPED, "begin");
}

/* A run that SIGTERM has reached already is saving, and a second one would end it, as it would end
 * posgpt. */
#define IS_SAVING                                                                                  \
    "trap : INT HUP; say begin; say saving\n" WAITS_UNTIL(                                         \
        "[ -e \"$here/signalled\" ]") "say stopped; exit 143\n"

static void a_signal_that_all_have_got_lets_every_run_save(void **state)
{
    assert_stops(*state, IS_SAVING, "saving");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fake_test(as_many_run_at_once_as_there_are_cores),
        fake_test(the_last_run_goes_on_with_the_threads_of_those_that_ended),
        fake_test(four_threads_are_the_most_that_a_run_gets),
        fake_test(a_run_that_is_nearly_done_is_not_stopped),
        fake_test(no_run_is_stopped_where_no_core_is_idle),
        fake_test(a_signal_stops_every_run_and_begins_none),
        fake_test(a_signal_that_all_have_got_lets_every_run_save),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
