/* test_pool.c: tests of src/lab/pool.c: which runs are made, in what order, and what becomes of
 * those that fail. Runs of other processes are in test_pool_elsewhere.c, threads and signals in
 * test_pool_threads.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/terminal.h"
#include "support/fake_runs.h"
#include "support/fixtures.h"

/* --- which runs are made, and when --- */

static void every_run_is_made_once(void **state)
{
    ExperimentCase *made = *state;
    const Pool *pool = run_fake_pool(made, MAKES_THE_RUN, 2);
    static const char *const runs[] = {"none-1", "none-2", "rope-1", "rope-2"};
    for (size_t r = 0; r < COUNT_OF(runs); r++)
        assert_int_equal(count_events(made, case_text(made, "begin %s 1\n", runs[r])), 1);
    assert_int_equal(count_events(made, "begin"), 4);
    assert_int_equal(pool_count(pool, JOB_FINISHED), 4);
    assert_close(pool_done(pool), 1, 0);
    for (size_t j = 0; j < 4; j++)
        assert_true(pool->jobs[j].loss == 2);
}

static void the_first_seed_of_every_arm_comes_before_the_second_of_any(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "none,alibi"; /* which cost the same */
    run_fake_pool(made, MAKES_THE_RUN, 1);
    assert_string_equal(events(made), "begin none-1 1\nend none-1 1\nbegin alibi-1 1\n"
                                      "end alibi-1 1\nbegin none-2 1\nend none-2 1\n"
                                      "begin alibi-2 1\nend alibi-2 1\n");
}

static void the_longest_begin_first(void **state)
{
    ExperimentCase *made = *state;
    static const char *const vary[] = {"max_iters=10,30,20"};
    made->request.pos = "rope";
    made->request.vary = vary;
    made->request.n_vary = 1;
    lay_out(made);
    /* With 29 of 30 steps done, it is the shortest. */
    write_files(experiment_trial(&made->experiment, 1, 0),
                (RunFiles){.metrics = METRICS_HEAD "29,3,nan,0,1,9,1\n"});
    Pool *pool = fake_pool(made, "", 1);
    const size_t expected[] = {3, 4, 5, 0, 1, 2}; /* jobs: 10 10 30 30 20 20 steps */
    for (size_t place = 0; place < COUNT_OF(expected); place++)
        assert_int_equal(pool->order[place], expected[place]);
    pool_free(pool);
}

static void runs_that_are_finished_are_not_made_again(void **state)
{
    ExperimentCase *made = *state;
    lay_out(made);
    write_all_runs(made);
    assert_int_equal(remove(experiment_trial(&made->experiment, 1, 0)->run.result), 0);
    Pool *pool = fake_pool(made, MAKES_THE_RUN, 2);
    assert_int_equal(pool_count(pool, JOB_FINISHED), 3);
    assert_int_equal(pool->jobs[2].step, 20); /* as far as it came */
    run_observed(made, pool, (PoolObserver){0});
    assert_string_equal(events(made), "begin rope-1 1\nend rope-1 1\n");
    assert_int_equal(pool_count(pool, JOB_FINISHED), 4);
}

/* none is part of both. */
static void a_run_that_experiments_share_is_made_once(void **state)
{
    ExperimentCase *made = *state;
    Experiment other;
    Request request = made->request;
    Pool pool;
    request.pos = "none,learned";
    lay_out(made);
    assert_true(experiment_init(&other, &made->arena, &request, NULL));
    assert_true(pool_init(&pool, &made->arena,
                          (const Experiment *const[]){&made->experiment, &other}, 2,
                          made->experiment.folder, "posgpt", 1, NULL));
    assert_int_equal(pool.count, 6);
    assert_string_equal(pool.jobs[4].trial->arm->name, "learned");
    assert_true(pool.jobs[4].experiment == &other);
    pool_free(&pool);
    experiment_free(&other);
}

/* The one that asks for less stands first, and is laid out first. */
static void of_a_shared_run_the_loss_by_context_is_measured_if_one_asks_for_it(void **state)
{
    ExperimentCase *made = *state;
    Experiment other;
    Request request = made->request;
    Pool pool;
    add_common(made, "by_context", "no");
    lay_out(made);
    assert_true(experiment_init(&other, &made->arena, &request, NULL));
    assert_true(pool_init(&pool, &made->arena,
                          (const Experiment *const[]){&made->experiment, &other, &made->experiment},
                          3, made->experiment.folder, "posgpt", 1, NULL));
    assert_int_equal(pool.count, 4);
    for (size_t j = 0; j < 4; j++) {
        assert_true(pool.jobs[j].experiment == &other);
        assert_true(pool.jobs[j].trial->config.by_context);
    }
    pool_free(&pool);
    experiment_free(&other);
}

/* --- runs that fail --- */

typedef struct Ends {
    size_t finished, failed;
} Ends;

static void count_end(void *context, const Pool *pool, const Job *job)
{
    Ends *ends = context;
    ends->finished += job->state == JOB_FINISHED;
    ends->failed += job->state == JOB_FAILED;
    assert_true(job >= pool->jobs && job < pool->jobs + pool->count);
}

static void a_run_that_fails_stops_no_other_and_says_why(void **state)
{
    ExperimentCase *made = *state;
    static const char body[] = "case $pos-$seed in\n"
                               "none-1) echo step 1; echo 'posgpt: it broke' >&2; exit 1 ;;\n"
                               "none-2) kill -9 $$ ;;\n"
                               "rope-1) exit 3 ;;\n"
                               "esac\n" MAKES_THE_RUN;
    static const char *const reasons[] = {"it broke", "ended by signal 9",
                                          "ended with exit code 3"};
    Ends ends = {0};
    Pool *pool = fake_pool(made, body, 2);
    run_observed(made, pool, (PoolObserver){.context = &ends, .at_end = count_end});
    for (size_t j = 0; j < 3; j++) {
        assert_int_equal(pool->jobs[j].state, JOB_FAILED);
        assert_string_equal(pool->jobs[j].reason, reasons[j]);
    }
    assert_int_equal(pool->jobs[3].state, JOB_FINISHED);
    assert_int_equal(ends.failed, 3);
    assert_int_equal(ends.finished, 1);
}

/* Its exit code says that it did well; its files do not. */
static void a_run_without_a_last_result_has_failed(void **state)
{
    ExperimentCase *made = *state;
    const Pool *pool = run_fake_pool(made,
                                     "[ $pos = rope ] || exit 0\nfinish; echo 'rope is not done'\n"
                                     "rm \"$run/contexts.csv\"\n",
                                     4);
    assert_int_equal(pool_count(pool, JOB_FAILED), 4);
    assert_string_equal(pool->jobs[0].reason, "ended with exit code 0");
    assert_string_equal(pool->jobs[2].reason, "rope is not done");
}

static void what_a_run_says_goes_to_its_log(void **state)
{
    ExperimentCase *made = *state;
    run_fake_pool(made, "echo $pos-$seed; echo and more >&2\n" MAKES_THE_RUN, 2);
    for (size_t t = 0; t < 4; t++) {
        const Trial *trial = made->experiment.trials[t];
        const char *log =
            case_text(made, "%s/logs/%s.log", made->experiment.folder, trial->run.name);
        const char *expected =
            case_text(made, "%s-%zu\nand more\n", trial->arm->scheme->name, trial->seed);
        assert_file_is(log, expected, strlen(expected));
    }
}

static void a_program_that_is_gone_is_an_error(void **state)
{
    ExperimentCase *made = *state;
    Pool *pool = fake_pool(made, "", 1);
    pool->program = "/no/such/posgpt";
    assert_false(pool_run(pool, (PoolObserver){0}, &made->error));
    assert_string_equal(made->error.text, "/no/such/posgpt: is not there any more");
    pool_free(pool);
}

/* --- how far it all is --- */

/* Two runs, of which one takes twice as long: half of that is a third of all. */
static void what_is_done_is_weighed_by_what_it_costs(void **state)
{
    ExperimentCase *made = *state;
    static const char *const vary[] = {"max_iters=10,20"};
    made->request.pos = "rope";
    made->request.n_seeds = 1;
    made->request.vary = vary;
    made->request.n_vary = 1;
    Pool *pool = fake_pool(made, "", 1);
    pool->jobs[1].step = 10;
    assert_close(pool_done(pool), 1.0 / 3, 1e-6);
    pool->begun = clock_seconds() - 100;
    pool->done_before = 1.0 / 12; /* a quarter in 100 s, so two thirds take 267 s */
    assert_close(pool_seconds_left(pool), 800.0 / 3, 2);
    pool->done_before = pool_done(pool); /* nothing was gained yet */
    assert_true(isnan(pool_seconds_left(pool)));
    pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fake_test(every_run_is_made_once),
        fake_test(the_first_seed_of_every_arm_comes_before_the_second_of_any),
        fake_test(the_longest_begin_first),
        fake_test(runs_that_are_finished_are_not_made_again),
        fake_test(a_run_that_experiments_share_is_made_once),
        fake_test(of_a_shared_run_the_loss_by_context_is_measured_if_one_asks_for_it),
        fake_test(a_run_that_fails_stops_no_other_and_says_why),
        fake_test(a_run_without_a_last_result_has_failed),
        fake_test(what_a_run_says_goes_to_its_log),
        fake_test(a_program_that_is_gone_is_an_error),
        fake_test(what_is_done_is_weighed_by_what_it_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
