/* test_attention.c: tests of src/autograd/attention.c: it and its gradients are those of the
 * definition, and what follows from that. The weights are in test_attention_weights.c. */
#include "support/check.h"

#include <math.h>

#include "autograd/ops.h"
#include "support/attention_case.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

static void it_equals_the_reference(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < n_attention_shapes; i++) {
        AttentionCase c = attention_case(&f->arena, attention_shapes[i]);
        const Tensor *y = attention_of_case(&f->tape, &c);
        const Tensor *reference = attention_reference(&f->tape, c.heads, c.options, NULL);
        double *expected = new_doubles(&f->arena, tensor_size(y));
        for (size_t n = 0; n < tensor_size(y); n++)
            expected[n] = (double)reference->data[n];
        assert_int_equal(y->rank, 3);
        assert_memory_equal(y->shape, reference->shape, 3 * sizeof(size_t));
        assert_numbers_close(y->data, expected, tensor_size(y));
        tape_reset(&f->tape);
        arena_reset(&f->arena);
    }
}

static void it_and_its_gradients_are_as_in_plain_loops(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < n_attention_shapes; i++) {
        AttentionCase c = attention_case(&f->arena, attention_shapes[i]);
        Tensor *y = attention_of_case(&f->tape, &c);
        const real *dy = random_numbers(&f->arena, tensor_size(y), 6);
        AttentionLiteral expected = attention_literal(&f->arena, &c, dy);
        tape_backward(&f->tape, weighted_sum(&f->tape, y, dy));
        assert_numbers_close(y->data, expected.y, tensor_size(y));
        for (size_t n = 0; n < c.n_inputs; n++)
            assert_numbers_close(c.inputs[n].x->grad, expected.gradients[n],
                                 tensor_size(c.inputs[n].x));
        tape_reset(&f->tape);
        arena_reset(&f->arena);
    }
}

static void check_case(Fixture *f, AttentionShape shape)
{
    AttentionCase c = attention_case(&f->arena, shape);
    assert_gradients(attention_of_case, &c, c.inputs, c.n_inputs);
}

/* Those of the shapes that are small enough to take one difference for each number. */
static void the_gradients_agree_with_differences(void **state)
{
    for (size_t i = 0; i < n_attention_shapes; i++)
        if (attention_shapes[i].n_key < 64)
            check_case(*state, attention_shapes[i]);
}

static void the_gradients_agree_with_differences_across_blocks(void **state)
{
    check_case(*state, (AttentionShape){1, 1, 70, 70, 2, .causal = true, .gap = 2});
    check_case(*state, (AttentionShape){1, 1, 65, 67, 1, .causal = false, .gap = 1});
}

static void the_gradients_agree_with_differences_with_dropout(void **state)
{
    check_case(*state, (AttentionShape){2, 2, 5, 5, 3, .causal = true, .dropout = 0.3});
    check_case(*state, (AttentionShape){2, 2, 4, 6, 3, .gap = 2, .by_pair = 2, .dropout = 0.3});
    check_case(*state, (AttentionShape){1, 1, 67, 67, 2, .causal = true, .gap = 1, .dropout = 0.5});
    check_case(*state,
               (AttentionShape){2, 2, 5, 7, 3, .causal = true, .dropout = 0.3, .window = 3});
}

static void a_single_key_gets_all_the_weight(void **state)
{
    Fixture *f = *state;
    AttentionCase c = attention_case(&f->arena, (AttentionShape){2, 2, 1, 1, 3, .gap = 1});
    const Tensor *y = attention_of_case(&f->tape, &c);
    assert_same_bits(y->data, c.heads.v.x->data, tensor_size(y)); /* with T = 1 they lie alike */
}

/* A softmax over one key is 1 whatever the score. */
static void beside_a_single_key_nothing_but_values_gets_a_gradient(void **state)
{
    Fixture *f = *state;
    AttentionCase c = attention_case(&f->arena, (AttentionShape){2, 2, 1, 1, 3, .gap = 1});
    c.inputs[0].vanishes = c.inputs[1].vanishes = c.inputs[3].vanishes = true;
    assert_gradients(attention_of_case, &c, c.inputs, c.n_inputs);
}

static void biases_may_be_constants(void **state)
{
    Fixture *f = *state;
    AttentionShape shape = {2, 2, 5, 5, 3, .causal = true, .gap = 1, .by_pair = 2};
    AttentionCase learned = attention_case(&f->arena, shape),
                  fixed = attention_case(&f->arena, shape);
    const real *dy = random_numbers(&f->arena, 2 * 5 * 2 * 3, 6);
    fixed.options.bias.by_distance->grad = NULL;
    fixed.options.bias.by_pair->grad = NULL;
    tape_backward(&f->tape, weighted_sum(&f->tape, attention_of_case(&f->tape, &learned), dy));
    tape_reset(&f->tape);
    tape_backward(&f->tape, weighted_sum(&f->tape, attention_of_case(&f->tape, &fixed), dy));
    for (size_t i = 0; i < 3; i++)
        assert_same_bits(fixed.inputs[i].x->grad, learned.inputs[i].x->grad,
                         tensor_size(fixed.inputs[i].x));
}

static void queries_keys_and_values_may_be_constants(void **state)
{
    Fixture *f = *state;
    AttentionShape shape = {2, 2, 5, 5, 3, .causal = true};
    const real *dy = random_numbers(&f->arena, 2 * 5 * 2 * 3, 6);
    AttentionCase learned = attention_case(&f->arena, shape);
    tape_backward(&f->tape, weighted_sum(&f->tape, attention_of_case(&f->tape, &learned), dy));
    for (size_t fixed = 0; fixed < 3; fixed++) {
        AttentionCase c = attention_case(&f->arena, shape);
        c.inputs[fixed].x->grad = NULL;
        tape_reset(&f->tape);
        tape_backward(&f->tape, weighted_sum(&f->tape, attention_of_case(&f->tape, &c), dy));
        for (size_t i = 0; i < 3; i++)
            if (i != fixed)
                assert_same_bits(c.inputs[i].x->grad, learned.inputs[i].x->grad,
                                 tensor_size(c.inputs[i].x));
    }
}

/* --- what follows from the formula --- */

static void a_causal_query_does_not_know_what_follows(void **state)
{
    Fixture *f = *state;
    enum { T = 70, D = 3 };
    AttentionCase c = attention_case(&f->arena, (AttentionShape){1, 1, T, T, D, .causal = true});
    const Tensor *y = attention_of_case(&f->tape, &c);
    for (size_t changed = 0; changed < T; changed += 3) {
        for (size_t d = 0; d < D; d++) {
            c.heads.k.x->data[changed * D + d] += 5;
            c.heads.v.x->data[changed * D + d] -= 5;
        }
        const Tensor *z = attention_of_case(&f->tape, &c);
        assert_same_bits(z->data, y->data, changed * D);
        assert_true(z->data[changed * D] != y->data[changed * D]);
        y = z;
    }
}

static void only_distances_count_in_a_bias_by_distance(void **state)
{
    Fixture *f = *state;
    AttentionCase c =
        attention_case(&f->arena, (AttentionShape){2, 2, 7, 9, 3, .causal = true, .gap = 2});
    const Tensor *y = attention_of_case(&f->tape, &c);
    int shifted[9];
    for (size_t j = 0; j < 9; j++)
        shifted[j] = c.options.key_positions[j] + 12345;
    c.options.key_positions = shifted;
    c.options.query_positions = shifted + 2;
    assert_same_bits(attention_of_case(&f->tape, &c)->data, y->data, tensor_size(y));
}

static void huge_scores_do_not_overflow(void **state)
{
    Fixture *f = *state;
    Heads heads =
        heads_of_two(&f->arena, (double[]){100, -100}, (double[]){100, 99}, (double[]){1, 2});
    Tensor *y = attention(&f->tape, heads, (AttentionOptions){0});
    const double values[] = {1, 2}, gradients[] = {1, 1};
    assert_numbers_close(y->data, values, 2);
    tape_backward(&f->tape, weighted_sum(&f->tape, y, (real[]){1, 1}));
    assert_numbers_close(heads.v.x->grad, gradients, 2);
}

static void a_score_that_is_not_a_number_spoils_its_row_alone(void **state)
{
    Fixture *f = *state;
    AttentionCase c = attention_case(&f->arena, (AttentionShape){1, 1, 5, 5, 2, .gap = 1});
    c.heads.q.x->data[2 * 2] = (real)NAN;
    const Tensor *y = attention_of_case(&f->tape, &c);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(isnan(y->data[i]) != 0, i / 2 == 2);
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Fixture *f = *state;
    const AttentionShape shapes[] = {
        {3, 3, 70, 70, 5, .causal = true, .dropout = 0.2},
        {3, 3, 70, 70, 5, .causal = true, .gap = 1, .dropout = 0.2},
        {3, 3, 65, 70, 5, .by_pair = 1},
        {3, 3, 65, 70, 5, .by_pair = 3},
        {3, 3, 70, 70, 5, .causal = true, .layout = THREE_PARTS},
        {3, 3, 70, 70, 5, .causal = true, .layout = ONLY_VALUES_A_PART},
    };
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        AttentionCase c = attention_case(&f->arena, shapes[i]);
        assert_tape_rules(attention_of_case, &c, c.inputs, c.n_inputs);
        assert_first_shares_are_set(attention_of_case, &c, c.inputs, c.n_inputs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(it_equals_the_reference),
        fixture_test(it_and_its_gradients_are_as_in_plain_loops),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(the_gradients_agree_with_differences_across_blocks),
        fixture_test(the_gradients_agree_with_differences_with_dropout),
        fixture_test(a_single_key_gets_all_the_weight),
        fixture_test(beside_a_single_key_nothing_but_values_gets_a_gradient),
        fixture_test(biases_may_be_constants),
        fixture_test(queries_keys_and_values_may_be_constants),
        fixture_test(a_causal_query_does_not_know_what_follows),
        fixture_test(only_distances_count_in_a_bias_by_distance),
        fixture_test(huge_scores_do_not_overflow),
        fixture_test(a_score_that_is_not_a_number_spoils_its_row_alone),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
