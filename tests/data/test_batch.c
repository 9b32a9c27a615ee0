/* test_batch.c: tests of src/data/batch.c: windows that are drawn, and windows side by side. What
 * is hidden in them is in test_batch_hidden.c. */
#include "support/check.h"

#include <math.h>

#include "data/batch.h"
#include "support/batch_desk.h"

static const RandomKey key = {1};

static void a_batch_that_is_too_large_is_refused(void **state)
{
    BatchDesk *desk = *state;
    Batch batch;
    Error error = {0};
    assert_false(batch_alloc(&desk->arena, SIZE_MAX / 2, 3, &batch, &error));
    assert_contains(error.text, "out of memory: a batch of");
    assert_false(batch_alloc(&desk->arena, SIZE_MAX / 4 + 2, 4, &batch, NULL)); /* 4, modulo 2^64 */
}

static void targets_are_inputs_one_place_further_on(void **state)
{
    BatchDesk *desk = *state;
    Batch batch = new_batch(desk, 50, 7);
    batch_draw(&batch, first_tokens(desk, 30), key);
    for (size_t row = 0; row < 50; row++) {
        int start = batch.inputs[row * 7];
        for (int t = 0; t < 7; t++) {
            assert_int_equal(batch.inputs[row * 7 + (size_t)t], start + t);
            assert_int_equal(batch.targets[row * 7 + (size_t)t], start + t + 1);
        }
    }
}

static void the_shortest_text_is_a_window_and_its_targets(void **state)
{
    BatchDesk *desk = *state;
    Batch batch = new_batch(desk, 20, 7);
    batch_draw(&batch, first_tokens(desk, 8), key);
    for (size_t row = 0; row < 20; row++) {
        assert_int_equal(batch.inputs[row * 7], 0);
        assert_int_equal(batch.targets[row * 7 + 6], 7);
    }
}

static void the_same_key_draws_the_same_batch(void **state)
{
    BatchDesk *desk = *state;
    Tokens tokens = first_tokens(desk, 1000);
    Batch a = new_batch(desk, 8, 5), b = new_batch(desk, 8, 5);
    batch_draw(&a, tokens, random_at(key, 1));
    batch_draw(&b, tokens, random_at(key, 2));
    assert_false(same_batches(&a, &b));
    batch_draw(&b, tokens, random_at(key, 1));
    assert_true(same_batches(&a, &b));
}

static void a_row_does_not_depend_on_how_many_there_are(void **state)
{
    BatchDesk *desk = *state;
    Tokens tokens = first_tokens(desk, 1000);
    Batch few = new_batch(desk, 3, 5), many = new_batch(desk, 8, 5);
    batch_draw(&few, tokens, key);
    batch_draw(&many, tokens, key);
    assert_memory_equal(few.inputs, many.inputs, batch_bytes(&few));
}

/* 20 legal starts. With 19 degrees of freedom, chi-square is below 51 with probability 1 - 1e-4. */
static void each_legal_start_is_equally_likely(void **state)
{
    BatchDesk *desk = *state;
    enum { T = 5, STARTS = 20, ROWS = 100, BATCHES = 400 };
    Tokens tokens = first_tokens(desk, T + STARTS);
    Batch batch = new_batch(desk, ROWS, T);
    size_t bins[STARTS] = {0};
    for (uint64_t step = 0; step < BATCHES; step++) {
        batch_draw(&batch, tokens, random_at(key, step));
        for (size_t row = 0; row < ROWS; row++) {
            assert_in_range(batch.inputs[row * T], 0, STARTS - 1);
            bins[batch.inputs[row * T]]++;
        }
    }
    double expected = (double)ROWS * BATCHES / STARTS, chi_square = 0;
    for (size_t s = 0; s < STARTS; s++)
        chi_square += pow((double)bins[s] - expected, 2) / expected;
    assert_true(chi_square < 51);
    assert_true(bins[0] > 0 && bins[STARTS - 1] > 0);
}

static void a_window_counts_if_all_its_targets_are_there(void **state)
{
    (void)state;
    const size_t counts[][3] = {/* characters, T, windows */
                                {0, 4, 0},  {1, 4, 0}, {4, 4, 0},        {5, 4, 1},
                                {8, 4, 1},  {9, 4, 2}, {12, 4, 2},       {13, 4, 3},
                                {10, 1, 9}, {2, 1, 1}, {53274, 64, 832}, {111540, 64, 1742}};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        assert_int_equal(window_count((Tokens){NULL, counts[c][0]}, counts[c][1]), counts[c][2]);
}

/* For texts of every length up to 40 and batches that the windows fill, and do not. */
static void windows_ask_for_every_character_but_the_first_once(void **state)
{
    BatchDesk *desk = *state;
    enum { T = 4, LONGEST_HERE = 40 };
    for (size_t count = T + 1; count <= LONGEST_HERE; count++)
        for (size_t B = 1; B <= 5; B++) {
            Tokens tokens = first_tokens(desk, count);
            Batch batch = new_batch(desk, B, T);
            size_t asked[LONGEST_HERE] = {0}, real_rows = 0, windows = window_count(tokens, T);
            for (size_t first = 0; first < windows; first += B) {
                real_rows += batch_windows(&batch, tokens, first);
                for (size_t i = 0; i < B * T; i++)
                    if (batch.targets[i] != NO_TARGET) {
                        assert_int_equal(batch.targets[i], batch.inputs[i] + 1);
                        asked[batch.targets[i]]++;
                    }
            }
            assert_int_equal(real_rows, windows);
            for (size_t c = 0; c < count; c++)
                assert_int_equal(asked[c], c >= 1 && c <= windows * T);
            assert_true(count - 1 - windows * T < T);
        }
}

static void windows_stand_side_by_side(void **state)
{
    BatchDesk *desk = *state;
    Batch batch = new_batch(desk, 3, 4);
    assert_int_equal(batch_windows(&batch, first_tokens(desk, 30), 2), 3);
    for (int i = 0; i < 12; i++) {
        assert_int_equal(batch.inputs[i], 8 + i);
        assert_int_equal(batch.targets[i], 9 + i);
    }
}

static void rows_past_the_last_window_ask_nothing(void **state)
{
    BatchDesk *desk = *state;
    Tokens tokens = first_tokens(desk, 10); /* 2 windows of 4 */
    Batch batch = new_batch(desk, 3, 4);
    const size_t firsts[] = {0, 1, 2, 100, SIZE_MAX}, real_rows[] = {2, 1, 0, 0, 0};
    for (size_t f = 0; f < 5; f++) {
        assert_int_equal(batch_windows(&batch, tokens, firsts[f]), real_rows[f]);
        for (size_t i = 0; i < 12; i++) {
            assert_in_range(batch.inputs[i], 0, 9);
            assert_true((batch.targets[i] == NO_TARGET) == (i / 4 >= real_rows[f]));
        }
    }
}

static void a_row_asks_for_the_end_of_its_window_alone(void **state)
{
    BatchDesk *desk = *state;
    enum { B = 3, T = 4 };
    Tokens tokens = first_tokens(desk, 10);
    const size_t starts[] = {0, 2, 5}, asked[] = {0, 1, 4};
    for (size_t s = 0; s < 3; s++) {
        for (size_t a = 0; a < 3; a++) {
            Batch batch = new_batch(desk, B, T);
            batch_window_end(&batch, 1, tokens, starts[s], asked[a]);
            for (size_t t = 0; t < T; t++) {
                int next = (int)(starts[s] + t + 1), place = (int)(T + t);
                assert_int_equal(batch.inputs[place], next - 1);
                assert_int_equal(batch.targets[place], t < T - asked[a] ? NO_TARGET : next);
                assert_int_equal(batch.inputs[t] + batch.inputs[2 * T + t], 0); /* other rows */
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_DESK(a_batch_that_is_too_large_is_refused),
        AT_A_DESK(targets_are_inputs_one_place_further_on),
        AT_A_DESK(the_shortest_text_is_a_window_and_its_targets),
        AT_A_DESK(the_same_key_draws_the_same_batch),
        AT_A_DESK(a_row_does_not_depend_on_how_many_there_are),
        AT_A_DESK(each_legal_start_is_equally_likely),
        cmocka_unit_test(a_window_counts_if_all_its_targets_are_there),
        AT_A_DESK(windows_ask_for_every_character_but_the_first_once),
        AT_A_DESK(windows_stand_side_by_side),
        AT_A_DESK(rows_past_the_last_window_ask_nothing),
        AT_A_DESK(a_row_asks_for_the_end_of_its_window_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
