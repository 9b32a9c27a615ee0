/* test_dropout.c: tests of src/autograd/dropout.c. Seeds are fixed, so a bound that holds once
 * holds always; the bounds are five standard deviations of what is estimated. */
#include "support/check.h"

#include <math.h>

#include "autograd/ops.h"
#include "math/parallel.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

enum { MANY = 400000 };

typedef struct Drop {
    Tensor *x;
    double rate;
    RandomKey key;
} Drop;

static Tensor *dropped(Tape *tape, void *context)
{
    const Drop *d = context;
    return dropout(tape, d->x, d->rate, d->key);
}

/* The factors themselves: what becomes of ones. */
static const real *factors_of(Fixture *f, size_t n, double rate, uint64_t seed)
{
    Tensor *x = new_tensor(&f->arena, SHAPE(n));
    for (size_t i = 0; i < n; i++)
        x->data[i] = 1;
    return dropout(&f->tape, x, rate, random_seed(seed))->data;
}

static void rate_0_and_a_tape_without_gradients_change_nothing(void **state)
{
    Fixture *f = *state;
    Tape tape;
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(3, 4));
    assert_ptr_equal(dropout(&f->tape, x, 0, random_seed(1)), x);
    assert_true(tape_init(&tape, false, NULL));
    assert_ptr_equal(dropout(&tape, x, 0.5, random_seed(1)), x);
    tape_free(&tape);
}

static void a_number_is_dropped_or_scaled_forward_and_backward(void **state)
{
    Fixture *f = *state;
    enum { N = 7 * 11 * 301 }; /* three ranges */
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(7, 11, 301));
    const real *r = random_numbers(&f->arena, N, 2);
    Tensor *y = dropout(&f->tape, x, 0.2, random_seed(3));
    assert_int_equal(y->rank, 3);
    tape_backward(&f->tape, weighted_sum(&f->tape, y, r));
    size_t n_dropped = 0;
    for (size_t i = 0; i < N; i++) {
        bool is_dropped = y->data[i] == 0;
        n_dropped += is_dropped;
        assert_close(y->data[i], is_dropped ? 0 : 1.25 * (double)x->data[i], 1e-6);
        assert_close(x->grad[i], is_dropped ? 0 : 1.25 * (double)r[i], 1e-6);
    }
    assert_in_range(n_dropped, 1, N / 2);
}

/* The number dropped of n has the mean n r and the variance n r (1 - r). That of pairs in which
 * both are dropped is n r^2, if neighbours know nothing of each other: neither the two that share a
 * draw of 64 bits, nor the two of neighbouring draws, nor those of neighbouring chunks. */
static void the_rate_is_right_and_neighbours_are_independent(void **state)
{
    Fixture *f = *state;
    const double rates[] = {0.001, 0.1, 0.2, 0.5, 0.9};
    const size_t distances[] = {1, 2, 3, 128, 256, 512};
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        double rate = rates[i], squared = rate * rate, n_dropped = 0;
        const real *factors = factors_of(f, MANY, rate, i);
        for (size_t n = 0; n < MANY; n++)
            n_dropped += factors[n] == 0;
        assert_close(n_dropped / MANY, rate, 5 * sqrt(rate * (1 - rate) / MANY));
        for (size_t d = 0; d < COUNT_OF(distances); d++)
            for (size_t half = 0; half < 2; half++) {
                size_t n_pairs = (MANY - distances[d]) / 2;
                double both = 0;
                for (size_t n = 0; n < n_pairs; n++)
                    both += factors[2 * n + half] == 0 && factors[2 * n + half + distances[d]] == 0;
                double deviation = sqrt(squared * (1 - squared) / (double)n_pairs);
                assert_close(both / (double)n_pairs, squared, 5 * deviation);
            }
        tape_reset(&f->tape);
        arena_reset(&f->arena);
    }
}

static void the_mean_stays(void **state)
{
    Fixture *f = *state;
    const double rates[] = {0.1, 0.5, 0.75};
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        double sum = 0, rate = rates[i];
        const real *factors = factors_of(f, MANY, rate, 7);
        for (size_t n = 0; n < MANY; n++)
            sum += (double)factors[n];
        assert_close(sum / MANY, 1, 5 * sqrt(rate / (1 - rate) / MANY));
    }
}

static void extreme_rates_are_rates_too(void **state)
{
    Fixture *f = *state;
    const real *almost_none = factors_of(f, 1000, 1e-12, 1);
    const real *almost_all = factors_of(f, 1000, 1 - 1e-12, 1);
    for (size_t i = 0; i < 1000; i++) {
        assert_close(almost_none[i], 1, 1e-6);
        assert_close(almost_all[i], 0, 0);
    }
}

static void the_mask_depends_on_key_and_place_alone(void **state)
{
    Fixture *f = *state;
    enum { N = 30030 };
    parallel_set_threads(1);
    const real *factors = factors_of(f, N, 0.3, 1);
    Tensor *x = new_tensor(&f->arena, SHAPE(2, 3, 5005));
    for (size_t i = 0; i < N; i++)
        x->data[i] = 1;
    for (size_t threads = 1; threads <= 3; threads++) {
        parallel_set_threads(threads);
        const Tensor *y = dropout(&f->tape, x, 0.3, random_seed(1));
        assert_same_bits(y->data, factors, N);
    }
    const size_t shorter[] = {1, 255, 256, 257, 1000, 30029};
    for (size_t i = 0; i < COUNT_OF(shorter); i++)
        assert_same_bits(factors_of(f, shorter[i], 0.3, 1), factors, shorter[i]);
}

static void another_key_is_another_mask(void **state)
{
    Fixture *f = *state;
    enum { N = 10000 };
    const real *a = factors_of(f, N, 0.5, 1), *b = factors_of(f, N, 0.5, 2);
    size_t n_different = 0;
    for (size_t i = 0; i < N; i++)
        n_different += a[i] != b[i];
    assert_close((double)n_different / N, 0.5, 5 * sqrt(0.25 / N));
}

/* Of a rate, and of a row's length: attention draws a row as far as its query sees. */
static void the_factors_of_a_row_begin_those_of_a_longer_one(void **state)
{
    (void)state;
    real row[64], longer[64];
    dropout_factors(longer, 64, 0.4, random_seed(1));
    for (size_t n = 0; n < 64; n++) {
        row[n] = 7;
        dropout_factors(row, n, 0.4, random_seed(1));
        assert_same_bits(row, longer, n);
        assert_close(row[n], 7, 0);
    }
}

static void what_is_dropped_at_a_rate_is_dropped_at_a_higher_one(void **state)
{
    Fixture *f = *state;
    const real *lower = factors_of(f, 10000, 0.3, 1), *higher = factors_of(f, 10000, 0.4, 1);
    for (size_t i = 0; i < 10000; i++)
        assert_true(lower[i] > 0 || higher[i] == 0);
}

static void the_gradient_agrees_with_differences(void **state)
{
    Fixture *f = *state;
    Drop d = {random_tensor(&f->arena, 1, SHAPE(3, 90)), 0.3, random_seed(1)};
    GradInput inputs[] = {{.name = "x", .x = d.x}};
    assert_gradients(dropped, &d, inputs, 1);
}

static void a_constant_gets_no_gradient(void **state)
{
    Fixture *f = *state;
    Drop d = {random_tensor(&f->arena, 1, SHAPE(2)), 0.3, random_seed(1)};
    d.x->grad = NULL;
    tape_backward(&f->tape, weighted_sum(&f->tape, dropped(&f->tape, &d), (real[]){1, 1}));
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Fixture *f = *state;
    Drop d = {random_tensor(&f->arena, 1, SHAPE(3, 30001)), 0.3, random_seed(1)};
    GradInput inputs[] = {{.name = "x", .x = d.x}};
    assert_tape_rules(dropped, &d, inputs, 1);
    assert_first_shares_are_set(dropped, &d, inputs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(rate_0_and_a_tape_without_gradients_change_nothing),
        fixture_test(a_number_is_dropped_or_scaled_forward_and_backward),
        fixture_test(the_rate_is_right_and_neighbours_are_independent),
        fixture_test(the_mean_stays),
        fixture_test(extreme_rates_are_rates_too),
        fixture_test(the_mask_depends_on_key_and_place_alone),
        fixture_test(another_key_is_another_mask),
        fixture_test(the_factors_of_a_row_begin_those_of_a_longer_one),
        fixture_test(what_is_dropped_at_a_rate_is_dropped_at_a_higher_one),
        fixture_test(the_gradient_agrees_with_differences),
        fixture_test(a_constant_gets_no_gradient),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
