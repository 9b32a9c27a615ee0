/* test_attention_reference.c: tests of src/autograd/attention_reference.c. */
#include "support/check.h"

#include <math.h>

#include "autograd/ops.h"
#include "support/attention_case.h"
#include "support/fixtures.h"
#include "support/tape_rules.h"

/* One head, D = 1, so that scores are products: q = (1, 2), k = (0, ln 3). Query 0 has the scores 0
 * and ln 3, query 1 has 0 and 2 ln 3: weights 1/4 and 3/4, and 1/10 and 9/10. */
static void small_weights_are_as_computed_by_hand(void **state)
{
    Fixture *f = *state;
    Heads heads =
        heads_of_two(&f->arena, (double[]){1, 2}, (double[]){0, log(3)}, (double[]){100, 1000});
    Tensor *weights;
    const Tensor *y = attention_reference(&f->tape, heads, (AttentionOptions){0}, &weights);
    const double all[] = {0.25, 0.75, 0.1, 0.9}, mixed[] = {25 + 750, 10 + 900};
    assert_numbers_close(weights->data, all, 4);
    assert_numbers_close(y->data, mixed, 2);
    y = attention_reference(&f->tape, heads, (AttentionOptions){.causal = true}, &weights);
    const double before[] = {1, 0, 0.1, 0.9}, mixed_before[] = {100, 10 + 900};
    assert_numbers_close(weights->data, before, 4);
    assert_numbers_close(y->data, mixed_before, 2);
}

/* With q = 0 the biases are all there is. By distance: ln 2 for -1, 0 for 0, ln 5 for 1. By pair:
 * ln 3 for query 1 and key 1. */
static void small_biases_are_as_computed_by_hand(void **state)
{
    Fixture *f = *state;
    Heads heads = heads_of_two(&f->arena, (double[]){0, 0}, (double[]){0, 0}, (double[]){0, 1});
    Tensor *by_distance = tensor_of(&f->arena, (double[]){log(2), 0, log(5)}, SHAPE(1, 3));
    Tensor *by_pair = tensor_of(&f->arena, (double[]){0, 0, 0, log(3)}, SHAPE(1, 1, 2, 2));
    const int positions[] = {7, 8};
    AttentionOptions options = {
        .bias = {by_distance, -1, NULL}, .query_positions = positions, .key_positions = positions};
    Tensor *weights;
    attention_reference(&f->tape, heads, options, &weights);
    const double one_bias[] = {1 / 6., 5 / 6., 2 / 3., 1 / 3.};
    assert_numbers_close(weights->data, one_bias, 4);
    options.bias.by_pair = by_pair;
    attention_reference(&f->tape, heads, options, &weights);
    const double both_biases[] = {1 / 6., 5 / 6., 2 / 5., 3 / 5.};
    assert_numbers_close(weights->data, both_biases, 4);
}

static void it_is_as_in_plain_loops_with_every_option(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < n_attention_shapes; i++) {
        AttentionCase c = attention_case(&f->arena, attention_shapes[i]);
        Tensor *weights, *y = attention_reference(&f->tape, c.heads, c.options, &weights);
        const real *dy = random_numbers(&f->arena, tensor_size(y), 6);
        AttentionLiteral expected = attention_literal(&f->arena, &c, dy);
        assert_int_equal(y->rank, 3);
        assert_int_equal(y->shape[0], c.shape.batch);
        assert_int_equal(y->shape[1], c.shape.n_query);
        assert_int_equal(y->shape[2], c.shape.n_head * c.shape.head_size);
        assert_numbers_close(weights->data, expected.weights, tensor_size(weights));
        assert_numbers_close(y->data, expected.y, tensor_size(y));
        tape_reset(&f->tape);
        arena_reset(&f->arena);
    }
}

static void weights_sum_to_1_and_are_0_behind_the_mask(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < n_attention_shapes; i++) {
        AttentionCase c = attention_case(&f->arena, attention_shapes[i]);
        size_t n_query = c.shape.n_query, n_key = c.shape.n_key;
        Tensor *weights;
        attention_reference(&f->tape, c.heads, c.options, &weights);
        for (size_t row = 0; row < tensor_rows(weights); row++) {
            double sum = 0;
            size_t last_seen = c.shape.causal ? n_key - n_query + row % n_query : n_key - 1;
            size_t window = c.shape.window > 0 ? c.shape.window : n_key;
            for (size_t j = 0; j < n_key; j++) {
                double weight = (double)weights->data[row * n_key + j];
                bool seen = j <= last_seen && j + window > last_seen;
                assert_true(seen ? weight > 0 : weight == 0);
                sum += weight;
            }
            assert_close(sum, 1, REAL_TOLERANCE);
        }
        tape_reset(&f->tape);
        arena_reset(&f->arena);
    }
}

static void huge_scores_do_not_overflow(void **state)
{
    Fixture *f = *state;
    Heads heads =
        heads_of_two(&f->arena, (double[]){100, -100}, (double[]){100, 99}, (double[]){1, 2});
    const Tensor *y = attention_reference(&f->tape, heads, (AttentionOptions){0}, NULL);
    const double values[] = {1, 2};
    assert_numbers_close(y->data, values, 2);
}

static Tensor *reference_of_case(Tape *tape, void *context)
{
    const AttentionCase *c = context;
    return attention_reference(tape, c->heads, c->options, NULL);
}

static void the_memory_is_as_measured(void **state)
{
    Fixture *f = *state;
    AttentionCase c = attention_case(&f->arena, attention_shapes[0]);
    Error error = {0};
    if (!memory_is_as_measured(reference_of_case, &c, &error))
        fail_msg("%s", error.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(small_weights_are_as_computed_by_hand),
        fixture_test(small_biases_are_as_computed_by_hand),
        fixture_test(it_is_as_in_plain_loops_with_every_option),
        fixture_test(weights_sum_to_1_and_are_0_behind_the_mask),
        fixture_test(huge_scores_do_not_overflow),
        fixture_test(the_memory_is_as_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
