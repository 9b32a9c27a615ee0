/* test_claim_same_quality.c: tests of src/lab/claims/same_quality.c: can it fail? */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/claims/same_quality.h"
#include "support/findings_case.h"
#include "support/model_case.h"

/* --- amplitudes --- */

static double literal_rms(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum / (double)n);
}

/* The rows of a table, or sines and cosines; `varying` has the mean row taken off. */
static void amplitudes_are_root_mean_squares(void **state)
{
    Fixture *f = *state;
    enum { T = 5, C = 12 };
    ModelCase *c = model_case(f, pos_find("learned"), NULL, small_model);
    const real *table = param_find(&c->gpt.params, "transformer.wpe.weight")->tensor.data;
    double rows[T * C], varying[T * C];
    for (size_t i = 0; i < T * C; i++) {
        double mean = 0;
        for (size_t t = 0; t < T; t++)
            mean += (double)table[t * C + i % C] / T;
        rows[i] = (double)table[i];
        varying[i] = rows[i] - mean;
    }
    Amplitude amplitude;
    assert_true(amplitude_of(&c->gpt, T, &amplitude, NULL));
    assert_close(amplitude.positions, literal_rms(rows, T * C), 1e-6);
    assert_close(amplitude.varying, literal_rms(varying, T * C), 1e-6);
    assert_close(amplitude.tokens,
                 literal_rms(as_doubles(&f->arena, c->gpt.wte->data, 7 * C), 7 * C), 1e-6);
    assert_false(amplitude_of(&c->gpt, 9, &amplitude, NULL)); /* the table has 8 rows */
    model_case_free(c);
}

static void a_textbook_sinusoid_has_the_amplitude_of_a_sine(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("sinusoidal"), "sinusoidal_gain=textbook", small_model);
    Amplitude amplitude;
    assert_true(amplitude_of(&c->gpt, 500, &amplitude, NULL));
    assert_close(amplitude.positions, sqrt(0.5), 1e-6);
    assert_true(amplitude.varying < 0.7 && amplitude.varying > 0.3);
    model_case_free(c);
}

static void a_scheme_that_adds_nothing_has_none(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("rope"), NULL, small_model);
    Amplitude amplitude;
    assert_true(amplitude_of(&c->gpt, 5, &amplitude, NULL));
    assert_true(amplitude.positions == 0 && amplitude.varying == 0 && amplitude.tokens > 0);
    model_case_free(c);
}

/* --- differences --- */

static void differences_pair_the_seeds_that_both_have(void **state)
{
    (void)state;
    char *folder = make_test_folder();
    const double loss[] = {2.0, 2.1, 2.2, 2.3, 1.9, NAN, 2.0, 2.2},
                 other[] = {1.5, 1.7, 1.6, NAN, 1, 1, 1, 1};
    FindingsCase *a =
        make_findings(folder, (FindingsPlan){.n_arms = 2, .n_seeds = 4, .loss = loss});
    FindingsCase *b =
        make_findings(folder, (FindingsPlan){.n_arms = 2, .n_seeds = 4, .loss = other});
    Sample own = quality_difference(&a->findings, 1, &a->findings, 0),
           across = quality_difference(&a->findings, 0, &b->findings, 0);
    assert_int_equal(own.n, 3); /* -0.1, -0.2, -0.1 */
    assert_close(own.mean, -0.4 / 3, 1e-12);
    assert_int_equal(across.n, 3); /* 0.5, 0.4, 0.6 */
    assert_close(across.mean, 0.5, 1e-12);
    assert_close(across.sd, 0.1, 1e-12);
    free_findings(a);
    free_findings(b);
    remove_test_folder(folder);
}

/* --- the verdict --- */

/* Five seeds with a standard deviation of 0.002, and of 0.02. */
static Sample sharp(double mean)
{
    return (Sample){5, mean, 0.002};
}

static Sample blurred(double mean)
{
    return (Sample){5, mean, 0.02};
}

static void the_verdict_follows_the_losses(void **state)
{
    (void)state;
    const struct {
        QualityEvidence evidence;
        Verdict verdict;
        bool as_good[N_GAINS];
    } cases[] = {
        {{0.012, {sharp(0.001), sharp(-0.002), sharp(0.003)}}, HOLDS, {true, true, true}},
        {{0.012, {sharp(0.001), sharp(0.09), sharp(1)}},
         HOLDS_UNDER_A_CONDITION,
         {true, false, false}},
        {{0.012, {sharp(0.05), sharp(0.001), blurred(0.01)}},
         HOLDS_UNDER_A_CONDITION,
         {false, true, false}},
        {{0.012, {sharp(0.09), sharp(0.1), sharp(1)}}, DOES_NOT_HOLD, {false}},
        {{0.012, {sharp(-0.09), sharp(-0.1), sharp(1)}}, DOES_NOT_HOLD, {false}},
        {{0.012, {blurred(0), blurred(0), blurred(0)}},
         NOT_SHOWN,
         {false}}, /* no difference seen */
        {{0.012, {sharp(0.09), blurred(0.03), sharp(1)}}, NOT_SHOWN, {false}},
        {{0.012, {sharp(0.012), sharp(0.013), sharp(0.012)}}, NOT_SHOWN, {false}},
        {{NAN, {sharp(0), sharp(0), sharp(0)}}, NOT_SHOWN, {false}},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        bool as_good[N_GAINS];
        assert_int_equal(quality_judge(&cases[c].evidence, as_good), cases[c].verdict);
        assert_memory_equal(as_good, cases[c].as_good, sizeof as_good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(amplitudes_are_root_mean_squares),
        fixture_test(a_textbook_sinusoid_has_the_amplitude_of_a_sine),
        fixture_test(a_scheme_that_adds_nothing_has_none),
        cmocka_unit_test(differences_pair_the_seeds_that_both_have),
        cmocka_unit_test(the_verdict_follows_the_losses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
