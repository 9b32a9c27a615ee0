/* test_gradcheck.c: tests of the check of gradients itself (gradcheck.c).
 *
 * A check that lets everything pass looks like a check that found nothing. So here is an operation
 * with every mistake that one makes in deriving a gradient (planted.h), and each must be found. The
 * other checks are in test_tape_rules.c. */
#include "support/check.h"

#include <math.h>

#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/planted.h"

#ifdef REAL_IS_DOUBLE
static void each_wrong_gradient_is_found_and_named(void **state)
{
    const struct {
        Fault fault;
        const char *message;
    } faults[] = {
        {FLIPPED_SIGN, "x[0]: analytic"},
        {TRANSPOSED, "x[1]: analytic"}, /* x[0] is on the diagonal */
        {MISSING_SCALE, "x[0]: analytic"},
        {DROPPED_TERM, "x[0]: analytic"},
        {NO_GRADIENT, "x[0]: analytic 0, numeric"},
        {NOT_A_NUMBER, "x[15]: nan after one backward"},
        {INFINITE, "x[15]: inf after one backward"},
        {OVERWRITTEN, "x[0]:"},
        {ONE_WRONG_ENTRY, "x[15]: analytic"},
        {SLIGHTLY_WRONG, "x[0]: analytic"},
        {NAN_IN_FORWARD, "numeric nan"},
    };
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        for (uint64_t seed = 0; seed < 5; seed++) {
            Plan plan = plan_of(*state, faults[i].fault);
            Error error = {0};
            assert_false(gradcheck(planted, &plan, plan.inputs, 2, seed, &error));
            assert_contains(error.text, faults[i].message);
        }
}

static void a_right_gradient_passes_and_leaves_the_inputs_as_they_were(void **state)
{
    Fixture *f = *state;
    Plan plan = plan_of(f, NO_FAULT), before = plan_of(f, NO_FAULT);
    for (uint64_t seed = 0; seed < 5; seed++) {
        Error error = {0};
        if (!gradcheck(planted, &plan, plan.inputs, 2, seed, &error))
            fail_msg("%s", error.text);
        assert_same_bits(plan.x->data, before.x->data, SIDE * SIDE);
        assert_same_bits(plan.w->data, before.w->data, SIDE * SIDE);
        assert_same_bits(plan.x->grad, before.x->grad, SIDE * SIDE);
    }
}

static void a_gradient_that_is_zero_by_both_accounts_fails(void **state)
{
    Fixture *f = *state;
    Plan plan = plan_of(f, NO_FAULT);
    Error error = {0};
    GradInput stranger = {.name = "stranger", .x = random_tensor(&f->arena, 3, SHAPE(2, 2))};
    assert_false(gradcheck(planted, &plan, &stranger, 1, 1, &error));
    assert_contains(error.text, "stranger: zero everywhere");
    stranger.vanishes = true;
    assert_true(gradcheck(planted, &plan, &stranger, 1, 1, &error));
}

static void a_gradient_that_is_said_to_vanish_must(void **state)
{
    Plan plan = plan_of(*state, NO_FAULT);
    Error error = {0};
    plan.inputs[1].vanishes = true;
    assert_false(gradcheck(planted, &plan, plan.inputs, 2, 1, &error));
    assert_contains(error.text, "w[0]");
    plan.fault = NO_GRADIENT; /* y still depends on x */
    plan.inputs[0].vanishes = true;
    assert_false(gradcheck(planted, &plan, plan.inputs, 1, 1, &error));
    assert_contains(error.text, "x[0]: analytic 0");
}

/* An operation on some numbers, of which one may have a wrong gradient. */
typedef struct Single {
    Node node;
    Tensor *x, *y;
    bool wrong;
} Single;

/* y = sin(1000 x) turns round within the usual step. */
static void sine_forward(Node *node)
{
    Single *op = (Single *)node;
    op->y->data[0] = sin(1000 * op->x->data[0]);
}

static void sine_backward(Node *node)
{
    Single *op = (Single *)node;
    op->x->grad[0] += 1000 * cos(1000 * op->x->data[0]) * op->y->grad[0];
}

static Tensor *sine(Tape *tape, void *context)
{
    Single *op = tape_node(tape, sizeof *op, sine_forward, sine_backward);
    op->x = context;
    op->y = tape_tensor_like(tape, op->x);
    tape_run(tape, &op->node);
    return op->y;
}

static void the_step_can_be_chosen(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){0.0005}, SHAPE(1));
    GradInput input = {.name = "x", .x = x};
    assert_false(gradcheck(sine, x, &input, 1, 1, NULL));
    input.step = 1e-6;
    assert_true(gradcheck(sine, x, &input, 1, 1, NULL));
}

/* y = |x|, whose kink is nearer to one of two numbers than the usual step. */
static void size_forward(Node *node)
{
    Single *op = (Single *)node;
    for (size_t i = 0; i < 2; i++)
        op->y->data[i] = fabs(op->x->data[i]);
}

static void size_backward(Node *node)
{
    Single *op = (Single *)node;
    for (size_t i = 0; i < 2; i++)
        op->x->grad[i] += (op->x->data[i] < 0 ? -1 : op->wrong ? 1.00001 : 1) * op->y->grad[i];
}

static Tensor *size_of_x(Tape *tape, void *context)
{
    const Plan *plan = context;
    Single *op = tape_node(tape, sizeof *op, size_forward, size_backward);
    op->x = plan->x;
    op->wrong = plan->fault == ONE_WRONG_ENTRY;
    op->y = tape_tensor_like(tape, op->x);
    tape_run(tape, &op->node);
    return op->y;
}

static void a_kink_nearby_is_told_from_a_wrong_gradient(void **state)
{
    Fixture *f = *state;
    for (int kinks = 0; kinks < 2; kinks++)
        for (int wrong = 0; wrong < 2; wrong++) {
            Plan plan = {.x = tensor_of(&f->arena, (double[]){-1, 0.0005}, SHAPE(2)),
                         .fault = wrong ? ONE_WRONG_ENTRY : NO_FAULT};
            GradInput input = {.name = "x", .x = plan.x, .kinks = kinks == 1};
            assert_int_equal(gradcheck(size_of_x, &plan, &input, 1, 1, NULL), kinks && !wrong);
        }
}
#endif

static void upstream_gradients_are_of_both_signs_and_none_alike(void **state)
{
    (void)state;
    enum { N = 300 };
    real r[N], other[N];
    size_t n_positive = 0;
    upstream_gradients(r, N, 1);
    upstream_gradients(other, N, 2);
    for (size_t i = 0; i < N; i++) {
        assert_true(fabs(r[i]) >= (real)0.5 && fabs(r[i]) <= (real)1.5);
        assert_true(r[i] != other[i]);
        n_positive += r[i] > 0;
        for (size_t j = 0; j < i; j++)
            assert_true(fabs(r[i]) != fabs(r[j]));
    }
    assert_in_range(n_positive, N / 3, 2 * N / 3);
}

static void a_weighted_sum_hands_its_weights_down_as_gradients(void **state)
{
    Fixture *f = *state;
    Tensor *y = tensor_of(&f->arena, (double[]){2, 3, 5}, SHAPE(3));
    const real r[] = {1, -4, (real)0.5};
    Tensor *sum = weighted_sum(&f->tape, y, r);
    assert_close(sum->data[0], 2 - 12 + 2.5, 0);
    tape_backward(&f->tape, sum);
    assert_same_bits(y->grad, r, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef REAL_IS_DOUBLE
        fixture_test(each_wrong_gradient_is_found_and_named),
        fixture_test(a_right_gradient_passes_and_leaves_the_inputs_as_they_were),
        fixture_test(a_gradient_that_is_zero_by_both_accounts_fails),
        fixture_test(a_gradient_that_is_said_to_vanish_must),
        fixture_test(the_step_can_be_chosen),
        fixture_test(a_kink_nearby_is_told_from_a_wrong_gradient),
#endif
        cmocka_unit_test(upstream_gradients_are_of_both_signs_and_none_alike),
        fixture_test(a_weighted_sum_hands_its_weights_down_as_gradients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
