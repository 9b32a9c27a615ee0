/* test_gelu.c: tests of src/autograd/gelu.c. */
#include "support/check.h"

#include <math.h>

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

static Tensor *gelu_of(Tape *tape, void *context)
{
    return gelu(tape, context);
}

/* n numbers from -6 to 6. */
static Tensor *grid(Fixture *f, size_t n)
{
    Tensor *x = new_tensor(&f->arena, SHAPE(n));
    for (size_t i = 0; i < n; i++)
        x->data[i] = (real)(-6 + 12 * (double)i / (double)(n - 1));
    return x;
}

/* x and the value of the formula of ops.h there, to 20 digits. */
static void values_are_those_of_the_formula(void **state)
{
    Fixture *f = *state;
    const double table[][2] = {
        {-5, -2.2917961966295060456e-7},  {-3, -0.0036373920817730188378},
        {-1.5, -0.10042842301976707755},  {-1, -0.15880800939172329522},
        {-0.5, -0.15428599017485607796},  {-0.125, -0.056282801375776612172},
        {0.125, 0.068717198624223387828}, {0.5, 0.34571400982514392204},
        {1, 0.84119199060827670478},      {1.5, 1.3995715769802329224},
        {2, 1.9545976940877750188},       {3, 2.9963626079182269812},
        {5, 4.999999770820380337},
    };
    Tensor *x = new_tensor(&f->arena, SHAPE(COUNT_OF(table)));
    for (size_t i = 0; i < COUNT_OF(table); i++)
        x->data[i] = (real)table[i][0];
    const Tensor *y = gelu(&f->tape, x);
    for (size_t i = 0; i < COUNT_OF(table); i++)
        assert_close(y->data[i], table[i][1], REAL_TOLERANCE < 1e-10 ? 4e-15 : 1e-6);
}

static void it_lets_large_numbers_pass_and_stops_very_negative_ones(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){0, 50, 1e10, -50, -1e10, INFINITY}, SHAPE(6));
    const Tensor *y = gelu(&f->tape, x);
    const double expected[] = {0, 50, (double)(real)1e10, 0, 0, INFINITY};
    for (size_t i = 0; i < 6; i++)
        assert_close(y->data[i], expected[i], 0);
}

static void not_a_number_stays_one(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){1, NAN, 2}, SHAPE(3)), *y = gelu(&f->tape, x);
    assert_true(y->data[0] == y->data[0] && y->data[1] != y->data[1] && y->data[2] == y->data[2]);
    tape_backward(&f->tape, weighted_sum(&f->tape, y, (real[]){1, 1, 1}));
    assert_true(x->grad[1] != x->grad[1] && x->grad[2] == x->grad[2]);
}

/* At every length of a last chunk; forward as in the formula, backward as its derivative. */
static void it_is_right_at_every_place_of_a_tensor(void **state)
{
    Fixture *f = *state;
    const size_t sizes[] = {1, 2, 100, 255, 256, 257, 511, 513, 8191, 8193, 20001};
    for (size_t s = 0; s < COUNT_OF(sizes); s++) {
        size_t n = sizes[s];
        Tensor *x = random_tensor(&f->arena, n, SHAPE(n));
        const real *r = random_numbers(&f->arena, n, 1);
        double *y = new_doubles(&f->arena, n), *dx = new_doubles(&f->arena, n);
        const double k = sqrt(2 / acos(-1.0));
        for (size_t i = 0; i < n; i++) {
            double z = (double)x->data[i], t = tanh(k * (z + 0.044715 * z * z * z));
            double du = k * (1 + 3 * 0.044715 * z * z);
            y[i] = z / 2 * (1 + t);
            dx[i] = (double)r[i] * ((1 + t) / 2 + z / 2 * (1 - t * t) * du);
        }
        Tensor *result = gelu(&f->tape, x);
        tape_backward(&f->tape, weighted_sum(&f->tape, result, r));
        assert_numbers_close(result->data, y, n);
        assert_numbers_close(x->grad, dx, n);
        tape_reset(&f->tape);
        arena_reset(&f->arena);
    }
}

static void the_gradient_agrees_with_differences(void **state)
{
    Fixture *f = *state;
    Tensor *x = grid(f, 301);
    GradInput inputs[] = {{.name = "x", .x = x}};
    assert_gradients(gelu_of, x, inputs, 1);
}

static void a_constant_gets_no_gradient(void **state)
{
    Fixture *f = *state;
    Tensor *x = grid(f, 3);
    x->grad = NULL;
    tape_backward(&f->tape, weighted_sum(&f->tape, gelu(&f->tape, x), (real[]){1, 1, 1}));
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Fixture *f = *state;
    Tensor *x = grid(f, 70001);
    GradInput inputs[] = {{.name = "x", .x = x}};
    assert_tape_rules(gelu_of, x, inputs, 1);
    assert_first_shares_are_set(gelu_of, x, inputs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(values_are_those_of_the_formula),
        fixture_test(it_lets_large_numbers_pass_and_stops_very_negative_ones),
        fixture_test(not_a_number_stays_one),
        fixture_test(it_is_right_at_every_place_of_a_tensor),
        fixture_test(the_gradient_agrees_with_differences),
        fixture_test(a_constant_gets_no_gradient),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
