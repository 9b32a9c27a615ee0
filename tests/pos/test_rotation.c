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

static void every_vector_is_multiplied_by_the_matrix_of_its_position(void **state)
{
    Fixture *f = *state;
    Positions positions = positions_from(&f->arena, 7, 3, T);
    for (size_t p = 0; p < COUNT_OF(rotations); p++) {
        HeadView x = split_heads(random_tensor(&f->arena, 1, SHAPE(B, T, 3 * H * D)), H).k;
        HeadView y = rotate(&f->tape, x, angles_at(&f->tape, &rotations[p], positions));
        double *expected = new_doubles(&f->arena, B * T * H * D), r[D][D];
        for (size_t b = 0; b < B; b++)
            for (size_t t = 0; t < T; t++)
                for (size_t h = 0; h < H; h++) {
                    fill_matrix(r, &rotations[p], positions.at[t]);
                    add_product(expected + ((b * T + t) * H + h) * D, r, false,
                                head_data(&x, b, h, t));
                }
        assert_numbers_close(y.x->data, expected, B * T * H * D);
    }
}

/* Of one view of a tensor, and of two whose shares add up; what is in no view gets nothing. The
 * tensor is one of the tape, whose gradient is new: in the second round its memory is used. */
static void a_gradient_is_multiplied_by_the_transpose(void **state)
{
    Fixture *f = *state;
    Positions positions = positions_from(&f->arena, 7, 3, T);
    for (size_t p = 0; p < COUNT_OF(rotations); p++)
        for (size_t shares = 1; shares <= 2; shares++) {
            Tensor *x = random_tensor(&f->arena, 1, SHAPE(B, T, 3 * H * D));
            Angles *angles = angles_at(&f->tape, &rotations[p], positions);
            Tensor *none = new_tensor(&f->arena, SHAPE(B, T, 3 * H * D));
            HeadView k = split_heads(add(&f->tape, x, none), H).k;
            real *upstream = random_numbers(&f->arena, B * T * H * D, 2);
            Tensor *loss = weighted_sum(&f->tape, rotate(&f->tape, k, angles).x, upstream);
            if (shares == 2)
                loss = add(&f->tape, loss,
                           weighted_sum(&f->tape, rotate(&f->tape, k, angles).x, upstream));
            tape_backward(&f->tape, loss);
            double *expected = new_doubles(&f->arena, tensor_size(x)), r[D][D];
            for (size_t b = 0; b < B; b++)
                for (size_t t = 0; t < T; t++)
                    for (size_t h = 0; h < H; h++) {
                        fill_matrix(r, &rotations[p], positions.at[t]);
                        for (size_t n = 0; n < shares; n++)
                            add_product(expected + head_place(&k, b, h, t), r, true,
                                        upstream + ((b * T + t) * H + h) * D);
                    }
            assert_numbers_close(x->grad, expected, tensor_size(x));
            tape_reset(&f->tape);
        }
}

static void a_plane_without_speed_and_growth_keeps_its_bits(void **state)
{
    Fixture *f = *state;
    for (size_t p = 0; p < COUNT_OF(rotations) && !rotations[p].growth; p++) {
        Pairing pairing = rotations[p].pairing;
        HeadView x = head_view(random_tensor(&f->arena, 1, SHAPE(1, T, D)), 1, 0, 1);
        HeadView y = rotate(&f->tape, x,
                            angles_at(&f->tape, &rotations[p], positions_from(&f->arena, 0, 9, T)));
        for (size_t t = 0; t < T; t++) {
            const size_t channels[] = {first_of(pairing, 2), second_of(pairing, 2)};
            for (size_t i = 0; i < 2; i++)
                assert_same_bits(head_data(&y, 0, 0, t) + channels[i],
                                 head_data(&x, 0, 0, t) + channels[i], 1);
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
    Tensor *x[2], *y[2];
    real *upstream = random_numbers(&f->arena, T * D, 2);
    for (size_t n = 0; n < 2; n++) {
        x[n] = random_tensor(&f->arena, 1, SHAPE(1, T, D));
        Angles *angles = angles_at(&f->tape, both[n], positions_from(&f->arena, 2, 3, T));
        y[n] = rotate(&f->tape, head_view(x[n], 1, 0, 1), angles).x;
    }
    tape_backward(&f->tape, add(&f->tape, weighted_sum(&f->tape, y[0], upstream),
                                weighted_sum(&f->tape, y[1], upstream)));
    for (size_t i = 0; i < T * D; i++) {
        assert_close(y[1]->data[i], 3 * y[0]->data[i], REAL_TOLERANCE);
        assert_close(x[1]->grad[i], 3 * x[0]->grad[i], REAL_TOLERANCE);
        if (i % D >= 2)
            assert_true(y[0]->data[i] == x[0]->data[i] && x[0]->grad[i] == upstream[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_vector_is_multiplied_by_the_matrix_of_its_position),
        fixture_test(a_gradient_is_multiplied_by_the_transpose),
        fixture_test(a_plane_without_speed_and_growth_keeps_its_bits),
        fixture_test(a_factor_multiplies_every_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
