/* test_comparison.c: tests of src/lab/comparison.c. */
#include "support/check.h"

#include <math.h>

#include "base/random.h"
#include "lab/comparison.h"
#include "support/fixtures.h"

static Comparison compare(Arena *arena, size_t n_schemes, size_t n_seeds, const double *loss,
                          size_t without, size_t plainest)
{
    Outcomes outcomes = {n_schemes, n_seeds, loss, without, plainest};
    Comparison comparison;
    assert_true(comparison_make(arena, &outcomes, &comparison, NULL));
    return comparison;
}

/* Differences of scheme 0 and 1: 1, 2, 3. Their mean is 2, s = 1, and t = 2 sqrt(3) with df = 2:
 * p = 1 - t / sqrt(2 + t^2) = 1 - sqrt(12/14). */
static void a_pair_is_what_its_differences_say(void **state)
{
    Fixture *f = *state;
    const double loss[2][3] = {{11, 22, 33}, {10, 20, 30}};
    Comparison c = compare(&f->arena, 2, 3, loss[0], NO_SCHEME, NO_SCHEME);
    assert_int_equal(c.n_pairs, 1);
    const Pair *pair = &c.pairs[0];
    assert_true(pair->a == 0 && pair->b == 1 && pair->difference.n == 3);
    assert_close(pair->difference.mean, 2, 1e-14);
    assert_close(pair->difference.sd, 1, 1e-14);
    assert_close(pair->p, 1 - sqrt(12.0 / 14), 1e-13);
    assert_close(pair->p_holm, pair->p, 0);
    assert_close(pair->interval.low, 2 - 4.30265273 / sqrt(3), 1e-7);
    assert_close(pair->interval.high, 2 + 4.30265273 / sqrt(3), 1e-7);
    assert_close(pair->narrower.low, 2 - 2.91998558 / sqrt(3), 1e-7);
    assert_true(isnan(pair->p_sign_flip) && isnan(pair->p_equivalence) && isnan(c.margin));
    assert_close(c.schemes[0].loss.mean, 22, 1e-13);
    assert_close(c.schemes[1].interval.high, 20 + 4.30265273 * 10 / sqrt(3), 1e-6);
    assert_int_equal(c.best, 1);
}

static void pairs_stand_in_order_and_can_be_turned_round(void **state)
{
    Fixture *f = *state;
    enum { S = 5, N = 4 };
    double loss[S][N];
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++)
            loss[s][n] = random_normal(random_seed(3), s * N + n);
    Comparison c = compare(&f->arena, S, N, loss[0], NO_SCHEME, NO_SCHEME);
    assert_int_equal(c.n_pairs, S * (S - 1) / 2);
    size_t i = 0;
    for (size_t a = 0; a < S; a++)
        for (size_t b = a + 1; b < S; b++, i++) {
            assert_true(c.pairs[i].a == a && c.pairs[i].b == b);
            Pair forth = comparison_pair(&c, a, b), back = comparison_pair(&c, b, a);
            assert_true(forth.a == a && forth.b == b && back.a == b && back.b == a);
            double mean = 0;
            for (size_t n = 0; n < N; n++)
                mean += (loss[a][n] - loss[b][n]) / N;
            assert_close(forth.difference.mean, mean, 1e-14);
            assert_close(back.difference.mean, -mean, 1e-14);
            assert_true(back.interval.low < -mean && -mean < back.interval.high);
            assert_close(back.interval.low, -forth.interval.high, 0);
            assert_close(back.narrower.high, -forth.narrower.low, 0);
            assert_close(back.p_holm, forth.p_holm, 0);
        }
}

/* All pairs are one family: the smallest p is multiplied by their number. */
static void p_values_are_corrected_over_all_pairs(void **state)
{
    Fixture *f = *state;
    const double loss[3][4] = {{1, 2, 3, 4}, {1.5, 2.6, 3.4, 4.5}, {3.1, 2.4, 2.9, 5}};
    Comparison c = compare(&f->arena, 3, 4, loss[0], NO_SCHEME, NO_SCHEME);
    assert_true(c.pairs[0].p < c.pairs[1].p && c.pairs[0].p < c.pairs[2].p);
    assert_close(c.pairs[0].p_holm, 3 * c.pairs[0].p, 1e-15);
    assert_true(comparison_shows_better(&c, 0, 1) && !comparison_shows_better(&c, 1, 0));
    assert_true(!comparison_shows_better(&c, 0, 2) && !comparison_shows_better(&c, 2, 0));
}

/* 2/2^9 where all nine differences have one sign; t of these is finite and another number. */
static void sign_flips_stand_beside_from_nine_seeds_on(void **state)
{
    Fixture *f = *state;
    double loss[2][9];
    for (size_t i = 0; i < 9; i++) {
        loss[0][i] = (double)i;
        loss[1][i] = (double)i + 1 + (double)(i % 3);
    }
    Comparison c = compare(&f->arena, 2, 9, loss[0], NO_SCHEME, NO_SCHEME);
    assert_close(c.pairs[0].p_sign_flip, 2.0 / 512, 0);
    loss[1][4] = NAN;
    c = compare(&f->arena, 2, 9, loss[0], NO_SCHEME, NO_SCHEME);
    assert_true(isnan(c.pairs[0].p_sign_flip));
}

/* Scheme 2 has no loss for the middle seed, scheme 3 has none at all. */
static void failed_runs_drop_their_seed_where_their_scheme_takes_part(void **state)
{
    Fixture *f = *state;
    const double loss[4][3] = {{1, 2, 3}, {2, 4, 5}, {3, NAN, 6}, {NAN, INFINITY, NAN}};
    const double kept[3][2] = {{1, 3}, {2, 5}, {3, 6}};
    Comparison c = compare(&f->arena, 4, 3, loss[0], NO_SCHEME, NO_SCHEME);
    Comparison without = compare(&f->arena, 3, 2, kept[0], NO_SCHEME, NO_SCHEME);
    assert_int_equal(comparison_pair(&c, 0, 1).difference.n, 3);
    for (size_t s = 0; s < 2; s++) {
        Pair pair = comparison_pair(&c, s, 2), expected = comparison_pair(&without, s, 2);
        assert_int_equal(pair.difference.n, 2);
        assert_close(pair.difference.mean, expected.difference.mean, 0);
        assert_close(pair.p, expected.p, 0);
        assert_true(comparison_has_pair(&c, s, 2) && !comparison_has_pair(&c, s, 3));
        assert_true(isnan(comparison_pair(&c, s, 3).p_holm));
        assert_true(!comparison_shows_better(&c, s, 3) && !comparison_shows_better(&c, 3, s));
    }
    assert_true(c.schemes[2].loss.n == 2 && c.schemes[3].loss.n == 0);
    assert_close(c.schemes[2].loss.mean, 4.5, 0);
    double smallest = fmin(c.pairs[0].p, fmin(c.pairs[1].p, c.pairs[3].p));
    assert_close(fmin(c.pairs[0].p_holm, fmin(c.pairs[1].p_holm, c.pairs[3].p_holm)), 3 * smallest,
                 1e-15); /* the three pairs that can be asked are the family */
    assert_int_equal(c.best, 0);
}

/* Scheme 1 fails where the losses are high: its mean is the lowest, but seed by seed it is above
 * scheme 0. */
static void a_failed_run_is_no_advantage(void **state)
{
    Fixture *f = *state;
    const double loss[2][4] = {{1, 2, 3, 90}, {1.1, 2.2, 3.1, NAN}};
    Comparison c = compare(&f->arena, 2, 4, loss[0], NO_SCHEME, NO_SCHEME);
    assert_true(c.schemes[1].loss.mean < c.schemes[0].loss.mean);
    assert_int_equal(c.best, 0);
}

/* Scheme 2 is far below the others at the one seed that it has. */
static void one_seed_does_not_make_a_best(void **state)
{
    Fixture *f = *state;
    const double loss[3][3] = {{1, 2, 3}, {1.5, 2.4, 3.5}, {NAN, 0.1, NAN}};
    assert_int_equal(compare(&f->arena, 3, 3, loss[0], NO_SCHEME, NO_SCHEME).best, 0);
    const double apart[2][2] = {{1, NAN}, {NAN, 0.5}}; /* no seed in common: the lower mean */
    assert_int_equal(compare(&f->arena, 2, 2, apart[0], NO_SCHEME, NO_SCHEME).best, 1);
}

static void one_seed_has_means_and_no_intervals(void **state)
{
    Fixture *f = *state;
    const double loss[2][1] = {{2}, {1}};
    Comparison c = compare(&f->arena, 2, 1, loss[0], 0, 1);
    assert_close(c.pairs[0].difference.mean, 1, 0);
    assert_true(isnan(c.pairs[0].interval.low) && isnan(c.pairs[0].p) && isnan(c.margin));
    assert_true(isnan(c.schemes[0].interval.low));
    assert_true(c.best == 1 && !comparison_has_pair(&c, 0, 1));
}

static void without_any_loss_there_is_no_best(void **state)
{
    Fixture *f = *state;
    const double loss[2][2] = {{NAN, NAN}, {NAN, NAN}};
    assert_true(compare(&f->arena, 2, 2, loss[0], 0, 1).best == NO_SCHEME);
    assert_true(compare(&f->arena, 2, 0, NULL, 0, 1).best == NO_SCHEME);
    assert_int_equal(compare(&f->arena, 1, 2, (double[]){1, 2}, 0, 1).best, 0);
}

/* The distance is 2.0; scheme 2 differs from scheme 1 by about 0.05, scheme 3 by about 0.3. */
static void the_margin_is_a_tenth_of_the_distance(void **state)
{
    Fixture *f = *state;
    const double loss[4][4] = {{3.0, 3.1, 3.2, 3.3},
                               {1.0, 1.1, 1.2, 1.3},
                               {1.05, 1.16, 1.24, 1.35},
                               {1.3, 1.39, 1.51, 1.6}};
    Comparison c = compare(&f->arena, 4, 4, loss[0], 0, 1);
    assert_close(c.margin, 0.2, 1e-14);
    assert_true(comparison_shows_equivalent(&c, 1, 2) && comparison_shows_equivalent(&c, 2, 1));
    assert_true(comparison_shows_better(&c, 1, 2)); /* a small difference is a difference */
    assert_true(!comparison_shows_equivalent(&c, 1, 3));
    for (size_t i = 0; i < c.n_pairs; i++) {
        Interval narrower = c.pairs[i].narrower;
        assert_int_equal(c.pairs[i].p_equivalence < 0.05,
                         -c.margin < narrower.low && narrower.high < c.margin);
    }
}

static void no_distance_no_margin(void **state)
{
    Fixture *f = *state;
    const double noise[2][4] = {{1, 4, 2, 3}, {3, 1, 2, 2}};
    const double wrong_way[2][4] = {{1, 1.1, 1.2, 1.3}, {2, 2.1, 2.3, 2.4}};
    assert_true(isnan(compare(&f->arena, 2, 4, noise[0], 0, 1).margin));
    assert_true(isnan(compare(&f->arena, 2, 4, wrong_way[0], 0, 1).margin));
    assert_true(compare(&f->arena, 2, 4, wrong_way[0], 1, 0).margin > 0);
    assert_true(isnan(compare(&f->arena, 2, 4, wrong_way[0], 1, NO_SCHEME).margin));
    assert_true(isnan(compare(&f->arena, 2, 4, wrong_way[0], NO_SCHEME, 0).margin));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_pair_is_what_its_differences_say),
        fixture_test(pairs_stand_in_order_and_can_be_turned_round),
        fixture_test(p_values_are_corrected_over_all_pairs),
        fixture_test(sign_flips_stand_beside_from_nine_seeds_on),
        fixture_test(failed_runs_drop_their_seed_where_their_scheme_takes_part),
        fixture_test(a_failed_run_is_no_advantage),
        fixture_test(one_seed_does_not_make_a_best),
        fixture_test(one_seed_has_means_and_no_intervals),
        fixture_test(without_any_loss_there_is_no_best),
        fixture_test(the_margin_is_a_tenth_of_the_distance),
        fixture_test(no_distance_no_margin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
