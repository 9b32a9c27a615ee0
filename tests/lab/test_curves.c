/* test_curves.c: tests of src/lab/curves.c, on runs that are made up in memory. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/curves.h"
#include "support/fixtures.h"

enum { MOST_RUNS = 6 };

/* A comparison of which there is no more than its runs. */
typedef struct Table {
    Arena arena;
    Experiment experiment;
    Trial trials[MOST_RUNS]; /* of causal models, but for what a test changes */
    Trial *of[MOST_RUNS];    /* their addresses */
    RunResult runs[MOST_RUNS];
    double x[MOST_RUNS];
    Findings findings;
} Table;

static Table table_of(size_t n_arms, size_t n_seeds)
{
    Table table = {.experiment = {.n_arms = n_arms, .n_seeds = n_seeds}};
    assert_true(n_arms * n_seeds <= MOST_RUNS);
    for (size_t t = 0; t < n_arms * n_seeds; t++) {
        table.runs[t].finished = true;
        table.trials[t].config.causal = true;
    }
    return table;
}

static const Findings *draw(Table *table)
{
    Desk desk = {.experiment = &table->experiment,
                 .runs = table->runs,
                 .arena = &table->arena,
                 .x = table->x,
                 .findings = &table->findings};
    for (size_t t = 0; t < MOST_RUNS; t++)
        table->of[t] = &table->trials[t];
    table->experiment.trials = table->of;
    table->findings = (Findings){0};
    assert_true(curves_draw(&desk, NULL));
    assert_true(curves_by_context(&desk, NULL));
    return &table->findings;
}

static void set_looks(RunResult *run, const Look *looks, size_t count)
{
    run->looks = looks;
    run->n_looks = count;
}

/* A loss at a context length, with the same loss at each position. */
static ContextLoss *context(Table *table, size_t length, double same, double plain)
{
    ContextLoss *loss = arena_alloc(&table->arena, 1, sizeof *loss);
    assert_non_null(loss);
    loss->context = length;
    loss->whole = (Evaluation){.loss = plain, .questions = 4 * length};
    loss->same = (Evaluation){.loss = same, .questions = 40};
    loss->sum_by_position = arena_alloc(&table->arena, length, sizeof(double));
    loss->count_by_position = arena_alloc(&table->arena, length, sizeof(size_t));
    assert_true(loss->sum_by_position && loss->count_by_position);
    for (size_t t = 0; t < length; t++) {
        loss->sum_by_position[t] = 4 * plain;
        loss->count_by_position[t] = 4;
    }
    return loss;
}

static ContextLoss *refused(Table *table, size_t length, const char *reason)
{
    ContextLoss *loss = context(table, length, NAN, NAN);
    loss->refused = reason;
    loss->same.questions = 0;
    loss->sum_by_position = NULL;
    return loss;
}

static void add_context(Table *table, RunResult *run, const ContextLoss *loss)
{
    ContextLoss *contexts = arena_alloc(&table->arena, run->n_contexts + 1, sizeof *contexts);
    assert_non_null(contexts);
    if (run->n_contexts > 0)
        memcpy(contexts, run->contexts, run->n_contexts * sizeof *contexts);
    contexts[run->n_contexts++] = *loss;
    run->contexts = contexts;
}

/* --- against the step --- */

/* 2 and 4: a standard deviation of sqrt(2); t(1) = 12.7062 of sqrt(2) / sqrt(2). */
static void a_curve_is_the_mean_over_seeds_at_each_look(void **state)
{
    (void)state;
    Table table = table_of(1, 2);
    set_looks(&table.runs[0], (const Look[]){{0, 5}, {10, 2}}, 2);
    set_looks(&table.runs[1], (const Look[]){{0, 5}, {10, 4}}, 2);
    const Curve *curve = draw(&table)->by_step;
    assert_int_equal(curve->n_points, 2);
    assert_close(curve->points[0].x, 0, 0);
    assert_close(curve->points[0].mean, 5, 1e-12);
    assert_close(curve->points[0].low, 5, 1e-12);
    assert_close(curve->points[1].x, 10, 0);
    assert_close(curve->points[1].mean, 3, 1e-12);
    assert_close(curve->points[1].low, 3 - 12.7062, 1e-4);
    assert_close(curve->points[1].high, 3 + 12.7062, 1e-4);
    assert_int_equal(curve->points[1].n, 2);
    arena_free(&table.arena);
}

static void the_steps_are_those_of_the_first_finished_run(void **state)
{
    (void)state;
    Table table = table_of(1, 3);
    table.runs[0].finished = false;
    set_looks(&table.runs[0], (const Look[]){{0, 9}, {1, 9}, {2, 9}}, 3);
    set_looks(&table.runs[1], (const Look[]){{0, 5}, {10, 3}, {20, 2}}, 3);
    set_looks(&table.runs[2], (const Look[]){{0, 7}, {20, 4}}, 2);
    const Curve *curve = draw(&table)->by_step;
    const double x[] = {0, 10, 20}, mean[] = {6, 3, 3};
    const size_t n[] = {2, 1, 2};
    assert_int_equal(curve->n_points, 3);
    for (size_t p = 0; p < 3; p++) {
        assert_close(curve->points[p].x, x[p], 0);
        assert_close(curve->points[p].mean, mean[p], 1e-12);
        assert_int_equal(curve->points[p].n, n[p]);
    }
    assert_true(isnan(curve->points[1].low) && isnan(curve->points[1].high));
    arena_free(&table.arena);
}

static void each_arm_has_a_curve_of_its_own(void **state)
{
    (void)state;
    Table table = table_of(3, 1);
    set_looks(&table.runs[0], (const Look[]){{0, 5}}, 1);
    table.runs[1].finished = false;
    set_looks(&table.runs[2], (const Look[]){{0, 4}, {9, 1}}, 2);
    const Curve *curves = draw(&table)->by_step;
    assert_int_equal(curves[0].n_points, 1);
    assert_int_equal(curves[1].n_points, 0);
    assert_int_equal(curves[2].n_points, 2);
    assert_close(curves[2].points[1].mean, 1, 1e-12);
    arena_free(&table.arena);
}

/* --- against the position --- */

enum { MOST_POSITIONS = 300 };

/* In which point of the curve each position of windows of `length` is: a loss of 1 at that position
 * and 0 at all others makes one point that is not 0. */
static size_t find_points(size_t length, size_t point_of[MOST_POSITIONS])
{
    size_t n_points = 0;
    for (size_t t = 0; t < length; t++) {
        Table table = table_of(1, 1);
        ContextLoss *loss = context(&table, length, 0, 0);
        loss->sum_by_position[t] = 4;
        add_context(&table, &table.runs[0], loss);
        const Curve *curve = draw(&table)->by_position;
        size_t found = 0;
        for (size_t p = 0; p < curve->n_points; p++)
            if (curve->points[p].mean != 0) {
                found++;
                point_of[t] = p;
            }
        assert_int_equal(found, 1);
        n_points = curve->n_points;
        arena_free(&table.arena);
    }
    return n_points;
}

static void every_position_is_in_one_group_of_neighbours(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 5, 7, 8, 12, 64, 100, 256};
    for (size_t l = 0; l < COUNT_OF(lengths); l++) {
        size_t point_of[MOST_POSITIONS], length = lengths[l];
        size_t n_points = find_points(length, point_of);
        assert_int_equal(point_of[0], 0);
        for (size_t t = 1; t < length; t++)
            assert_true(point_of[t] == point_of[t - 1] || point_of[t] == point_of[t - 1] + 1);
        assert_int_equal(point_of[length - 1], n_points - 1);
    }
}

/* Of a group from t to u, counted from 1, x is the middle on a logarithmic axis. */
static void a_group_stands_in_the_middle_of_its_positions(void **state)
{
    (void)state;
    size_t point_of[MOST_POSITIONS], first[MOST_POSITIONS], last[MOST_POSITIONS];
    size_t n_points = find_points(256, point_of);
    for (size_t t = 256; t-- > 0;)
        first[point_of[t]] = t + 1;
    for (size_t t = 0; t < 256; t++)
        last[point_of[t]] = t + 1;
    Table table = table_of(1, 1);
    add_context(&table, &table.runs[0], context(&table, 256, 1, 1));
    const Curve *curve = draw(&table)->by_position;
    for (size_t p = 0; p < n_points; p++) {
        double middle = (log((double)first[p]) + log((double)last[p])) / 2;
        assert_close(log(curve->points[p].x), middle, 1e-12);
        assert_close(curve->points[p].mean, 1, 1e-12);
    }
    arena_free(&table.arena);
}

/* The first ones alone; and of 129 ... 256 four groups or five, since one may reach across. */
static void groups_grow_with_the_position(void **state)
{
    (void)state;
    size_t point_of[MOST_POSITIONS];
    find_points(256, point_of);
    for (size_t t = 0; t < 6; t++)
        assert_int_equal(point_of[t], t);
    size_t groups = point_of[255] - point_of[128] + 1;
    assert_true(groups == 4 || groups == 5);
}

static void the_mean_of_a_group_weighs_each_character_alike(void **state)
{
    (void)state;
    enum { T = 60 }; /* in a group with T + 1 */
    Table table = table_of(1, 1);
    size_t point_of[MOST_POSITIONS];
    find_points(64, point_of);
    assert_int_equal(point_of[T], point_of[T + 1]);
    ContextLoss *loss = context(&table, 64, 0, 0);
    for (size_t t = 0; t < 64; t++)
        loss->count_by_position[t] = 0;
    loss->sum_by_position[T] = 3 * 5.0; /* three characters with a loss of 5, one with 1 */
    loss->count_by_position[T] = 3;
    loss->sum_by_position[T + 1] = 1;
    loss->count_by_position[T + 1] = 1;
    add_context(&table, &table.runs[0], loss);
    const CurvePoint *points = draw(&table)->by_position->points;
    assert_close(points[point_of[T]].mean, 4, 1e-12);
    assert_true(isnan(points[0].mean)); /* where nothing is asked */
    arena_free(&table.arena);
}

static void draw_windows_of_2_4_and_6(Table *table)
{
    for (size_t arm = 0; arm < 2; arm++) {
        add_context(table, &table->runs[arm], context(table, 2, 1, 1));
        add_context(table, &table->runs[arm], context(table, 4, 2, 2));
        add_context(table, &table->runs[arm],
                    arm == 0 ? refused(table, 6, "no") : context(table, 6, 3, 3));
    }
    draw(table);
}

static void positions_reach_to_the_longest_window_that_the_arm_serves(void **state)
{
    (void)state;
    Table table = table_of(2, 1);
    draw_windows_of_2_4_and_6(&table);
    const Curve *curves = table.findings.by_position;
    assert_int_equal(curves[0].n_points, 4);
    assert_close(curves[0].points[3].x, 4, 1e-12);
    assert_int_equal(curves[1].n_points, 6);
    assert_close(curves[1].points[5].x, 6, 1e-12);
    arena_free(&table.arena);
}

static void a_causal_position_is_that_of_the_shortest_window_that_has_it(void **state)
{
    (void)state;
    static const double expected[] = {1, 1, 2, 2, 3, 3};
    Table table = table_of(2, 1);
    draw_windows_of_2_4_and_6(&table);
    const CurvePoint *points = table.findings.by_position[1].points;
    for (size_t p = 0; p < 6; p++)
        assert_close(points[p].mean, expected[p], 1e-12);
    arena_free(&table.arena);
}

static void a_position_with_both_sides_seen_is_that_of_the_longest_window(void **state)
{
    (void)state;
    Table table = table_of(2, 1);
    table.trials[0].config.causal = table.trials[1].config.causal = false;
    draw_windows_of_2_4_and_6(&table);
    for (size_t p = 0; p < 4; p++)
        assert_close(table.findings.by_position[0].points[p].mean, 2, 1e-12);
    for (size_t p = 0; p < 6; p++)
        assert_close(table.findings.by_position[1].points[p].mean, 3, 1e-12);
    arena_free(&table.arena);
}

/* --- against the context length --- */

static const ContextFinding *finding(const Findings *findings, size_t arm, size_t context)
{
    return &findings->by_context[arm * findings->n_contexts + context];
}

static void both_losses_are_means_over_the_finished_runs(void **state)
{
    (void)state;
    Table table = table_of(1, 3);
    add_context(&table, &table.runs[0], context(&table, 8, 1, 2));
    add_context(&table, &table.runs[1], context(&table, 8, 3, 5));
    add_context(&table, &table.runs[2], context(&table, 8, 100, 100));
    table.runs[2].finished = false;
    const ContextFinding *found = finding(draw(&table), 0, 0);
    assert_close(found->same.over_seeds.mean, 2, 1e-12);
    assert_close(found->same.interval.high, 2 + 12.7062, 1e-4);
    assert_int_equal(found->same.over_seeds.n, 2);
    assert_close(found->plain.over_seeds.mean, 3.5, 1e-12);
    assert_null(found->refused);
    assert_int_equal(table.findings.same_targets, 40);
    arena_free(&table.arena);
}

static void a_length_that_is_refused_has_its_reason_in_place_of_a_loss(void **state)
{
    (void)state;
    Table table = table_of(2, 1);
    add_context(&table, &table.runs[0], refused(&table, 8, "made for 4 positions"));
    add_context(&table, &table.runs[1], context(&table, 8, 1, 2));
    const Findings *findings = draw(&table);
    assert_int_equal(findings->n_contexts, 1);
    assert_string_equal(finding(findings, 0, 0)->refused, "made for 4 positions");
    assert_true(isnan(finding(findings, 0, 0)->same.over_seeds.mean));
    assert_true(isnan(finding(findings, 0, 0)->plain.over_seeds.mean));
    assert_null(finding(findings, 1, 0)->refused);
    arena_free(&table.arena);
}

/* Arms with block sizes of 4 and 8 were asked for other lengths: 4 is the one they share. */
static void arms_with_other_block_sizes_stand_at_the_lengths_they_have(void **state)
{
    (void)state;
    Table table = table_of(2, 1);
    add_context(&table, &table.runs[0], context(&table, 2, 0.2, 1.2));
    add_context(&table, &table.runs[0], context(&table, 4, 0.4, 1.4));
    add_context(&table, &table.runs[1], context(&table, 16, 1.6, 2.6));
    add_context(&table, &table.runs[1], context(&table, 4, 1.4, 2.4));
    const Findings *findings = draw(&table);
    const size_t lengths[] = {2, 4, 16};
    const double same[2][3] = {{0.2, 0.4, NAN}, {NAN, 1.4, 1.6}};
    assert_int_equal(findings->n_contexts, 3);
    for (size_t c = 0; c < 3; c++) {
        assert_int_equal(findings->contexts[c], lengths[c]);
        for (size_t arm = 0; arm < 2; arm++) {
            const ContextFinding *found = finding(findings, arm, c);
            assert_null(found->refused);
            if (isnan(same[arm][c])) {
                assert_true(isnan(found->same.over_seeds.mean));
                assert_true(isnan(found->plain.over_seeds.mean));
            } else {
                assert_close(found->same.over_seeds.mean, same[arm][c], 1e-12);
                assert_close(found->plain.over_seeds.mean, same[arm][c] + 1, 1e-12);
            }
        }
    }
    arena_free(&table.arena);
}

/* A model that sees both sides has no targets in common; the plain loss is there. */
static void without_common_targets_there_is_the_plain_loss_alone(void **state)
{
    (void)state;
    Table table = table_of(1, 1);
    ContextLoss *loss = context(&table, 8, 1, 2);
    loss->same.questions = 0;
    add_context(&table, &table.runs[0], loss);
    const Findings *findings = draw(&table);
    assert_int_equal(findings->same_targets, 0);
    assert_true(isnan(finding(findings, 0, 0)->same.over_seeds.mean));
    assert_close(finding(findings, 0, 0)->plain.over_seeds.mean, 2, 1e-12);
    arena_free(&table.arena);
}

static void without_losses_by_context_there_is_no_length(void **state)
{
    (void)state;
    Table table = table_of(2, 2);
    const Findings *findings = draw(&table);
    assert_int_equal(findings->n_contexts, 0);
    assert_int_equal(findings->by_position[1].n_points, 0);
    arena_free(&table.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_curve_is_the_mean_over_seeds_at_each_look),
        cmocka_unit_test(the_steps_are_those_of_the_first_finished_run),
        cmocka_unit_test(each_arm_has_a_curve_of_its_own),
        cmocka_unit_test(every_position_is_in_one_group_of_neighbours),
        cmocka_unit_test(a_group_stands_in_the_middle_of_its_positions),
        cmocka_unit_test(groups_grow_with_the_position),
        cmocka_unit_test(the_mean_of_a_group_weighs_each_character_alike),
        cmocka_unit_test(positions_reach_to_the_longest_window_that_the_arm_serves),
        cmocka_unit_test(a_causal_position_is_that_of_the_shortest_window_that_has_it),
        cmocka_unit_test(a_position_with_both_sides_seen_is_that_of_the_longest_window),
        cmocka_unit_test(both_losses_are_means_over_the_finished_runs),
        cmocka_unit_test(a_length_that_is_refused_has_its_reason_in_place_of_a_loss),
        cmocka_unit_test(arms_with_other_block_sizes_stand_at_the_lengths_they_have),
        cmocka_unit_test(without_common_targets_there_is_the_plain_loss_alone),
        cmocka_unit_test(without_losses_by_context_there_is_no_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
