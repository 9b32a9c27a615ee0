/* test_pool_elsewhere.c: tests of src/lab/pool.c: runs that another process is making, or was
 * faster to begin, or has finished. */
#include "support/check.h"

#include "base/file.h"
#include "support/fake_runs.h"

/* Somebody else's hold on a run's folder. A lock belongs to the file that was opened, so it is all
 * the same which process has that. */
typedef struct Holder {
    ExperimentCase *made;
    size_t job;
    int lock; /* -1: let go */
    bool finishes, was_elsewhere;
} Holder;

static void hold(Holder *holder)
{
    const Run *run = &holder->made->experiment.trials[holder->job]->run;
    assert_true(run_claim(run, &holder->lock, NULL));
}

/* Ends as soon as the pool knows that the run is not its own. */
static void let_go(void *context, const Pool *pool)
{
    Holder *holder = context;
    if (pool->jobs[holder->job].state != JOB_ELSEWHERE || holder->lock < 0)
        return;
    holder->was_elsewhere = true;
    if (holder->finishes)
        write_run(holder->made, holder->job / 2, holder->job % 2,
                  (MadeRun){.loss = {4, 3, 1.25}, .ms = 1, .threads = 1});
    folder_unlock(holder->lock);
    holder->lock = -1;
}

static void a_run_of_another_process_is_left_to_it(void **state)
{
    ExperimentCase *made = *state;
    Holder holder = {.made = made, .job = 2, .finishes = true};
    Pool *pool = fake_pool(made, MAKES_THE_RUN, 2);
    hold(&holder);
    run_observed(made, pool, (PoolObserver){.context = &holder, .at_tick = let_go});
    assert_true(holder.was_elsewhere);
    assert_int_equal(count_events(made, "begin"), 3);
    assert_int_equal(count_events(made, "begin rope-1"), 0);
    assert_int_equal(pool_count(pool, JOB_FINISHED), 4);
    assert_true(pool->jobs[2].loss == 1.25);
}

static void a_run_that_another_process_leaves_is_taken_on(void **state)
{
    ExperimentCase *made = *state;
    Holder holder = {.made = made, .job = 2};
    Pool *pool = fake_pool(made, MAKES_THE_RUN, 2);
    hold(&holder);
    run_observed(made, pool, (PoolObserver){.context = &holder, .at_tick = let_go});
    assert_true(holder.was_elsewhere);
    assert_int_equal(count_events(made, "begin rope-1"), 1);
    assert_int_equal(pool_count(pool, JOB_FINISHED), 4);
}

/* The other process takes the folder after the pool has looked, so the run of the pool fails. */
static void take_then_let_go(void *context, const Pool *pool)
{
    Holder *holder = context;
    if (holder->lock < 0 && !holder->was_elsewhere && count_events(holder->made, "begin") > 0) {
        hold(holder);
        write_in_folder(holder->made, "taken", "");
    }
    if (holder->lock >= 0)
        let_go(context, pool);
}

static void a_run_that_another_process_was_faster_to_begin_has_not_failed(void **state)
{
    ExperimentCase *made = *state;
    Holder holder = {.made = made, .job = 0, .lock = -1, .finishes = true};
    made->request.pos = "none";
    made->request.n_seeds = 1;
    Pool *pool = fake_pool(made, "say begin\n" WAITS_UNTIL("[ -e \"$here/taken\" ]") "exit 1\n", 1);
    run_observed(made, pool, (PoolObserver){.context = &holder, .at_tick = take_then_let_go});
    assert_true(holder.was_elsewhere);
    assert_int_equal(pool->jobs[0].state, JOB_FINISHED);
    assert_int_equal(count_events(made, "begin"), 1);
}

static const char refuses[] = "echo 'posgpt: runs/x: " FOLDER_IN_USE ": expected' >&2; exit 1\n";

/* For a moment, say because that looked whether anybody else has it. */
static void a_run_whose_folder_was_in_use_tries_again(void **state)
{
    ExperimentCase *made = *state;
    const char *body = case_text(made, "if mkdir \"$here/$pos-$seed\"; then\nsay begin\n%sfi\n%s",
                                 refuses, MAKES_THE_RUN);
    const Pool *pool = run_fake_pool(made, body, 2);
    assert_int_equal(count_events(made, "begin"), 8);
    assert_int_equal(pool_count(pool, JOB_FINISHED), 4);
}

static void a_run_whose_folder_is_in_use_again_has_failed(void **state)
{
    ExperimentCase *made = *state;
    const Pool *pool = run_fake_pool(made, case_text(made, "say begin\n%s", refuses), 2);
    assert_int_equal(count_events(made, "begin"), 8);
    assert_int_equal(pool_count(pool, JOB_FAILED), 4);
    assert_string_equal(pool->jobs[0].reason, "runs/x: " FOLDER_IN_USE ": expected");
}

/* After the pool has looked, and before it would have begun. */
static void the_loss_of_a_run_that_another_process_has_finished_is_known(void **state)
{
    ExperimentCase *made = *state;
    Pool *pool = fake_pool(made, MAKES_THE_RUN, 2);
    write_run(made, 1, 0, (MadeRun){.loss = {4, 3, 1.25}, .ms = 1, .threads = 1});
    run_observed(made, pool, (PoolObserver){0});
    assert_int_equal(count_events(made, "begin rope-1"), 0);
    assert_true(pool->jobs[2].loss == 1.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fake_test(a_run_of_another_process_is_left_to_it),
        fake_test(a_run_that_another_process_leaves_is_taken_on),
        fake_test(a_run_that_another_process_was_faster_to_begin_has_not_failed),
        fake_test(a_run_whose_folder_was_in_use_tries_again),
        fake_test(a_run_whose_folder_is_in_use_again_has_failed),
        fake_test(the_loss_of_a_run_that_another_process_has_finished_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
