/* test_task.c: tests of src/data/task.c: settings, lengths, batches and tokens.
 *
 * Scores are in test_task_score.c; what the sequences of each task are, in test_task_rules.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "support/fixtures.h"
#include "support/task_case.h"

static const RandomKey key = {1};

/* --- the list and the settings --- */

static void none_comes_first_and_each_task_has_a_name(void **state)
{
    (void)state;
    const char *const wanted[] = {"none", "kback", "copy", "nth", "induction", "sort", "who"};
    assert_int_equal(task_count, COUNT_OF(wanted) - 1);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        TaskOptions options = {.task = (int)i};
        assert_string_equal(task_names[i], wanted[i]);
        if (i == 0)
            assert_null(task_of(&options));
        else
            assert_string_equal(task_of(&options)->name, wanted[i]);
    }
    assert_null(task_names[COUNT_OF(wanted)]);
}

static void every_task_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < task_count; i++) {
        const char *const texts[] = {task_list[i]->title, task_list[i]->solved_by,
                                     task_list[i]->unordered};
        for (size_t t = 0; t < COUNT_OF(texts); t++)
            assert_true(texts[t] != NULL && texts[t][0] != '\0');
    }
}

static void the_default_settings_suit_every_task(void **state)
{
    (void)state;
    Settings settings = {0};
    TaskOptions options = {0};
    const char *setting;
    KeyTable table = {"A task", task_keys, task_key_count, &options};
    assert_true(settings_add(&settings, table, NULL));
    assert_null(task_of(&options));
    assert_true(task_check(&options, 1, &setting, NULL));
    for (size_t i = 0; i < task_count; i++) {
        options.task = (int)i + 1;
        assert_ptr_equal(task_of(&options), task_list[i]);
        assert_true(task_check(&options, 12, &setting, NULL));
    }
    settings_free(&settings);
}

typedef struct Wrong {
    TaskOptions options; /* but for the task */
    const char *task;
    size_t batch_size;
    const char *setting, *message; /* NULL: nothing is wrong */
} Wrong;

/* symbols, min, max, test, k */
#define WITH(...) ((TaskOptions){0, __VA_ARGS__, false})

static void what_makes_no_sequence_is_refused_with_the_setting_to_blame(void **state)
{
    (void)state;
    const Wrong cases[] = {
        {WITH(64, 5, 20, 40, 5), "kback", 1, "task_min_length",
         "expected at least 6, for task = kback with task_k = 5"},
        {WITH(64, 6, 20, 40, 5), "kback", 1, NULL, NULL},
        {WITH(64, 1, 20, 40, 0), "kback", 1, "task_min_length",
         "expected at least 2, for task = kback with task_k = 1"},
        {WITH(64, 4, 20, 40, 5), "nth", 1, "task_min_length",
         "expected at least 5, for task = nth with task_k = 5"},
        {WITH(64, 5, 20, 40, 5), "nth", 1, NULL, NULL},
        {WITH(64, 5, 20, 40, 1), "nth", 1, "task_k", "expected at least 2, for task = nth"},
        {WITH(64, 1, 20, 40, 0), "nth", 1, "task_min_length",
         "expected at least 2, for task = nth with task_k = 2"},
        {WITH(64, 1, 20, 40, 0), "induction", 1, "task_min_length",
         "expected at least 2, for task = induction"},
        {WITH(64, 1, 1, 1, 9), "copy", 1, NULL, NULL},
        {WITH(64, 1, 1, 1, 9), "sort", 1, NULL, NULL},
        {WITH(64, 9, 8, 40, 0), "copy", 1, "task_max_length",
         "expected at least task_min_length = 9"},
        {WITH(64, 8, 20, 19, 0), "copy", 1, "task_test_length",
         "expected at least task_max_length = 20"},
        {WITH(39, 2, 20, 40, 0), "induction", 1, "task_symbols",
         "expected at least task_test_length = 40: in task = induction no symbol stands twice"},
        {WITH(39, 2, 20, 40, 0), "sort", 1, "task_symbols",
         "expected at least task_test_length = 40: in task = sort no symbol stands twice"},
        {WITH(40, 2, 20, 40, 0), "induction", 1, NULL, NULL},
        {WITH(40, 2, 20, 40, 0), "sort", 1, NULL, NULL},
        {WITH(2, 2, 20, 40, 0), "copy", 1, NULL, NULL},
        {WITH(2, 9, 8, 7, 1), "who", 4, NULL, NULL},
        {WITH(2, 9, 8, 7, 1), "who", 5, "batch_size",
         "expected an even number: task = who comes in pairs"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        TaskOptions options = cases[c].options;
        const char *setting = NULL;
        Error error = {0};
        options.task = task_options(cases[c].task).task;
        bool fine = task_check(&options, cases[c].batch_size, &setting, &error);
        assert_int_equal(fine, cases[c].message == NULL);
        if (cases[c].message == NULL)
            continue;
        assert_string_equal(error.text, cases[c].message);
        assert_string_equal(setting, cases[c].setting);
        assert_int_equal(error.kind, ERROR_REQUEST);
    }
}

/* --- lengths --- */

/* 16 lengths. With 15 degrees of freedom chi-square is below 45 with probability 1 - 1e-4. */
static void training_lengths_are_those_of_the_range_each_equally_likely(void **state)
{
    (void)state;
    enum { LEAST = 5, MOST = 20, STEPS = 16000 };
    TaskOptions options = task_options("copy");
    options.min_length = LEAST;
    size_t drawn[MOST + 1] = {0};
    for (uint64_t step = 0; step < STEPS; step++) {
        size_t length = task_batch_length(&options, random_at(key, step));
        assert_in_range(length, LEAST, MOST);
        drawn[length]++;
    }
    double expected = STEPS / (double)(MOST - LEAST + 1), chi_square = 0;
    for (size_t n = LEAST; n <= MOST; n++)
        chi_square += pow((double)drawn[n] - expected, 2) / expected;
    assert_true(chi_square < 45);
}

static void a_sentence_has_one_length_whatever_the_settings_say(void **state)
{
    (void)state;
    TaskOptions options = task_options("who");
    TaskLengths lengths = task_lengths(&options);
    assert_int_equal(lengths.min, 6);
    assert_int_equal(lengths.max, 6);
    assert_int_equal(lengths.test, 6);
    for (uint64_t step = 0; step < 100; step++)
        assert_int_equal(task_batch_length(&options, random_at(key, step)), 6);
}

/* --- batches --- */

enum { ROWS = 6 };

static Batch filled(Fixture *f, const TaskOptions *options, size_t length, RandomKey from,
                    size_t first)
{
    Batch batch;
    assert_true(batch_alloc(&f->arena, ROWS, 100, &batch, NULL));
    task_fill_batch(options, length, true, from, first, &batch);
    return batch;
}

static bool same_numbers(const int *a, const int *b, size_t count)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

static void the_same_key_makes_the_same_batch_and_another_key_another(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < task_count; i++) {
        TaskOptions options = task_options(task_list[i]->name);
        size_t length = task_lengths(&options).max;
        Batch a = filled(f, &options, length, random_at(key, 1), 0);
        Batch again = filled(f, &options, length, random_at(key, 1), 0);
        Batch b = filled(f, &options, length, random_at(key, 2), 0);
        size_t count = ROWS * a.block_size;
        assert_true(same_numbers(a.inputs, again.inputs, count));
        assert_true(same_numbers(a.targets, again.targets, count));
        assert_false(same_numbers(a.inputs, b.inputs, count));
    }
}

static void a_sequence_depends_on_its_number_and_not_on_its_row(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < task_count; i++) {
        TaskOptions options = task_options(task_list[i]->name);
        size_t length = task_lengths(&options).max;
        Batch a = filled(f, &options, length, key, 0), b = filled(f, &options, length, key, 4);
        size_t T = a.block_size;
        assert_true(same_numbers(a.inputs + 4 * T, b.inputs, 2 * T));
        assert_true(same_numbers(a.targets + 4 * T, b.targets, 2 * T));
        assert_false(same_numbers(a.inputs, b.inputs, T));
        assert_false(same_numbers(a.inputs, a.inputs + T, T));
        assert_int_equal(b.first_window, 4);
    }
}

/* At every length, in both modes, with a beginning and without. */
static void a_batch_has_the_tokens_and_the_answers_that_were_announced(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < 4 * task_count; i++) {
        TaskOptions options = task_options(task_list[i / 4]->name);
        bool causal = i & 1;
        options.bos = i & 2;
        TaskLengths lengths = task_lengths(&options);
        for (size_t n = lengths.min; n <= lengths.test; n++) {
            Batch batch;
            size_t answers = 0;
            int kinds = (int)task_vocab_size(&options);
            assert_true(batch_alloc(&f->arena, 2, task_tokens(&options, n, causal), &batch, NULL));
            task_fill_batch(&options, n, causal, key, 0, &batch);
            assert_int_equal(batch.block_size, task_tokens(&options, n, causal));
            for (size_t t = 0; t < 2 * batch.block_size; t++) {
                assert_in_range(batch.inputs[t], 0, causal ? kinds - 1 : kinds);
                assert_true(batch.targets[t] >= NO_TARGET && batch.targets[t] < kinds);
                answers += batch.targets[t] != NO_TARGET;
            }
            assert_int_equal(answers, 2 * task_answers(&options, n));
        }
    }
}

/* --- tokens --- */

static void no_two_tokens_have_the_same_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * task_count; i++) {
        TaskOptions options = task_options(task_list[i / 2]->name);
        options.bos = i & 1;
        int kinds = (int)task_vocab_size(&options);
        TextBuffer a = {0}, b = {0};
        for (int x = 0; x <= kinds; x++)
            for (int y = 0; y <= x; y++) {
                a.length = b.length = 0;
                task_token_text(&options, x, &a);
                task_token_text(&options, y, &b);
                assert_true(a.length > 0 && !a.failed && !b.failed);
                assert_int_equal(strcmp(a.bytes, b.bytes) == 0, x == y);
            }
        assert_string_equal(a.bytes, "_"); /* the last one */
        text_buffer_free(&a);
        text_buffer_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_comes_first_and_each_task_has_a_name),
        cmocka_unit_test(every_task_says_what_it_is),
        cmocka_unit_test(the_default_settings_suit_every_task),
        cmocka_unit_test(what_makes_no_sequence_is_refused_with_the_setting_to_blame),
        cmocka_unit_test(training_lengths_are_those_of_the_range_each_equally_likely),
        cmocka_unit_test(a_sentence_has_one_length_whatever_the_settings_say),
        fixture_test(the_same_key_makes_the_same_batch_and_another_key_another),
        fixture_test(a_sequence_depends_on_its_number_and_not_on_its_row),
        fixture_test(a_batch_has_the_tokens_and_the_answers_that_were_announced),
        cmocka_unit_test(no_two_tokens_have_the_same_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
