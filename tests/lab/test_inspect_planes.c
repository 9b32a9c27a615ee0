/* test_inspect_planes.c: tests of src/lab/inspect/planes.c, and of the query-key door that it asks
 * (src/lab/inspect/doors.c): what is found out equals what was put in. */
#include "support/check.h"

#include <math.h>

#include "lab/inspect/planes.h"
#include "support/made_up_pos.h"
#include "support/model_case.h"

enum { T = 40 };

/* Angles are told from sines and cosines, with about this error. */
#ifdef REAL_IS_DOUBLE
static const double ROUNDING = 1e-13;
#else
static const double ROUNDING = 4e-7;
#endif

static Planes planes_of(Fixture *f, const Pos *pos, size_t length)
{
    Doors doors;
    Planes planes = {0};
    Error error = {0};
    if (!doors_init(&doors, pos, positions_from(&f->arena, 0, 1, length), &error) ||
        !planes_find(&f->arena, &doors, &planes, &error))
        fail_msg("%s", error.text);
    doors_free(&doors);
    return planes;
}

static void turn(const double *x, double *y, double angle, double length)
{
    y[0] = length * (x[0] * cos(angle) - x[1] * sin(angle));
    y[1] = length * (x[0] * sin(angle) + x[1] * cos(angle));
}

/* --- the scheme of the registry that turns --- */

static void the_angle_of_each_plane_is_its_position_times_theta(void **state)
{
    Fixture *f = *state;
    enum { D = 12 };
    const struct {
        const char *options;
        double base;
        bool half;
    } cases[] = {{"rope_pairing=interleaved", 1e4, false},
                 {"rope_pairing=half", 1e4, true},
                 {"rope_base=1e9", 1e9, false},
                 {"rope_base=7 rope_pairing=half", 7, true}};
    ModelShape shape = small_model;
    shape.gpt.n_embd = 2 * D;
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        ModelCase *c = model_case(f, pos_find("rope"), cases[n].options, shape);
        Planes planes = planes_of(f, &c->gpt.pos, T);
        assert_true(planes.linear && planes.alike && planes.are_turns && planes.steady);
        assert_int_equal(planes.count, D / 2);
        for (size_t i = 0; i < D / 2; i++) {
            const Plane *plane = &planes.at[i];
            double theta = pow(cases[n].base, -2 * (double)i / D);
            assert_int_equal(plane->first, cases[n].half ? i : 2 * i);
            assert_int_equal(plane->second, cases[n].half ? i + D / 2 : 2 * i + 1);
            assert_close(plane->theta, theta, ROUNDING);
            for (size_t t = 0; t < T; t++) {
                assert_close(plane->q.angle[t], (double)t * theta, ROUNDING);
                assert_close(plane->k.angle[t], (double)t * theta, ROUNDING);
                assert_close(plane->q.length[t], 1, ROUNDING);
                assert_close(plane->k.length[t], 1, ROUNDING);
            }
        }
        model_case_free(c);
    }
}

/* --- others --- */

/* Channels 1 and 4 turn backwards, the others stay. */
static void turn_two(size_t h, double m, bool is_key, const double *x, double *y, size_t D)
{
    (void)h, (void)is_key;
    double pair[2];
    for (size_t d = 0; d < D; d++)
        y[d] = x[d];
    turn((double[]){x[1], x[4]}, pair, -0.7 * m, 1);
    y[1] = pair[0];
    y[4] = pair[1];
}

static void channels_may_stay_as_they_are(void **state)
{
    Fixture *f = *state;
    MakeVector make = turn_two;
    Pos pos = made_up_query_key(&make, 6);
    Planes planes = planes_of(f, &pos, T);
    const size_t pairs[][2] = {{0, 0}, {1, 4}, {2, 2}, {3, 3}, {5, 5}};
    assert_true(planes.are_turns && planes.steady && planes.alike);
    assert_int_equal(planes.count, COUNT_OF(pairs));
    for (size_t p = 0; p < COUNT_OF(pairs); p++) {
        assert_int_equal(planes.at[p].first, pairs[p][0]);
        assert_int_equal(planes.at[p].second, pairs[p][1]);
        assert_close(planes.at[p].theta, p == 1 ? -0.7 : 0, ROUNDING);
        assert_close(planes.at[p].q.length[T - 1], 1, ROUNDING);
    }
}

/* Queries grow and keys shrink, as with xPos (Sun et al. 2022). */
static void turn_and_stretch(size_t h, double m, bool is_key, const double *x, double *y, size_t D)
{
    (void)h;
    for (size_t d = 0; d < D; d += 2)
        turn(x + d, y + d, m / (1 + (double)d), pow(0.98 - 0.01 * (double)d, is_key ? -m : m));
}

static void lengths_may_change_and_differ_for_keys(void **state)
{
    Fixture *f = *state;
    MakeVector make = turn_and_stretch;
    Pos pos = made_up_query_key(&make, 6);
    Planes planes = planes_of(f, &pos, T);
    assert_true(planes.are_turns && planes.steady);
    assert_int_equal(planes.count, 3);
    for (size_t p = 0; p < 3; p++)
        for (size_t t = 0; t < T; t++) {
            double length = pow(0.98 - 0.02 * (double)p, (double)t);
            assert_close(planes.at[p].q.length[t], length, ROUNDING);
            assert_close(planes.at[p].k.length[t] * length, 1, 2 * ROUNDING);
            assert_close(planes.at[p].k.angle[t], (double)t / (1 + 2 * (double)p), ROUNDING);
        }
}

static void turn_unevenly(size_t h, double m, bool is_key, const double *x, double *y, size_t D)
{
    (void)h, (void)is_key;
    for (size_t d = 0; d < D; d += 2)
        turn(x + d, y + d, 2 * sqrt(m), 1);
}

static void turn_keys_otherwise(size_t h, double m, bool is_key, const double *x, double *y,
                                size_t D)
{
    (void)h;
    for (size_t d = 0; d < D; d += 2)
        turn(x + d, y + d, is_key ? 0.5 * m : m, 1);
}

static void turn_by_head(size_t h, double m, bool is_key, const double *x, double *y, size_t D)
{
    (void)is_key;
    for (size_t d = 0; d < D; d += 2)
        turn(x + d, y + d, h == 1 ? 0.5 * m : m, 1);
}

static void angles_that_do_not_grow_with_the_position_are_told(void **state)
{
    Fixture *f = *state;
    MakeVector makes[] = {turn_unevenly, turn_keys_otherwise, turn_by_head};
    for (size_t n = 0; n < COUNT_OF(makes); n++) {
        Pos pos = made_up_query_key(&makes[n], 4);
        Planes planes = planes_of(f, &pos, T);
        assert_true(planes.linear && planes.are_turns && planes.count == 2);
        assert_true(planes.steady == (makes[n] == turn_by_head));
        assert_true(planes.alike == (makes[n] != turn_by_head));
        double last = makes[n] == turn_unevenly ? 2 * sqrt(T - 1) : T - 1;
        assert_close(planes.at[1].q.angle[T - 1], last, ROUNDING);
    }
}

static void mix_three(size_t h, double m, bool is_key, const double *x, double *y, size_t D)
{
    (void)h, (void)is_key;
    for (size_t d = 0; d < D; d++)
        y[d] = x[d] + 0.01 * m * (x[(d + 1) % D] - x[(d + D - 1) % D]);
}

/* Two and two turn, but a part of channel 3 also gets into channel 0. */
static void leak(size_t h, double m, bool is_key, const double *x, double *y, size_t D)
{
    (void)h, (void)is_key;
    for (size_t d = 0; d < D; d += 2)
        turn(x + d, y + d, 0.1 * m, 1);
    y[0] += 0.01 * m * x[3];
}

/* Two and two, but not turned: sheared. */
static void shear(size_t h, double m, bool is_key, const double *x, double *y, size_t D)
{
    (void)h, (void)is_key;
    for (size_t d = 0; d < D; d++)
        y[d] = x[d] + 0.1 * m * x[d ^ 1];
}

static void square(size_t h, double m, bool is_key, const double *x, double *y, size_t D)
{
    (void)h, (void)m, (void)is_key;
    for (size_t d = 0; d < D; d++)
        y[d] = x[d] * x[d];
}

static void what_is_no_turn_has_no_planes(void **state)
{
    Fixture *f = *state;
    MakeVector makes[] = {mix_three, leak, shear, square};
    for (size_t n = 0; n < COUNT_OF(makes); n++) {
        Pos pos = made_up_query_key(&makes[n], 6);
        Planes planes = planes_of(f, &pos, T);
        assert_true(planes.linear == (makes[n] != square));
        assert_true(!planes.are_turns && !planes.steady && planes.count == 0);
    }
}

/* y = R x, so R has x's weights in y in a row. */
static void the_matrix_has_a_row_for_each_channel_that_comes_out(void **state)
{
    Fixture *f = *state;
    MakeVector make = mix_three;
    Pos pos = made_up_query_key(&make, 4);
    Doors doors;
    double matrix[16];
    assert_true(doors_init(&doors, &pos, positions_from(&f->arena, 0, 1, 8), NULL));
    assert_true(door_matrix(&doors, 5, matrix, NULL));
    const double expected[16] = {1, 0.05,  0, -0.05, -0.05, 1, 0.05,  0,
                                 0, -0.05, 1, 0.05,  0.05,  0, -0.05, 1};
    for (size_t i = 0; i < 16; i++)
        assert_close(matrix[i], expected[i], ROUNDING);
    doors_free(&doors);
}

static void one_position_is_enough_to_ask_about(void **state)
{
    Fixture *f = *state;
    MakeVector make = turn_two;
    Pos pos = made_up_query_key(&make, 6);
    Planes planes = planes_of(f, &pos, 1);
    assert_true(planes.are_turns && planes.count == 6 && planes.at[1].theta == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(the_angle_of_each_plane_is_its_position_times_theta),
        fixture_test(channels_may_stay_as_they_are),
        fixture_test(lengths_may_change_and_differ_for_keys),
        fixture_test(angles_that_do_not_grow_with_the_position_are_told),
        fixture_test(what_is_no_turn_has_no_planes),
        fixture_test(the_matrix_has_a_row_for_each_channel_that_comes_out),
        fixture_test(one_position_is_enough_to_ask_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
