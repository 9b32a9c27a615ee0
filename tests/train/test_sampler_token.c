/* test_sampler_token.c: tests of src/train/sampler.c: how one token is drawn, by temperature, top-k
 * and top-p. */
#include "support/check.h"

#include <math.h>

#include "support/model_case.h"
#include "support/sampled_text.h"
#include "train/sampler.h"

enum { MOST = 12 };

static void temperature_0_takes_the_likeliest(void **state)
{
    (void)state;
    const SampleOptions cold = options_of(0, 0, 1);
    double scratch[2 * 5];
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(sample_token((real[]){1, 3, -2, 2, 0}, 5, &cold, i, scratch), 1);
        assert_int_equal(sample_token((real[]){0, -9, -2, 0, 7}, 5, &cold, i, scratch), 4);
        assert_int_equal(sample_token((real[]){5}, 1, &cold, i, scratch), 0);
    }
}

/* Of equals the first one, whatever else is asked for. */
static void temperature_0_decides_ties(void **state)
{
    (void)state;
    const SampleOptions cold = options_of(0, 3, 1);
    double scratch[2 * 5];
    assert_int_equal(sample_token((real[]){1, 3, 3, 3, 0}, 5, &cold, 9, scratch), 1);
}

/* How often each token is drawn, by n numbers of the key. */
static void count_draws(const real *logits, size_t width, const SampleOptions *options, size_t n,
                        size_t *counts)
{
    double scratch[2 * MOST];
    assert_true(width <= MOST);
    for (size_t v = 0; v < width; v++)
        counts[v] = 0;
    for (size_t i = 0; i < n; i++) {
        const int token = sample_token(logits, width, options, i, scratch);
        assert_true(token >= 0 && (size_t)token < width);
        counts[token]++;
    }
}

/* Of n draws, p n are expected, with a standard deviation of sqrt(n p (1 - p)); 5 are allowed. */
static void assert_frequencies(const real *logits, size_t width, const SampleOptions *options,
                               const double *p)
{
    enum { DRAWS = 40000 };
    size_t counts[MOST];
    count_draws(logits, width, options, DRAWS, counts);
    for (size_t v = 0; v < width; v++)
        assert_close((double)counts[v], DRAWS * p[v], 5 * sqrt(DRAWS * p[v] * (1 - p[v])));
}

static void frequencies_are_the_softmax_at_every_temperature(void **state)
{
    (void)state;
    const real logits[] = {1, (real)-0.5, 2, 0, (real)0.25, -8};
    const double temperatures[] = {0.25, 0.8, 1, 3, 1e9};
    for (size_t n = 0; n < COUNT_OF(temperatures); n++) {
        double p[6], sum = 0;
        for (size_t v = 0; v < 6; v++)
            sum += p[v] = exp((double)logits[v] / temperatures[n]);
        for (size_t v = 0; v < 6; v++)
            p[v] /= sum;
        const SampleOptions options = options_of(temperatures[n], 0, n);
        assert_frequencies(logits, 6, &options, p);
    }
}

/* ln 1, ln 2, ... make odds that are whole numbers. */
static void top_k_shares_all_odds_among_the_k_likeliest(void **state)
{
    (void)state;
    const real logits[] = {(real)log(2), (real)log(7), 0, (real)log(3), (real)log(5)};
    const struct {
        size_t k;
        double odds[5];
    } cases[] = {{1, {0, 1, 0, 0, 0}}, {2, {0, 7, 0, 0, 5}}, {3, {0, 7, 0, 3, 5}},
                 {4, {2, 7, 0, 3, 5}}, {5, {2, 7, 1, 3, 5}}, {6, {2, 7, 1, 3, 5}},
                 {0, {2, 7, 1, 3, 5}}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        double p[5], sum = 0;
        for (size_t v = 0; v < 5; v++)
            sum += cases[c].odds[v];
        for (size_t v = 0; v < 5; v++)
            p[v] = cases[c].odds[v] / sum;
        const SampleOptions options = options_of(1, cases[c].k, c);
        assert_frequencies(logits, 5, &options, p);
    }
}

/* Where equal ones stand at the k-th place, all of them take part and no smaller one does. */
static void ties_at_the_kth_place_all_take_part(void **state)
{
    (void)state;
    const real logits[] = {1, 2, 1, 3, 0, 1};
    const struct {
        size_t k;
        bool takes_part[6];
    } cases[] = {{1, {0, 0, 0, 1, 0, 0}}, {2, {0, 1, 0, 1, 0, 0}}, {3, {1, 1, 1, 1, 0, 1}},
                 {4, {1, 1, 1, 1, 0, 1}}, {5, {1, 1, 1, 1, 0, 1}}, {6, {1, 1, 1, 1, 1, 1}}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const SampleOptions options = options_of(2, cases[c].k, c);
        size_t counts[6];
        count_draws(logits, 6, &options, 2000, counts);
        for (size_t v = 0; v < 6; v++)
            assert_int_equal(counts[v] > 0, cases[c].takes_part[v]);
    }
}

/* A number takes part if fewer than k are larger; random logits of few distinct values, at a
 * temperature that makes them nearly equally likely. */
static void top_k_is_as_in_a_plain_loop(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 100; trial++) {
        const RandomKey key = random_at(random_seed(5), trial);
        const size_t width = 1 + (size_t)random_below(key, 100, 12);
        real logits[12];
        for (size_t v = 0; v < width; v++)
            logits[v] = (real)random_below(key, v, 6) - 3;
        const SampleOptions options =
            options_of(100, 1 + (size_t)random_below(key, 101, width), trial);
        size_t counts[12];
        count_draws(logits, width, &options, 500, counts);
        for (size_t v = 0; v < width; v++) {
            size_t larger = 0;
            for (size_t u = 0; u < width; u++)
                larger += logits[u] > logits[v];
            assert_int_equal(counts[v] > 0, larger < options.top_k);
        }
    }
}

/* Of the odds 7 5 3 2 1 (of 18), the first that reach the share, which is that of all or of the k
 * likeliest. */
static void top_p_takes_the_likeliest_that_have_this_share(void **state)
{
    (void)state;
    const real logits[] = {(real)log(2), (real)log(7), 0, (real)log(3), (real)log(5)};
    const struct {
        double p;
        size_t k;
        double odds[5];
    } cases[] = {{0.01, 0, {0, 7, 0, 0, 0}},      {6.9 / 18, 0, {0, 7, 0, 0, 0}},
                 {7.1 / 18, 0, {0, 7, 0, 0, 5}},  {11.9 / 18, 0, {0, 7, 0, 0, 5}},
                 {12.1 / 18, 0, {0, 7, 0, 3, 5}}, {16.9 / 18, 0, {2, 7, 0, 3, 5}},
                 {17.1 / 18, 0, {2, 7, 1, 3, 5}}, {1, 0, {2, 7, 1, 3, 5}},
                 {0, 0, {2, 7, 1, 3, 5}},         {7.1 / 15, 3, {0, 7, 0, 0, 5}},
                 {6.9 / 15, 3, {0, 7, 0, 0, 0}},  {0.99, 2, {0, 7, 0, 0, 5}}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        double p[5], sum = 0;
        for (size_t v = 0; v < 5; v++)
            sum += cases[c].odds[v];
        for (size_t v = 0; v < 5; v++)
            p[v] = cases[c].odds[v] / sum;
        SampleOptions options = options_of(1, cases[c].k, c);
        options.top_p = cases[c].p;
        assert_frequencies(logits, 5, &options, p);
    }
}

/* Of the odds 2 1 1 1, the two likeliest are all four, so the first has 2/5 of them and not 2/3. */
static void the_share_is_that_of_all_at_the_kth_place(void **state)
{
    (void)state;
    const real logits[] = {0, (real)log(2), 0, 0};
    SampleOptions options = options_of(1, 2, 1);
    options.top_p = 0.5;
    assert_frequencies(logits, 4, &options, (double[]){0.2, 0.4, 0.2, 0.2});
}

/* A token takes part if those that are likelier have less than the share; random logits of few
 * distinct values. The shares that random numbers ask for lie between sums of weights. */
static void top_p_is_as_in_a_plain_loop(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 100; trial++) {
        const RandomKey key = random_at(random_seed(6), trial);
        const size_t width = 1 + (size_t)random_below(key, 100, 12);
        const double temperature = 2 + 3 * random_uniform(key, 102);
        real logits[12];
        double sum = 0;
        for (size_t v = 0; v < width; v++) {
            logits[v] = (real)random_below(key, v, 6) - 3;
            sum += exp((double)logits[v] / temperature);
        }
        SampleOptions options = options_of(temperature, 0, trial);
        options.top_p = 0.05 + 0.9 * random_uniform(key, 101);
        size_t counts[12];
        count_draws(logits, width, &options, 2000, counts);
        for (size_t v = 0; v < width; v++) {
            double before = 0; /* the share of the likelier ones */
            for (size_t u = 0; u < width; u++)
                before += logits[u] > logits[v] ? exp((double)logits[u] / temperature) / sum : 0;
            assert_int_equal(counts[v] > 0, before < options.top_p);
        }
    }
}

static void extreme_logits_and_temperatures_are_survived(void **state)
{
    (void)state;
    const double temperatures[] = {5e-324, 1e-300, 1e-9, 1};
    const real logits[] = {-INFINITY, (real)1e30, (real)-1e30, 0};
    for (size_t n = 0; n < COUNT_OF(temperatures); n++)
        for (size_t k = 0; k <= 4; k++) {
            const SampleOptions options = options_of(temperatures[n], k, n);
            size_t counts[4];
            count_draws(logits, 4, &options, 200, counts);
            assert_int_equal(counts[1], 200);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(temperature_0_takes_the_likeliest),
        cmocka_unit_test(temperature_0_decides_ties),
        cmocka_unit_test(frequencies_are_the_softmax_at_every_temperature),
        cmocka_unit_test(top_k_shares_all_odds_among_the_k_likeliest),
        cmocka_unit_test(ties_at_the_kth_place_all_take_part),
        cmocka_unit_test(top_k_is_as_in_a_plain_loop),
        cmocka_unit_test(top_p_takes_the_likeliest_that_have_this_share),
        cmocka_unit_test(the_share_is_that_of_all_at_the_kth_place),
        cmocka_unit_test(top_p_is_as_in_a_plain_loop),
        cmocka_unit_test(extreme_logits_and_temperatures_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
