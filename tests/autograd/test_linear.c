/* test_linear.c: tests of src/autograd/linear.c. */
#include "support/check.h"

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

typedef struct Layer {
    Tensor *x, *weight, *bias;
    GradInput inputs[3];
    size_t n_inputs;
} Layer;

/* x [B, T, C] of B T = n rows. */
static Layer layer_of(Fixture *f, size_t n, size_t in, size_t out, bool bias)
{
    Layer l = {.n_inputs = bias ? 3 : 2};
    l.x = random_tensor(&f->arena, 1, SHAPE(1, n, in));
    l.weight = random_tensor(&f->arena, 2, SHAPE(out, in));
    l.bias = bias ? random_tensor(&f->arena, 3, SHAPE(out)) : NULL;
    l.inputs[0] = (GradInput){.name = "x", .x = l.x};
    l.inputs[1] = (GradInput){.name = "weight", .x = l.weight};
    l.inputs[2] = (GradInput){.name = "bias", .x = l.bias};
    return l;
}

static Tensor *layer(Tape *tape, void *context)
{
    const Layer *l = context;
    return linear(tape, l->x, l->weight, l->bias);
}

static void a_small_layer_is_as_computed_by_hand(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){1, 2, 3, 4, 5, 6}, SHAPE(2, 3));
    Tensor *weight = tensor_of(&f->arena, (double[]){1, 0, -1, 2, 1, 0}, SHAPE(2, 3));
    Tensor *bias = tensor_of(&f->arena, (double[]){10, 20}, SHAPE(2));
    const real r[] = {1, 10, 100, 1000};
    Tensor *y = linear(&f->tape, x, weight, bias);
    assert_int_equal(y->rank, 2);
    const double expected[] = {10 - 2, 20 + 4, 10 - 2, 20 + 13};
    for (size_t i = 0; i < 4; i++)
        assert_close(y->data[i], expected[i], 0);
    tape_backward(&f->tape, weighted_sum(&f->tape, y, r));
    const double dx[] = {1 + 20, 10, -1, 100 + 2000, 1000, -100};
    const double dweight[] = {1 + 400, 2 + 500, 3 + 600, 10 + 4000, 20 + 5000, 30 + 6000};
    for (size_t i = 0; i < 6; i++) {
        assert_close(x->grad[i], dx[i], 0);
        assert_close(weight->grad[i], dweight[i], 0);
    }
    assert_close(bias->grad[0], 101, 0);
    assert_close(bias->grad[1], 1010, 0);
}

static void the_leading_dimensions_are_kept(void **state)
{
    Fixture *f = *state;
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(2, 3, 4, 5));
    const Tensor *y = linear(&f->tape, x, random_tensor(&f->arena, 2, SHAPE(7, 5)), NULL);
    assert_int_equal(y->rank, 4);
    assert_memory_equal(y->shape, ((size_t[]){2, 3, 4, 7}), 4 * sizeof(size_t));
}

/* Everything, in plain loops. */
static void check_layer(Fixture *f, size_t n_rows, size_t in, size_t out, bool bias)
{
    Layer l = layer_of(f, n_rows, in, out, bias);
    real *r = random_numbers(&f->arena, n_rows * out, 4);
    double *y = new_doubles(&f->arena, n_rows * out), *db = new_doubles(&f->arena, out);
    double *dx = new_doubles(&f->arena, n_rows * in), *dw = new_doubles(&f->arena, out * in);
    for (size_t n = 0; n < n_rows; n++)
        for (size_t o = 0; o < out; o++) {
            double dy = (double)r[n * out + o];
            y[n * out + o] = bias ? (double)l.bias->data[o] : 0;
            db[o] += dy;
            for (size_t c = 0; c < in; c++) {
                double x = (double)l.x->data[n * in + c], w = (double)l.weight->data[o * in + c];
                y[n * out + o] += x * w;
                dx[n * in + c] += dy * w;
                dw[o * in + c] += dy * x;
            }
        }
    Tensor *result = layer(&f->tape, &l);
    tape_backward(&f->tape, weighted_sum(&f->tape, result, r));
    assert_numbers_close(result->data, y, n_rows * out);
    assert_numbers_close(l.x->grad, dx, n_rows * in);
    assert_numbers_close(l.weight->grad, dw, out * in);
    if (bias)
        assert_numbers_close(l.bias->grad, db, out);
    tape_reset(&f->tape);
    arena_reset(&f->arena);
}

static void layers_of_all_sizes_are_as_in_plain_loops(void **state)
{
    const size_t sizes[][3] = {{1, 1, 1},     {1, 65, 1},     {3, 1, 7},
                               {5, 7, 3},     {13, 17, 19},   {40, 33, 129},
                               {64, 128, 65}, {300, 48, 144}, {70, 260, 50}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (int bias = 0; bias < 2; bias++)
            check_layer(*state, sizes[i][0], sizes[i][1], sizes[i][2], bias == 1);
}

static void the_gradients_agree_with_differences(void **state)
{
    Layer l = layer_of(*state, 5, 7, 3, true);
    assert_gradients(layer, &l, l.inputs, l.n_inputs);
}

static void the_gradients_agree_with_differences_without_bias(void **state)
{
    Layer l = layer_of(*state, 4, 3, 9, false);
    assert_gradients(layer, &l, l.inputs, l.n_inputs);
}

static void others_get_theirs_where_one_is_a_constant(void **state)
{
    Fixture *f = *state;
    Layer l = layer_of(f, 5, 7, 3, true);
    const real *r = random_numbers(&f->arena, 15, 1);
    for (size_t i = 0; i < 3; i++) {
        l.inputs[i].x->grad = NULL;
        for (size_t other = i + 1; other < 3; other++)
            l.inputs[other].x->grad[0] = 0;
        tape_reset(&f->tape);
        tape_backward(&f->tape, weighted_sum(&f->tape, layer(&f->tape, &l), r));
        for (size_t other = i + 1; other < 3; other++)
            assert_true(l.inputs[other].x->grad[0] != 0);
    }
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Layer l = layer_of(*state, 203, 67, 139, true);
    assert_tape_rules(layer, &l, l.inputs, l.n_inputs);
    assert_first_shares_are_set(layer, &l, l.inputs, l.n_inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_small_layer_is_as_computed_by_hand),
        fixture_test(the_leading_dimensions_are_kept),
        fixture_test(layers_of_all_sizes_are_as_in_plain_loops),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(the_gradients_agree_with_differences_without_bias),
        fixture_test(others_get_theirs_where_one_is_a_constant),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
