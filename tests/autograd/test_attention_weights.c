/* test_attention_weights.c: tests of src/autograd/attention.c: the weights, seen through values
 * that are a unit matrix: what the mask, the window and dropout make of them. */
#include "support/check.h"

#include <math.h>

#include "support/attention_case.h"
#include "support/fixtures.h"

static AttentionCase seen_weights(Arena *arena, AttentionShape shape)
{
    assert_int_equal(shape.head_size, shape.n_key);
    AttentionCase c = attention_case(arena, shape);
    for (size_t row = 0; row < tensor_rows(c.heads.v.x); row++)
        for (size_t d = 0; d < shape.head_size; d++)
            c.heads.v.x->data[row * shape.head_size + d] = row % shape.n_key == d;
    return c;
}

static void weights_sum_to_1_and_are_0_behind_the_mask(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        AttentionShape shape = {2, 3, 65, 70, 70, .causal = causal == 1, .gap = 1};
        AttentionCase c = seen_weights(&f->arena, shape);
        const Tensor *y = attention_of_case(&f->tape, &c); /* [B, Tq, H Tk] */
        for (size_t i = 0; i < 2 * 65; i++)
            for (size_t h = 0; h < 3; h++) {
                const real *weights = y->data + (i * 3 + h) * 70;
                double sum = 0;
                for (size_t j = 0; j < 70; j++) {
                    bool seen = !causal || j <= i % 65 + 5;
                    assert_true(seen ? weights[j] > 0 : weights[j] == 0);
                    sum += (double)weights[j];
                }
                assert_close(sum, 1, REAL_TOLERANCE);
            }
    }
}

/* For two queries, heads or sequences, how many keys have the same fate. */
static double agreement(const real *a, const real *b, size_t n)
{
    double same = 0;
    for (size_t j = 0; j < n; j++)
        same += (a[j] == 0) == (b[j] == 0);
    return same / (double)n;
}

static void dropout_takes_weights_at_its_rate_and_scales_the_others(void **state)
{
    Fixture *f = *state;
    enum { B = 2, H = 2, T = 100 };
    const double rate = 0.25;
    AttentionCase c = seen_weights(&f->arena, (AttentionShape){B, H, T, T, T, .dropout = rate});
    const real *with = attention_of_case(&f->tape, &c)->data;
    c.options.dropout = 0;
    const real *without = attention_of_case(&f->tape, &c)->data;
    double n_dropped = 0, n = B * T * H * T, like_next = 0;
    for (size_t i = 0; i < B * T * H * T; i++) {
        n_dropped += with[i] == 0;
        assert_close(with[i], with[i] == 0 ? 0 : (double)without[i] / (1 - rate), REAL_TOLERANCE);
    }
    assert_close(n_dropped / n, rate, 5 * sqrt(rate * (1 - rate) / n));
    for (size_t row = 0; row + 1 < B * T * H; row++)
        like_next += agreement(with + row * T, with + (row + 1) * T, T) / (B * T * H - 1);
    double alike = rate * rate + (1 - rate) * (1 - rate);
    assert_close(like_next, alike, 5 * sqrt(alike * (1 - alike) / n));
    assert_true(agreement(with, with + T * H * T, T) < 0.9); /* the first row of both sequences */
}

static void which_weights_are_dropped_depends_on_the_key_and_their_place(void **state)
{
    Fixture *f = *state;
    enum { T = 70, SIZE = 2 * T * 2 * T };
    AttentionCase c = seen_weights(&f->arena, (AttentionShape){2, 2, T, T, T, .dropout = 0.5});
    const real *all = attention_of_case(&f->tape, &c)->data;
    c.options.key = random_seed(10);
    const real *other_key = attention_of_case(&f->tape, &c)->data;
    assert_close(agreement(all, other_key, SIZE), 0.5, 5 * sqrt(0.25 / SIZE));
    AttentionCase causal = seen_weights(
        &f->arena, (AttentionShape){2, 2, T, T, T, .causal = true, .gap = 2, .dropout = 0.5});
    const real *before = attention_of_case(&f->tape, &causal)->data;
    for (size_t row = 0; row < 2 * T * 2; row++)
        assert_close(agreement(all + row * T, before + row * T, row / 2 % T + 1), 1, 0);
}

static void without_gradients_nothing_is_dropped(void **state)
{
    Fixture *f = *state;
    Tape tape;
    assert_true(tape_init(&tape, false, NULL));
    AttentionCase c = attention_case(&f->arena, (AttentionShape){1, 2, 9, 9, 4, .dropout = 0.5});
    const Tensor *y = attention_of_case(&tape, &c);
    c.options.dropout = 0;
    assert_same_bits(y->data, attention_of_case(&f->tape, &c)->data, tensor_size(y));
    tape_free(&tape);
}

/* It sees its own key and the four before it, through values that are a unit matrix. */
static void a_query_with_a_window_does_not_know_what_was_before(void **state)
{
    Fixture *f = *state;
    enum { T = 70, W = 5 };
    AttentionCase c =
        seen_weights(&f->arena, (AttentionShape){1, 1, T, T, T, .causal = true, .window = W});
    const Tensor *weights = attention_of_case(&f->tape, &c);
    for (size_t i = 0; i < T; i++)
        for (size_t j = 0; j < T; j++)
            assert_int_equal(weights->data[i * T + j] > 0, j <= i && j + W > i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(weights_sum_to_1_and_are_0_behind_the_mask),
        fixture_test(dropout_takes_weights_at_its_rate_and_scales_the_others),
        fixture_test(which_weights_are_dropped_depends_on_the_key_and_their_place),
        fixture_test(without_gradients_nothing_is_dropped),
        fixture_test(a_query_with_a_window_does_not_know_what_was_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
