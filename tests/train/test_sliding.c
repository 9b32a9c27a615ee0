/* test_sliding.c: tests of src/train/sliding.c, and of what contexts.c makes of it. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "math/parallel.h"
#include "support/model_case.h"
#include "train/contexts.h"

enum { V = 7, COUNT = 150 }; /* V: small_model's symbols; COUNT: tokens of a short text */

static Tokens text_of(Fixture *f, size_t count)
{
    return (Tokens){random_tokens(&f->arena, count, V - 1, 3), count};
}

/* max(1, T/4) */
static size_t quarter(size_t T)
{
    return T / 4 > 0 ? T / 4 : 1;
}

static Evaluation result_of(const Gpt *gpt, Tokens tokens, TargetRun run, size_t batch_size,
                            size_t T)
{
    Evaluator evaluator;
    Error error = {0};
    if (!evaluator_init(&evaluator, gpt, (Placement){0}, batch_size, T, &error))
        fail_msg("%s", error.text);
    Evaluation result = evaluate_targets(&evaluator, tokens, run);
    evaluator_free(&evaluator);
    return result;
}

/* --- the run --- */

static void the_run_is_4096_targets_in_whole_strides_up_to_the_end(void **state)
{
    (void)state;
    const size_t lengths[] = {1, 2, 3, 4, 5, 7, 8, 64, 100, 512, 1000, 3000, 16384, 20000};
    for (size_t l = 0; l < COUNT_OF(lengths); l++) {
        const size_t T = lengths[l], N = 50000;
        const TargetRun run = target_run((Tokens){.count = N}, T);
        assert_int_equal(run.first + run.count, N);
        assert_int_equal(run.count % quarter(T), 0);
        assert_true(run.count >= 4096 && run.count < 4096 + quarter(T));
    }
}

/* The first window of the longest length then stands at the start of the text: its inputs are
 * tokens 0 ... T-1, and its last target is token T. */
static void in_a_short_text_the_run_is_all_that_fits(void **state)
{
    (void)state;
    const size_t lengths[] = {1, 2, 3, 4, 5, 7, 8, 63, 64, 149};
    for (size_t l = 0; l < COUNT_OF(lengths); l++) {
        const size_t T = lengths[l];
        for (size_t N = T + 1; N < 2 * T + 150; N++) {
            const TargetRun run = target_run((Tokens){.count = N}, T);
            assert_int_equal(run.first, T - quarter(T) + 1);
            assert_int_equal(run.count, N - run.first);
        }
    }
}

static void a_window_that_the_text_cannot_fill_has_no_run(void **state)
{
    (void)state;
    const size_t cases[][2] = {{10, 10}, {10, 11}, {1, 1}, {0, 1}, {0, 0}, {10, 0}, {10, SIZE_MAX}};
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        assert_int_equal(target_run((Tokens){.count = cases[c][0]}, cases[c][1]).count, 0);
}

/* --- the loss --- */

/* -ln softmax(logits)[target] in double. */
static double surprise(const real *logits, int target)
{
    double sum = 0;
    for (size_t v = 0; v < V; v++)
        sum += exp((double)logits[v]);
    return log(sum) - (double)logits[target];
}

/* Window after window, one at a time: a window slides by a quarter of its length, and the last one
 * stops at the end of the text. *windows: how many there were. */
static double literal_loss(Fixture *f, const Gpt *gpt, Tokens tokens, TargetRun run, size_t T,
                           size_t *windows)
{
    double sum = 0;
    size_t target = run.first;
    for (*windows = 0; target < tokens.count; ++*windows) {
        const size_t slid = target + quarter(T);
        const size_t end = slid < tokens.count ? slid : tokens.count, start = end - 1 - T;
        const real *logits = logits_of(gpt, &f->arena, tokens.at + start, T);
        for (; target < end; target++) {
            const size_t context = target - start; /* tokens that are seen */
            assert_true(context <= T && 4 * context > 3 * T);
            sum += surprise(logits + (context - 1) * V, tokens.at[target]);
        }
    }
    return sum / (double)run.count;
}

static void the_loss_is_that_of_one_window_after_the_other(void **state)
{
    Fixture *f = *state;
    const char *const schemes[] = {"none", "rope", "alibi", "sinusoidal", "t5"};
    const size_t lengths[] = {1, 2, 3, 4, 5, 8, 11, 16, 30, 37};
    const Tokens tokens = text_of(f, COUNT);
    const TargetRun run = target_run(tokens, 37);
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        ModelCase *model = small_model_of(f, schemes[s], true);
        for (size_t l = 0; l < COUNT_OF(lengths); l++) {
            size_t windows;
            const double expected = literal_loss(f, &model->gpt, tokens, run, lengths[l], &windows);
            const Evaluation result = result_of(&model->gpt, tokens, run, 3, lengths[l]);
            assert_close(result.loss, expected, REAL_TOLERANCE * expected);
            assert_int_equal(result.questions, run.count);
            assert_int_equal(result.windows, windows);
        }
        model_case_free(model);
    }
}

static void neither_batch_size_nor_threads_change_a_bit(void **state)
{
    Fixture *f = *state;
    const Tokens tokens = text_of(f, 5000);
    const size_t lengths[] = {6, 64}, batch_sizes[] = {1, 2, 7, 50}, threads[] = {1, 3};
    ModelCase *model = small_model_of(f, "rope", true);
    const TargetRun run = target_run(tokens, 64);
    assert_int_equal(run.count, 4096);
    for (size_t l = 0; l < COUNT_OF(lengths); l++) {
        const Evaluation first = result_of(&model->gpt, tokens, run, 5, lengths[l]);
        for (size_t b = 0; b < COUNT_OF(batch_sizes); b++) {
            for (size_t t = 0; t < COUNT_OF(threads); t++) {
                parallel_set_threads(threads[t]);
                const Evaluation again =
                    result_of(&model->gpt, tokens, run, batch_sizes[b], lengths[l]);
                assert_true(again.loss == first.loss);
            }
        }
    }
    model_case_free(model);
}

/* Without attention the next token is guessed from the last one alone. */
static void a_model_that_makes_nothing_of_what_is_far_gains_nothing_by_length(void **state)
{
    Fixture *f = *state;
    const Tokens tokens = text_of(f, COUNT);
    ModelCase *model = small_model_of(f, "none", true);
    for (size_t layer = 0; layer < model->gpt.config.n_layer; layer++) {
        Tensor *projection = model->gpt.blocks[layer].attn_proj_weight;
        memset(projection->data, 0, tensor_size(projection) * sizeof *projection->data);
    }
    const TargetRun run = target_run(tokens, 40);
    const size_t lengths[] = {1, 3, 10, 40};
    const double expected = result_of(&model->gpt, tokens, run, 1, 1).loss;
    for (size_t l = 0; l < COUNT_OF(lengths); l++)
        assert_close(result_of(&model->gpt, tokens, run, 4, lengths[l]).loss, expected,
                     REAL_TOLERANCE);
    model_case_free(model);
}

/* --- at several lengths --- */

static void measure(Fixture *f, const Gpt *gpt, Tokens tokens, ContextLoss *losses, size_t count)
{
    Error error = {0};
    if (!contexts_plan(&f->arena, gpt, (Placement){0}, tokens, "token", 4, losses, count, &error))
        fail_msg("%s", error.text);
    for (size_t c = 0; c < count; c++)
        if (!losses[c].refused && !context_evaluate(&f->arena, gpt, tokens, &losses[c], &error))
            fail_msg("%s", error.text);
}

/* `learned` has 8 positions; a window of 150 tokens is longer than the text. */
static void what_is_refused_does_not_change_the_targets(void **state)
{
    Fixture *f = *state;
    const char *const schemes[] = {"none", "learned"};
    const Tokens tokens = text_of(f, COUNT);
    const TargetRun run = target_run(tokens, 40);
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        ModelCase *model = small_model_of(f, schemes[s], true);
        ContextLoss losses[] = {{.context = 40}, {.context = 8}, {.context = COUNT}};
        measure(f, &model->gpt, tokens, losses, COUNT_OF(losses));
        assert_int_equal(losses[0].refused != NULL, strcmp(schemes[s], "learned") == 0);
        assert_non_null(losses[2].refused);
        for (size_t c = 0; c < COUNT_OF(losses); c++) {
            const Evaluation *same = &losses[c].same;
            assert_int_equal(losses[c].targets.first, run.first);
            assert_int_equal(losses[c].targets.count, run.count);
            assert_int_equal(same->questions, losses[c].refused ? 0 : run.count);
            assert_true(isnan(same->loss) == (losses[c].refused != NULL));
            if (!losses[c].refused)
                assert_true(same->loss ==
                            result_of(&model->gpt, tokens, run, 1, losses[c].context).loss);
        }
        model_case_free(model);
    }
}

static void a_model_that_sees_both_sides_has_none(void **state)
{
    Fixture *f = *state;
    ModelCase *model = small_model_of(f, "alibi", false);
    ContextLoss losses[] = {{.context = 40}, {.context = 8}};
    measure(f, &model->gpt, text_of(f, COUNT), losses, COUNT_OF(losses));
    for (size_t c = 0; c < COUNT_OF(losses); c++) {
        assert_null(losses[c].refused);
        assert_int_equal(losses[c].targets.count, 0);
        assert_int_equal(losses[c].same.questions, 0);
        assert_true(isnan(losses[c].same.loss));
        assert_true(losses[c].whole.loss > 0);
    }
    model_case_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(the_run_is_4096_targets_in_whole_strides_up_to_the_end),
        fixture_test(in_a_short_text_the_run_is_all_that_fits),
        fixture_test(a_window_that_the_text_cannot_fill_has_no_run),
        fixture_test(the_loss_is_that_of_one_window_after_the_other),
        fixture_test(neither_batch_size_nor_threads_change_a_bit),
        fixture_test(a_model_that_makes_nothing_of_what_is_far_gains_nothing_by_length),
        fixture_test(what_is_refused_does_not_change_the_targets),
        fixture_test(a_model_that_sees_both_sides_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
