/* test_random.c: tests of src/base/random.c. Seeds are fixed, so a bound that holds once holds
 * always; the bounds are five standard deviations of what is estimated, or a quantile. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/random.h"

enum { N_DRAWS = 200000 };

static const RandomKey plain_key = {1234567};

/* Published with the reference implementation's algorithm, at Rosetta Code's "Pseudo-random
 * numbers/Splitmix64". */
static void bits_are_splitmix64(void **state)
{
    (void)state;
    const uint64_t published[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                  UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                  UINT64_C(16408922859458223821)};
    for (uint64_t i = 0; i < 5; i++)
        assert_true(random_bits(plain_key, i) == published[i]);
}

static void a_number_depends_only_on_key_and_counter(void **state)
{
    (void)state;
    RandomKey key = random_seed(1);
    uint64_t late = random_bits(key, 1000);
    double normal = random_normal(key, 77);
    for (uint64_t i = 2000; i-- > 0;)
        random_bits(key, i);
    assert_true(random_bits(key, 1000) == late);
    assert_true(random_normal(key, 77) == normal);
}

/* Sum of (observed - expected)^2 / expected over equally likely bins. */
static double chi_square(const size_t *bins, size_t n_bins, size_t n_draws)
{
    double expected = (double)n_draws / (double)n_bins, sum = 0;
    for (size_t b = 0; b < n_bins; b++)
        sum += ((double)bins[b] - expected) * ((double)bins[b] - expected) / expected;
    return sum;
}

/* With 99 degrees of freedom, chi-square is in 53.4 ... 163.4 with probability 1 - 1e-4. */
static void uniform_fills_its_range_evenly(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        size_t bins[100] = {0};
        double sum = 0;
        for (uint64_t i = 0; i < N_DRAWS; i++) {
            double u = random_uniform(random_seed(seed), i);
            assert_true(u >= 0 && u < 1);
            bins[(size_t)(u * 100)]++;
            sum += u;
        }
        double statistic = chi_square(bins, 100, N_DRAWS);
        assert_true(statistic > 53.4 && statistic < 163.4);
        assert_close(sum / N_DRAWS, 0.5, 5 * sqrt(1.0 / 12 / N_DRAWS));
    }
}

/* These two keys were found by running SplitMix64's mixing backwards from 0 and from 2^64 - 1. */
static const RandomKey key_of_all_zeros = {UINT64_C(0x61c8864680b583eb)};
static const RandomKey key_of_all_ones = {UINT64_C(0x31628af67b2131ab)};

static void extreme_bits_stay_in_range(void **state)
{
    (void)state;
    assert_true(random_bits(key_of_all_zeros, 0) == 0);
    assert_true(random_bits(key_of_all_ones, 0) == UINT64_MAX);
    assert_true(random_uniform(key_of_all_zeros, 0) == 0);
    assert_true(random_uniform(key_of_all_ones, 0) == 1 - 0x1p-53);
    assert_int_equal(random_below(key_of_all_zeros, 0, 10), 0);
    assert_int_equal(random_below(key_of_all_ones, 0, 10), 9);
    assert_true(random_below(key_of_all_ones, 0, UINT64_MAX) == UINT64_MAX - 1);
}

static void normal_is_finite_at_the_extremes(void **state)
{
    (void)state;
    double largest = sqrt(-2 * log(0x1p-53)); /* 8.57 */
    assert_close(random_normal(key_of_all_zeros, 0), 0, 0);
    assert_true(fabs(random_normal(key_of_all_ones, 0)) <= largest);
    assert_true(fabs(random_normal(key_of_all_ones, 0)) > 0);
}

/* floor(n * bits / 2^64), where that is easy to say without 128 bits. */
static void below_is_the_high_half_of_a_product(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t bits = random_bits(plain_key, i);
        assert_true(random_below(plain_key, i, 1) == 0);
        for (unsigned power = 1; power < 64; power++)
            assert_true(random_below(plain_key, i, UINT64_C(1) << power) == bits >> (64 - power));
        assert_true(random_below(plain_key, i, UINT64_MAX) == bits - 1);
        uint64_t third = random_below(plain_key, i, 3);
        uint64_t expected = bits > UINT64_MAX / 3 * 2 ? 2 : bits > UINT64_MAX / 3 ? 1 : 0;
        assert_true(third == expected);
    }
}

/* With 6 degrees of freedom, chi-square is below 27.9 with probability 1 - 1e-4. */
static void below_gives_each_number_equally_often(void **state)
{
    (void)state;
    size_t bins[7] = {0};
    for (uint64_t i = 0; i < N_DRAWS; i++)
        bins[random_below(random_seed(3), i, 7)]++;
    assert_true(chi_square(bins, 7, N_DRAWS) < 27.9);
}

/* The n-th raw moment of a normal is (n-1)!!, so x, x^2, x^3, x^4 have the means 0, 1, 0, 3 and
 * the variances 1, 3-1, 15, 105-9. */
static void normal_has_the_moments_of_a_normal(void **state)
{
    (void)state;
    enum { N = 2000000 };
    double sums[5] = {0};
    for (uint64_t i = 0; i < N; i++) {
        double x = random_normal(random_seed(0), i);
        sums[1] += x;
        sums[2] += x * x;
        sums[3] += x * x * x;
        sums[4] += x * x * x * x;
    }
    assert_close(sums[1] / N, 0, 5 * sqrt(1.0 / N));
    assert_close(sums[2] / N, 1, 5 * sqrt(2.0 / N));
    assert_close(sums[3] / N, 0, 5 * sqrt(15.0 / N));
    assert_close(sums[4] / N, 3, 5 * sqrt(96.0 / N));
}

/* Of two independent ones the product has the mean 0 and the variance 1, and that of their squares
 * the mean 1 and the variance 3 * 3 - 1. Neighbours that share a draw miss the second by 0.12. */
static void neighbouring_normals_are_independent(void **state)
{
    (void)state;
    double products = 0, squares = 0;
    for (uint64_t pair = 0; pair < N_DRAWS; pair++) {
        double x = random_normal(plain_key, 2 * pair), y = random_normal(plain_key, 2 * pair + 1);
        products += x * y;
        squares += x * x * y * y;
    }
    assert_close(products / N_DRAWS, 0, 5 * sqrt(1.0 / N_DRAWS));
    assert_close(squares / N_DRAWS, 1, 5 * sqrt(8.0 / N_DRAWS));
}

/* The distribution function maps a normal to a uniform: each tenth must hold a tenth. With 9
 * degrees of freedom, chi-square is below 33.7 with probability 1 - 1e-4. */
static void normal_has_the_quantiles_of_a_normal(void **state)
{
    (void)state;
    size_t bins[10] = {0};
    for (uint64_t i = 0; i < N_DRAWS; i++)
        bins[(size_t)(10 * 0.5 * erfc(-random_normal(random_seed(9), i) / sqrt(2)))]++;
    assert_true(chi_square(bins, 10, N_DRAWS) < 33.7);
}

static int compare_words(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void keys_of_different_things_differ(void **state)
{
    (void)state;
    enum { N = 20000 };
    uint64_t *keys = malloc(4 * N * sizeof *keys);
    assert_non_null(keys);
    for (uint64_t n = 0; n < N; n++) {
        char name[32];
        snprintf(name, sizeof name, "%u", (unsigned)n);
        keys[4 * n] = random_seed(n).value;
        keys[4 * n + 1] = random_for(random_seed(0), name).value;
        keys[4 * n + 2] = random_at(random_seed(0), n).value;
        keys[4 * n + 3] = random_at(random_for(random_seed(0), "layer"), n).value;
    }
    qsort(keys, 4 * N, sizeof *keys, compare_words);
    for (size_t k = 1; k < 4 * N; k++)
        assert_true(keys[k] != keys[k - 1]);
    free(keys);
}

static void a_name_is_not_the_number_that_it_hashes_to(void **state)
{
    (void)state;
    RandomKey key = random_seed(1);
    uint64_t number = hash_bytes(HASH_START, "layer", 5);
    assert_true(random_for(key, "layer").value != random_at(key, number).value);
}

static void key_and_word_cannot_trade_places(void **state)
{
    (void)state;
    for (uint64_t a = 0; a < 100; a++)
        for (uint64_t b = 0; b < a; b++)
            assert_true(random_at((RandomKey){a}, b).value != random_at((RandomKey){b}, a).value);
}

static void the_order_of_purposes_counts(void **state)
{
    (void)state;
    RandomKey key = random_seed(1);
    assert_true(random_at(random_at(key, 3), 5).value != random_at(random_at(key, 5), 3).value);
    assert_true(random_for(random_for(key, "a"), "b").value !=
                random_for(random_for(key, "b"), "a").value);
    assert_true(random_for(random_for(key, "a"), "b").value != random_for(key, "ab").value);
    assert_true(random_for(key, "a").value == random_for(key, "a").value);
}

static int count_ones(uint64_t word)
{
    int ones = 0;
    for (; word != 0; word &= word - 1)
        ones++;
    return ones;
}

/* Of 64 bits, two unrelated words differ in 32 on average, with standard deviation 4. */
static void neighbouring_keys_have_unrelated_streams(void **state)
{
    (void)state;
    enum { N = 10000 };
    double at = 0, seeds = 0, names = 0;
    for (uint64_t n = 0; n < N; n++) {
        RandomKey key = random_seed(n), next = random_seed(n + 1);
        seeds += count_ones(random_bits(key, 0) ^ random_bits(next, 0));
        at += count_ones(random_bits(random_at(key, n), 0) ^ random_bits(random_at(key, n + 1), 0));
        names += count_ones(random_bits(random_for(key, "h.0"), n) ^
                            random_bits(random_for(key, "h.1"), n));
    }
    assert_close(seeds / N, 32, 5 * 4 / sqrt(N));
    assert_close(at / N, 32, 5 * 4 / sqrt(N));
    assert_close(names / N, 32, 5 * 4 / sqrt(N));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_splitmix64),
        cmocka_unit_test(a_number_depends_only_on_key_and_counter),
        cmocka_unit_test(uniform_fills_its_range_evenly),
        cmocka_unit_test(extreme_bits_stay_in_range),
        cmocka_unit_test(normal_is_finite_at_the_extremes),
        cmocka_unit_test(below_is_the_high_half_of_a_product),
        cmocka_unit_test(below_gives_each_number_equally_often),
        cmocka_unit_test(normal_has_the_moments_of_a_normal),
        cmocka_unit_test(neighbouring_normals_are_independent),
        cmocka_unit_test(normal_has_the_quantiles_of_a_normal),
        cmocka_unit_test(keys_of_different_things_differ),
        cmocka_unit_test(a_name_is_not_the_number_that_it_hashes_to),
        cmocka_unit_test(key_and_word_cannot_trade_places),
        cmocka_unit_test(the_order_of_purposes_counts),
        cmocka_unit_test(neighbouring_keys_have_unrelated_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
