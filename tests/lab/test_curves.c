/* test_curves.c: tests of src/lab/curves.c, on runs that are made up in memory: the loss against
 * the step and against the context length. That against the position is in
 * test_curves_position.c. */
#include "support/check.h"

#include <math.h>

#include "lab/curves.h"
#include "support/curve_table.h"

/* --- against the step --- */

static void set_looks(RunResult *run, const Look *looks, size_t count)
{
    run->looks = looks;
    run->n_looks = count;
}

/* 2 and 4: a standard deviation of sqrt(2); t(1) = 12.7062 of sqrt(2) / sqrt(2). */
static void a_curve_is_the_mean_over_seeds_at_each_look(void **state)
{
    (void)state;
    CurveTable table = curve_table(1, 2);
    set_looks(&table.runs[0], (const Look[]){{0, 5}, {10, 2}}, 2);
    set_looks(&table.runs[1], (const Look[]){{0, 5}, {10, 4}}, 2);
    const Curve *curve = draw_curves(&table)->by_step;
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
    CurveTable table = curve_table(1, 3);
    table.runs[0].finished = false;
    set_looks(&table.runs[0], (const Look[]){{0, 9}, {1, 9}, {2, 9}}, 3);
    set_looks(&table.runs[1], (const Look[]){{0, 5}, {10, 3}, {20, 2}}, 3);
    set_looks(&table.runs[2], (const Look[]){{0, 7}, {20, 4}}, 2);
    const Curve *curve = draw_curves(&table)->by_step;
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
    CurveTable table = curve_table(3, 1);
    set_looks(&table.runs[0], (const Look[]){{0, 5}}, 1);
    table.runs[1].finished = false;
    set_looks(&table.runs[2], (const Look[]){{0, 4}, {9, 1}}, 2);
    const Curve *curves = draw_curves(&table)->by_step;
    assert_int_equal(curves[0].n_points, 1);
    assert_int_equal(curves[1].n_points, 0);
    assert_int_equal(curves[2].n_points, 2);
    assert_close(curves[2].points[1].mean, 1, 1e-12);
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
    CurveTable table = curve_table(1, 3);
    add_context(&table, &table.runs[0], context_loss(&table, 8, 1, 2));
    add_context(&table, &table.runs[1], context_loss(&table, 8, 3, 5));
    add_context(&table, &table.runs[2], context_loss(&table, 8, 100, 100));
    table.runs[2].finished = false;
    const ContextFinding *found = finding(draw_curves(&table), 0, 0);
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
    CurveTable table = curve_table(2, 1);
    add_context(&table, &table.runs[0], refused_context(&table, 8, "made for 4 positions"));
    add_context(&table, &table.runs[1], context_loss(&table, 8, 1, 2));
    const Findings *findings = draw_curves(&table);
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
    CurveTable table = curve_table(2, 1);
    add_context(&table, &table.runs[0], context_loss(&table, 2, 0.2, 1.2));
    add_context(&table, &table.runs[0], context_loss(&table, 4, 0.4, 1.4));
    add_context(&table, &table.runs[1], context_loss(&table, 16, 1.6, 2.6));
    add_context(&table, &table.runs[1], context_loss(&table, 4, 1.4, 2.4));
    const Findings *findings = draw_curves(&table);
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
    CurveTable table = curve_table(1, 1);
    ContextLoss *loss = context_loss(&table, 8, 1, 2);
    loss->same.questions = 0;
    add_context(&table, &table.runs[0], loss);
    const Findings *findings = draw_curves(&table);
    assert_int_equal(findings->same_targets, 0);
    assert_true(isnan(finding(findings, 0, 0)->same.over_seeds.mean));
    assert_close(finding(findings, 0, 0)->plain.over_seeds.mean, 2, 1e-12);
    arena_free(&table.arena);
}

static void without_losses_by_context_there_is_no_length(void **state)
{
    (void)state;
    CurveTable table = curve_table(2, 2);
    const Findings *findings = draw_curves(&table);
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
        cmocka_unit_test(both_losses_are_means_over_the_finished_runs),
        cmocka_unit_test(a_length_that_is_refused_has_its_reason_in_place_of_a_loss),
        cmocka_unit_test(arms_with_other_block_sizes_stand_at_the_lengths_they_have),
        cmocka_unit_test(without_common_targets_there_is_the_plain_loss_alone),
        cmocka_unit_test(without_losses_by_context_there_is_no_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
