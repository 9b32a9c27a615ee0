/* test_task_score.c: tests of src/data/task.c: the scores of a model and of a blind guess. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "support/fixtures.h"
#include "support/task_case.h"

enum { ROWS = 6 };

static const RandomKey key = {1};

static Batch filled(Fixture *f, const TaskOptions *options, size_t length)
{
    Batch batch;
    assert_true(batch_alloc(&f->arena, ROWS, 100, &batch, NULL));
    task_fill_batch(options, length, true, key, 0, &batch);
    return batch;
}

static void a_score_is_the_cross_entropy_and_the_largest_logit(void **state)
{
    Fixture *f = *state;
    enum { T = 3, V = 4 };
    const double numbers[T * V] = {1, 2, -1, 0.5, 9, 9, 9, 9, -3, 0, 1, 4};
    const int targets[T] = {1, NO_TARGET, 2};
    Tensor *logits = tensor_of(&f->arena, numbers, SHAPE(T, V));
    TaskScore score = task_score(logits->data, V, targets, T);
    double first = -log(exp(2) / (exp(1) + exp(2) + exp(-1) + exp(0.5)));
    double last = -log(exp(1) / (exp(-3) + exp(0) + exp(1) + exp(4)));
    assert_close(score.loss, first + last, 1e-12);
    assert_int_equal(score.answers, 2);
    assert_close(score.right, 1, 0);
    assert_close(score.exact, 0, 0);

    score = task_score(logits->data, V, (const int[]){1, NO_TARGET, 3}, T);
    assert_close(score.right, 2, 0);
    assert_close(score.exact, 1, 0);
}

static void a_tie_counts_by_the_probability_to_be_right(void **state)
{
    Fixture *f = *state;
    const double numbers[] = {5, 1, 5, 0, 3, 3, 3, 0};
    Tensor *logits = tensor_of(&f->arena, numbers, SHAPE(2, 4));
    TaskScore both = task_score(logits->data, 4, (const int[]){0, 1}, 2);
    assert_close(both.right, 1.0 / 2 + 1.0 / 3, 1e-15);
    assert_close(both.exact, 1.0 / 6, 1e-15);
    TaskScore wrong = task_score(logits->data, 4, (const int[]){1, 1}, 2);
    assert_close(wrong.exact, 0, 0);
}

/* exp(1000) is beyond a double, and so is its reciprocal. */
static void large_logits_do_not_overflow(void **state)
{
    Fixture *f = *state;
    const double numbers[] = {1000, 999, 0};
    Tensor *logits = tensor_of(&f->arena, numbers, SHAPE(1, 3));
    TaskScore score = task_score(logits->data, 3, (const int[]){1}, 1);
    assert_close(score.loss, 1 + log(1 + exp(-1)), 1e-12);
}

/* The tokens that can be an answer: the alphabet, or the nouns, which have a capital letter. */
static bool is_choice(const TaskOptions *options, int token)
{
    TextBuffer text = {0};
    task_token_text(options, token, &text);
    char initial = text.bytes[0];
    bool yes = options->task == task_options("who").task
                   ? initial >= 'A' && initial <= 'Z' && strcmp(text.bytes, "The") != 0
                   : initial >= '0' && initial <= '9';
    text_buffer_free(&text);
    return yes;
}

/* Equal logits for everything that can be an answer, minus infinity for the rest: the definition of
 * a blind guess. If an answer were anything else its loss would be infinite. */
static void a_blind_guess_scores_what_is_said(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < task_count; i++) {
        TaskOptions options = task_options(task_list[i]->name);
        options.symbols = 41;
        size_t length = task_lengths(&options).min + 1, V = task_vocab_size(&options);
        length = options.task == task_options("who").task ? 6 : length;
        Batch batch = filled(f, &options, length);
        Tensor *logits = new_tensor(&f->arena, SHAPE(batch.block_size, V));
        for (size_t n = 0; n < batch.block_size * V; n++)
            logits->data[n] = is_choice(&options, (int)(n % V)) ? 0 : -INFINITY;
        for (size_t row = 0; row < ROWS; row++) {
            TaskScore score = task_score(logits->data, V, batch.targets + row * batch.block_size,
                                         batch.block_size);
            double loss = score.loss / (double)score.answers;
            assert_close(loss, task_blind_loss(&options), 1e-12);
            assert_close(score.exact, task_blind_exact(&options, length), 1e-15);
        }
    }
}

/* Symbols named at random, with three in the alphabet: all `answers` are right by chance. */
static void guesses_at_random_are_right_as_often_as_is_said(void **state)
{
    Fixture *f = *state;
    enum { BATCHES = 2000, LENGTH = 3 };
    const char *const names[] = {"kback", "copy", "nth", "induction", "sort"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        TaskOptions options = task_options(names[i]);
        options.symbols = 3;
        Batch batch = filled(f, &options, LENGTH);
        double hits = 0, n = ROWS * BATCHES;
        for (uint64_t step = 0; step < BATCHES; step++) {
            task_fill_batch(&options, LENGTH, true, random_at(key, step), 0, &batch);
            for (size_t row = 0; row < ROWS; row++) {
                bool right = true;
                for (size_t t = row * batch.block_size; t < (row + 1) * batch.block_size; t++) {
                    int named = (int)random_below(random_for(key, "guess"), 100 * step + t, 3);
                    right = right && (batch.targets[t] == NO_TARGET || batch.targets[t] == named);
                }
                hits += right;
            }
        }
        double p = task_blind_exact(&options, LENGTH);
        assert_close(hits / n, p, 5 * sqrt(p * (1 - p) / n));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_score_is_the_cross_entropy_and_the_largest_logit),
        fixture_test(a_tie_counts_by_the_probability_to_be_right),
        fixture_test(large_logits_do_not_overflow),
        fixture_test(a_blind_guess_scores_what_is_said),
        fixture_test(guesses_at_random_are_right_as_often_as_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
