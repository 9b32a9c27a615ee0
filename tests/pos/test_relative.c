/* test_relative.c: tests of src/pos/relative.c. */
#include "support/check.h"

#include "support/model_case.h"

static ModelCase *relative_case(Fixture *f, const char *options, bool causal)
{
    ModelShape shape = small_model; /* block_size 8, 2 layers, 2 heads */
    shape.gpt.causal = causal;
    return model_case(f, pos_find("relative"), options, shape);
}

/* The numbers of a layer [H, R], counted through from `first`. */
static const Tensor *count_weights(ModelCase *c, const char *name, int first)
{
    Param *param = param_find(&c->gpt.params, name);
    assert_non_null(param);
    for (size_t i = 0; i < tensor_size(&param->tensor); i++)
        param->tensor.data[i] = (real)(first + (int)i);
    return &param->tensor;
}

/* Distances -far ... most have a number each; those beyond share the last one on their side. */
static void check_biases(Fixture *f, const ModelCase *c, size_t layer, int first, int far, int most)
{
    Positions all = positions_from(&f->arena, 0, 1, 31);
    ScoreBias bias = bias_at(&f->tape, &c->gpt, layer, all, all);
    int rows = far + 1 + most;
    for (int h = 0; h < 2; h++)
        for (int d = -30; d <= 30; d++) {
            int row = (d < -far ? -far : d > most ? most : d) + far;
            assert_close(bias_of(&bias, (size_t)h, d), 0.5 * (first + h * rows + row), 0);
        }
}

static void each_distance_has_a_number_of_its_own_up_to_the_last(void **state)
{
    Fixture *f = *state;
    ModelCase *c = relative_case(f, "relative_gain=0.5", true);
    const Tensor *w = count_weights(c, "transformer.h.0.attn.relative.weight", 100);
    assert_int_equal(w->shape[0], 2);
    assert_int_equal(w->shape[1], 8); /* 0 ... block_size - 1 */
    check_biases(f, c, 0, 100, 7, 0);
    model_case_free(c);
}

static void further_keys_share_the_last_number(void **state)
{
    Fixture *f = *state;
    ModelCase *c = relative_case(f, "relative_gain=0.5 relative_max_distance=3", true);
    const Tensor *w = count_weights(c, "transformer.h.1.attn.relative.weight", 100);
    assert_int_equal(w->shape[1], 4);
    check_biases(f, c, 1, 100, 3, 0);
    model_case_free(c);
}

static void without_a_mask_keys_to_the_right_have_their_own(void **state)
{
    Fixture *f = *state;
    ModelCase *c = relative_case(f, "relative_gain=0.5 relative_max_distance=3", false);
    const Tensor *w = count_weights(c, "transformer.h.0.attn.relative.weight", 100);
    assert_int_equal(w->shape[1], 7);
    check_biases(f, c, 0, 100, 3, 3);
    model_case_free(c);
}

static void each_layer_has_its_own_numbers(void **state)
{
    Fixture *f = *state;
    ModelCase *c = relative_case(f, "relative_gain=0.5", true);
    count_weights(c, "transformer.h.0.attn.relative.weight", 100);
    count_weights(c, "transformer.h.1.attn.relative.weight", 500);
    check_biases(f, c, 0, 100, 7, 0);
    check_biases(f, c, 1, 500, 7, 0);
    model_case_free(c);
}

static void biases_start_at_zero_and_do_not_decay(void **state)
{
    Fixture *f = *state;
    ModelCase *c = relative_case(f, NULL, true);
    gpt_initialise(&c->gpt, random_seed(1));
    const Param *param = param_find(&c->gpt.params, "transformer.h.1.attn.relative.weight");
    for (size_t i = 0; i < tensor_size(&param->tensor); i++)
        assert_close(param->tensor.data[i], 0, 0);
    assert_int_equal(param->decay, NO_DECAY);
    model_case_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(each_distance_has_a_number_of_its_own_up_to_the_last),
        fixture_test(further_keys_share_the_last_number),
        fixture_test(without_a_mask_keys_to_the_right_have_their_own),
        fixture_test(each_layer_has_its_own_numbers),
        fixture_test(biases_start_at_zero_and_do_not_decay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
