/* test_statistics_simulated.c: do intervals and tests err as often as they say, and no more often?
 *
 * An experiment is simulated whose truth is known: five seeds, each with an effect of its own on
 * all schemes (five times the noise, so that an analysis that forgets the pairs gets nowhere), and
 * in each run a noise of standard deviation 1. That is repeated 20,000 times with fixed random
 * numbers, and the wrong statements are counted. A share of 5 % is then found to within +-0.5 %,
 * which is more than three standard deviations: sqrt(0.05 * 0.95 / 20000) = 0.15 %. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "lab/headline.h"
#include "support/fixtures.h"

enum { EXPERIMENTS = 20000, MOST_SCHEMES = 4, SEEDS = 5 };

/* The losses of experiment number e: scheme s is above the others by above[s]. */
static void simulate(size_t e, size_t n_schemes, const double *above, double loss[][SEEDS])
{
    RandomKey key = random_at(random_seed(1), e);
    for (size_t s = 0; s < n_schemes; s++)
        for (size_t i = 0; i < SEEDS; i++)
            loss[s][i] =
                2 + above[s] + 5 * random_normal(key, i) + random_normal(key, (s + 1) * SEEDS + i);
}

/* The differences of two schemes. */
static void subtract(double loss[][SEEDS], size_t a, size_t b, double d[SEEDS])
{
    for (size_t i = 0; i < SEEDS; i++)
        d[i] = loss[a][i] - loss[b][i];
}

static Sample difference(double loss[][SEEDS], size_t a, size_t b)
{
    double d[SEEDS];
    subtract(loss, a, b, d);
    return sample_of(d, SEEDS);
}

/* Its comparison, without a margin. */
static Comparison compare(Arena *arena, size_t e, size_t n_schemes, const double *above)
{
    double loss[MOST_SCHEMES][SEEDS];
    Comparison comparison;
    simulate(e, n_schemes, above, loss);
    arena_reset(arena);
    Outcomes outcomes = {n_schemes, SEEDS, loss[0], NO_SCHEME, NO_SCHEME};
    assert_true(comparison_make(arena, &outcomes, &comparison, NULL));
    return comparison;
}

static double share(size_t count)
{
    return (double)count / EXPERIMENTS;
}

static void intervals_hold_the_truth_in_95_percent_of_experiments(void **state)
{
    (void)state;
    const double above[] = {0, 1.5};
    size_t scheme_held = 0, difference_held = 0, narrower_held = 0;
    Arena arena = {0};
    for (size_t e = 0; e < EXPERIMENTS; e++) {
        Comparison comparison = compare(&arena, e, COUNT_OF(above), above);
        Interval scheme = comparison.schemes[1].interval;
        Pair pair = comparison_pair(&comparison, 1, 0);
        scheme_held += scheme.low <= 3.5 && 3.5 <= scheme.high;
        difference_held += pair.interval.low <= 1.5 && 1.5 <= pair.interval.high;
        narrower_held += pair.narrower.low <= 1.5 && 1.5 <= pair.narrower.high;
    }
    arena_free(&arena);
    assert_close(share(scheme_held), 0.95, 0.005);
    assert_close(share(difference_held), 0.95, 0.005);
    assert_close(share(narrower_held), 0.90, 0.0075);
}

/* Holm's family keeps its 5 %, and does not waste them: pairs with a scheme in common are often
 * wrong together, so that some of the 5 % stay unused, but not most. */
static void equal_schemes_are_rarely_told_apart(void **state)
{
    (void)state;
    const double above[] = {0, 0, 0};
    const char *const names[] = {"a", "b", "c"};
    const char nothing[] = "Which scheme is best is not shown";
    size_t one_alone = 0, some_alone = 0, some = 0, winners = 0;
    Arena arena = {0};
    TextBuffer text = {0};
    for (size_t e = 0; e < EXPERIMENTS; e++) {
        double least = 1, least_holm = 1;
        Comparison comparison = compare(&arena, e, COUNT_OF(above), above);
        for (size_t i = 0; i < comparison.n_pairs; i++) {
            least = fmin(least, comparison.pairs[i].p);
            least_holm = fmin(least_holm, comparison.pairs[i].p_holm);
        }
        one_alone += comparison.pairs[0].p < 0.05;
        some_alone += least < 0.05;
        some += least_holm < 0.05;
        text.length = 0;
        headline_write(&text, &comparison, names);
        winners += strncmp(text.bytes, nothing, strlen(nothing)) != 0;
    }
    text_buffer_free(&text);
    arena_free(&arena);
    assert_close(share(one_alone), 0.05, 0.005);
    assert_true(share(some_alone) > 0.10); /* what there is to correct */
    assert_true(share(some) <= 0.05 && share(some) > 0.025);
    assert_true(share(winners) <= share(some) && share(winners) > 0.005);
}

/* Scheme 0 is truly below the others, which are equal: when Holm's correction comes to the last of
 * the three pairs, there is nothing left to correct for, and it has the whole 5 %. */
static void equal_schemes_behind_a_better_one_are_rarely_told_apart(void **state)
{
    (void)state;
    const double above[] = {0, 100, 100};
    size_t wrong = 0, right = 0;
    Arena arena = {0};
    for (size_t e = 0; e < EXPERIMENTS; e++) {
        Comparison comparison = compare(&arena, e, COUNT_OF(above), above);
        size_t shown[2] = {0, 0};
        for (size_t i = 0; i < comparison.n_pairs; i++)
            shown[comparison.pairs[i].a == 0] += comparison.pairs[i].p_holm < 0.05;
        right += shown[1] == 2;
        wrong += shown[0] > 0;
    }
    arena_free(&arena);
    assert_true(share(right) > 0.999);
    assert_close(share(wrong), 0.05, 0.005);
}

/* Schemes 1, 2 and 3 differ by exactly the margin, a tenth of 80: they are not as good as each
 * other, and are called so in 5 % of experiments. That the margin is an estimate itself, and shares
 * its error with the difference where scheme 1 is in both, costs half a percent at most. */
static void schemes_that_differ_by_the_margin_are_rarely_called_as_good(void **state)
{
    (void)state;
    const double above[] = {80, 0, 8, 16};
    size_t fixed = 0, with_plainest = 0, without_it = 0;
    for (size_t e = 0; e < EXPERIMENTS; e++) {
        double loss[MOST_SCHEMES][SEEDS];
        simulate(e, COUNT_OF(above), above, loss);
        double margin = EQUIVALENCE_SHARE * difference(loss, 0, 1).mean;
        fixed += sample_equivalence_p(difference(loss, 3, 2), 8) < 0.05;
        with_plainest += sample_equivalence_p(difference(loss, 1, 2), margin) < 0.05;
        without_it += sample_equivalence_p(difference(loss, 3, 2), margin) < 0.05;
    }
    assert_close(share(fixed), 0.05, 0.005);
    assert_true(share(with_plainest) <= 0.055 && share(with_plainest) > 0.04);
    assert_true(share(without_it) <= 0.055 && share(without_it) > 0.04);
}

/* The power that is printed is the share of experiments in which equal schemes are called as good.
 * The noise of a difference is sqrt(2); the margin is 2.5. */
static void equal_schemes_are_called_as_good_as_often_as_the_power_says(void **state)
{
    (void)state;
    size_t shown = 0;
    for (size_t e = 0; e < EXPERIMENTS; e++) {
        double loss[2][SEEDS];
        simulate(e, 2, (double[]){0, 0}, loss);
        shown += sample_equivalence_p(difference(loss, 0, 1), 2.5) < 0.05;
    }
    print_message("power with %d seeds: %.3f\n", SEEDS, share(shown));
    assert_close(equivalence_power(SEEDS, sqrt(2), 2.5), share(shown), 0.015);
    assert_true(share(shown) > 0.5 && share(shown) < 0.95);
}

/* Five seeds have only 32 ways of signs, so p is 2/32, 4/32, ...: each not above k/16 in k/16 of
 * experiments, exactly. */
static void sign_flips_are_exact(void **state)
{
    (void)state;
    size_t at_most[17] = {0};
    for (size_t e = 0; e < EXPERIMENTS; e++) {
        double loss[2][SEEDS], d[SEEDS];
        simulate(e, 2, (double[]){0, 0}, loss);
        subtract(loss, 0, 1, d);
        for (int k = 1; k <= 16; k++)
            at_most[k] += sign_flip_p(d, SEEDS) <= k / 16.0;
    }
    for (int k = 1; k <= 16; k++)
        assert_close(share(at_most[k]), k / 16.0, 0.0125);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_the_truth_in_95_percent_of_experiments),
        cmocka_unit_test(equal_schemes_are_rarely_told_apart),
        cmocka_unit_test(equal_schemes_behind_a_better_one_are_rarely_told_apart),
        cmocka_unit_test(schemes_that_differ_by_the_margin_are_rarely_called_as_good),
        cmocka_unit_test(equal_schemes_are_called_as_good_as_often_as_the_power_says),
        cmocka_unit_test(sign_flips_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
