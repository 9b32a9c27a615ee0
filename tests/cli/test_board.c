/* test_board.c: tests of src/cli/board.c: what a person sees of a pool whose jobs are made up. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/board.h"
#include "support/experiment_case.h"
#include "support/fixtures.h"
#include "support/screen.h"

enum { ROWS = 12, MOST_JOBS = 40 };

/* A pool in front of a screen. What is drawn goes to a file, and from there to the screen. */
typedef struct Stage {
    Job jobs[MOST_JOBS];
    Pool pool;
    Terminal terminal;
    Board board;
    Screen screen;
} Stage;

/* A job for each run, none begun, on a terminal of so many columns; 0: on none. Nothing is known
 * yet of the time that is left. */
static Stage *open_stage(ExperimentCase *made, size_t columns)
{
    Stage *stage = arena_alloc(&made->arena, 1, sizeof *stage);
    assert_non_null(stage);
    const Experiment *experiment = lay_out(made);
    stage->pool = (Pool){
        .jobs = stage->jobs, .count = experiment->n_arms * experiment->n_seeds, .done_before = 1};
    assert_true(stage->pool.count <= MOST_JOBS);
    for (size_t j = 0; j < stage->pool.count; j++)
        stage->jobs[j] = (Job){.experiment = experiment, .trial = experiment->trials[j]};
    stage->terminal = (Terminal){.stream = tmpfile(), .live = columns > 0, .columns = columns};
    assert_non_null(stage->terminal.stream);
    stage->board.terminal = &stage->terminal;
    stage->screen = screen_open(ROWS, columns > 0 ? columns : SCREEN_MOST_COLUMNS);
    return stage;
}

static void set(Stage *stage, size_t job, JobState state, size_t step, double loss)
{
    stage->jobs[job].state = state;
    stage->jobs[job].step = step;
    stage->jobs[job].loss = loss;
}

/* The pool's loop comes by, a long time after the last drawing. */
static void tick(Stage *stage)
{
    PoolObserver observer = board_observer(&stage->board);
    stage->board.drawn = -1e9;
    observer.at_tick(observer.context, &stage->pool);
}

static void end(Stage *stage, size_t job)
{
    PoolObserver observer = board_observer(&stage->board);
    observer.at_end(observer.context, &stage->pool, &stage->jobs[job]);
}

/* The screen, after what was written since the last time. */
static const char *seen(Stage *stage)
{
    char bytes[10000];
    FILE *stream = stage->terminal.stream;
    rewind(stream);
    bytes[fread(bytes, 1, sizeof bytes - 1, stream)] = '\0';
    screen_show(&stage->screen, bytes);
    rewind(stream);
    assert_int_equal(ftruncate(fileno(stream), 0), 0);
    return screen_text(&stage->screen);
}

static void close_stage(Stage *stage)
{
    fclose(stage->terminal.stream);
}

/* --- cells --- */

static void a_cell_says_what_has_become_of_its_run(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "none";
    made->request.n_seeds = 6;
    Stage *stage = open_stage(made, 80);
    set(stage, 0, JOB_WAITING, 0, 9);
    set(stage, 1, JOB_WAITING, 9, 9); /* of 20 */
    set(stage, 2, JOB_RUNNING, 9, 9);
    set(stage, 3, JOB_ELSEWHERE, 9, 9);
    set(stage, 4, JOB_FINISHED, 20, 1.82041);
    set(stage, 5, JOB_FAILED, 9, 9);
    tick(stage);
    assert_string_equal(seen(stage),
                        "          seed    1        2        3        4        5        6     mean|"
                        "none              .   (45 %)     45 %    *45 %   1.8204   failed   1.8204|"
                        "1 of 6 runs are done, 1 at work, 1 (*) in another process, 1 failed|");
    close_stage(stage);
}

static void the_mean_is_that_of_the_runs_that_are_done(void **state)
{
    ExperimentCase *made = *state;
    made->request.first_seed = 7;
    made->request.n_seeds = 3;
    Stage *stage = open_stage(made, 80);
    set(stage, 0, JOB_FINISHED, 20, 1.25);
    set(stage, 1, JOB_FINISHED, 20, 1.75);
    set(stage, 2, JOB_RUNNING, 20, 9);
    tick(stage);
    assert_string_equal(seen(stage), "          seed    7        8        9     mean|"
                                     "none         1.2500   1.7500    100 %   1.5000|"
                                     "rope              .        .        .|"
                                     "2 of 6 runs are done, 1 at work|");
    close_stage(stage);
}

static void rows_begin_below_the_longest_name(void **state)
{
    ExperimentCase *made = *state;
    static const char *const vary[] = {"rope_base=100,10000"};
    made->request.pos = "rope";
    made->request.vary = vary;
    made->request.n_vary = 1;
    made->request.n_seeds = 1;
    Stage *stage = open_stage(made, 80);
    tick(stage);
    assert_string_equal(seen(stage), "                 seed    1     mean|"
                                     "rope_base = 100          .|"
                                     "rope_base = 10000        .|"
                                     "0 of 2 runs are done, 0 at work|");
    close_stage(stage);
}

static void many_seeds_are_counted_in_place_of_cells(void **state)
{
    ExperimentCase *made = *state;
    made->request.n_seeds = 12;
    Stage *stage = open_stage(made, 80);
    for (size_t j = 0; j < 3; j++)
        set(stage, j, JOB_FINISHED, 20, 1.8204);
    set(stage, 3, JOB_RUNNING, 9, 9);
    set(stage, 4, JOB_ELSEWHERE, 9, 9);
    set(stage, 5, JOB_FAILED, 9, 9);
    tick(stage);
    assert_string_equal(seen(stage),
                        "             mean|"
                        "none         1.8204      3 of 12 done, 2 at work, 1 failed|"
                        "rope                     0 of 12 done|"
                        "3 of 24 runs are done, 1 at work, 1 (*) in another process, 1 failed|");
    close_stage(stage);
}

/* A name, two seeds and the mean take 10 + 3 * 9 columns, and the last one of a terminal is
 * free. */
static void there_are_cells_where_all_of_them_fit(void **state)
{
    ExperimentCase *made = *state;
    Stage *stage = open_stage(made, 38);
    set(stage, 0, JOB_FINISHED, 20, 1.5);
    tick(stage);
    assert_contains(seen(stage), "|none         1.5000        .   1.5000|");
    stage->terminal.columns = 37;
    tick(stage);
    assert_contains(seen(stage), "|none         1.5000      1 of 2 done|");
    close_stage(stage);
}

static void the_time_that_is_left_stands_below(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "none";
    Stage *stage = open_stage(made, 80);
    stage->pool.begun = clock_seconds() - 102.5;
    stage->pool.done_before = 0;
    set(stage, 0, JOB_FINISHED, 20, 1.5); /* half of it all */
    tick(stage);
    assert_contains(seen(stage), "|1 of 2 runs are done, 0 at work, 1 min 4");
    close_stage(stage);
}

/* --- drawing --- */

static void the_board_is_redrawn_in_place_and_not_too_often(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "none";
    made->request.n_seeds = 1;
    Stage *stage = open_stage(made, 80);
    PoolObserver observer = board_observer(&stage->board);
    tick(stage);
    set(stage, 0, JOB_RUNNING, 5, 9);
    observer.at_tick(observer.context, &stage->pool);
    assert_contains(seen(stage), "|none              .|");
    tick(stage);
    assert_string_equal(seen(stage), "          seed    1     mean|"
                                     "none           25 %|"
                                     "0 of 1 runs are done, 1 at work|");
    close_stage(stage);
}

static void an_end_is_drawn_at_once_and_a_failure_stays_above(void **state)
{
    ExperimentCase *made = *state;
    made->request.n_seeds = 1;
    Stage *stage = open_stage(made, 80);
    tick(stage);
    set(stage, 0, JOB_FAILED, 5, 9);
    stage->jobs[0].reason = "it broke";
    end(stage, 0);
    set(stage, 1, JOB_FINISHED, 20, 1.5);
    end(stage, 1);
    assert_string_equal(seen(stage), "none, seed 1 failed: it broke|"
                                     "          seed    1     mean|"
                                     "none         failed|"
                                     "rope         1.5000   1.5000|"
                                     "1 of 2 runs are done, 0 at work, 1 failed|");
    close_stage(stage);
}

static void without_a_terminal_each_end_is_a_line(void **state)
{
    ExperimentCase *made = *state;
    made->request.pos = "none";
    Stage *stage = open_stage(made, 0);
    stage->pool.begun = clock_seconds() - 102.5;
    stage->pool.done_before = 0;
    tick(stage);
    assert_string_equal(seen(stage), "");
    set(stage, 0, JOB_FINISHED, 20, 1.5);
    end(stage, 0);
    assert_contains(seen(stage), "none, seed 1: 1.5000   (1 of 2 runs, 1 min 4");
    set(stage, 1, JOB_FAILED, 9, 9);
    stage->jobs[1].reason = "ended by signal 9";
    end(stage, 1);
    assert_contains(seen(stage), "s left)|none, seed 2 failed: ended by signal 9|");
    close_stage(stage);
}

/* Of a run at another learning rate than that of the file only the setting tells. */
static void lines_of_several_experiments_do_not_look_alike(void **state)
{
    ExperimentCase *made = *state;
    Experiment other;
    made->request.pos = "none";
    Stage *stage = open_stage(made, 0);
    Setting common[MOST_COMMON];
    Request request = made->request;
    memcpy(common, made->common, sizeof common);
    common[request.n_common++] = (Setting){"learning_rate", "0.003"};
    request.common = common;
    assert_true(experiment_init(&other, &made->arena, &request, NULL));
    stage->jobs[1] = (Job){.experiment = &other, .trial = experiment_trial(&other, 0, 0)};
    for (size_t j = 0; j < 2; j++) {
        set(stage, j, JOB_FAILED, 0, 9);
        stage->jobs[j].reason = "it broke";
        end(stage, j);
    }
    assert_string_equal(seen(stage),
                        "none on fox, seed 1 failed: it broke|"
                        "none on fox, learning_rate = 0.003, seed 1 failed: it broke|");
    experiment_free(&other);
    close_stage(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        experiment_test(a_cell_says_what_has_become_of_its_run),
        experiment_test(the_mean_is_that_of_the_runs_that_are_done),
        experiment_test(rows_begin_below_the_longest_name),
        experiment_test(many_seeds_are_counted_in_place_of_cells),
        experiment_test(there_are_cells_where_all_of_them_fit),
        experiment_test(the_time_that_is_left_stands_below),
        experiment_test(the_board_is_redrawn_in_place_and_not_too_often),
        experiment_test(an_end_is_drawn_at_once_and_a_failure_stays_above),
        experiment_test(without_a_terminal_each_end_is_a_line),
        experiment_test(lines_of_several_experiments_do_not_look_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
