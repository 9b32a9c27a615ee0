/* test_t5.c: tests of src/pos/t5.c.
 *
 * Buckets are seen through the biases: the number of bucket b is set to b, and the gain to 1. */
#include "support/check.h"

#include <stdio.h>

#include "support/literal_pos.h"
#include "support/model_case.h"

static ModelCase *t5_case(Fixture *f, const char *options, size_t block_size, bool causal)
{
    ModelShape shape = small_model; /* 2 layers, 2 heads */
    shape.gpt.block_size = block_size;
    shape.gpt.causal = causal;
    ModelCase *c = model_case(f, pos_find("t5"), options, shape);
    Param *param = param_find(&c->gpt.params, "transformer.t5_bias.weight");
    assert_non_null(param);
    for (size_t i = 0; i < tensor_size(&param->tensor); i++)
        param->tensor.data[i] = (real)(i % tensor_width(&param->tensor));
    return c;
}

static size_t bucket_count(const ModelCase *c)
{
    return tensor_width(&param_find(&c->gpt.params, "transformer.t5_bias.weight")->tensor);
}

static ScoreBias bias_up_to(Fixture *f, const ModelCase *c, size_t furthest)
{
    Positions all = positions_from(&f->arena, 0, 1, furthest + 1);
    return bias_at(&f->tape, &c->gpt, 0, all, all);
}

static const char published[] = "t5_buckets=32 t5_max_distance=128 t5_gain=1";

/* The published function at distances 0 to 112, query - key; beyond, the bucket is 31. */
static const int causal_buckets[] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 16, 16, 17, /* 0 */
    17, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 21, 21, 21, 21, 22, 22, 22, 22, 22, /* 20 */
    23, 23, 23, 23, 23, 23, 24, 24, 24, 24, 24, 24, 25, 25, 25, 25, 25, 25, 25, 26, /* 40 */
    26, 26, 26, 26, 26, 26, 26, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 28, 28, 28, /* 60 */
    28, 28, 28, 28, 28, 28, 28, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 30, /* 80 */
    30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,                             /* 100 */
};

static void causal_buckets_are_the_published_ones(void **state)
{
    Fixture *f = *state;
    ModelCase *c = t5_case(f, published, 64, true);
    ScoreBias bias = bias_up_to(f, c, 200);
    assert_int_equal(COUNT_OF(causal_buckets), 113);
    for (size_t h = 0; h < 2; h++)
        for (int d = 0; d <= 200; d++) {
            assert_close(bias_of(&bias, h, -d), d < 113 ? causal_buckets[d] : 31, 0);
            assert_close(bias_of(&bias, h, d), 0, 0);
        }
    model_case_free(c);
}

static void buckets_of_both_sides_are_the_published_ones(void **state)
{
    Fixture *f = *state;
    const int last[16] = {0, 1, 2, 3, 4, 5, 6, 7, 11, 15, 22, 31, 45, 63, 90, 200};
    ModelCase *c = t5_case(f, published, 64, false);
    ScoreBias bias = bias_up_to(f, c, 200);
    for (int bucket = 0, d = 0; bucket < 16; bucket++)
        for (; d <= last[bucket]; d++) {
            assert_close(bias_of(&bias, 0, -d), bucket, 0);
            if (d > 0)
                assert_close(bias_of(&bias, 0, d), 16 + bucket, 0);
        }
    model_case_free(c);
}

static void buckets_of_other_numbers_follow_the_formula(void **state)
{
    Fixture *f = *state;
    for (size_t buckets = 4; buckets <= 40; buckets += 4)
        for (size_t far = buckets / 2 + 1; far < 300; far += 29)
            for (int causal = 0; causal < 2; causal++) {
                char options[80];
                snprintf(options, sizeof options, "t5_buckets=%zu t5_max_distance=%zu t5_gain=1",
                         buckets, far);
                ModelCase *c = t5_case(f, options, 64, causal == 1);
                ScoreBias bias = bias_up_to(f, c, 350);
                for (int d = -350; d <= (causal ? 0 : 350); d++)
                    assert_close(bias_of(&bias, 1, d),
                                 literal_t5_bucket(causal == 1, d, buckets, far), 0);
                model_case_free(c);
                tape_reset(&f->tape);
            }
}

static void all_layers_share_one_table(void **state)
{
    Fixture *f = *state;
    ModelCase *c = t5_case(f, NULL, 64, true),
              *plain = model_case(f, pos_find("none"), NULL, c->shape);
    Positions all = positions_from(&f->arena, 0, 1, 70);
    ScoreBias first = bias_at(&f->tape, &c->gpt, 0, all, all);
    ScoreBias second = bias_at(&f->tape, &c->gpt, 1, all, all);
    assert_int_equal(c->n_parameters, plain->n_parameters + 1);
    assert_same_bits(first.by_distance->data, second.by_distance->data,
                     tensor_size(first.by_distance));
    model_case_free(plain);
    model_case_free(c);
}

static void the_gain_scales_the_biases(void **state)
{
    Fixture *f = *state;
    ModelCase *by_default = t5_case(f, NULL, 64, true);
    ModelCase *c = t5_case(f, "t5_gain=0.5", 64, true);
    ScoreBias eight = bias_up_to(f, by_default, 63), half = bias_up_to(f, c, 63);
    assert_close(bias_of(&eight, 0, -3), 8 * 3, 0);
    assert_close(bias_of(&half, 0, -3), 0.5 * 3, 0);
    model_case_free(c);
    model_case_free(by_default);
}

/* Of the two sides' buckets one is for the distance 0 to the right, which is on the left. */
static void no_bucket_is_left_untrained_by_default(void **state)
{
    Fixture *f = *state;
    for (size_t length = 4; length < 600; length += length < 100 ? 1 : 97)
        for (int causal = 0; causal < 2; causal++) {
            ModelCase *c = t5_case(f, "t5_gain=1", length, causal == 1);
            ScoreBias bias = bias_up_to(f, c, length - 1);
            size_t n = bucket_count(c), reached = 0;
            bool seen[32] = {false};
            assert_in_range(n, length < 64 ? length / 2 - 1 : 32, 32);
            for (int d = 1 - (int)length; d < (causal ? 1 : (int)length); d++) {
                size_t bucket = (size_t)bias_of(&bias, 0, d);
                reached += !seen[bucket];
                seen[bucket] = true;
            }
            assert_int_equal(reached, causal ? n : n - 1);
            model_case_free(c);
            tape_reset(&f->tape);
        }
}

static void it_says_how_many_buckets_training_reaches(void **state)
{
    const struct {
        const char *options;
        bool causal;
        const char *text;
    } cases[] = {
        {NULL, true, "32 buckets, of which training reaches 32"},
        {NULL, false, "32 buckets, of which training reaches 31"},
        /* distance 63 is the furthest: bucket 26, as the table above says */
        {published, true, "32 buckets, of which training reaches 27"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelCase *c = t5_case(*state, cases[i].options, 64, cases[i].causal);
        TextBuffer text = {0};
        c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
        assert_string_equal(text.bytes, cases[i].text);
        text_buffer_free(&text);
        model_case_free(c);
    }
}

static void it_works_at_any_training_length_by_default(void **state)
{
    (void)state;
    for (size_t length = 1; length < 70; length++)
        for (int causal = 0; causal < 2; causal++) {
            GptConfig config = small_model.gpt;
            Error error = {0};
            config.block_size = length;
            config.causal = causal == 1;
            if (!model_is_possible(pos_find("t5"), NULL, config, &error))
                fail_msg("block_size = %zu: %s", length, error.text);
        }
}

static void buckets_that_cannot_be_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *options;
        bool causal;
        const char *message;
    } cases[] = {
        {"t5_buckets=1", true, "t5_buckets = 1: expected at least 2"},
        {"t5_buckets=2", false, "t5_buckets = 2: expected an even number, at least 4"},
        {"t5_buckets=7", false, "t5_buckets = 7: expected an even number, at least 4"},
        {"t5_buckets=8 t5_max_distance=4", true, "t5_max_distance = 4: expected more than 4"},
        {"t5_buckets=8 t5_max_distance=2", false, "t5_max_distance = 2: expected more than 2"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        GptConfig config = small_model.gpt;
        Error error = {0};
        config.causal = cases[i].causal;
        assert_false(model_is_possible(pos_find("t5"), cases[i].options, config, &error));
        assert_int_equal(error.kind, ERROR_REQUEST);
        assert_contains(error.text, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(causal_buckets_are_the_published_ones),
        fixture_test(buckets_of_both_sides_are_the_published_ones),
        fixture_test(buckets_of_other_numbers_follow_the_formula),
        fixture_test(all_layers_share_one_table),
        fixture_test(the_gain_scales_the_biases),
        fixture_test(no_bucket_is_left_untrained_by_default),
        fixture_test(it_says_how_many_buckets_training_reaches),
        cmocka_unit_test(it_works_at_any_training_length_by_default),
        cmocka_unit_test(buckets_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
