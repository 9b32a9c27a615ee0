/* test_xpos.c: tests of src/pos/xpos.c. How vectors are turned and stretched is tested in
 * test_rotation.c, what comes of it in a whole model in tests/model. */
#include "support/check.h"

#include <limits.h>
#include <math.h>

#include "support/model_case.h"

enum { BLOCK = 8, D = 6, PLANES = D / 2, H = 2 }; /* of small_model */

static ModelCase *xpos_case(Fixture *f, const char *options)
{
    return model_case(f, pos_find("xpos"), options, small_model);
}

static Heads random_heads(Fixture *f, size_t batch, size_t T)
{
    return split_heads(random_tensor(&f->arena, 1, SHAPE(batch, T, 3 * H * D)), H);
}

/* Two vectors, q and k, each at T positions: one head, one sequence. */
static Heads repeated(Fixture *f, const double *q, const double *k, size_t T)
{
    Tensor *x[] = {new_tensor(&f->arena, SHAPE(1, T, D)), new_tensor(&f->arena, SHAPE(1, T, D))};
    for (size_t i = 0; i < T * D; i++) {
        x[0]->data[i] = (real)q[i % D];
        x[1]->data[i] = (real)k[i % D];
    }
    HeadView key = head_view(x[1], 1, 0, 1);
    return (Heads){head_view(x[0], 1, 0, 1), key, key};
}

/* --- from the definition --- */

typedef struct Numbers {
    const char *options;
    double base, gamma, scale;
    bool half;
} Numbers;

static const Numbers cases[] = {
    {NULL, 10000, 0.4, 4, false},
    {"xpos_pairing=half", 10000, 0.4, 4, true},
    {"xpos_base=50 xpos_gamma=2.5", 50, 2.5, 4, false},
    {"xpos_scale=512 xpos_pairing=half", 10000, 0.4, 512, true},
    {"xpos_scale=1.5", 10000, 0.4, 1.5, false},
};

static double zeta_of(const Numbers *n, size_t i)
{
    return ((double)i / PLANES + n->gamma) / (1 + n->gamma);
}

/* y [D] of x [D] at position m. */
static void literal(const Numbers *n, const real *x, double m, bool is_key, double *y)
{
    for (size_t i = 0; i < PLANES; i++) {
        size_t first = n->half ? i : 2 * i, second = n->half ? i + PLANES : 2 * i + 1;
        double a = (double)x[first], b = (double)x[second];
        double angle = m * pow(n->base, -2 * (double)i / D);
        double factor = pow(zeta_of(n, i), m / n->scale);
        factor = is_key ? 1 / factor : factor;
        y[first] = factor * (a * cos(angle) - b * sin(angle));
        y[second] = factor * (a * sin(angle) + b * cos(angle));
    }
}

static void queries_and_keys_are_as_in_the_definition(void **state)
{
    Fixture *f = *state;
    enum { B = 2, T = 7 };
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        ModelCase *c = xpos_case(f, cases[n].options);
        Heads x = random_heads(f, B, T);
        Positions at = positions_from(&f->arena, 1, 3, T);
        Heads y = heads_at(&f->tape, &c->gpt, x, at);
        double *q = new_doubles(&f->arena, B * T * H * D),
               *k = new_doubles(&f->arena, B * T * H * D);
        for (size_t row = 0; row < B * T * H; row++) {
            size_t b = row / (T * H), t = row / H % T, h = row % H;
            literal(&cases[n], head_data(&x.q, b, h, t), at.at[t], false, q + row * D);
            literal(&cases[n], head_data(&x.k, b, h, t), at.at[t], true, k + row * D);
        }
        assert_numbers_close(y.q.x->data, q, B * T * H * D);
        assert_numbers_close(y.k.x->data, k, B * T * H * D);
        for (size_t token = 0; token < B * T; token++)
            assert_same_bits(head_data(&y.v, token / T, 0, token % T),
                             head_data(&x.v, token / T, 0, token % T), H * D);
        model_case_free(c);
    }
}

/* By hand, for T = 8: plane 0 has zeta 0.4/1.4 = 2/7, to the power of m/4. */
static void plane_0_falls_in_queries_and_grows_in_keys(void **state)
{
    Fixture *f = *state;
    const struct {
        int position;
        double of_key;
    } at[] = {{0, 1}, {2, 1.870829}, {4, 3.5}, {8, 12.25}, {12, 42.875}};
    const double unit[D] = {1, 0, 0, 0, 0, 0};
    ModelCase *c = xpos_case(f, NULL);
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        Heads y = heads_at(&f->tape, &c->gpt, repeated(f, unit, unit, 1),
                           (Positions){&at[i].position, 1});
        double of_query = 1 / at[i].of_key;
        assert_close(sqrt(dot_product(y.q.x->data, y.q.x->data, D)), of_query, 1e-5);
        assert_close(sqrt(dot_product(y.k.x->data, y.k.x->data, D)), at[i].of_key, 1e-5);
    }
    model_case_free(c);
}

static void position_0_stays_as_it_is(void **state)
{
    Fixture *f = *state;
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        ModelCase *c = xpos_case(f, cases[n].options);
        Heads x = random_heads(f, 1, 3);
        Heads y = heads_at(&f->tape, &c->gpt, x, positions_from(&f->arena, 0, 1, 3));
        for (size_t h = 0; h < H; h++) {
            assert_same_bits(head_data(&y.q, 0, h, 0), head_data(&x.q, 0, h, 0), D);
            assert_same_bits(head_data(&y.k, 0, h, 0), head_data(&x.k, 0, h, 0), D);
        }
        model_case_free(c);
    }
}

/* --- properties of scores --- */

static double score(const Heads *y, size_t m, size_t n)
{
    return dot_product(y->q.x->data + m * D, y->k.x->data + n * D, D);
}

/* Over all positions there are, by default 24 times the length of training. Each number is finite,
 * and so is the product of each query with each key, even of pairs that a mask hides. */
static void to_the_last_position_a_score_depends_on_the_distance_only(void **state)
{
    Fixture *f = *state;
    const double q[D] = {0.7, -1.2, 0.4, 1.5, -0.3, 2.1}, k[D] = {-0.9, 0.8, 1.1, 0.2, 1.7, -0.6};
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        ModelCase *c = xpos_case(f, cases[n].options);
        size_t T = c->gpt.pos.scheme->max_length(&c->gpt.pos), step = T > 1000 ? 131 : 1;
        T /= step;
        Heads y = heads_at(&f->tape, &c->gpt, repeated(f, q, k, T),
                           positions_from(&f->arena, 0, (int)step, T));
        double largest = 0;
        for (size_t i = 0; i < T * D; i++) {
            assert_int_equal(fpclassify(y.q.x->data[i]), FP_NORMAL);
            assert_int_equal(fpclassify(y.k.x->data[i]), FP_NORMAL);
            largest = fmax(largest, fabs((double)y.k.x->data[i]));
        }
        assert_true(largest > 1e25);
        for (size_t r = 0; r < T; r++) {
            double from_0 = score(&y, r, 0), size = 0;
            for (size_t i = 0; i < D; i++)
                size += fabs((double)y.q.x->data[r * D + i] * (double)y.k.x->data[i]);
            for (size_t m = r; m < T; m++) {
                assert_close(score(&y, m, m - r), from_0, REAL_TOLERANCE * size);
                assert_true(isfinite((float)score(&y, m - r, m)));
            }
        }
        tape_reset(&f->tape);
        model_case_free(c);
    }
}

/* A query and a key in one plane, of the same length and at an angle that the distance takes away:
 * RoPE alone leaves 1 at any distance. */
static void in_each_plane_a_score_falls_by_zeta_with_every_scale_of_distance(void **state)
{
    Fixture *f = *state;
    enum { T = 40 };
    for (size_t n = 0; n < COUNT_OF(cases); n++)
        for (size_t i = 0; i < PLANES; i++) {
            ModelCase *c = xpos_case(f, cases[n].options);
            size_t first = cases[n].half ? i : 2 * i,
                   second = cases[n].half ? i + PLANES : 2 * i + 1;
            double before = INFINITY;
            for (int r = 0; r < T; r++) {
                double angle = r * pow(cases[n].base, -2 * (double)i / D), q[D] = {0}, k[D] = {0};
                q[first] = 1;
                k[first] = cos(angle);
                k[second] = sin(angle);
                Heads y = heads_at(&f->tape, &c->gpt, repeated(f, q, k, 2),
                                   (Positions){(int[]){0, r}, 2});
                double now = score(&y, 1, 0),
                       expected = pow(zeta_of(&cases[n], i), r / cases[n].scale);
                assert_close(now, expected, REAL_TOLERANCE * expected);
                assert_true(now < before);
                before = now;
            }
            tape_reset(&f->tape);
            model_case_free(c);
        }
}

/* zeta is 1 to the last bit, so every power of it is, and positions do not end. */
static void without_decay_it_is_rope_bit_for_bit(void **state)
{
    Fixture *f = *state;
    const char *const options[][2] = {
        {"xpos_gamma=1e18", NULL},
        {"xpos_gamma=1e18 xpos_pairing=half xpos_base=77", "rope_pairing=half rope_base=77"}};
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        ModelCase *c = xpos_case(f, options[i][0]);
        ModelCase *rope = model_case(f, pos_find("rope"), options[i][1], small_model);
        assert_int_equal(c->gpt.pos.scheme->max_length(&c->gpt.pos), 0);
        const Tensor *logits = model_case_logits(&f->tape, c);
        assert_same_bits(logits->data, model_case_logits(&f->tape, rope)->data,
                         tensor_size(logits));
        Positions far = positions_from(&f->arena, INT_MAX - 10, 2, 5);
        Heads x = random_heads(f, 2, 5), y = heads_at(&f->tape, &c->gpt, x, far);
        Heads expected = heads_at(&f->tape, &rope->gpt, x, far);
        assert_same_bits(y.q.x->data, expected.q.x->data, 2 * 5 * H * D);
        assert_same_bits(y.k.x->data, expected.k.x->data, 2 * 5 * H * D);
        tape_reset(&f->tape);
        model_case_free(rope);
        model_case_free(c);
    }
}

/* --- what is refused --- */

/* The largest power is that of plane 0: (7/2)^(m/s) <= e^60. */
static void positions_end_where_a_power_would_be_too_large(void **state)
{
    const struct {
        const char *options;
        double gamma, scale;
    } lengths[] = {{NULL, 0.4, 4},
                   {"xpos_scale=512", 0.4, 512},
                   {"xpos_scale=0.5", 0.4, 0.5},
                   {"xpos_gamma=0.01", 0.01, 4},
                   {"xpos_gamma=20", 20, 4}};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        ModelCase *c = xpos_case(*state, lengths[i].options);
        const Pos *pos = &c->gpt.pos;
        int last = (int)pos->scheme->max_length(pos) - 1;
        double rate = log((1 + lengths[i].gamma) / lengths[i].gamma) / lengths[i].scale;
        assert_true(last >= BLOCK - 1);
        assert_true(rate * last <= 60 && rate * (last + 1) > 60);
        Error error = {0};
        assert_true(pos_check(pos, (Positions){&last, 1}, NULL));
        assert_false(pos_check(pos, (Positions){(int[]){last + 1}, 1}, &error));
        assert_contains(error.text, "pos = xpos was made for");
        model_case_free(c);
    }
}

/* log(7/2) * 7 / 60 = 0.146, and log(7/2) * 2007 / 60 = 41.90 where windows start at 0 ... 2000. */
static void a_scale_too_small_for_training_is_refused(void **state)
{
    (void)state;
    GptConfig config = small_model.gpt;
    Error error = {0};
    assert_true(model_is_possible(pos_find("xpos"), "xpos_scale=0.15", config, &error));
    assert_false(model_is_possible(pos_find("xpos"), "xpos_scale=0.14", config, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "xpos_scale = 0.14: expected at least 0.15 for 8 positions");
    config.shown = 2008;
    assert_false(model_is_possible(pos_find("xpos"), NULL, config, &error));
    assert_string_equal(error.text, "xpos_scale = 4: expected at least 41.91 for 2008 positions");
    assert_true(model_is_possible(pos_find("xpos"), "xpos_scale=41.91", config, &error));
}

static void an_odd_head_size_is_refused(void **state)
{
    (void)state;
    GptConfig config = small_model.gpt;
    Error error = {0};
    config.n_head = 4;
    assert_false(model_is_possible(pos_find("xpos"), NULL, config, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "n_embd / n_head = 3: rotary pairs need an even head size");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(queries_and_keys_are_as_in_the_definition),
        fixture_test(plane_0_falls_in_queries_and_grows_in_keys),
        fixture_test(position_0_stays_as_it_is),
        fixture_test(to_the_last_position_a_score_depends_on_the_distance_only),
        fixture_test(in_each_plane_a_score_falls_by_zeta_with_every_scale_of_distance),
        fixture_test(without_decay_it_is_rope_bit_for_bit),
        fixture_test(positions_end_where_a_power_would_be_too_large),
        cmocka_unit_test(a_scale_too_small_for_training_is_refused),
        cmocka_unit_test(an_odd_head_size_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
