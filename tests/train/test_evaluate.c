/* test_evaluate.c: tests of src/train/evaluate.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "math/parallel.h"
#include "support/model_case.h"
#include "train/evaluate.h"

enum { T = 8, V = 7, WINDOWS = 10 }; /* T, V: small_model's block_size and symbols */

/* Random tokens; the model that sees both sides keeps its last symbol for the hidden ones. */
static Tokens text_of(Fixture *f, size_t count)
{
    return (Tokens){random_tokens(&f->arena, count, V - 1, 3), count};
}

/* An evaluation by an evaluator of its own. The sums by position are copied into the arena. */
typedef struct Result {
    Evaluation evaluation;
    double *sums;
    size_t *counts;
} Result;

static Result result_of(Fixture *f, const Gpt *gpt, Tokens tokens, size_t batch_size,
                        size_t max_windows)
{
    Evaluator evaluator;
    Error error = {0};
    Result result = {.sums = new_doubles(&f->arena, T),
                     .counts = arena_alloc(&f->arena, T, sizeof *result.counts)};
    if (!evaluator_init(&evaluator, gpt, (Placement){0}, batch_size, T, &error) ||
        !evaluate(&evaluator, tokens, max_windows, &result.evaluation, &error))
        fail_msg("%s", error.text);
    memcpy(result.sums, evaluator.sum_by_position, T * sizeof *result.sums);
    memcpy(result.counts, evaluator.count_by_position, T * sizeof *result.counts);
    evaluator_free(&evaluator);
    return result;
}

static void assert_same_result(const Result *actual, const Result *expected)
{
    assert_true(actual->evaluation.loss == expected->evaluation.loss);
    assert_int_equal(actual->evaluation.questions, expected->evaluation.questions);
    assert_int_equal(actual->evaluation.windows, expected->evaluation.windows);
    for (size_t t = 0; t < T; t++) {
        assert_true(actual->sums[t] == expected->sums[t]);
        assert_int_equal(actual->counts[t], expected->counts[t]);
    }
}

/* -ln softmax(logits)[target] in double. */
static double surprise(const real *logits, int target)
{
    double sum = 0;
    for (size_t v = 0; v < V; v++)
        sum += exp((double)logits[v]);
    return log(sum) - (double)logits[target];
}

/* Adds the losses of window number w to the sums by position; returns their sum. */
static double add_window(Fixture *f, const Gpt *gpt, Tokens tokens, size_t w, double *sums)
{
    const int *window = tokens.at + w * T;
    const real *logits = logits_of(gpt, &f->arena, window, T);
    double sum = 0;
    for (size_t t = 0; t < T; t++) {
        const double loss = surprise(logits + t * V, window[t + 1]);
        sums[t] += loss;
        sum += loss;
    }
    return sum;
}

static void the_loss_is_the_mean_over_all_windows(void **state)
{
    Fixture *f = *state;
    const char *const schemes[] = {"none", "learned", "rope", "alibi"};
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        ModelCase *model = small_model_of(f, schemes[s], true);
        const Tokens tokens = text_of(f, WINDOWS * T + 1 + 3);
        double sum = 0, *sums = new_doubles(&f->arena, T);
        for (size_t w = 0; w < WINDOWS; w++)
            sum += add_window(f, &model->gpt, tokens, w, sums);
        const Result result = result_of(f, &model->gpt, tokens, 4, 0);
        const double mean = sum / (WINDOWS * T);
        assert_true(fabs(mean - log(V)) > 0.1); /* it says more than "no idea" */
        assert_close(result.evaluation.loss, mean, REAL_TOLERANCE * mean);
        assert_int_equal(result.evaluation.questions, WINDOWS * T);
        assert_int_equal(result.evaluation.windows, WINDOWS);
        for (size_t t = 0; t < T; t++) {
            assert_close(result.sums[t], sums[t], REAL_TOLERANCE * sums[t]);
            assert_int_equal(result.counts[t], WINDOWS);
        }
        model_case_free(model);
    }
}

static void a_model_that_knows_nothing_loses_the_logarithm_of_v(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        ModelCase *model = small_model_of(f, "none", causal);
        for (size_t i = 0; i < model->gpt.params.size; i++)
            model->gpt.params.values[i] = 0;
        const Result result = result_of(f, &model->gpt, text_of(f, WINDOWS * T + 1), 3, 0);
        assert_close(result.evaluation.loss, log(V), 1e-6);
        model_case_free(model);
    }
}

static void the_batch_size_changes_no_bit(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        ModelCase *model = small_model_of(f, "rope", causal);
        const Tokens tokens = text_of(f, WINDOWS * T + 1);
        const size_t sizes[] = {2, 3, 5, 7, WINDOWS, WINDOWS + 1, 64};
        for (size_t max = 0; max < WINDOWS; max += 7) {
            const Result expected = result_of(f, &model->gpt, tokens, 1, max);
            for (size_t s = 0; s < COUNT_OF(sizes); s++) {
                const Result result = result_of(f, &model->gpt, tokens, sizes[s], max);
                assert_same_result(&result, &expected);
            }
        }
        model_case_free(model);
    }
}

static void the_number_of_threads_changes_no_bit(void **state)
{
    Fixture *f = *state;
    enum { MANY = 200 };
    ModelCase *model = small_model_of(f, "learned", true);
    const Tokens tokens = text_of(f, MANY * T + 1);
    const size_t threads[] = {2, 3, 8};
    parallel_set_threads(1);
    const Result expected = result_of(f, &model->gpt, tokens, MANY, 0);
    for (size_t n = 0; n < COUNT_OF(threads); n++) {
        parallel_set_threads(threads[n]);
        const Result result = result_of(f, &model->gpt, tokens, MANY, 0);
        assert_same_result(&result, &expected);
    }
    model_case_free(model);
}

/* The second run neither starts from the sums of the first nor finds its hidden characters. */
static void an_evaluator_can_be_used_again(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        ModelCase *model = small_model_of(f, "rope", causal);
        const Tokens tokens = text_of(f, WINDOWS * T + 1);
        Evaluator evaluator;
        Evaluation first, other, again;
        assert_true(evaluator_init(&evaluator, &model->gpt, (Placement){0}, 4, T, NULL));
        assert_true(evaluate(&evaluator, tokens, 0, &first, NULL));
        assert_true(evaluate(&evaluator, (Tokens){tokens.at + 1, 3 * T + 1}, 0, &other, NULL));
        assert_true(evaluate(&evaluator, tokens, 0, &again, NULL));
        assert_true(first.loss == again.loss && first.questions == again.questions);
        assert_true(other.loss != first.loss);
        assert_int_equal(other.windows, 3);
        evaluator_free(&evaluator);
        model_case_free(model);
    }
}

static void dropout_is_off(void **state)
{
    Fixture *f = *state;
    ModelShape shape = small_model;
    shape.gpt.dropout = 0.5;
    ModelCase *plain = small_model_of(f, "learned", true);
    ModelCase *dropping = model_case(f, pos_find("learned"), NULL, shape);
    const Tokens tokens = text_of(f, WINDOWS * T + 1);
    const Result expected = result_of(f, &plain->gpt, tokens, 4, 0);
    const Result result = result_of(f, &dropping->gpt, tokens, 4, 0);
    assert_same_result(&result, &expected);
    model_case_free(plain);
    model_case_free(dropping);
}

/* Of W windows, number floor(i W / n) for i = 0 ... n - 1. */
static void fewer_windows_are_spread_evenly(void **state)
{
    Fixture *f = *state;
    ModelCase *model = small_model_of(f, "rope", true);
    const Tokens tokens = text_of(f, WINDOWS * T + 1);
    const struct {
        size_t n, windows[6];
    } cases[] = {{1, {0}}, {2, {0, 5}}, {3, {0, 3, 6}}, {4, {0, 2, 5, 7}}, {6, {0, 1, 3, 5, 6, 8}}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const size_t n = cases[c].n;
        double sum = 0, *sums = new_doubles(&f->arena, T);
        for (size_t i = 0; i < n; i++)
            sum += add_window(f, &model->gpt, tokens, cases[c].windows[i], sums);
        const Result result = result_of(f, &model->gpt, tokens, 4, n);
        assert_int_equal(result.evaluation.windows, n);
        assert_int_equal(result.evaluation.questions, n * T);
        assert_close(result.evaluation.loss, sum / (double)(n * T),
                     REAL_TOLERANCE * result.evaluation.loss);
    }
    const Result all = result_of(f, &model->gpt, tokens, 4, 0);
    for (size_t max = WINDOWS; max <= WINDOWS + 1; max++) {
        const Result result = result_of(f, &model->gpt, tokens, 4, max);
        assert_same_result(&result, &all);
    }
    model_case_free(model);
}

/* Of 2000 windows' 16000 characters, about 15 % are asked, 5 standard deviations allowed, and those
 * of the windows in which chance asks nothing (0.85^8 = 27 %) once each. */
static void a_model_that_sees_both_sides_is_asked_for_hidden_characters(void **state)
{
    Fixture *f = *state;
    enum { MANY = 2000 };
    ModelCase *model = small_model_of(f, "none", false);
    const Result result = result_of(f, &model->gpt, text_of(f, MANY * T + 1), 50, 0);
    const double none = pow(1 - MASK_RATE, T), expected = MANY * (T * MASK_RATE + none);
    assert_close((double)result.evaluation.questions, expected, 5 * sqrt(MANY * T * MASK_RATE));
    size_t questions = 0;
    double sum = 0;
    for (size_t t = 0; t < T; t++) {
        assert_close((double)result.counts[t], expected / T, 5 * sqrt(expected / T));
        questions += result.counts[t];
        sum += result.sums[t];
    }
    assert_int_equal(questions, result.evaluation.questions);
    assert_close(result.evaluation.loss, sum / (double)questions, 1e-12);
    model_case_free(model);
}

static void a_text_shorter_than_a_window_and_its_targets_is_refused(void **state)
{
    Fixture *f = *state;
    ModelCase *model = small_model_of(f, "none", true);
    Evaluator evaluator;
    Evaluation evaluation;
    Error error = {0};
    assert_true(evaluator_init(&evaluator, &model->gpt, (Placement){0}, 2, T, NULL));
    assert_false(evaluate(&evaluator, text_of(f, T), 0, &evaluation, &error));
    assert_contains(error.text, "8 tokens: too short for a window of 8");
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_false(evaluate(&evaluator, (Tokens){0}, 1, &evaluation, &error));
    assert_true(evaluate(&evaluator, text_of(f, T + 1), 0, &evaluation, &error));
    assert_int_equal(evaluation.windows, 1);
    evaluator_free(&evaluator);
    model_case_free(model);
}

static void windows_may_be_as_long_as_the_scheme_allows(void **state)
{
    Fixture *f = *state;
    ModelCase *learned = small_model_of(f, "learned", true),
              *rope = small_model_of(f, "rope", true);
    Evaluator evaluator;
    Evaluation evaluation;
    Error error = {0};
    assert_false(evaluator_init(&evaluator, &learned->gpt, (Placement){0}, 2, T + 1, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_true(evaluator_init(&evaluator, &rope->gpt, (Placement){0}, 2, 3 * T, &error));
    assert_true(evaluate(&evaluator, text_of(f, 6 * T + 1), 0, &evaluation, &error));
    assert_int_equal(evaluation.windows, 2);
    assert_int_equal(evaluation.questions, 6 * T);
    evaluator_free(&evaluator);
    model_case_free(learned);
    model_case_free(rope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(the_loss_is_the_mean_over_all_windows),
        fixture_test(a_model_that_knows_nothing_loses_the_logarithm_of_v),
        fixture_test(the_batch_size_changes_no_bit),
        fixture_test(the_number_of_threads_changes_no_bit),
        fixture_test(an_evaluator_can_be_used_again),
        fixture_test(dropout_is_off),
        fixture_test(fewer_windows_are_spread_evenly),
        fixture_test(a_model_that_sees_both_sides_is_asked_for_hidden_characters),
        fixture_test(a_text_shorter_than_a_window_and_its_targets_is_refused),
        fixture_test(windows_may_be_as_long_as_the_scheme_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
