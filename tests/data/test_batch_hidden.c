/* test_batch_hidden.c: tests of src/data/batch.c: what is hidden from a model that sees both
 * sides. */
#include "support/check.h"

#include <math.h>

#include "data/batch.h"
#include "support/batch_desk.h"

enum { MASK = DESK_TEXT }; /* no token of the text */

static const RandomKey key = {1};

/* Which positions were hidden. */
static bool is_hidden(const Batch *batch, size_t i)
{
    return batch->inputs[i] == MASK;
}

static void what_is_hidden_is_what_is_asked(void **state)
{
    BatchDesk *desk = *state;
    enum { B = 30, T = 40 };
    Tokens tokens = first_tokens(desk, 500);
    Batch plain = new_batch(desk, B, T), batch = new_batch(desk, B, T);
    batch_draw(&plain, tokens, key);
    batch_draw(&batch, tokens, key);
    batch_hide(&batch, MASK, key);
    size_t hidden = 0;
    for (size_t i = 0; i < B * T; i++) {
        hidden += is_hidden(&batch, i);
        assert_int_equal(batch.inputs[i], is_hidden(&batch, i) ? MASK : plain.inputs[i]);
        assert_int_equal(batch.targets[i], is_hidden(&batch, i) ? plain.inputs[i] : NO_TARGET);
    }
    assert_true(hidden > 0 && hidden < B * T);
}

/* Among 40,000 rows, at each position, to within 5 standard deviations. In rows of 64 chance hides
 * nothing in 0.85^64 = 3e-5 of them. */
static void the_rate_is_the_same_at_every_position(void **state)
{
    BatchDesk *desk = *state;
    enum { B = 1000, T = 64, BATCHES = 40 };
    Batch batch = new_batch(desk, B, T);
    size_t hidden[T] = {0};
    for (uint64_t step = 0; step < BATCHES; step++) {
        batch_draw(&batch, (Tokens){desk->text, DESK_TEXT}, key);
        batch_hide(&batch, MASK, random_at(key, step));
        for (size_t i = 0; i < B * T; i++)
            hidden[i % T] += is_hidden(&batch, i);
    }
    double n = (double)B * BATCHES;
    for (size_t t = 0; t < T; t++)
        assert_close((double)hidden[t] / n, 0.15, 5 * sqrt(0.15 * 0.85 / n));
}

/* Half of all rows of 4 have nothing hidden by chance. */
static void every_row_asks_something(void **state)
{
    BatchDesk *desk = *state;
    enum { B = 1000, MOST = 4 };
    for (size_t T = 1; T <= MOST; T++) {
        Batch batch = new_batch(desk, B, T);
        batch_draw(&batch, (Tokens){desk->text, DESK_TEXT}, key);
        batch_hide(&batch, MASK, key);
        size_t at[MOST] = {0};
        for (size_t row = 0; row < B; row++) {
            size_t in_row = 0;
            for (size_t t = 0; t < T; t++) {
                in_row += is_hidden(&batch, row * T + t);
                at[t] += is_hidden(&batch, row * T + t);
            }
            assert_true(in_row >= 1);
        }
        /* Hidden by chance, or chosen as one of T in a row that chance left alone. */
        double expected = 0.15 + pow(0.85, (double)T) / (double)T;
        for (size_t t = 0; t < T; t++)
            assert_close((double)at[t] / B, expected, 5 * sqrt(0.25 / B));
    }
}

static void rows_that_ask_nothing_stay_that_way(void **state)
{
    BatchDesk *desk = *state;
    Tokens tokens = first_tokens(desk, 100); /* 2 windows of 40 */
    Batch plain = new_batch(desk, 5, 40), batch = new_batch(desk, 5, 40);
    batch_windows(&plain, tokens, 1);
    batch_windows(&batch, tokens, 1);
    batch_hide(&batch, MASK, key);
    for (size_t i = 40; i < 200; i++) {
        assert_int_equal(batch.inputs[i], plain.inputs[i]);
        assert_int_equal(batch.targets[i], NO_TARGET);
    }
    assert_memory_not_equal(batch.inputs, plain.inputs, 40 * sizeof(int));
}

static void the_same_key_hides_the_same(void **state)
{
    BatchDesk *desk = *state;
    Tokens tokens = first_tokens(desk, 500);
    Batch batches[3];
    const RandomKey keys[3] = {{5}, {5}, {6}};
    for (size_t b = 0; b < 3; b++) {
        batches[b] = new_batch(desk, 4, 40);
        batch_draw(&batches[b], tokens, key);
        batch_hide(&batches[b], MASK, keys[b]);
    }
    assert_true(same_batches(&batches[0], &batches[1]));
    assert_false(same_batches(&batches[0], &batches[2]));
}

static void what_is_hidden_in_a_text_does_not_depend_on_the_batch_size(void **state)
{
    BatchDesk *desk = *state;
    enum { T = 3, WINDOWS = 24, MOST = 7 };
    Tokens tokens = first_tokens(desk, T * WINDOWS + 1);
    bool hidden[MOST + 1][T * WINDOWS] = {{false}};
    for (size_t B = 1; B <= MOST; B++) {
        Batch batch = new_batch(desk, B, T);
        for (size_t first = 0; first < WINDOWS; first += B) {
            size_t real_rows = batch_windows(&batch, tokens, first);
            batch_hide(&batch, MASK, key);
            for (size_t i = 0; i < real_rows * T; i++)
                hidden[B][first * T + i] = is_hidden(&batch, i);
        }
        assert_memory_equal(hidden[B], hidden[1], sizeof hidden[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_DESK(what_is_hidden_is_what_is_asked),
        AT_A_DESK(the_rate_is_the_same_at_every_position),
        AT_A_DESK(every_row_asks_something),
        AT_A_DESK(rows_that_ask_nothing_stay_that_way),
        AT_A_DESK(the_same_key_hides_the_same),
        AT_A_DESK(what_is_hidden_in_a_text_does_not_depend_on_the_batch_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
