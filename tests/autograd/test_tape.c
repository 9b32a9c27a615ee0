/* test_tape.c: tests of src/autograd/tape.c: in which order operations run, and that gradients come
 * to where they belong. Its memory is in test_tape_memory.c. */
#include "support/check.h"

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/square.h"

static void forward_runs_at_once_and_backward_from_the_end(void **state)
{
    Fixture *f = *state;
    char log[32] = "";
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    Tensor *a = logged_square(&f->tape, x, log, 'a');
    assert_string_equal(log, "fa");
    assert_close(a->data[0], 9, 0);
    Tensor *b = logged_square(&f->tape, a, log, 'b');
    Tensor *c = logged_square(&f->tape, b, log, 'c');
    assert_string_equal(log, "fafbfc");
    tape_backward(&f->tape, c);
    assert_string_equal(log, "fafbfcbcbbba");
    assert_close(c->data[0], 6561, 0);        /* 3^8 */
    assert_close(x->grad[0], 8 * 2187, 1e-2); /* 8 * 3^7 */
}

/* x^2 + x^4, of which the second term goes through the first. */
static void a_tensor_that_is_used_twice_collects_both_gradients(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    Tensor *y = square(&f->tape, x);
    Tensor *loss = add(&f->tape, y, square(&f->tape, y));
    tape_backward(&f->tape, loss);
    assert_close(loss->data[0], 9 + 81, 0);
    assert_close(x->grad[0], 6 + 108, 0);
}

static void what_is_not_on_the_way_to_the_loss_gets_no_gradient(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    Tensor *aside = square(&f->tape, x);
    square(&f->tape, aside);
    tape_backward(&f->tape, square(&f->tape, x));
    assert_null(aside->grad);
    assert_close(x->grad[0], 6, 0);
}

static void what_was_recorded_after_the_loss_adds_nothing(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    Tensor *loss = square(&f->tape, x);
    square(&f->tape, loss);
    tape_backward(&f->tape, loss);
    assert_close(x->grad[0], 6, 0);
}

static void two_backward_passes_add_up(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    for (int pass = 1; pass <= 3; pass++) {
        tape_reset(&f->tape);
        tape_backward(&f->tape, square(&f->tape, x));
        assert_close(x->grad[0], 6 * pass, 0);
    }
}

static void a_reset_forgets_every_node(void **state)
{
    Fixture *f = *state;
    char log[32] = "";
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    logged_square(&f->tape, x, log, 'a');
    tape_reset(&f->tape);
    assert_null(f->tape.last);
    assert_int_equal(f->tape.numbers.used, 0);
    assert_int_equal(f->tape.nodes.used, 0);
    tape_backward(&f->tape, square(&f->tape, x));
    assert_string_equal(log, "fa");
}

static void after_a_backward_pass_no_tensor_of_the_tape_has_a_gradient(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    Tensor *y = square(&f->tape, x), *loss = square(&f->tape, y);
    tape_backward(&f->tape, loss);
    assert_null(y->grad);
    assert_null(loss->grad);
    assert_close(x->grad[0], 4 * 27, 0);
}

/* y + y: the first share must not be overwritten by the second. */
static void a_node_may_read_a_tensor_twice(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    Tensor *y = square(&f->tape, x);
    tape_backward(&f->tape, add(&f->tape, y, y));
    assert_close(x->grad[0], 12, 0);
    tape_reset(&f->tape);
    y = square(&f->tape, x);
    tape_backward(&f->tape, add(&f->tape, y, tape_reshape(&f->tape, y, SHAPE(1))));
    assert_close(x->grad[0], 24, 0);
}

/* Gradients of one size take turns in the same memory, which is full of the last one. */
static void a_gradient_in_used_memory_starts_anew(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){1}, SHAPE(1));
    tape_backward(&f->tape, squares(&f->tape, x, 10));
    assert_close(x->grad[0], 1024, 0);
}

/* An operation with two outputs: y = x^2 and z = x^3, dx += 2 x dy + 3 x^2 dz. */
typedef struct Powers {
    Node node;
    Tensor *x, *y, *z;
} Powers;

static void powers_forward(Node *node)
{
    Powers *op = (Powers *)node;
    real x = op->x->data[0];
    op->y->data[0] = x * x;
    op->z->data[0] = x * x * x;
}

static void powers_backward(Node *node)
{
    Powers *op = (Powers *)node;
    real x = op->x->data[0];
    op->x->grad[0] += 2 * x * op->y->grad[0] + 3 * x * x * op->z->grad[0];
}

static Powers *powers(Tape *tape, Tensor *x)
{
    Powers *op = tape_node(tape, sizeof *op, powers_forward, powers_backward);
    op->x = tape_input(tape, x);
    op->y = tape_tensor_like(tape, x);
    op->z = tape_tensor_like(tape, x);
    tape_run(tape, &op->node);
    return op;
}

/* In memory that other numbers have used. */
static void an_output_that_nobody_reads_has_a_gradient_of_zero(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
    for (int reads_z = 0; reads_z < 2; reads_z++) {
        tape_backward(&f->tape, squares(&f->tape, x, 3));
        tape_reset(&f->tape);
        x->grad[0] = 0;
        Powers *op = powers(&f->tape, x);
        tape_backward(&f->tape, square(&f->tape, reads_z ? op->z : op->y));
        assert_close(x->grad[0], reads_z ? 6 * 243 : 4 * 27, 0); /* of x^6, of x^4 */
        tape_reset(&f->tape);
    }
}

/* x = 2 x, in its place. */
typedef struct DoubleOver {
    Node node;
    Tensor *x;
} DoubleOver;

static void double_over_forward(Node *node)
{
    Tensor *x = ((DoubleOver *)node)->x;
    for (size_t i = 0; i < tensor_size(x); i++)
        x->data[i] *= 2;
}

static void double_over_backward(Node *node)
{
    Tensor *x = ((DoubleOver *)node)->x;
    for (size_t i = 0; i < tensor_size(x); i++)
        x->grad[i] *= 2;
}

static Tensor *double_over(Tape *tape, Tensor *x)
{
    DoubleOver *op = tape_node(tape, sizeof *op, double_over_forward, double_over_backward);
    Tensor *y = tape_over(tape, x);
    op->x = x;
    tape_run(tape, &op->node);
    return y;
}

/* d (2 s)^2 / ds = 8 s, and a reader that came before adds its own share; s = x^2 + x^2. */
static void what_takes_the_place_of_its_input_hands_its_gradient_on(void **state)
{
    Fixture *f = *state;
    for (int reader = 0; reader < 2; reader++) {
        Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1));
        Tensor *xx = square(&f->tape, x);
        Tensor *s = add(&f->tape, xx, xx);
        Tensor *before = add(&f->tape, s, s);
        Tensor *y = double_over(&f->tape, s);
        assert_ptr_equal(y->data, s->data);
        assert_close(y->data[0], 36, 0);
        Tensor *loss = square(&f->tape, y);
        tape_backward(&f->tape, reader ? add(&f->tape, loss, before) : loss);
        assert_close(x->grad[0], (8 * 18 + 2 * reader) * 4 * 3, 0);
        assert_null(y->grad);
        assert_null(s->grad);
        tape_reset(&f->tape);
    }
}

static Tensor *reshaped(Tape *tape, void *context)
{
    return square(tape, tape_reshape(tape, square(tape, context), SHAPE(6, 2)));
}

static void gradients_flow_through_a_chain_and_a_reshape(void **state)
{
    Fixture *f = *state;
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(3, 4));
    GradInput inputs[] = {{.name = "x", .x = x}};
    assert_gradients(reshaped, x, inputs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(forward_runs_at_once_and_backward_from_the_end),
        fixture_test(a_tensor_that_is_used_twice_collects_both_gradients),
        fixture_test(what_is_not_on_the_way_to_the_loss_gets_no_gradient),
        fixture_test(what_was_recorded_after_the_loss_adds_nothing),
        fixture_test(two_backward_passes_add_up),
        fixture_test(a_reset_forgets_every_node),
        fixture_test(after_a_backward_pass_no_tensor_of_the_tape_has_a_gradient),
        fixture_test(a_node_may_read_a_tensor_twice),
        fixture_test(a_gradient_in_used_memory_starts_anew),
        fixture_test(an_output_that_nobody_reads_has_a_gradient_of_zero),
        fixture_test(what_takes_the_place_of_its_input_hands_its_gradient_on),
        fixture_test(gradients_flow_through_a_chain_and_a_reshape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
