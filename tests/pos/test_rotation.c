/* test_rotation.c: tests of src/pos/rotation.c. */
#include "support/check.h"

#include <math.h>

#include "pos/rotation.h"
#include "support/model_case.h"

enum { B = 2, T = 5, H = 3, D = 6, PLANES = D / 2 };

/* Speeds of no scheme: one plane turns backwards, one stays. */
static const double theta[PLANES] = {1.25, -0.5, 0};
static const double growth[PLANES] = {0.25, 0, -0.125};
static const Rotation rotations[] = {
    {.theta = theta, .planes = PLANES, .pairing = INTERLEAVED},
    {.theta = theta, .planes = PLANES, .pairing = HALF},
    {.theta = theta, .planes = PLANES, .pairing = INTERLEAVED, .growth = growth},
    {.theta = theta, .planes = PLANES, .pairing = HALF, .growth = growth},
};

/* The channels of plane i. */
static size_t first_of(Pairing pairing, size_t i)
{
    return pairing == INTERLEAVED ? 2 * i : i;
}

static size_t second_of(Pairing pairing, size_t i)
{
    return pairing == INTERLEAVED ? 2 * i + 1 : i + PLANES;
}

/* R(m), number by number, with the growth in it. */
static void fill_matrix(double r[D][D], const Rotation *rotation, double m)
{
    for (size_t row = 0; row < D; row++)
        for (size_t column = 0; column < D; column++)
            r[row][column] = 0;
    for (size_t i = 0; i < PLANES; i++) {
        size_t a = first_of(rotation->pairing, i), b = second_of(rotation->pairing, i);
        double f = rotation->growth ? exp(m * rotation->growth[i]) : 1;
        r[a][a] = r[b][b] = f * cos(m * theta[i]);
        r[a][b] = -f * sin(m * theta[i]);
        r[b][a] = f * sin(m * theta[i]);
    }
}

/* to[i] += sum over j of r[i][j] from[j], or of r[j][i]. */
static void add_product(double *to, double r[D][D], bool transposed, const real *from)
{
    for (size_t i = 0; i < D; i++)
        for (size_t j = 0; j < D; j++)
            to[i] += (transposed ? r[j][i] : r[i][j]) * (double)from[j];
}

/* The keys turned, queries and values left as they are. */
static HeadView turned_keys(Fixture *f, Heads x, const Rotation *rotation, Positions positions)
{
    const Angles *angles = angles_at(&f->tape, rotation, positions);
    return rotate(&f->tape, heads_copy(&f->tape, &x), NULL, angles, NULL).k;
}

static void expect_products(Fixture *f, const HeadView *x, const HeadView *y,
                            const Rotation *rotation, Positions positions)
{
    double r[D][D];
    for (size_t b = 0; b < B; b++)
        for (size_t t = 0; t < T; t++)
            for (size_t h = 0; h < H; h++) {
                double *expected = new_doubles(&f->arena, D);
                fill_matrix(r, rotation, positions.at[t]);
                add_product(expected, r, false, head_data(x, b, h, t));
                assert_numbers_close(head_data(y, b, h, t), expected, D);
            }
}

static void every_vector_is_multiplied_by_the_matrix_of_its_position(void **state)
{
    Fixture *f = *state;
    Positions positions = positions_from(&f->arena, 7, 3, T);
    for (size_t p = 0; p < COUNT_OF(rotations); p++) {
        Heads x = split_heads(random_tensor(&f->arena, 1, SHAPE(B, T, 3 * H * D)), H);
        const Angles *angles = angles_at(&f->tape, &rotations[p], positions);
        Heads y = rotate(&f->tape, heads_copy(&f->tape, &x), angles, angles, angles);
        expect_products(f, &x.q, &y.q, &rotations[p], positions);
        expect_products(f, &x.k, &y.k, &rotations[p], positions);
        expect_products(f, &x.v, &y.v, &rotations[p], positions);
    }
}

static void queries_keys_and_values_have_angles_of_their_own(void **state)
{
    Fixture *f = *state;
    Positions here = positions_from(&f->arena, 7, 3, T), there = positions_from(&f->arena, 0, 1, T);
    Heads x = split_heads(random_tensor(&f->arena, 1, SHAPE(B, T, 3 * H * D)), H);
    Heads y = rotate(&f->tape, heads_copy(&f->tape, &x), angles_at(&f->tape, &rotations[0], here),
                     angles_at(&f->tape, &rotations[1], there), NULL);
    expect_products(f, &x.q, &y.q, &rotations[0], here);
    expect_products(f, &x.k, &y.k, &rotations[1], there);
    for (size_t b = 0; b < B; b++)
        for (size_t t = 0; t < T; t++)
            for (size_t h = 0; h < H; h++)
                assert_same_bits(head_data(&y.v, b, h, t), head_data(&x.v, b, h, t), D);
}

/* Adds to dx what flows back to one view of x, whose upstream gradients begin at number `first` of
 * each token's 3 H D. */
static void add_transposed(double *dx, const HeadView *view, size_t first, const Rotation *rotation,
                           Positions positions, const real *upstream)
{
    double r[D][D];
    for (size_t b = 0; b < B; b++)
        for (size_t t = 0; t < T; t++)
            for (size_t h = 0; h < H; h++) {
                const real *dy = upstream + ((b * T + t) * 3 * H + h) * D + first;
                fill_matrix(r, rotation, positions.at[t]);
                add_product(dx + head_place(view, b, h, t), r, true, dy);
            }
}

/* Of a tensor whose parts are queries, keys and values, turned where it stands; and of one that
 * was also read before, which has a share of its own. */
static void a_gradient_is_multiplied_by_the_transpose(void **state)
{
    Fixture *f = *state;
    Positions positions = positions_from(&f->arena, 7, 3, T);
    for (size_t p = 0; p < COUNT_OF(rotations); p++)
        for (size_t shares = 1; shares <= 2; shares++) {
            Tensor *x = random_tensor(&f->arena, 1, SHAPE(B, T, 3 * H * D));
            const Angles *angles = angles_at(&f->tape, &rotations[p], positions);
            Tensor *zero = new_tensor(&f->arena, SHAPE(B, T, 3 * H * D));
            Heads heads = split_heads(add(&f->tape, x, zero), H);
            real *upstream = random_numbers(&f->arena, tensor_size(x), 2);
            Tensor *before = weighted_sum(&f->tape, heads.q.x, upstream);
            Tensor *turned = rotate(&f->tape, heads, angles, angles, NULL).q.x;
            Tensor *loss = weighted_sum(&f->tape, turned, upstream);
            tape_backward(&f->tape, shares == 2 ? add(&f->tape, loss, before) : loss);
            double *expected = new_doubles(&f->arena, tensor_size(x));
            add_transposed(expected, &heads.q, 0, &rotations[p], positions, upstream);
            add_transposed(expected, &heads.k, H * D, &rotations[p], positions, upstream);
            for (size_t i = 0; i < tensor_size(x); i++)
                expected[i] += (i % (3 * H * D) < 2 * H * D ? 0 : (double)upstream[i]) +
                               (shares == 2 ? (double)upstream[i] : 0);
            assert_numbers_close(x->grad, expected, tensor_size(x));
            tape_reset(&f->tape);
        }
}

static void vectors_are_turned_where_they_stand(void **state)
{
    Fixture *f = *state;
    Positions positions = positions_from(&f->arena, 7, 3, T);
    const Angles *angles = angles_at(&f->tape, &rotations[0], positions);
    Heads heads = split_heads(random_tensor(&f->arena, 1, SHAPE(B, T, 3 * H * D)), H);
    Heads x = heads_copy(&f->tape, &heads);
    size_t used = f->tape.numbers.used;
    Heads y = rotate(&f->tape, x, angles, NULL, angles);
    assert_ptr_equal(y.q.x->data, x.q.x->data);
    assert_ptr_equal(y.v.x->data, x.v.x->data);
    assert_int_equal(f->tape.numbers.used, used);
}

static void a_plane_without_speed_and_growth_keeps_its_bits(void **state)
{
    Fixture *f = *state;
    for (size_t p = 0; p < COUNT_OF(rotations) && !rotations[p].growth; p++) {
        Pairing pairing = rotations[p].pairing;
        Heads x = split_heads(random_tensor(&f->arena, 1, SHAPE(1, T, 3 * D)), 1);
        HeadView y = turned_keys(f, x, &rotations[p], positions_from(&f->arena, 0, 9, T));
        for (size_t t = 0; t < T; t++) {
            const size_t channels[] = {first_of(pairing, 2), second_of(pairing, 2)};
            for (size_t i = 0; i < 2; i++)
                assert_same_bits(head_data(&y, 0, 0, t) + channels[i],
                                 head_data(&x.k, 0, 0, t) + channels[i], 1);
        }
    }
}

/* One plane for 6 channels: its two are turned, and all six get the factor, forth and back. */
static void a_factor_multiplies_every_channel(void **state)
{
    Fixture *f = *state;
    const Rotation plain = {.theta = theta, .planes = 1}, *both[] = {&plain, NULL};
    Rotation tripled = plain;
    tripled.factor = 3;
    both[1] = &tripled;
    Heads x[2];
    HeadView y[2];
    real *upstream = random_numbers(&f->arena, T * D, 2);
    Tensor *loss[2];
    for (size_t n = 0; n < 2; n++) {
        x[n] = split_heads(random_tensor(&f->arena, 1, SHAPE(1, T, 3 * D)), 1);
        y[n] = turned_keys(f, x[n], both[n], positions_from(&f->arena, 2, 3, T));
        loss[n] = weighted_sum(&f->tape, y[n].x, upstream);
    }
    tape_backward(&f->tape, add(&f->tape, loss[0], loss[1]));
    for (size_t t = 0; t < T; t++)
        for (size_t d = 0; d < D; d++) {
            const real *plain_y = head_data(&y[0], 0, 0, t), *y3 = head_data(&y[1], 0, 0, t);
            const real *dx = head_grad(&x[0].k, 0, 0, t), *dx3 = head_grad(&x[1].k, 0, 0, t);
            assert_close(y3[d], 3 * plain_y[d], REAL_TOLERANCE);
            assert_close(dx3[d], 3 * dx[d], REAL_TOLERANCE);
            if (d >= 2)
                assert_true(plain_y[d] == head_data(&x[0].k, 0, 0, t)[d] &&
                            dx[d] == upstream[t * D + d]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_vector_is_multiplied_by_the_matrix_of_its_position),
        fixture_test(queries_keys_and_values_have_angles_of_their_own),
        fixture_test(a_gradient_is_multiplied_by_the_transpose),
        fixture_test(vectors_are_turned_where_they_stand),
        fixture_test(a_plane_without_speed_and_growth_keeps_its_bits),
        fixture_test(a_factor_multiplies_every_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
