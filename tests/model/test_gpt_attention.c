/* test_gpt_attention.c: tests of the weights that src/model/gpt.c hands out to be looked at, and of
 * a scheme without its model. */
#include "support/check.h"

#include <string.h>

#include "support/model_case.h"

enum { LAYERS = 2 };

/* The logits of a pass that keeps its weights. */
static const Tensor *look(Tape *tape, ModelCase *c, Tensor *weights[LAYERS])
{
    GptInput input = c->input;
    input.attention = weights;
    return gpt_forward(&c->gpt, tape, &input);
}

/* The weights of every layer mix the values to what the fast attention gives, or the logits would
 * not be the same. */
static void a_pass_that_keeps_its_weights_has_the_same_logits(void **state)
{
    Fixture *f = *state;
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    Tape tape;
    assert_true(tape_init(&tape, false, NULL));
    for (size_t v = 0; v < 2 * count; v++) {
        ModelShape shape = small_model;
        shape.gpt.causal = v % 2 == 0;
        if (varieties[v / 2].scheme->causal_only && !shape.gpt.causal)
            continue;
        shape.gpt.dropout = 0.5; /* which a tape without gradients leaves out */
        ModelCase *c = model_case(f, varieties[v / 2].scheme, varieties[v / 2].options, shape);
        Tensor *weights[LAYERS];
        const Tensor *fast = model_case_logits(&tape, c), *slow = look(&tape, c, weights);
        assert_numbers_close(slow->data, as_doubles(&f->arena, fast->data, tensor_size(fast)),
                             tensor_size(fast));
        model_case_free(c);
        tape_reset(&tape);
    }
    tape_free(&tape);
}

static void each_token_shares_out_1_among_those_it_sees(void **state)
{
    Fixture *f = *state;
    Tape tape;
    assert_true(tape_init(&tape, false, NULL));
    for (int causal = 0; causal < 2; causal++) {
        ModelShape shape = small_model;
        shape.gpt.causal = causal == 1;
        ModelCase *c = model_case(f, pos_find(POS_DEFAULT), NULL, shape);
        Tensor *weights[LAYERS];
        size_t T = shape.length;
        look(&tape, c, weights);
        for (size_t layer = 0; layer < LAYERS; layer++) {
            const size_t expected[] = {shape.batch_size, shape.gpt.n_head, T, T};
            assert_int_equal(weights[layer]->rank, 4);
            assert_memory_equal(weights[layer]->shape, expected, sizeof expected);
            for (size_t row = 0; row < tensor_rows(weights[layer]); row++) {
                double sum = 0;
                for (size_t j = 0; j < T; j++) {
                    double weight = (double)weights[layer]->data[row * T + j];
                    assert_true(causal && j > row % T ? weight == 0 : weight > 0);
                    sum += weight;
                }
                assert_close(sum, 1, REAL_TOLERANCE);
            }
        }
        assert_true(
            largest_difference(weights[0]->data, weights[1]->data, tensor_size(weights[0])) > 0.01);
        model_case_free(c);
        tape_reset(&tape);
    }
    tape_free(&tape);
}

/* --- a scheme alone --- */

static void a_scheme_alone_starts_as_in_its_model(void **state)
{
    Fixture *f = *state;
    Error error = {0};
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t v = 0; v < count; v++) {
        const PosScheme *scheme = varieties[v].scheme;
        ModelCase *c = model_case(f, scheme, varieties[v].options, small_model);
        gpt_initialise(&c->gpt, random_seed(3));
        GptConfig other = small_model.gpt;
        other.vocab_size = 1; /* no scheme asks for it */
        Pos pos;
        ParamList params;
        if (!gpt_scheme_alone(&pos, &params, &other, scheme, pos_options_of(&c->options, scheme),
                              random_seed(3), &error))
            fail_msg("%s: %s", scheme->name, error.text);
        const PosShape *a = &pos.shape, *b = &c->gpt.pos.shape;
        assert_true(a->n_layer == b->n_layer && a->n_head == b->n_head && a->n_embd == b->n_embd);
        assert_true(a->block_size == b->block_size && a->span == b->span && a->shown == b->shown &&
                    a->longest == b->longest);
        assert_int_equal(a->causal, b->causal);
        assert_int_equal(params.n_numbers, c->gpt.pos_numbers);
        for (const Param *param = params.first; param; param = param->next) {
            const Param *expected = param_find(&c->gpt.params, param->name);
            assert_non_null(expected);
            assert_same_bits(param->tensor.data, expected->tensor.data,
                             tensor_size(&expected->tensor));
        }
        pos_free(&pos);
        param_list_free(&params);
        model_case_free(c);
    }
}

static void a_scheme_alone_is_refused_like_its_model(void **state)
{
    (void)state;
    Error error = {0};
    Pos pos;
    ParamList params;
    GptConfig config = small_model.gpt;
    config.n_head = 5;
    assert_false(
        gpt_scheme_alone(&pos, &params, &config, pos_find("none"), NULL, random_seed(1), &error));
    assert_string_equal(error.text, "n_head = 5: does not divide n_embd = 12");
    pos_free(&pos);
    param_list_free(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_pass_that_keeps_its_weights_has_the_same_logits),
        fixture_test(each_token_shares_out_1_among_those_it_sees),
        fixture_test(a_scheme_alone_starts_as_in_its_model),
        fixture_test(a_scheme_alone_is_refused_like_its_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
