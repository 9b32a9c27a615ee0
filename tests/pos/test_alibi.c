/* test_alibi.c: tests of src/pos/alibi.c. */
#include "support/check.h"

#include <math.h>

#include "support/literal_pos.h"
#include "support/model_case.h"

static ModelCase *alibi_case(Fixture *f, size_t n_head)
{
    ModelShape shape = small_model;
    shape.gpt.n_head = n_head;
    shape.gpt.n_embd = 2 * n_head;
    return model_case(f, pos_find("alibi"), NULL, shape);
}

static void slopes_are_those_of_the_paper_for_any_number_of_heads(void **state)
{
    Fixture *f = *state;
    for (size_t n_head = 1; n_head <= 16; n_head++) {
        ModelCase *c = alibi_case(f, n_head);
        Positions two = positions_from(&f->arena, 0, 1, 2);
        ScoreBias bias = bias_at(&f->tape, &c->gpt, 0, two, two);
        for (size_t h = 0; h < n_head; h++)
            assert_close(-bias_of(&bias, h, -1), pow(2, -literal_alibi_exponents[n_head - 1][h]),
                         REAL_TOLERANCE);
        model_case_free(c);
    }
}

/* Four heads have slopes that are powers of two, so these products are exact. */
static void biases_fall_in_a_straight_line_on_both_sides(void **state)
{
    Fixture *f = *state;
    ModelCase *c = alibi_case(f, 4);
    Positions all = positions_from(&f->arena, 0, 1, 1001);
    const double slopes[] = {1 / 4.0, 1 / 16.0, 1 / 64.0, 1 / 256.0};
    for (size_t layer = 0; layer < 2; layer++) {
        ScoreBias bias = bias_at(&f->tape, &c->gpt, layer, all, all);
        for (size_t h = 0; h < 4; h++)
            for (int d = -1000; d <= 1000; d++)
                assert_close(bias_of(&bias, h, d), -slopes[h] * fabs(d), 0);
    }
    model_case_free(c);
}

static void nothing_is_learned(void **state)
{
    Fixture *f = *state;
    ModelCase *c = alibi_case(f, 4), *plain = model_case(f, pos_find("none"), NULL, c->shape);
    Positions two = positions_from(&f->arena, 0, 1, 2);
    assert_int_equal(c->n_parameters, plain->n_parameters);
    assert_null(bias_at(&f->tape, &c->gpt, 0, two, two).by_distance->grad);
    model_case_free(plain);
    model_case_free(c);
}

static void it_says_how_far_the_scores_of_each_head_fall_over_the_length_of_training(void **state)
{
    ModelCase *c = alibi_case(*state, 4);
    TextBuffer text = {0};
    c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
    assert_string_equal(text.bytes, "scores fall by 2 0.5 0.125 0.0312 over 8 tokens");
    text_buffer_free(&text);
    model_case_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(slopes_are_those_of_the_paper_for_any_number_of_heads),
        fixture_test(biases_fall_in_a_straight_line_on_both_sides),
        fixture_test(nothing_is_learned),
        fixture_test(it_says_how_far_the_scores_of_each_head_fall_over_the_length_of_training),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
