/* test_fire.c: tests of src/pos/fire.c. Its shares are tested alone in test_fire_op.c, its network
 * in test_bias_mlp.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/literal_pos.h"
#include "support/model_case.h"

enum { H = 2, WIDTH = 32 }; /* H: small_model's */

static ModelCase *fire_case(Fixture *f, const char *options, size_t block_size, bool causal)
{
    ModelShape shape = small_model; /* 2 layers */
    shape.gpt.block_size = block_size;
    shape.gpt.causal = causal;
    return model_case(f, pos_find("fire"), options, shape);
}

static Param *param_of(const ModelCase *c, size_t layer, const char *name)
{
    char full[PARAM_NAME_SIZE];
    snprintf(full, sizeof full, "transformer.h.%zu.attn.fire.%s", layer, name);
    Param *param = param_find(&c->gpt.params, full);
    assert_non_null(param);
    return param;
}

static void set_scale(ModelCase *c, double c_of_psi, double threshold, double first_threshold)
{
    real *scale = param_of(c, 0, "scale")->tensor.data;
    scale[0] = (real)log(c_of_psi / 0.1);
    scale[1] = (real)log(threshold / first_threshold);
}

/* One hidden unit is x itself, which is never negative; the others are left out: f[h](x) =
 * slope[h] x. */
static void set_straight_line(ModelCase *c, const double slope[H])
{
    real *in = param_of(c, 0, "c_fc.weight")->tensor.data;
    real *start = param_of(c, 0, "c_fc.bias")->tensor.data;
    real *out = param_of(c, 0, "c_proj.weight")->tensor.data;
    memset(out, 0, H * WIDTH * sizeof *out);
    in[0] = 1;
    start[0] = 0;
    for (size_t h = 0; h < H; h++)
        out[h * WIDTH] = (real)slope[h];
}

static double bias_of_pair(const ScoreBias *bias, size_t h, size_t i, size_t j)
{
    const size_t *shape = bias->by_pair->shape;
    return (double)bias->by_pair->data[(h * shape[2] + i) * shape[3] + j];
}

/* Thresholds in front of the text, in it and behind it; positions with gaps, far out, and those of
 * a text that is continued. */
static void biases_are_those_of_the_definition(void **state)
{
    Fixture *f = *state;
    const char *const options[] = {"fire_threshold=1", NULL, "fire_threshold=400 fire_gain=3"};
    const struct {
        int first, step;
        size_t queries, keys;
    } texts[] = {{0, 1, 50, 50}, {7, 3, 20, 20}, {1000, 1, 30, 30}, {0, 1, 1, 40}, {13, 2, 4, 40}};
    for (size_t o = 0; o < COUNT_OF(options); o++)
        for (size_t t = 0; t < COUNT_OF(texts); t++)
            for (int causal = 0; causal < 2; causal++) {
                ModelCase *c = fire_case(f, options[o], 64, causal == 1);
                size_t n = texts[t].keys, n_query = texts[t].queries;
                Positions keys = positions_from(&f->arena, texts[t].first, texts[t].step, n);
                Positions queries = {keys.at + n - n_query, n_query};
                ScoreBias bias = bias_at(&f->tape, &c->gpt, 1, queries, keys);
                double *expected = new_doubles(&f->arena, H * n_query * n);
                for (size_t i = 0; i < H * n_query * n; i++) {
                    size_t h = i / (n_query * n), query = i / n % n_query, key = i % n;
                    if (!causal || key <= n - n_query + query)
                        expected[i] = literal_at_scores(c, 1, h, queries.at[query], keys.at[key]);
                }
                assert_numbers_close(bias.by_pair->data, expected, H * n_query * n);
                model_case_free(c);
                tape_reset(&f->tape);
            }
}

/* The share itself: 0 for the query, 1 for the start of the text from any query behind the
 * threshold, and in between it grows with distance. */
static void the_start_of_the_text_is_equally_far_from_every_query(void **state)
{
    Fixture *f = *state;
    enum { T = 200 };
    ModelCase *c = fire_case(f, "fire_threshold=16 fire_gain=1", 64, true);
    set_scale(c, 0.7, 16, 16);
    set_straight_line(c, (const double[H]){1, -2});
    Positions all = positions_from(&f->arena, 0, 1, T);
    ScoreBias bias = bias_at(&f->tape, &c->gpt, 0, all, all);
    for (size_t i = 0; i < T; i++) {
        assert_close(bias_of_pair(&bias, 0, i, i), 0, 0);
        for (size_t j = 1; j <= i; j++)
            assert_true(bias_of_pair(&bias, 0, i, j) < bias_of_pair(&bias, 0, i, j - 1));
        if (i >= 16) {
            assert_close(bias_of_pair(&bias, 0, i, 0), 1, 0);
            assert_close(bias_of_pair(&bias, 1, i, 0), -2, 0);
        } else {
            assert_close(bias_of_pair(&bias, 0, i, 0), log1p(0.7 * (double)i) / log1p(0.7 * 16),
                         REAL_TOLERANCE);
        }
    }
    model_case_free(c);
}

static void up_to_the_threshold_only_the_distance_counts(void **state)
{
    Fixture *f = *state;
    enum { T = 60, L = 30 };
    ModelCase *c = fire_case(f, "fire_threshold=30", 64, true);
    set_scale(c, 0.3, L, L);
    Positions all = positions_from(&f->arena, 0, 1, T);
    ScoreBias bias = bias_at(&f->tape, &c->gpt, 0, all, all);
    for (size_t h = 0; h < H; h++)
        for (size_t d = 1; d <= L; d++) {
            double from_first = bias_of_pair(&bias, h, d, 0);
            for (size_t i = d; i <= L; i++)
                assert_close(bias_of_pair(&bias, h, i, i - d), from_first, 0);
            assert_true(bias_of_pair(&bias, h, T - 1, T - 1 - d) != from_first);
        }
    model_case_free(c);
}

/* f(x) = -a x with L behind the end: -a psi(d) / psi(L). */
static void with_a_straight_line_it_is_kerple(void **state)
{
    Fixture *f = *state;
    enum { T = 80, L = 1000 };
    const double c_of_psi = 0.35, a[H] = {2.5, 0.4};
    ModelCase *c = fire_case(f, "fire_threshold=1000 fire_gain=1", T, true);
    set_scale(c, c_of_psi, L, L);
    set_straight_line(c, (const double[H]){-a[0], -a[1]});
    ModelCase *kerple = model_case(f, pos_find("kerple"), "kerple_gain=1", c->shape);
    real *numbers = param_find(&kerple->gpt.params, "transformer.kerple_bias.weight")->tensor.data;
    for (size_t h = 0; h < H; h++) { /* which start at 1/2 and 3/2, and at 1/2 */
        double r1 = a[h] / log(1 + c_of_psi * L), r2 = c_of_psi;
        numbers[2 * h] = (real)log(exp2(r1 / ((double)h + 0.5)) - 1);
        numbers[2 * h + 1] = (real)log(exp2(2 * r2) - 1);
    }
    Positions all = positions_from(&f->arena, 0, 1, T);
    ScoreBias bias = bias_at(&f->tape, &c->gpt, 0, all, all);
    ScoreBias expected = bias_at(&f->tape, &kerple->gpt, 0, all, all);
    for (size_t h = 0; h < H; h++)
        for (size_t i = 0; i < T; i++)
            for (size_t j = 0; j <= i; j++)
                assert_close(bias_of_pair(&bias, h, i, j),
                             bias_of(&expected, h, (ptrdiff_t)j - (ptrdiff_t)i), REAL_TOLERANCE);
    model_case_free(kerple);
    model_case_free(c);
}

static void it_starts_as_nothing_and_does_not_decay(void **state)
{
    Fixture *f = *state;
    ModelCase *c = fire_case(f, NULL, 64, true);
    gpt_initialise(&c->gpt, random_seed(1));
    Positions all = positions_from(&f->arena, 0, 1, 64);
    for (size_t layer = 0; layer < 2; layer++) {
        const char *const names[] = {"scale", "c_fc.weight", "c_fc.bias", "c_proj.weight"};
        for (size_t n = 0; n < COUNT_OF(names); n++)
            assert_int_equal(param_of(c, layer, names[n])->decay, NO_DECAY);
        ScoreBias bias = bias_at(&f->tape, &c->gpt, layer, all, all);
        for (size_t i = 0; i < tensor_size(bias.by_pair); i++)
            assert_close(bias.by_pair->data[i], 0, 0);
    }
    model_case_free(c);
}

/* Seen at the start of a text of 64, which is x = 1 from position 16 on, and psi(15) / psi(16) one
 * before: c is 0.1. */
static void at_first_c_is_a_tenth_and_the_threshold_a_quarter_of_training(void **state)
{
    Fixture *f = *state;
    ModelCase *c = fire_case(f, NULL, 64, true);
    gpt_initialise(&c->gpt, random_seed(1));
    set_straight_line(c, (const double[H]){1, 1});
    Positions all = positions_from(&f->arena, 0, 1, 64);
    ScoreBias bias = bias_at(&f->tape, &c->gpt, 0, all, all);
    double gain = model_case_number(c, "fire_gain");
    assert_close(bias_of_pair(&bias, 0, 16, 0), gain, 0);
    assert_close(bias_of_pair(&bias, 0, 15, 0), gain * log(2.5) / log(2.6), gain * REAL_TOLERANCE);
    assert_close(bias_of_pair(&bias, 0, 63, 32), gain * log(4.1) / log(7.3), gain * REAL_TOLERANCE);
    model_case_free(c);
}

static void each_layer_has_a_network_of_its_own(void **state)
{
    Fixture *f = *state;
    ModelCase *c = fire_case(f, NULL, 64, true);
    Positions all = positions_from(&f->arena, 0, 1, 20);
    ScoreBias first = bias_at(&f->tape, &c->gpt, 0, all, all);
    ScoreBias second = bias_at(&f->tape, &c->gpt, 1, all, all);
    assert_true(largest_difference(first.by_pair->data, second.by_pair->data,
                                   tensor_size(first.by_pair)) > 0.1);
    model_case_free(c);
}

/* Twice the length: four times the numbers by pair. What else there is grows with the length. */
static void its_memory_is_that_of_every_pair(void **state)
{
    Fixture *f = *state;
    ModelCase *c = fire_case(f, NULL, 64, true),
              *plain = model_case(f, pos_find("none"), NULL, c->shape);
    assert_contains(c->gpt.pos.scheme->cost, "T^2");
    for (size_t length = 1024; length <= 4096; length *= 2) {
        size_t with, without, pairs = length * length * sizeof(real);
        assert_true(gpt_measure(&c->gpt, 1, length, false, &with, NULL));
        assert_true(gpt_measure(&plain->gpt, 1, length, false, &without, NULL));
        assert_in_range(with - without, 2 * (H + 1) * pairs, 2 * (H + 1) * pairs * 11 / 10);
    }
    model_case_free(plain);
    model_case_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(biases_are_those_of_the_definition),
        fixture_test(the_start_of_the_text_is_equally_far_from_every_query),
        fixture_test(up_to_the_threshold_only_the_distance_counts),
        fixture_test(with_a_straight_line_it_is_kerple),
        fixture_test(it_starts_as_nothing_and_does_not_decay),
        fixture_test(at_first_c_is_a_tenth_and_the_threshold_a_quarter_of_training),
        fixture_test(each_layer_has_a_network_of_its_own),
        fixture_test(its_memory_is_that_of_every_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
