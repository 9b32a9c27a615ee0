/* test_cross_entropy.c: tests of src/autograd/cross_entropy.c. */
#include "support/check.h"

#include <math.h>

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

typedef struct Guess {
    Tensor *logits;
    const int *targets;
} Guess;

static Tensor *guess_loss(Tape *tape, void *context)
{
    const Guess *g = context;
    return cross_entropy(tape, g->logits, g->targets, NULL);
}

/* Every third target is left out; all of the others appear. */
static Guess guess_of(Fixture *f, size_t n_rows, size_t width)
{
    int *targets = arena_alloc(&f->arena, n_rows, sizeof *targets);
    assert_non_null(targets);
    for (size_t n = 0; n < n_rows; n++)
        targets[n] = n % 3 == 1 ? -1 : (int)(7 * n % width);
    return (Guess){random_tensor(&f->arena, 1, SHAPE(n_rows, width)), targets};
}

/* Logits 0 and ln 3 are probabilities 1/4 and 3/4. */
static void a_small_case_is_as_computed_by_hand(void **state)
{
    Fixture *f = *state;
    const double ln3 = log(3);
    Tensor *x = tensor_of(&f->arena, (double[]){0, ln3, 5, 5 + ln3, 0, 0}, SHAPE(3, 2));
    const int targets[] = {0, 1, 1};
    real *losses;
    Tensor *loss = cross_entropy(&f->tape, x, targets, &losses);
    const double expected_losses[] = {log(4), log(4.0 / 3), log(2)};
    assert_int_equal(tensor_size(loss), 1);
    assert_numbers_close(losses, expected_losses, 3);
    assert_close(loss->data[0], (log(4) + log(4.0 / 3) + log(2)) / 3, REAL_TOLERANCE);
    tape_backward(&f->tape, loss);
    const double gradient[] = {-0.75 / 3, 0.75 / 3, 0.25 / 3, -0.25 / 3, 0.5 / 3, -0.5 / 3};
    assert_numbers_close(x->grad, gradient, 6);
}

static void a_model_that_knows_nothing_loses_the_logarithm_of_v(void **state)
{
    Fixture *f = *state;
    const int targets[] = {0, 64, 33, 1};
    Tensor *x = new_tensor(&f->arena, SHAPE(2, 2, 65));
    for (size_t i = 0; i < tensor_size(x); i++)
        x->data[i] = (real)-3.5;
    assert_close(cross_entropy(&f->tape, x, targets, NULL)->data[0], log(65), REAL_TOLERANCE);
}

static void rows_of_all_sizes_are_as_in_plain_loops(void **state)
{
    Fixture *f = *state;
    const size_t shapes[][2] = {{1, 1}, {5, 2}, {7, 65}, {64, 65}, {200, 33}, {9, 257}, {300, 100}};
    for (size_t s = 0; s < COUNT_OF(shapes); s++) {
        size_t n_rows = shapes[s][0], width = shapes[s][1], n_asked = 0;
        Guess g = guess_of(f, n_rows, width);
        for (size_t n = 0; n < n_rows; n++)
            n_asked += g.targets[n] >= 0;
        double *losses = new_doubles(&f->arena, n_rows), mean = 0;
        double *gradient = new_doubles(&f->arena, n_rows * width);
        for (size_t n = 0; n < n_rows; n++) {
            const real *x = g.logits->data + n * width;
            double sum = 0;
            if (g.targets[n] < 0)
                continue;
            for (size_t v = 0; v < width; v++)
                sum += exp((double)x[v]);
            losses[n] = -log(exp((double)x[g.targets[n]]) / sum);
            mean += losses[n] / (double)n_asked;
            for (size_t v = 0; v < width; v++)
                gradient[n * width + v] =
                    (exp((double)x[v]) / sum - ((int)v == g.targets[n])) / (double)n_asked;
        }
        real *result;
        Tensor *loss = cross_entropy(&f->tape, g.logits, g.targets, &result);
        tape_backward(&f->tape, loss);
        assert_close(loss->data[0], mean, REAL_TOLERANCE * (1 + mean));
        if (width > 1) { /* otherwise everything is 0 to rounding */
            assert_numbers_close(result, losses, n_rows);
            assert_numbers_close(g.logits->grad, gradient, n_rows * width);
        }
        tape_reset(&f->tape);
    }
}

static void negative_targets_ask_nothing(void **state)
{
    Fixture *f = *state;
    const int targets[] = {1, -1, 2, -100};
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(4, 3)), *two = new_tensor(&f->arena, SHAPE(2, 3));
    for (size_t v = 0; v < 3; v++) {
        two->data[v] = x->data[v];
        two->data[3 + v] = x->data[6 + v];
        x->data[3 + v] = (real)NAN; /* nobody looks at it */
    }
    real *losses;
    Tensor *loss = cross_entropy(&f->tape, x, targets, &losses);
    Tensor *expected = cross_entropy(&f->tape, two, (int[]){1, 2}, NULL);
    assert_same_bits(loss->data, expected->data, 1);
    assert_true(losses[0] > 0 && losses[1] == 0 && losses[2] > 0 && losses[3] == 0);
    tape_backward(&f->tape, loss);
    assert_true(x->grad[0] != 0 && x->grad[6] != 0);
    for (size_t v = 0; v < 3; v++)
        assert_true(x->grad[3 + v] == 0 && x->grad[9 + v] == 0);
}

static void where_nothing_is_asked_the_loss_is_zero(void **state)
{
    Fixture *f = *state;
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(2, 3));
    Tensor *loss = cross_entropy(&f->tape, x, (int[]){-1, -1}, NULL);
    tape_backward(&f->tape, loss);
    assert_close(loss->data[0], 0, 0);
    for (size_t i = 0; i < 6; i++)
        assert_close(x->grad[i], 0, 0);
}

/* exp(10000) has no double. What counts is the distance from the largest. */
static void huge_logits_do_not_overflow(void **state)
{
    Fixture *f = *state;
    Tensor *x = tensor_of(&f->arena, (double[]){1e4, 1e4 - 20, -1e4, -1e4 - 2}, SHAPE(2, 2));
    real *losses;
    Tensor *loss = cross_entropy(&f->tape, x, (int[]){1, 0}, &losses);
    assert_close(losses[0], 20 + log(1 + exp(-20)), 20 * REAL_TOLERANCE);
    assert_close(losses[1], log(1 + exp(-2)), 1e4 * REAL_TOLERANCE / 100);
    tape_backward(&f->tape, loss);
    assert_close(x->grad[0], 0.5, 1e-3);
    assert_close(x->grad[2], -0.5 / (1 + exp(2)), 1e-3);
}

static void a_logit_that_is_not_a_number_makes_the_loss_none(void **state)
{
    Fixture *f = *state;
    for (size_t place = 0; place < 6; place++) {
        Tensor *x = random_tensor(&f->arena, 1, SHAPE(2, 3));
        x->data[place] = (real)NAN;
        Tensor *loss = cross_entropy(&f->tape, x, (int[]){0, 2}, NULL);
        tape_backward(&f->tape, loss);
        assert_true(isnan(loss->data[0]));
        assert_true(isnan(x->grad[place]) && isfinite(x->grad[5 - place]));
        tape_reset(&f->tape);
    }
}

static void the_gradient_agrees_with_differences(void **state)
{
    Guess g = guess_of(*state, 8, 11);
    GradInput inputs[] = {{.name = "logits", .x = g.logits}};
    assert_gradients(guess_loss, &g, inputs, 1);
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Guess g = guess_of(*state, 1000, 65);
    GradInput inputs[] = {{.name = "logits", .x = g.logits}};
    assert_tape_rules(guess_loss, &g, inputs, 1);
    assert_first_shares_are_set(guess_loss, &g, inputs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_small_case_is_as_computed_by_hand),
        fixture_test(a_model_that_knows_nothing_loses_the_logarithm_of_v),
        fixture_test(rows_of_all_sizes_are_as_in_plain_loops),
        fixture_test(negative_targets_ask_nothing),
        fixture_test(where_nothing_is_asked_the_loss_is_zero),
        fixture_test(huge_logits_do_not_overflow),
        fixture_test(a_logit_that_is_not_a_number_makes_the_loss_none),
        fixture_test(the_gradient_agrees_with_differences),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
