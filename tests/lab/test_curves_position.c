/* test_curves_position.c: tests of src/lab/curves.c: the loss against the position, of which
 * neighbours are drawn as one. */
#include "support/check.h"

#include <math.h>

#include "lab/curves.h"
#include "support/curve_table.h"
#include "support/fixtures.h"

enum { MOST_POSITIONS = 300 };

/* In which point of the curve each position of windows of `length` is: a loss of 1 at that position
 * and 0 at all others makes one point that is not 0. */
static size_t find_points(size_t length, size_t point_of[MOST_POSITIONS])
{
    size_t n_points = 0;
    for (size_t t = 0; t < length; t++) {
        CurveTable table = curve_table(1, 1);
        ContextLoss *loss = context_loss(&table, length, 0, 0);
        loss->sum_by_position[t] = 4;
        add_context(&table, &table.runs[0], loss);
        const Curve *curve = draw_curves(&table)->by_position;
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
    CurveTable table = curve_table(1, 1);
    add_context(&table, &table.runs[0], context_loss(&table, 256, 1, 1));
    const Curve *curve = draw_curves(&table)->by_position;
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
    CurveTable table = curve_table(1, 1);
    size_t point_of[MOST_POSITIONS];
    find_points(64, point_of);
    assert_int_equal(point_of[T], point_of[T + 1]);
    ContextLoss *loss = context_loss(&table, 64, 0, 0);
    for (size_t t = 0; t < 64; t++)
        loss->count_by_position[t] = 0;
    loss->sum_by_position[T] = 3 * 5.0; /* three characters with a loss of 5, one with 1 */
    loss->count_by_position[T] = 3;
    loss->sum_by_position[T + 1] = 1;
    loss->count_by_position[T + 1] = 1;
    add_context(&table, &table.runs[0], loss);
    const CurvePoint *points = draw_curves(&table)->by_position->points;
    assert_close(points[point_of[T]].mean, 4, 1e-12);
    assert_true(isnan(points[0].mean)); /* where nothing is asked */
    arena_free(&table.arena);
}

static void draw_windows_of_2_4_and_6(CurveTable *table)
{
    for (size_t arm = 0; arm < 2; arm++) {
        add_context(table, &table->runs[arm], context_loss(table, 2, 1, 1));
        add_context(table, &table->runs[arm], context_loss(table, 4, 2, 2));
        add_context(table, &table->runs[arm],
                    arm == 0 ? refused_context(table, 6, "no") : context_loss(table, 6, 3, 3));
    }
    draw_curves(table);
}

static void positions_reach_to_the_longest_window_that_the_arm_serves(void **state)
{
    (void)state;
    CurveTable table = curve_table(2, 1);
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
    CurveTable table = curve_table(2, 1);
    draw_windows_of_2_4_and_6(&table);
    const CurvePoint *points = table.findings.by_position[1].points;
    for (size_t p = 0; p < 6; p++)
        assert_close(points[p].mean, expected[p], 1e-12);
    arena_free(&table.arena);
}

static void a_position_with_both_sides_seen_is_that_of_the_longest_window(void **state)
{
    (void)state;
    CurveTable table = curve_table(2, 1);
    table.trials[0].config.causal = table.trials[1].config.causal = false;
    draw_windows_of_2_4_and_6(&table);
    for (size_t p = 0; p < 4; p++)
        assert_close(table.findings.by_position[0].points[p].mean, 2, 1e-12);
    for (size_t p = 0; p < 6; p++)
        assert_close(table.findings.by_position[1].points[p].mean, 3, 1e-12);
    arena_free(&table.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_position_is_in_one_group_of_neighbours),
        cmocka_unit_test(a_group_stands_in_the_middle_of_its_positions),
        cmocka_unit_test(groups_grow_with_the_position),
        cmocka_unit_test(the_mean_of_a_group_weighs_each_character_alike),
        cmocka_unit_test(positions_reach_to_the_longest_window_that_the_arm_serves),
        cmocka_unit_test(a_causal_position_is_that_of_the_shortest_window_that_has_it),
        cmocka_unit_test(a_position_with_both_sides_seen_is_that_of_the_longest_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
