/* test_layer_norm.c: tests of src/autograd/layer_norm.c. */
#include "support/check.h"

#include <math.h>

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

typedef struct Norm {
    Tensor *x, *weight, *bias;
    GradInput inputs[3];
    size_t n_inputs;
} Norm;

/* x [n, width] with a mean and a variance that are not 0 and 1, times `scale`. */
static Norm norm_of(Fixture *f, size_t n, size_t width, bool bias, double scale)
{
    Norm norm = {.n_inputs = bias ? 3 : 2};
    norm.x = random_tensor(&f->arena, 1, SHAPE(n, width));
    for (size_t i = 0; i < n * width; i++)
        norm.x->data[i] = (real)scale * (2 * norm.x->data[i] + (real)0.7);
    norm.weight = random_tensor(&f->arena, 2, SHAPE(width));
    norm.bias = bias ? random_tensor(&f->arena, 3, SHAPE(width)) : NULL;
    norm.inputs[0] = (GradInput){.name = "x", .x = norm.x, .step = scale / 1024};
    norm.inputs[1] = (GradInput){.name = "weight", .x = norm.weight};
    norm.inputs[2] = (GradInput){.name = "bias", .x = norm.bias};
    return norm;
}

static Tensor *normalised(Tape *tape, void *context)
{
    const Norm *norm = context;
    return layer_norm(tape, norm->x, norm->weight, norm->bias);
}

/* 1 ... 5: mean 3, variance (4 + 1 + 0 + 1 + 4) / 5 = 2. */
static void a_row_is_as_computed_by_hand(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){1, 2, 3, 4, 5}, SHAPE(1, 5));
    Tensor *weight = tensor_of(&f->arena, (double[]){1, 1, 1, 1, 10}, SHAPE(5));
    Tensor *bias = tensor_of(&f->arena, (double[]){0, 0, 7, 0, 1}, SHAPE(5));
    const double s = 0.70710501342622366; /* 1 / sqrt(2.00001) */
    const double expected[] = {-2 * s, -s, 7, s, 20 * s + 1};
    assert_numbers_close(layer_norm(&f->tape, x, weight, bias)->data, expected, 5);
}

/* Its variance is 0; what remains of 1/sqrt(1e-5) = 316 is multiplied with 0. */
static void a_constant_row_becomes_the_bias(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){8, 8, 8, 8}, SHAPE(1, 4));
    Tensor *weight = tensor_of(&f->arena, (double[]){1, 2, 3, 4}, SHAPE(4));
    Tensor *bias = tensor_of(&f->arena, (double[]){5, 6, 7, 9}, SHAPE(4));
    const Tensor *y = layer_norm(&f->tape, x, weight, bias);
    for (size_t c = 0; c < 4; c++)
        assert_close(y->data[c], (double)bias->data[c], 0);
}

static void rows_come_out_with_mean_0_and_variance_1(void **state)
{
    Fixture *f = *state;
    enum { N = 20, WIDTH = 77 };
    Norm norm = norm_of(f, N, WIDTH, false, 3);
    for (size_t c = 0; c < WIDTH; c++)
        norm.weight->data[c] = 1;
    const Tensor *y = normalised(&f->tape, &norm);
    for (size_t n = 0; n < N; n++) {
        double sum = 0, squares = 0;
        for (size_t c = 0; c < WIDTH; c++) {
            double number = (double)y->data[n * WIDTH + c];
            sum += number;
            squares += number * number;
        }
        assert_close(sum / WIDTH, 0, REAL_TOLERANCE);
        assert_close(squares / WIDTH, 1, 1e-6 + REAL_TOLERANCE); /* epsilon takes 1e-5 / 36 */
    }
}

/* Everything in plain loops; dx by the chain rule through mean and variance, one at a time. */
static void check_norm(Fixture *f, size_t n_rows, size_t width, bool bias, double scale)
{
    Norm norm = norm_of(f, n_rows, width, bias, scale);
    real *r = random_numbers(&f->arena, n_rows * width, 4);
    double *y = new_doubles(&f->arena, n_rows * width),
           *dx = new_doubles(&f->arena, n_rows * width);
    double *dw = new_doubles(&f->arena, width), *db = new_doubles(&f->arena, width);
    for (size_t n = 0; n < n_rows; n++) {
        const real *x = norm.x->data + n * width;
        double mean = 0, variance = 0, dmean = 0, dvariance = 0;
        for (size_t c = 0; c < width; c++)
            mean += (double)x[c] / (double)width;
        for (size_t c = 0; c < width; c++)
            variance += pow((double)x[c] - mean, 2) / (double)width;
        double s = 1 / sqrt(variance + 1e-5);
        for (size_t c = 0; c < width; c++) {
            double away = (double)x[c] - mean, dy = (double)r[n * width + c];
            double dh = dy * (double)norm.weight->data[c];
            y[n * width + c] = away * s * (double)norm.weight->data[c];
            y[n * width + c] += bias ? (double)norm.bias->data[c] : 0;
            dw[c] += dy * away * s;
            db[c] += dy;
            dmean -= dh * s;
            dvariance -= dh * away * s * s * s / 2;
        }
        for (size_t c = 0; c < width; c++)
            dx[n * width + c] = (double)r[n * width + c] * (double)norm.weight->data[c] * s +
                                (dmean + 2 * dvariance * ((double)x[c] - mean)) / (double)width;
    }
    Tensor *result = normalised(&f->tape, &norm);
    tape_backward(&f->tape, weighted_sum(&f->tape, result, r));
    assert_numbers_close(result->data, y, n_rows * width);
    assert_numbers_close(norm.x->grad, dx, n_rows * width);
    assert_numbers_close(norm.weight->grad, dw, width);
    if (bias)
        assert_numbers_close(norm.bias->grad, db, width);
    tape_reset(&f->tape);
    arena_reset(&f->arena);
}

static void rows_of_all_sizes_are_as_in_plain_loops(void **state)
{
    const size_t widths[] = {3, 7, 16, 33, 64, 128, 129, 384};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        check_norm(*state, 9, widths[i], true, 1);
        check_norm(*state, 1, widths[i], false, 1);
        check_norm(*state, 3, widths[i], true, 1e-3); /* a variance of the size of epsilon */
    }
    check_norm(*state, 301, 65, true, 1); /* three ranges of rows, five of columns */
}

static void the_gradients_agree_with_differences(void **state)
{
    Norm norm = norm_of(*state, 4, 7, true, 1), small = norm_of(*state, 4, 7, true, 1e-3);
    assert_gradients(normalised, &norm, norm.inputs, norm.n_inputs);
    assert_gradients(normalised, &small, small.inputs, small.n_inputs);
}

static void the_gradients_agree_with_differences_without_bias(void **state)
{
    Norm norm = norm_of(*state, 3, 10, false, 1);
    assert_gradients(normalised, &norm, norm.inputs, norm.n_inputs);
}

/* One channel is its own mean: it comes out as the bias, and x has no part in it. */
static void a_single_channel_has_no_gradient(void **state)
{
    Norm norm = norm_of(*state, 4, 1, true, 1);
    norm.inputs[0].vanishes = norm.inputs[1].vanishes = true;
    assert_gradients(normalised, &norm, norm.inputs, norm.n_inputs);
}

static void others_get_theirs_where_one_is_a_constant(void **state)
{
    Fixture *f = *state;
    Norm norm = norm_of(f, 4, 7, true, 1);
    real *r = random_numbers(&f->arena, 28, 1);
    for (size_t i = 0; i < 3; i++) {
        norm.inputs[i].x->grad = NULL;
        for (size_t other = i + 1; other < 3; other++)
            norm.inputs[other].x->grad[0] = 0;
        tape_reset(&f->tape);
        tape_backward(&f->tape, weighted_sum(&f->tape, normalised(&f->tape, &norm), r));
        for (size_t other = i + 1; other < 3; other++)
            assert_true(norm.inputs[other].x->grad[0] != 0);
    }
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Norm norm = norm_of(*state, 300, 131, true, 1);
    assert_tape_rules(normalised, &norm, norm.inputs, norm.n_inputs);
    assert_first_shares_are_set(normalised, &norm, norm.inputs, norm.n_inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_row_is_as_computed_by_hand),
        fixture_test(a_constant_row_becomes_the_bias),
        fixture_test(rows_come_out_with_mean_0_and_variance_1),
        fixture_test(rows_of_all_sizes_are_as_in_plain_loops),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(the_gradients_agree_with_differences_without_bias),
        fixture_test(a_single_channel_has_no_gradient),
        fixture_test(others_get_theirs_where_one_is_a_constant),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
