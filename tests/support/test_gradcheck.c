/* test_gradcheck.c: tests of the checks themselves (gradcheck.c and tape_rules.c).
 *
 * A check that lets everything pass looks like a check that found nothing. So here is an operation
 * with every mistake that one makes in deriving a gradient, and each must be found. The operation
 * is
 *
 *     y[i,j] = 3 x[i,j] w[j,i] + x[i,j]^2
 *     dx[i,j] += (3 w[j,i] + 2 x[i,j]) dy[i,j]        dw[j,i] += 3 x[i,j] dy[i,j]
 */
#include "support/check.h"

#include <math.h>

#include "math/parallel.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

enum { SIDE = 4 };

typedef enum Fault {
    NO_FAULT,
    FLIPPED_SIGN,
    TRANSPOSED,
    MISSING_SCALE,
    DROPPED_TERM,
    NO_GRADIENT,
    NOT_A_NUMBER,
    INFINITE,
    OVERWRITTEN,     /* = where += belongs */
    ONE_WRONG_ENTRY, /* and it is a small one */
    SLIGHTLY_WRONG,  /* by a millionth */
    NAN_IN_FORWARD,
    THREADS_IN_RESULT,
    MEMORY_IN_FORWARD,
    MEMORY_IN_BACKWARD,
} Fault;

typedef struct Planted {
    Node node;
    Tape *tape;
    Tensor *x, *w, *y;
    Fault fault;
} Planted;

static void planted_forward(Node *node)
{
    Planted *op = (Planted *)node;
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++) {
            real x = op->x->data[i * SIDE + j], w = op->w->data[j * SIDE + i];
            op->y->data[i * SIDE + j] = 3 * x * w + x * x;
        }
    if (op->fault == NAN_IN_FORWARD)
        op->y->data[0] = (real)NAN;
    if (op->fault == THREADS_IN_RESULT)
        op->y->data[0] += (real)parallel_threads();
    if (op->fault == MEMORY_IN_FORWARD)
        tape_numbers(op->tape, 1);
}

/* What is added to dx. */
static real share_of_x(const Planted *op, size_t i, size_t j)
{
    real x = op->x->data[i * SIDE + j], w = op->w->data[j * SIDE + i];
    real dy = op->y->grad[i * SIDE + j];
    bool last = i == SIDE - 1 && j == SIDE - 1;
    switch (op->fault) {
    case FLIPPED_SIGN:
        return -(3 * w + 2 * x) * dy;
    case TRANSPOSED:
        return (3 * op->w->data[i * SIDE + j] + 2 * x) * dy;
    case MISSING_SCALE:
        return (w + 2 * x) * dy;
    case DROPPED_TERM:
        return 3 * w * dy;
    case NO_GRADIENT:
        return 0;
    case NOT_A_NUMBER:
        return last ? (real)NAN : (3 * w + 2 * x) * dy;
    case INFINITE:
        return last ? (real)INFINITY : (3 * w + 2 * x) * dy;
    case ONE_WRONG_ENTRY:
        return (3 * w + 2 * x) * dy + (last ? (real)1e-5 : 0);
    case SLIGHTLY_WRONG:
        return (3 * w + 2 * x) * dy * (real)1.000001;
    default:
        return (3 * w + 2 * x) * dy;
    }
}

static void planted_backward(Node *node)
{
    Planted *op = (Planted *)node;
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++) {
            real *dx = op->x->grad + i * SIDE + j;
            *dx = (op->fault == OVERWRITTEN ? 0 : *dx) + share_of_x(op, i, j);
            op->w->grad[j * SIDE + i] += 3 * op->x->data[i * SIDE + j] * op->y->grad[i * SIDE + j];
        }
    if (op->fault == MEMORY_IN_BACKWARD)
        tape_numbers(op->tape, 1);
}

typedef struct Plan {
    Tensor *x, *w;
    Fault fault;
    GradInput inputs[2];
} Plan;

static Tensor *planted(Tape *tape, void *context)
{
    const Plan *plan = context;
    Planted *op = tape_node(tape, sizeof *op, planted_forward, planted_backward);
    op->tape = tape;
    op->x = plan->x;
    op->w = plan->w;
    op->fault = plan->fault;
    op->y = tape_tensor(tape, SHAPE(SIDE, SIDE));
    tape_run(tape, &op->node);
    return op->y;
}

static Plan plan_of(Fixture *f, Fault fault)
{
    Plan plan = {.fault = fault};
    plan.x = random_tensor(&f->arena, 1, SHAPE(SIDE, SIDE));
    plan.w = random_tensor(&f->arena, 2, SHAPE(SIDE, SIDE));
    plan.inputs[0] = (GradInput){.name = "x", .x = plan.x};
    plan.inputs[1] = (GradInput){.name = "w", .x = plan.w};
    return plan;
}

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

/* y = sin(1000 x) turns round within the usual step. */
static void sine_forward(Node *node)
{
    Planted *op = (Planted *)node;
    op->y->data[0] = sin(1000 * op->x->data[0]);
}

static void sine_backward(Node *node)
{
    Planted *op = (Planted *)node;
    op->x->grad[0] += 1000 * cos(1000 * op->x->data[0]) * op->y->grad[0];
}

static Tensor *sine(Tape *tape, void *context)
{
    Planted *op = tape_node(tape, sizeof *op, sine_forward, sine_backward);
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
    Planted *op = (Planted *)node;
    for (size_t i = 0; i < 2; i++)
        op->y->data[i] = fabs(op->x->data[i]);
}

static void size_backward(Node *node)
{
    Planted *op = (Planted *)node;
    for (size_t i = 0; i < 2; i++)
        op->x->grad[i] += (op->x->data[i] < 0             ? -1
                           : op->fault == ONE_WRONG_ENTRY ? 1.00001
                                                          : 1) *
                          op->y->grad[i];
}

static Tensor *size_of_x(Tape *tape, void *context)
{
    const Plan *plan = context;
    Planted *op = tape_node(tape, sizeof *op, size_forward, size_backward);
    op->x = plan->x;
    op->fault = plan->fault;
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

static void a_result_that_depends_on_the_threads_is_found(void **state)
{
    Plan plan = plan_of(*state, NO_FAULT);
    Error error = {0};
    assert_true(threads_agree(planted, &plan, plan.inputs, 2, &error));
    plan.fault = THREADS_IN_RESULT;
    if (!parallel_available())
        skip();
    assert_false(threads_agree(planted, &plan, plan.inputs, 2, &error));
    assert_contains(error.text, "2 threads");
}

static void memory_that_was_not_measured_is_found(void **state)
{
    Plan plan = plan_of(*state, NO_FAULT);
    Error error = {0};
    assert_true(memory_is_as_measured(planted, &plan, &error));
    plan.fault = MEMORY_IN_FORWARD;
    assert_false(memory_is_as_measured(planted, &plan, &error));
    assert_contains(error.text, "were measured");
    plan.fault = MEMORY_IN_BACKWARD;
    assert_false(memory_is_as_measured(planted, &plan, &error));
    assert_contains(error.text, "backward pass");
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
        fixture_test(a_result_that_depends_on_the_threads_is_found),
        fixture_test(memory_that_was_not_measured_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
