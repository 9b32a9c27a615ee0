/* test_rows.c: tests of src/math/rows.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "math/rows.h"
#include "support/fixtures.h"

enum { MAX_N = 200 }; /* several times what a loop takes at once, and all that can be left over */

static const real not_a_number = (real)NAN, infinite = (real)INFINITY;

/* The ends of row_exp's range, and its error there. */
#ifdef REAL_IS_DOUBLE
static const real exp_lowest = -700, exp_highest = 700;
#else
static const real exp_lowest = -87, exp_highest = 88;
#endif

static real exp_of(real x)
{
    real y;
    row_exp(&y, &x, 0, 1);
    return y;
}

static void sums_and_dots_are_right_for_every_length(void **state)
{
    Fixture *f = *state;
    const real *x = random_numbers(&f->arena, MAX_N, 1), *y = random_numbers(&f->arena, MAX_N, 2);
    double sum = 0, dot = 0, size = 0;
    for (size_t n = 0; n <= MAX_N; n++) {
        assert_close(row_sum(x, n), sum, REAL_TOLERANCE * size);
        assert_close(row_dot(x, y, n), dot, REAL_TOLERANCE * size);
        if (n == MAX_N)
            break;
        sum += (double)x[n];
        dot += (double)x[n] * (double)y[n];
        size += fabs((double)x[n]);
    }
}

/* The order of a sum depends on its length alone, not on the address. */
static void a_sum_has_the_same_bits_at_every_address(void **state)
{
    Fixture *f = *state;
    const real *x = random_numbers(&f->arena, MAX_N, 1), *y = random_numbers(&f->arena, MAX_N, 2);
    real *moved = random_numbers(&f->arena, MAX_N + 16, 3);
    for (size_t n = 0; n <= MAX_N; n++)
        for (size_t shift = 0; shift < 16; shift++) {
            memcpy(moved + shift, x, n * sizeof *x);
            assert_true(row_sum(moved + shift, n) == row_sum(x, n));
            assert_true(row_dot(moved + shift, y, n) == row_dot(x, y, n));
        }
}

static void the_maximum_is_found_at_every_place(void **state)
{
    Fixture *f = *state;
    for (size_t n = 1; n <= 70; n++)
        for (size_t place = 0; place < n; place++) {
            real *x = random_numbers(&f->arena, n, n);
            assert_true(row_max(x, n) < 100);
            x[place] = 100;
            assert_true(row_max(x, n) == 100);
            x[place] = infinite;
            assert_true(row_max(x, n) == infinite);
            arena_reset(&f->arena);
        }
    real lowest[40];
    for (size_t n = 1; n <= 40; n++) {
        lowest[n - 1] = -infinite;
        assert_true(row_max(lowest, n) == -infinite);
    }
}

static void a_nan_anywhere_is_a_nan_in_the_result(void **state)
{
    Fixture *f = *state;
    for (size_t n = 1; n <= 70; n++)
        for (size_t place = 0; place < n; place++) {
            real *x = random_numbers(&f->arena, n, n), *y = random_numbers(&f->arena, n, 2);
            x[place] = not_a_number;
            x[(place + 1) % n] = n > 1 ? infinite : not_a_number;
            assert_true(isnan(row_max(x, n)));
            assert_true(isnan(row_sum(x, n)));
            assert_true(isnan(row_dot(x, y, n)) && isnan(row_dot(y, x, n)));
            row_exp(y, x, 0, n);
            assert_true(isnan(y[place]));
            memcpy(y, x, n * sizeof *x);
            row_tanh(y, n);
            assert_true(isnan(y[place]));
            assert_true(isnan(row_softmax(x, n)) && isnan(x[place]));
            arena_reset(&f->arena);
        }
}

static void rows_are_added_and_scaled_within_their_bounds(void **state)
{
    Fixture *f = *state;
    for (size_t n = 0; n <= 70; n++) {
        const real *x = random_numbers(&f->arena, n, 1), *old = random_numbers(&f->arena, n + 1, 2);
        real *sum = random_numbers(&f->arena, n + 1, 2),
             *scaled = random_numbers(&f->arena, n + 1, 2);
        real *both = random_numbers(&f->arena, n + 1, 2);
        row_add(sum, x, n);
        row_scale(scaled, 3, n);
        row_add_scaled(both, -2, x, n);
        for (size_t i = 0; i < n; i++) {
            assert_true(sum[i] == old[i] + x[i]);
            assert_true(scaled[i] == 3 * old[i]);
            assert_close(both[i], (double)old[i] - 2 * (double)x[i], REAL_TOLERANCE);
        }
        assert_true(sum[n] == old[n] && scaled[n] == old[n] && both[n] == old[n]);
    }
}

/* Every 1/2048 of the range, and around each half of ln 2, where the rounding to n turns over. The
 * distance between a number and the next is an ulp. */
static double error_in_ulp(real x)
{
    double exact = exp((double)x);
    double ulp = (double)nextafter((real)exact, infinite) - (double)(real)exact;
    return fabs((double)exp_of(x) - exact) / ulp;
}

static void exp_is_right_to_two_ulp(void **state)
{
    (void)state;
    for (double x = (double)exp_lowest; x <= (double)exp_highest; x += 1.0 / 2048)
        assert_true(error_in_ulp((real)x) <= 2);
    for (int half = 2 * (int)exp_lowest; half <= 2 * (int)exp_highest; half++) {
        real x = (real)(half * 0.5 * 0.69314718055994531);
        for (int step = 0; step < 4; step++, x = nextafter(x, infinite))
            if (x >= exp_lowest && x <= exp_highest)
                assert_true(error_in_ulp(x) <= 2);
    }
    assert_true(error_in_ulp(exp_lowest) <= 2 && error_in_ulp(exp_highest) <= 2);
    assert_true(exp_of(0) == 1);
}

static void beyond_its_range_exp_is_0_or_that_of_the_upper_end(void **state)
{
    (void)state;
    const real beyond[] = {1, 10, 1000, (real)1e30, infinite};
    for (size_t i = 0; i < COUNT_OF(beyond); i++) {
        assert_true(exp_of(exp_highest + beyond[i]) == exp_of(exp_highest));
        assert_true(exp_of(exp_lowest - beyond[i]) == 0);
    }
    assert_true(exp_of(exp_lowest) > 0 && isfinite(exp_of(exp_highest)));
}

/* The shift is subtracted first, so its rounding is that of one subtraction. y may be x. */
static void exp_takes_a_shift(void **state)
{
    Fixture *f = *state;
    for (size_t n = 0; n <= MAX_N; n++) {
        real *x = random_numbers(&f->arena, n, n), *y = random_numbers(&f->arena, n + 1, 7);
        real shift = (real)1.25, behind = y[n];
        row_exp(y, x, shift, n);
        for (size_t i = 0; i < n; i++) {
            double expected = exp((double)(x[i] - shift));
            assert_close(y[i], expected, REAL_TOLERANCE / 100 * expected);
        }
        assert_true(y[n] == behind);
        row_exp(x, x, shift, n);
        assert_same_bits(x, y, n);
        arena_reset(&f->arena);
    }
}

static void tanh_is_right_and_odd(void **state)
{
    (void)state;
    for (double x = -20; x <= 20; x += 1.0 / 1024) {
        real both[] = {(real)x, -(real)x};
        row_tanh(both, 2);
        assert_close(both[0], tanh((double)(real)x), REAL_TOLERANCE < 1e-10 ? 1e-15 : 2e-7);
        assert_true(both[0] == -both[1]);
        assert_true(fabs(both[0]) <= 1);
    }
}

static void tanh_of_the_extremes_is_the_limit(void **state)
{
    (void)state;
    real x[] = {infinite, -infinite, (real)1e30, (real)-1e30, 0, -(real)0.0};
    row_tanh(x, COUNT_OF(x));
    assert_true(x[0] == 1 && x[1] == -1 && x[2] == 1 && x[3] == -1);
    assert_true(x[4] == 0 && !signbit(x[4]));
    assert_true(x[5] == 0 && signbit(x[5]));
}

static void tanh_is_right_for_every_length(void **state)
{
    Fixture *f = *state;
    for (size_t n = 0; n <= 70; n++) {
        const real *x = random_numbers(&f->arena, n + 1, n);
        real *y = random_numbers(&f->arena, n + 1, n);
        row_tanh(y, n);
        for (size_t i = 0; i < n; i++)
            assert_close(y[i], tanh((double)x[i]), 2e-7);
        assert_true(y[n] == x[n]);
    }
}

static void softmax_gives_probabilities_and_the_log_of_their_sum(void **state)
{
    Fixture *f = *state;
    const real offsets[] = {0, 1000, -1000};
    for (size_t n = 1; n <= MAX_N; n++)
        for (size_t o = 0; o < COUNT_OF(offsets); o++) {
            real *x = random_numbers(&f->arena, n + 1, n), behind = x[n];
            double *expected = new_doubles(&f->arena, n), sum = 0, total = 0;
            for (size_t i = 0; i < n; i++)
                x[i] = x[i] * 4 + offsets[o];
            for (size_t i = 0; i < n; i++)
                sum += expected[i] = exp((double)(x[i] - offsets[o]));
            for (size_t i = 0; i < n; i++)
                expected[i] /= sum;
            real log_sum = row_softmax(x, n);
            assert_numbers_close(x, expected, n);
            assert_close(log_sum, (double)offsets[o] + log(sum),
                         REAL_TOLERANCE * (1 + fabs((double)offsets[o])));
            for (size_t i = 0; i < n; i++)
                total += (double)x[i];
            assert_close(total, 1, REAL_TOLERANCE);
            assert_true(x[n] == behind);
            arena_reset(&f->arena);
        }
}

static void softmax_of_one_number_is_one(void **state)
{
    (void)state;
    const real numbers[] = {0, 5, -1000, (real)1e30};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        real x = numbers[i];
        assert_true(row_softmax(&x, 1) == numbers[i]);
        assert_true(x == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(sums_and_dots_are_right_for_every_length),
        fixture_test(a_sum_has_the_same_bits_at_every_address),
        fixture_test(the_maximum_is_found_at_every_place),
        fixture_test(a_nan_anywhere_is_a_nan_in_the_result),
        fixture_test(rows_are_added_and_scaled_within_their_bounds),
        fixture_test(exp_is_right_to_two_ulp),
        fixture_test(beyond_its_range_exp_is_0_or_that_of_the_upper_end),
        fixture_test(exp_takes_a_shift),
        fixture_test(tanh_is_right_and_odd),
        fixture_test(tanh_of_the_extremes_is_the_limit),
        fixture_test(tanh_is_right_for_every_length),
        fixture_test(softmax_gives_probabilities_and_the_log_of_their_sum),
        fixture_test(softmax_of_one_number_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
