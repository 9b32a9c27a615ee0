/* test_task_rules.c: tests of src/data/tasks: what each task asks, and what the answer is.
 * (For `who` see test_task_who.c.)
 *
 * A solver, written from the task's definition alone, reads the inputs of a sequence and says what
 * the targets are. It is told where the alphabet ends and which numbers the marks have, and is held
 * against the program at every length, in both modes, with a token at the beginning and without. */
#include "support/check.h"

#include <string.h>

#include "support/fixtures.h"
#include "support/task_case.h"

enum { SYMBOLS = 30, LONGEST = 25, ROWS = 8, MOST_TOKENS = 2 * LONGEST + 2 };
enum { BAR = SYMBOLS, QUESTION = SYMBOLS };

static const RandomKey key = {3};

/* What a solver sees: the tokens behind the beginning, of which the first n are the sequence. */
typedef struct Question {
    const int *inputs;
    size_t count, n, k;
    bool causal;
    int mask;
} Question;

/* Checks the form of the inputs, and fills expected[count], which holds NO_TARGET. */
typedef void (*Solver)(const Question *q, int *expected);

/* For 20 batches at each length in each mode. `marks` is how many there are behind the alphabet. */
static void hold_against(const TaskOptions *options, size_t marks, Solver solve)
{
    int inputs[ROWS * MOST_TOKENS], targets[ROWS * MOST_TOKENS];
    Batch batch = {ROWS, MOST_TOKENS, inputs, targets, 0};
    TaskLengths lengths = task_lengths(options);
    int bos = (int)(options->symbols + marks);
    for (size_t n = lengths.min; n <= lengths.test; n++)
        for (uint64_t b = 0; b < 40; b++) {
            bool causal = b % 2;
            task_fill_batch(options, n, causal, random_at(key, b), 0, &batch);
            for (size_t row = 0; row < ROWS; row++) {
                const int *in = inputs + row * batch.block_size;
                int expected[MOST_TOKENS];
                for (size_t t = 0; t < MOST_TOKENS; t++)
                    expected[t] = NO_TARGET;
                if (options->bos)
                    assert_int_equal(in[0], bos);
                Question q = {.inputs = in + options->bos,
                              .count = batch.block_size - options->bos,
                              .n = n,
                              .k = task_k(options),
                              .causal = causal,
                              .mask = bos + options->bos};
                solve(&q, expected + options->bos);
                assert_memory_equal(targets + row * batch.block_size, expected,
                                    batch.block_size * sizeof *expected);
            }
        }
}

static void hold_task_against(const char *name, size_t k, size_t marks, Solver solve)
{
    TaskOptions options = task_options(name);
    options.symbols = SYMBOLS;
    options.min_length = 4;
    options.test_length = LONGEST;
    options.k = k;
    hold_against(&options, marks, solve);
    options.bos = true;
    hold_against(&options, marks, solve);
}

static void assert_symbols(const int *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_in_range(tokens[i], 0, SYMBOLS - 1);
}

static bool stands_twice(const int *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (tokens[i] == tokens[j])
                return true;
    return false;
}

/* --- one solver each --- */

static void solve_kback(const Question *q, int *expected)
{
    assert_int_equal(q->count, q->n);
    assert_symbols(q->inputs, q->n);
    for (size_t t = q->n; t-- > q->k;)
        expected[t] = q->inputs[t - q->k];
}

static void kback_asks_for_the_token_k_places_back(void **state)
{
    (void)state;
    for (size_t k = 0; k <= 3; k++) /* 0: 1 */
        hold_task_against("kback", k, 0, solve_kback);
}

static void solve_kback_1(const Question *q, int *expected)
{
    for (size_t t = 1; t < q->count; t++)
        expected[t] = q->inputs[t - 1];
}

static void kback_asks_for_the_previous_token_unless_told_otherwise(void **state)
{
    (void)state;
    hold_task_against("kback", 0, 0, solve_kback_1);
}

/* The answers from y[0] on: the first one is asked at the bar, or behind it where it is hidden. */
static void expect_list(const Question *q, const int *y, int *expected)
{
    assert_symbols(q->inputs, q->n);
    assert_int_equal(q->inputs[q->n], BAR);
    assert_int_equal(q->count, 2 * q->n + !q->causal);
    for (size_t i = 0; i < q->n; i++) {
        expected[q->n + i + !q->causal] = y[i];
        if (!q->causal)
            assert_int_equal(q->inputs[q->n + 1 + i], q->mask);
        else if (i + 1 < q->n)
            assert_int_equal(q->inputs[q->n + 1 + i], y[i]);
    }
}

static void solve_copy(const Question *q, int *expected)
{
    expect_list(q, q->inputs, expected);
}

static void copy_asks_for_the_whole_sequence_behind_the_bar(void **state)
{
    (void)state;
    hold_task_against("copy", 0, 1, solve_copy);
}

/* By looking for each symbol of the alphabet in turn. */
static void solve_sort(const Question *q, int *expected)
{
    int y[LONGEST];
    size_t found = 0;
    for (int symbol = 0; symbol < SYMBOLS; symbol++)
        for (size_t i = 0; i < q->n; i++)
            if (q->inputs[i] == symbol)
                y[found++] = symbol;
    assert_int_equal(found, q->n);
    assert_false(stands_twice(q->inputs, q->n));
    expect_list(q, y, expected);
}

static void sort_asks_for_different_symbols_in_ascending_order(void **state)
{
    (void)state;
    hold_task_against("sort", 0, 1, solve_sort);
}

static void solve_nth(const Question *q, int *expected)
{
    assert_int_equal(q->count, q->n + 1);
    assert_symbols(q->inputs, q->n);
    assert_int_equal(q->inputs[q->n], QUESTION);
    expected[q->n] = q->inputs[q->k - 1];
}

static void nth_asks_for_the_token_at_that_place_from_the_start(void **state)
{
    (void)state;
    hold_task_against("nth", 0, 1, solve_nth);
    hold_task_against("nth", 2, 1, solve_nth);
    hold_task_against("nth", 4, 1, solve_nth);
}

static void solve_second(const Question *q, int *expected)
{
    expected[q->n] = q->inputs[1];
}

static void nth_asks_for_the_second_token_unless_told_otherwise(void **state)
{
    (void)state;
    hold_task_against("nth", 0, 1, solve_second);
}

/* Each symbol but the last one of the sequence is asked once. */
static void solve_induction(const Question *q, int *expected)
{
    const int *asked = q->inputs + q->n;
    assert_int_equal(q->count, q->n + q->n - 1);
    assert_symbols(q->inputs, q->count);
    assert_false(stands_twice(q->inputs, q->n));
    assert_false(stands_twice(asked, q->n - 1));
    for (size_t j = 0; j < q->n - 1; j++) {
        for (size_t i = 0; i + 1 < q->n; i++)
            if (q->inputs[i] == asked[j])
                expected[q->n + j] = q->inputs[i + 1];
        assert_int_not_equal(expected[q->n + j], NO_TARGET); /* it was there, not at the end */
    }
}

static void induction_asks_what_followed_each_symbol_before(void **state)
{
    (void)state;
    hold_task_against("induction", 0, 0, solve_induction);
}

/* --- randomness --- */

/* All 24 sequences of 3 out of 4 symbols: 23 degrees of freedom, chi-square below 57 with
 * probability 1 - 1e-4. */
static void symbols_that_differ_come_in_each_order_equally_often(void **state)
{
    (void)state;
    enum { DRAWS = 24000 };
    TaskOptions options = task_options("sort");
    options.symbols = 4;
    static int inputs[DRAWS * 6], targets[DRAWS * 6];
    Batch batch = {DRAWS, 6, inputs, targets, 0};
    size_t drawn[64] = {0}, kinds = 0;
    task_fill_batch(&options, 3, true, key, 0, &batch);
    for (size_t row = 0; row < DRAWS; row++) {
        const int *x = inputs + row * 6;
        drawn[16 * x[0] + 4 * x[1] + x[2]]++;
    }
    double chi_square = 0, expected = DRAWS / 24.0;
    for (size_t i = 0; i < 64; i++)
        if (drawn[i] > 0) {
            kinds++;
            chi_square += ((double)drawn[i] - expected) * ((double)drawn[i] - expected) / expected;
        }
    assert_int_equal(kinds, 24);
    assert_true(chi_square < 57);
}

/* 9 pairs of 2 out of 3 symbols: 8 degrees of freedom, below 32 with probability 1 - 1e-4. */
static void other_symbols_are_independent(void **state)
{
    (void)state;
    enum { DRAWS = 9000 };
    const char *const names[] = {"kback", "copy", "nth"};
    static int inputs[DRAWS * 4], targets[DRAWS * 4];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        TaskOptions options = task_options(names[i]);
        options.symbols = 3;
        Batch batch = {DRAWS, 4, inputs, targets, 0};
        size_t drawn[9] = {0};
        double chi_square = 0;
        task_fill_batch(&options, 2, true, key, 0, &batch);
        for (size_t row = 0; row < DRAWS; row++)
            drawn[3 * inputs[row * batch.block_size] + inputs[row * batch.block_size + 1]]++;
        for (size_t p = 0; p < 9; p++)
            chi_square += ((double)drawn[p] - 1000) * ((double)drawn[p] - 1000) / 1000;
        assert_true(chi_square < 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kback_asks_for_the_token_k_places_back),
        cmocka_unit_test(kback_asks_for_the_previous_token_unless_told_otherwise),
        cmocka_unit_test(copy_asks_for_the_whole_sequence_behind_the_bar),
        cmocka_unit_test(sort_asks_for_different_symbols_in_ascending_order),
        cmocka_unit_test(nth_asks_for_the_token_at_that_place_from_the_start),
        cmocka_unit_test(nth_asks_for_the_second_token_unless_told_otherwise),
        cmocka_unit_test(induction_asks_what_followed_each_symbol_before),
        cmocka_unit_test(symbols_that_differ_come_in_each_order_equally_often),
        cmocka_unit_test(other_symbols_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
