/* test_exam.c: tests of src/train/exam.c. */
#include "support/check.h"

#include <math.h>

#include "support/model_case.h"
#include "support/task_case.h"
#include "train/exam.h"

/* A small model with random parameters for a task. */
static ModelCase *model_for(Fixture *f, const TaskOptions *task, const char *scheme, size_t n_layer,
                            bool causal)
{
    ModelShape shape = small_model;
    shape.gpt.n_layer = n_layer;
    shape.gpt.causal = causal;
    shape.gpt.vocab_size = task_vocab_size(task) + (causal ? 0 : 1);
    shape.gpt.block_size = task_tokens(task, task_lengths(task).max, causal);
    shape.gpt.longest = task_tokens(task, task_lengths(task).test, causal);
    return model_case(f, pos_find(scheme), NULL, shape);
}

static ExamResult result_at(const Gpt *gpt, const TaskOptions *task, size_t batch_size,
                            size_t length, size_t sequences)
{
    Exam exam;
    ExamResult result = {0};
    Error error = {0};
    if (!exam_init(&exam, gpt, task, (Placement){0}, batch_size, &error) ||
        !exam_at(&exam, length, sequences, &result, &error))
        fail_msg("%s", error.text);
    exam_free(&exam);
    return result;
}

static void the_result_does_not_depend_on_the_batch_size(void **state)
{
    Fixture *f = *state;
    TaskOptions task = task_options("copy");
    ModelCase *c = model_for(f, &task, "rope", 2, true);
    ExamResult one = result_at(&c->gpt, &task, 1, 7, 23),
               many = result_at(&c->gpt, &task, 10, 7, 23);
    assert_int_equal(one.sequences, 23);
    assert_int_equal(one.answers, 23 * task_answers(&task, 7));
    assert_int_equal(one.tokens, task_tokens(&task, 7, true));
    assert_int_equal(many.answers, one.answers);
    assert_true(one.loss == many.loss && one.exact == many.exact);
    model_case_free(c);
}

/* The same sequences one by one, scored by their probabilities in double. */
static void the_loss_is_that_of_the_answers_one_by_one(void **state)
{
    Fixture *f = *state;
    TaskOptions task = task_options("kback");
    ModelCase *c = model_for(f, &task, "alibi", 1, true);
    enum { SEQUENCES = 5, LENGTH = 9 };
    size_t V = task_vocab_size(&task), right = 0;
    double loss = 0;
    Exam exam;
    assert_true(exam_init(&exam, &c->gpt, &task, (Placement){0}, 2, NULL));
    for (size_t n = 0; n < SEQUENCES; n++) {
        ExamExample example;
        assert_true(exam_example(&exam, LENGTH, n, &example, NULL));
        assert_int_equal(example.tokens, LENGTH);
        const real *logits = logits_of(&c->gpt, &f->arena, example.inputs, LENGTH);
        bool all = true;
        for (size_t t = 0; t < LENGTH; t++) {
            double sum = 0;
            size_t best = 0;
            for (size_t v = 0; v < V; v++) {
                sum += exp((double)logits[t * V + v]);
                best = logits[t * V + v] > logits[t * V + best] ? v : best;
            }
            assert_int_equal(example.answers[t], best);
            if (example.targets[t] == NO_TARGET)
                continue;
            loss += log(sum) - (double)logits[t * V + (size_t)example.targets[t]];
            all = all && example.targets[t] == (int)best;
        }
        right += all;
    }
    exam_free(&exam);
    ExamResult result = result_at(&c->gpt, &task, 3, LENGTH, SEQUENCES);
    assert_close(result.loss, loss / (SEQUENCES * (LENGTH - 1)), 10 * REAL_TOLERANCE);
    assert_close(result.exact, (double)right / SEQUENCES, 0);
    model_case_free(c);
}

/* Without positions, a model that sees both sides reads a bag of words: of two twins it has one
 * right. So does the last token of a single causal layer. The logits of twins are sums of the same
 * numbers in another order, equal but for rounding. */
static void a_model_without_positions_has_at_most_one_of_two_twins_right(void **state)
{
    Fixture *f = *state;
    TaskOptions task = task_options("who");
    const struct {
        size_t n_layer;
        bool causal;
    } cases[] = {{1, true}, {1, false}, {3, false}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelCase *c = model_for(f, &task, "none", cases[i].n_layer, cases[i].causal);
        Exam exam;
        assert_true(exam_init(&exam, &c->gpt, &task, (Placement){0}, 2, NULL));
        for (size_t pair = 0; pair < 20; pair++) {
            ExamExample example;
            int answers[2], targets[2];
            for (size_t twin = 0; twin < 2; twin++) {
                assert_true(
                    exam_example(&exam, task_lengths(&task).min, 2 * pair + twin, &example, NULL));
                answers[twin] = example.answers[example.tokens - 1];
                targets[twin] = example.targets[example.tokens - 1];
            }
            assert_int_equal(answers[0], answers[1]);
            assert_int_not_equal(targets[0], targets[1]);
        }
        exam_free(&exam);
        model_case_free(c);
    }
}

/* And with them, or with several causal layers, the twins are told apart. */
static void positions_and_causal_layers_tell_twins_apart(void **state)
{
    Fixture *f = *state;
    TaskOptions task = task_options("who");
    const struct {
        const char *scheme;
        size_t n_layer;
        bool causal;
    } cases[] = {
        {"rope", 1, true}, {"learned", 1, false}, {"relative", 2, false}, {"none", 3, true}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelCase *c = model_for(f, &task, cases[i].scheme, cases[i].n_layer, cases[i].causal);
        ExamExample example;
        Exam exam;
        assert_true(exam_init(&exam, &c->gpt, &task, (Placement){0}, 2, NULL));
        size_t length = task_lengths(&task).min,
               last = task_tokens(&task, length, cases[i].causal) - 1;
        assert_true(exam_example(&exam, length, 0, &example, NULL));
        size_t V = c->gpt.config.vocab_size;
        const real *first = logits_of(&c->gpt, &f->arena, example.inputs, example.tokens);
        assert_true(exam_example(&exam, length, 1, &example, NULL));
        const real *second = logits_of(&c->gpt, &f->arena, example.inputs, example.tokens);
        double apart = 0;
        for (size_t v = 0; v < V; v++)
            apart = fmax(apart, fabs((double)first[last * V + v] - (double)second[last * V + v]));
        assert_true(apart > 1e-3);
        exam_free(&exam);
        model_case_free(c);
    }
}

static void a_length_without_positions_is_refused_with_the_reason(void **state)
{
    Fixture *f = *state;
    TaskOptions task = task_options("kback");
    ModelShape shape = small_model;
    shape.gpt.vocab_size = task_vocab_size(&task);
    shape.gpt.block_size = 20;
    ModelCase *c = model_case(f, pos_find("learned"), NULL, shape); /* no rows beyond training */
    Exam exam;
    ExamResult result;
    Error error = {0};
    assert_true(exam_init(&exam, &c->gpt, &task, (Placement){0}, 2, NULL));
    assert_true(exam_at(&exam, 20, 4, &result, &error));
    assert_false(exam_at(&exam, 21, 4, &result, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_non_null(strstr(error.text, "learned"));
    assert_int_equal(result.tokens, 21);
    exam_free(&exam);
    model_case_free(c);
}

static void a_loss_that_is_no_number_is_no_result(void **state)
{
    Fixture *f = *state;
    TaskOptions task = task_options("copy");
    ModelCase *c = model_for(f, &task, "rope", 1, true);
    Exam exam;
    ExamResult result;
    Error error = {0};
    assert_true(exam_init(&exam, &c->gpt, &task, (Placement){0}, 2, NULL));
    c->gpt.ln_f_weight->data[0] = (real)NAN;
    assert_false(exam_at(&exam, 5, 4, &result, &error));
    assert_contains(error.text, "the loss at length 5 is nan: expected a finite number");
    assert_int_equal(error.kind, ERROR_WORK);
    exam_free(&exam);
    model_case_free(c);
}

static void training_lengths_are_examined_together(void **state)
{
    Fixture *f = *state;
    TaskOptions task = task_options("sort");
    task.min_length = 3;
    task.max_length = 5;
    ModelCase *c = model_for(f, &task, "rope", 1, true);
    Exam exam;
    ExamResult all;
    double loss = 0;
    size_t answers = 0;
    assert_true(exam_init(&exam, &c->gpt, &task, (Placement){0}, 4, NULL));
    assert_true(exam_of_training_lengths(&exam, 24, &all, NULL));
    for (size_t length = 3; length <= 5; length++) {
        ExamResult one;
        assert_true(exam_at(&exam, length, 8, &one, NULL));
        loss += one.loss * (double)one.answers;
        answers += one.answers;
    }
    assert_int_equal(all.sequences, 24);
    assert_int_equal(all.answers, answers);
    assert_close(all.loss, loss / (double)answers, 1e-12 * (double)answers);
    exam_free(&exam);
    model_case_free(c);
}

static void the_lengths_of_a_report_ascend_to_the_longest(void **state)
{
    (void)state;
    const char *const names[] = {"kback", "copy", "nth", "who"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        TaskOptions task = task_options(names[i]);
        size_t lengths[EXAM_LENGTHS], count = exam_lengths(&task, lengths);
        assert_true(count >= 1 && count <= EXAM_LENGTHS);
        assert_true(lengths[0] >= task_lengths(&task).min);
        assert_int_equal(lengths[count - 1], task_lengths(&task).test);
        for (size_t l = 1; l < count; l++)
            assert_true(lengths[l] > lengths[l - 1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(the_result_does_not_depend_on_the_batch_size),
        fixture_test(the_loss_is_that_of_the_answers_one_by_one),
        fixture_test(a_model_without_positions_has_at_most_one_of_two_twins_right),
        fixture_test(positions_and_causal_layers_tell_twins_apart),
        fixture_test(a_length_without_positions_is_refused_with_the_reason),
        fixture_test(a_loss_that_is_no_number_is_no_result),
        fixture_test(training_lengths_are_examined_together),
        cmocka_unit_test(the_lengths_of_a_report_ascend_to_the_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
