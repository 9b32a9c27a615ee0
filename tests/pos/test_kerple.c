/* test_kerple.c: tests of src/pos/kerple.c. */
#include "support/check.h"

#include <math.h>

#include "support/literal_pos.h"
#include "support/model_case.h"

enum { FAR = 1000 };

static const char *const kinds[] = {"kerple_kind=log", "kerple_kind=power"};

static ModelCase *kerple_case(Fixture *f, const char *options, size_t n_head)
{
    ModelShape shape = small_model; /* 2 layers */
    shape.gpt.n_head = n_head;
    shape.gpt.n_embd = 2 * n_head;
    return model_case(f, pos_find("kerple"), options, shape);
}

static Param *numbers_of(const ModelCase *c)
{
    Param *param = param_find(&c->gpt.params, "transformer.kerple_bias.weight");
    assert_non_null(param);
    return param;
}

/* The v with log2(1 + e^v) = s. */
static double inverse_softplus(double s)
{
    return log(expm1(s * log(2)));
}

/* r1 and r2 of a head through what is learned. */
static void set_curve(ModelCase *c, size_t h, double r1, double r2)
{
    bool power = model_case_setting(c, "kerple_kind")[0] == 'p';
    double gain = model_case_number(c, "kerple_gain"), H = (double)c->shape.gpt.n_head;
    double first_r1 = ((double)h + 0.5) / H * (power ? 1 : 2);
    real *numbers = numbers_of(c)->tensor.data + 2 * h;
    numbers[0] = (real)(inverse_softplus(r1 / first_r1) / gain);
    numbers[1] = (real)((power ? log(r2 / (2 - r2)) : inverse_softplus(2 * r2)) / gain);
}

static ScoreBias bias_up_to(Fixture *f, const ModelCase *c, size_t furthest)
{
    Positions all = positions_from(&f->arena, 0, 1, furthest + 1);
    return bias_at(&f->tape, &c->gpt, 1, all, all);
}

/* Written out once more with r1 and r2 themselves. */
static void biases_are_the_two_curves_of_the_paper(void **state)
{
    Fixture *f = *state;
    const double curves[][2] = {{1, 1}, {0.01, 0.5}, {3, 1.9}, {0.3, 0.02}};
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        ModelCase *c = kerple_case(f, kinds[kind], COUNT_OF(curves));
        for (size_t h = 0; h < COUNT_OF(curves); h++)
            set_curve(c, h, curves[h][0], curves[h][1]);
        ScoreBias bias = bias_up_to(f, c, FAR);
        for (size_t h = 0; h < COUNT_OF(curves); h++)
            for (int d = -FAR; d <= FAR; d++) {
                double r1 = curves[h][0], r2 = curves[h][1];
                double expected = kind == 0 ? -r1 * log(1 + r2 * fabs(d)) : -r1 * pow(fabs(d), r2);
                assert_close(bias_of(&bias, h, d), expected, REAL_TOLERANCE * fabs(expected));
            }
        model_case_free(c);
    }
}

static void they_are_the_literal_ones_for_any_learned_numbers(void **state)
{
    Fixture *f = *state;
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        ModelCase *c = kerple_case(f, kinds[kind], 5);
        ScoreBias bias = bias_up_to(f, c, 99);
        for (size_t h = 0; h < 5; h++)
            for (int d = -99; d <= 99; d++) {
                double expected = literal_at_scores(c, 0, h, 99, 99 + d);
                assert_close(bias_of(&bias, h, d), expected, REAL_TOLERANCE * fabs(expected));
            }
        model_case_free(c);
    }
}

static void a_power_of_1_is_alibi_with_the_same_slopes(void **state)
{
    Fixture *f = *state;
    for (size_t n_head = 1; n_head <= 16; n_head++) {
        ModelCase *c = kerple_case(f, kinds[1], n_head);
        ModelCase *alibi = model_case(f, pos_find("alibi"), NULL, c->shape);
        for (size_t h = 0; h < n_head; h++)
            set_curve(c, h, pow(2, -literal_alibi_exponents[n_head - 1][h]), 1);
        ScoreBias bias = bias_up_to(f, c, FAR), expected = bias_up_to(f, alibi, FAR);
        size_t size = tensor_size(expected.by_distance);
        assert_int_equal(tensor_size(bias.by_distance), size);
        for (size_t i = 0; i < size; i++)
            assert_close(bias.by_distance->data[i], expected.by_distance->data[i],
                         REAL_TOLERANCE * fabs((double)expected.by_distance->data[i]));
        model_case_free(alibi);
        model_case_free(c);
        tape_reset(&f->tape);
    }
}

/* Whatever is learned: no bias at distance 0, the same on both sides, and ever less. */
static void biases_fall_with_distance(void **state)
{
    Fixture *f = *state;
    const double learned[] = {-0.6, -0.1, 0, 0.1, 0.4};
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++)
        for (size_t a = 0; a < COUNT_OF(learned); a++)
            for (size_t b = 0; b < COUNT_OF(learned); b++) {
                ModelCase *c = kerple_case(f, kinds[kind], 1);
                numbers_of(c)->tensor.data[0] = (real)learned[a];
                numbers_of(c)->tensor.data[1] = (real)learned[b];
                ScoreBias bias = bias_up_to(f, c, 100);
                assert_close(bias_of(&bias, 0, 0), 0, 0);
                for (int d = 1; d <= 100; d++) {
                    assert_true(bias_of(&bias, 0, -d) < bias_of(&bias, 0, 1 - d));
                    assert_close(bias_of(&bias, 0, d), bias_of(&bias, 0, -d), 0);
                }
                model_case_free(c);
                tape_reset(&f->tape);
            }
}

/* What makes such a curve a kernel, once a constant is added: for numbers z with a sum of 0, the
 * sum over i and j of z[i] z[j] bias(i - j) is not negative. A power above 2 would fail. */
static void curves_are_conditionally_positive_definite(void **state)
{
    Fixture *f = *state;
    enum { N = 24 };
    const double exponents[] = {0.05, 0.5, 1, 1.7, 1.99};
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        ModelCase *c = kerple_case(f, kinds[kind], COUNT_OF(exponents));
        for (size_t h = 0; h < COUNT_OF(exponents); h++)
            set_curve(c, h, 0.7, exponents[h]);
        ScoreBias bias = bias_up_to(f, c, N - 1);
        for (uint64_t seed = 0; seed < 200; seed++) {
            const real *z = random_numbers(&f->arena, N, seed);
            double mean = 0;
            for (size_t i = 0; i < N; i++)
                mean += (double)z[i] / N;
            for (size_t h = 0; h < COUNT_OF(exponents); h++) {
                double sum = 0;
                for (int i = 0; i < N; i++)
                    for (int j = 0; j < N; j++)
                        sum += ((double)z[i] - mean) * ((double)z[j] - mean) *
                               bias_of(&bias, h, i - j);
                assert_true(sum > 0);
            }
        }
        model_case_free(c);
    }
}

static void curves_start_in_the_middle_of_the_authors_range(void **state)
{
    Fixture *f = *state;
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        ModelCase *c = kerple_case(f, kinds[kind], 4);
        gpt_initialise(&c->gpt, random_seed(1));
        assert_int_equal(numbers_of(c)->decay, NO_DECAY);
        ScoreBias bias = bias_up_to(f, c, 64);
        const double r1[] = {1 / 8.0, 3 / 8.0, 5 / 8.0, 7 / 8.0};
        for (size_t h = 0; h < 4; h++)
            for (int d = 0; d <= 64; d++) {
                double expected = kind == 0 ? -2 * r1[h] * log(1 + d / 2.0) : -r1[h] * d;
                assert_close(bias_of(&bias, h, -d), expected, REAL_TOLERANCE * fabs(expected));
            }
        model_case_free(c);
    }
}

static void the_gain_scales_what_is_learned(void **state)
{
    Fixture *f = *state;
    ModelCase *c = kerple_case(f, "kerple_gain=2", 3), *half = kerple_case(f, "kerple_gain=1", 3);
    for (size_t i = 0; i < 6; i++)
        numbers_of(half)->tensor.data[i] = 2 * numbers_of(c)->tensor.data[i];
    ScoreBias bias = bias_up_to(f, c, 50), same = bias_up_to(f, half, 50);
    assert_same_bits(bias.by_distance->data, same.by_distance->data, tensor_size(bias.by_distance));
    model_case_free(half);
    model_case_free(c);
}

static void all_layers_share_two_numbers_of_each_head(void **state)
{
    Fixture *f = *state;
    ModelCase *c = kerple_case(f, NULL, 3);
    Positions all = positions_from(&f->arena, 0, 1, 70);
    ScoreBias first = bias_at(&f->tape, &c->gpt, 0, all, all);
    ScoreBias second = bias_at(&f->tape, &c->gpt, 1, all, all);
    assert_int_equal(c->gpt.pos_numbers, 2 * 3);
    assert_same_bits(first.by_distance->data, second.by_distance->data,
                     tensor_size(first.by_distance));
    model_case_free(c);
}

static void it_names_its_curve(void **state)
{
    ModelCase *c = kerple_case(*state, "kerple_kind=power kerple_gain=2", 2);
    TextBuffer text = {0};
    c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
    assert_string_equal(text.bytes, "power, gain 2");
    text_buffer_free(&text);
    model_case_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(biases_are_the_two_curves_of_the_paper),
        fixture_test(they_are_the_literal_ones_for_any_learned_numbers),
        fixture_test(a_power_of_1_is_alibi_with_the_same_slopes),
        fixture_test(biases_fall_with_distance),
        fixture_test(curves_are_conditionally_positive_definite),
        fixture_test(curves_start_in_the_middle_of_the_authors_range),
        fixture_test(the_gain_scales_what_is_learned),
        fixture_test(all_layers_share_two_numbers_of_each_head),
        fixture_test(it_names_its_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
