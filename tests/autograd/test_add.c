/* test_add.c: tests of src/autograd/add.c. */
#include "support/check.h"

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

typedef struct Sum {
    Tensor *x, *y;
    GradInput inputs[2];
} Sum;

static Sum sum_of(Tensor *x, Tensor *y)
{
    return (Sum){x, y, {{.name = "x", .x = x}, {.name = "y", .x = y}}};
}

static Tensor *sum(Tape *tape, void *context)
{
    const Sum *s = context;
    return add(tape, s->x, s->y);
}

static void equal_shapes_are_added_number_by_number(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){1, 2, 3, 4}, SHAPE(2, 2));
    Tensor *y = tensor_of(&f->arena, (double[]){50, 60, 70, 80}, SHAPE(2, 2));
    const Tensor *z = add(&f->tape, x, y);
    const double expected[] = {51, 62, 73, 84};
    assert_int_equal(z->rank, 2);
    for (size_t i = 0; i < 4; i++)
        assert_close(z->data[i], expected[i], 0);
    assert_close(x->data[0], 1, 0);
}

/* [2, 2, 3] + [2, 3] and + [3], by hand; the smaller one collects from all its uses. */
static void missing_dimensions_are_repeated(void **state)
{
    Fixture *f = *state;
    const double numbers[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const real r[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Tensor *x = tensor_of(&f->arena, numbers, SHAPE(2, 2, 3));
    Tensor *y = tensor_of(&f->arena, (double[]){100, 200, 300, 400, 500, 600}, SHAPE(2, 3));
    Tensor *w = tensor_of(&f->arena, (double[]){1000, 2000, 3000}, SHAPE(3));
    Tensor *z = add(&f->tape, add(&f->tape, x, y), w);
    const double expected[] = {1101, 2202, 3303, 1404, 2505, 3606,
                               1107, 2208, 3309, 1410, 2511, 3612};
    tape_backward(&f->tape, weighted_sum(&f->tape, z, r));
    for (size_t i = 0; i < 12; i++) {
        assert_close(z->data[i], expected[i], 0);
        assert_close(x->grad[i], (double)r[i], 0);
    }
    const double dy[] = {8, 10, 12, 14, 16, 18}, dw[] = {22, 26, 30};
    for (size_t i = 0; i < 6; i++)
        assert_close(y->grad[i], dy[i], 0);
    for (size_t i = 0; i < 3; i++)
        assert_close(w->grad[i], dw[i], 0);
}

/* More numbers than one thread takes at a time. Whole numbers, so that sums are exact. */
static void large_tensors_are_added_and_differentiated(void **state)
{
    Fixture *f = *state;
    enum { COPIES = 2, N = 20011 };
    Tensor *x = new_tensor(&f->arena, SHAPE(COPIES, N)), *y = new_tensor(&f->arena, SHAPE(N));
    real *r = random_numbers(&f->arena, COPIES * N, 1);
    for (size_t i = 0; i < COPIES * N; i++) {
        x->data[i] = (real)i;
        y->data[i % N] = (real)(i % N * 3);
        r[i] = (real)(i % 1000);
    }
    Tensor *z = add(&f->tape, x, y);
    tape_backward(&f->tape, weighted_sum(&f->tape, z, r));
    for (size_t i = 0; i < COPIES * N; i++) {
        assert_true(z->data[i] == (real)(i + i % N * 3));
        assert_true(x->grad[i] == r[i]);
        assert_true(y->grad[i % N] == r[i % N] + r[N + i % N]);
    }
}

static void a_tensor_added_to_itself_gets_twice_the_gradient(void **state)
{
    Fixture *f = *state;
    const real r[] = {3, -5};
    Tensor *x = tensor_of(&f->arena, (double[]){1, 2}, SHAPE(2)), *z = add(&f->tape, x, x);
    tape_backward(&f->tape, weighted_sum(&f->tape, z, r));
    assert_close(z->data[1], 4, 0);
    assert_close(x->grad[0], 6, 0);
    assert_close(x->grad[1], -10, 0);
}

static void the_other_gets_its_gradient_where_one_is_a_constant(void **state)
{
    Fixture *f = *state;
    const real r[] = {3, -5};
    Tensor *x = tensor_of(&f->arena, (double[]){1, 2}, SHAPE(2));
    Tensor *y = tensor_of(&f->arena, (double[]){1, 2}, SHAPE(2));
    real *gradient = x->grad;
    x->grad = NULL;
    tape_backward(&f->tape, weighted_sum(&f->tape, add(&f->tape, x, y), r));
    assert_close(y->grad[1], -5, 0);
    x->grad = gradient;
    y->grad = NULL;
    tape_reset(&f->tape);
    tape_backward(&f->tape, weighted_sum(&f->tape, add(&f->tape, x, y), r));
    assert_close(x->grad[1], -5, 0);
}

static void the_gradients_agree_with_differences(void **state)
{
    Fixture *f = *state;
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(3, 2, 5));
    Tensor *others[] = {random_tensor(&f->arena, 2, SHAPE(3, 2, 5)),
                        random_tensor(&f->arena, 3, SHAPE(2, 5)),
                        random_tensor(&f->arena, 4, SHAPE(5))};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        Sum s = sum_of(x, others[i]);
        assert_gradients(sum, &s, s.inputs, 2);
    }
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Fixture *f = *state;
    Sum equal = sum_of(random_tensor(&f->arena, 1, SHAPE(4, 10001)),
                       random_tensor(&f->arena, 2, SHAPE(4, 10001)));
    Sum repeated = sum_of(equal.x, random_tensor(&f->arena, 3, SHAPE(10001)));
    assert_tape_rules(sum, &equal, equal.inputs, 2);
    assert_first_shares_are_set(sum, &equal, equal.inputs, 2);
    assert_tape_rules(sum, &repeated, repeated.inputs, 2);
    assert_first_shares_are_set(sum, &repeated, repeated.inputs, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(equal_shapes_are_added_number_by_number),
        fixture_test(missing_dimensions_are_repeated),
        fixture_test(large_tensors_are_added_and_differentiated),
        fixture_test(a_tensor_added_to_itself_gets_twice_the_gradient),
        fixture_test(the_other_gets_its_gradient_where_one_is_a_constant),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
