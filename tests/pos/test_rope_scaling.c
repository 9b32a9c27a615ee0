/* test_rope_scaling.c: tests of src/pos/rope_scaling.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "pos/rope_scaling.h"
#include "support/literal_pos.h"
#include "support/model_case.h"

enum { MOST_PLANES = 64 };

static RopeScaling scaling_of(const char *text)
{
    RopeScaling scaling;
    assert_true(rope_scaling_read(text, &scaling));
    return scaling;
}

/* A rotation as it is in training. */
typedef struct Planes {
    double base;
    size_t count, trained;
    double theta[MOST_PLANES];
} Planes;

static Planes planes_of(double base, size_t count, size_t trained)
{
    Planes planes = {.base = base, .count = count, .trained = trained};
    for (size_t i = 0; i < count; i++)
        planes.theta[i] = pow(base, -(double)i / (double)count);
    return planes;
}

static void scaled_speeds(const Planes *planes, const char *scaling, size_t length, double *scaled)
{
    rope_scaling_speeds(scaling_of(scaling), planes->trained, length, planes->theta, planes->count,
                        scaled);
}

/* --- the option --- */

static void values_are_read_to_their_kind_and_scale(void **state)
{
    (void)state;
    const struct {
        const char *text;
        RopeScalingKind kind;
        double s;
    } cases[] = {
        {"none", SCALING_NONE, 1},         {"dynamic", SCALING_DYNAMIC, 1},
        {"linear:4", SCALING_LINEAR, 4},   {"linear:1", SCALING_LINEAR, 1},
        {"ntk:2.5", SCALING_NTK, 2.5},     {"yarn:8", SCALING_YARN, 8},
        {"yarn:1000", SCALING_YARN, 1000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RopeScaling scaling = scaling_of(cases[i].text);
        assert_int_equal(scaling.kind, cases[i].kind);
        assert_true(scaling.s == cases[i].s);
        assert_true(rope_scaling_is_legal(cases[i].text));
    }
}

static void other_texts_are_no_scaling(void **state)
{
    (void)state;
    const char *const texts[] = {"",         "yarn",      "yarn:",      "yarn:0.5", "yarn:0",
                                 "yarn:-2",  "foo:2",     "linear:nan", "ntk:inf",  "ntk:1000.5",
                                 "ntk:4 ",   " ntk:4",    "ntk :4",     "ntk: 4",   "NTK:4",
                                 "ntk:4:64", "dynamic:2", "none:1",     "nt",       "linear4"};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (rope_scaling_is_legal(texts[i]))
            fail_msg("\"%s\" is taken", texts[i]);
}

/* --- how fast planes turn --- */

static void planes_turn_as_fast_as_the_papers_say(void **state)
{
    (void)state;
    const Planes models[] = {planes_of(10000, 16, 64), planes_of(10000, 64, 4096),
                             planes_of(500, 3, 100), planes_of(10000, 1, 32)};
    const char *const scalings[] = {"none",   "linear:4", "linear:3",  "ntk:4",  "ntk:1.5",
                                    "yarn:4", "yarn:16",  "yarn:1000", "dynamic"};
    for (size_t m = 0; m < COUNT_OF(models); m++)
        for (size_t n = 0; n < COUNT_OF(scalings); n++)
            for (size_t length = 1; length < 10000; length *= 7) {
                const Planes *planes = &models[m];
                double scaled[MOST_PLANES];
                scaled_speeds(planes, scalings[n], length, scaled);
                for (size_t i = 0; i < planes->count; i++) {
                    double expected =
                        literal_rope_theta(scalings[n], planes->base, 2 * (double)planes->count,
                                           (double)planes->trained, (double)length, (double)i);
                    assert_close(scaled[i], expected, 1e-13 * expected);
                }
            }
}

static void a_scale_of_1_changes_no_bit(void **state)
{
    (void)state;
    const Planes planes = planes_of(10000, 23, 64);
    const char *const scalings[] = {"none", "linear:1", "ntk:1", "yarn:1", "dynamic"};
    for (size_t n = 0; n < COUNT_OF(scalings); n++) {
        double scaled[MOST_PLANES];
        scaled_speeds(&planes, scalings[n], 64, scaled);
        assert_memory_equal(scaled, planes.theta, planes.count * sizeof *scaled);
        assert_true(rope_scaling_factor(scaling_of(scalings[n])) == 1);
    }
}

/* Between them the ratio falls in equal steps of its logarithm. */
static void ntk_leaves_the_fastest_plane_and_slows_the_slowest_by_s(void **state)
{
    (void)state;
    const Planes planes = planes_of(10000, 16, 64);
    double scaled[MOST_PLANES];
    scaled_speeds(&planes, "ntk:8", 64, scaled);
    assert_true(scaled[0] == planes.theta[0]);
    assert_close(planes.theta[15] / scaled[15], 8, 1e-14 * 8);
    for (size_t i = 0; i < 16; i++)
        assert_close(log(planes.theta[i] / scaled[i]), (double)i / 15 * log(8), 1e-13);
}

/* A head of Llama 2, D = 128 and L = 4096, with the paper's numbers: alpha = 1, beta = 32. Plane 21
 * makes 31.8 turns in training and plane 45 one, as an ordinary calculator finds. */
static void yarn_treats_llama_2_as_the_paper_does(void **state)
{
    (void)state;
    const Planes planes = planes_of(10000, 64, 4096);
    double scaled[MOST_PLANES];
    scaled_speeds(&planes, "yarn:16", 4096, scaled);
    for (size_t i = 0; i < 64; i++) {
        double turns = 4096 * planes.theta[i] / (2 * acos(-1)), part = (turns - 1) / (32 - 1);
        if (i <= 20)
            assert_true(scaled[i] == planes.theta[i]);
        else if (i >= 46)
            assert_true(scaled[i] == planes.theta[i] / 16);
        else
            assert_close(scaled[i] / planes.theta[i], part + (1 - part) / 16, 1e-12);
    }
    assert_true(scaled[21] < planes.theta[21] && scaled[45] > planes.theta[45] / 16);
}

/* The figures that rope_scaling.c states. */
static void yarn_at_64_tokens_has_planes_of_all_three_kinds(void **state)
{
    (void)state;
    const Planes planes = planes_of(10000, 16, 64);
    const double shares[] = {1, 1, 0.90, 0.33, 0.01};
    double scaled[MOST_PLANES];
    scaled_speeds(&planes, "yarn:4", 64, scaled);
    for (size_t i = 0; i < 16; i++) {
        double share = (scaled[i] / planes.theta[i] - 0.25) / 0.75;
        assert_close(share, i < COUNT_OF(shares) ? shares[i] : 0, 0.005);
    }
    assert_true(scaled[0] == planes.theta[0] && scaled[1] == planes.theta[1]);
    for (size_t i = 5; i < 16; i++)
        assert_true(scaled[i] == planes.theta[i] / 4);
}

/* In 6 tokens no plane finishes a turn, and there is nothing between alpha and beta. */
static void yarn_slows_every_plane_where_training_was_shorter_than_a_turn(void **state)
{
    (void)state;
    for (size_t trained = 1; trained <= 6; trained++) {
        const Planes planes = planes_of(10000, 8, trained);
        double scaled[MOST_PLANES];
        scaled_speeds(&planes, "yarn:2", trained, scaled);
        for (size_t i = 0; i < 8; i++)
            assert_true(scaled[i] == planes.theta[i] / 2);
    }
}

static void dynamic_is_ntk_by_as_much_as_the_text_is_longer(void **state)
{
    (void)state;
    const Planes planes = planes_of(10000, 16, 64);
    double scaled[MOST_PLANES], expected[MOST_PLANES];
    for (size_t length = 1; length <= 64; length++) {
        scaled_speeds(&planes, "dynamic", length, scaled);
        assert_memory_equal(scaled, planes.theta, 16 * sizeof *scaled);
    }
    scaled_speeds(&planes, "dynamic", 96, scaled);
    scaled_speeds(&planes, "ntk:1.5", 64, expected);
    assert_memory_equal(scaled, expected, 16 * sizeof *scaled);
    assert_int_equal(rope_scaling_lasting_length(scaling_of("dynamic"), 64), 64);
    assert_int_equal(rope_scaling_lasting_length(scaling_of("ntk:1.5"), 64), 0);
}

/* --- at the query-key door --- */

static ModelShape shape_of(size_t block_size, size_t length)
{
    ModelShape shape = small_model;
    shape.gpt.block_size = block_size;
    shape.gpt.n_embd = 32;
    shape.length = length;
    return shape;
}

/* What the query-key door makes of random queries and keys at those positions. */
static Heads turned(Fixture *f, const char *options, Positions positions)
{
    ModelCase *c = model_case(f, pos_find("rope"), options, shape_of(8, 5));
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(1, positions.count, 96));
    Heads heads = heads_at(&f->tape, &c->gpt, split_heads(x, 2), positions);
    model_case_free(c);
    return heads;
}

static void a_model_with_scale_1_has_the_bits_of_one_without(void **state)
{
    Fixture *f = *state;
    const Heads plain = turned(f, NULL, positions_from(&f->arena, 3, 1, 8));
    const char *const options[] = {"rope_scaling=none", "rope_scaling=linear:1",
                                   "rope_scaling=ntk:1", "rope_scaling=yarn:1",
                                   "rope_scaling=dynamic"};
    for (size_t n = 0; n < COUNT_OF(options); n++) {
        const Heads scaled = turned(f, options[n], positions_from(&f->arena, 3, 1, 8));
        assert_same_bits(scaled.q.x->data, plain.q.x->data, tensor_size(plain.q.x));
        assert_same_bits(scaled.k.x->data, plain.k.x->data, tensor_size(plain.k.x));
    }
}

/* Position m of a text with linear:4 is position m/4. */
static void linear_interpolates_positions(void **state)
{
    Fixture *f = *state;
    const Heads plain = turned(f, NULL, positions_from(&f->arena, 1, 2, 8));
    const Heads scaled = turned(f, "rope_scaling=linear:4", positions_from(&f->arena, 4, 8, 8));
    assert_numbers_close(scaled.q.x->data,
                         as_doubles(&f->arena, plain.q.x->data, tensor_size(plain.q.x)),
                         tensor_size(plain.q.x));
}

/* At position 0 nothing is turned: what is left is the root of 1/t on each side. It belongs to
 * scores as a whole, so to the channels that never turn as well. */
static void yarn_sharpens_every_score_by_its_temperature(void **state)
{
    Fixture *f = *state;
    const char *const options[] = {"rope_scaling=yarn:8", "rope_scaling=yarn:8 rope_share=0.25",
                                   "rope_scaling=yarn:8 rope_frequencies=0.5"};
    const Heads plain = turned(f, NULL, positions_from(&f->arena, 0, 1, 1));
    double root = 0.1 * log(8) + 1;
    for (size_t n = 0; n < COUNT_OF(options); n++) {
        const Heads scaled = turned(f, options[n], positions_from(&f->arena, 0, 1, 1));
        for (size_t h = 0; h < 2; h++) {
            double before =
                       dot_product(head_data(&plain.q, 0, h, 0), head_data(&plain.k, 0, h, 0), 16),
                   after = dot_product(head_data(&scaled.q, 0, h, 0), head_data(&scaled.k, 0, h, 0),
                                       16);
            assert_close(after, root * root * before, REAL_TOLERANCE * 10);
        }
    }
}

/* A text of 20 tokens after training on 8: s = 2.5 for all of them, wherever it stands. */
static void dynamic_goes_by_the_whole_text(void **state)
{
    Fixture *f = *state;
    const int starts[] = {0, 100};
    for (size_t n = 0; n < COUNT_OF(starts); n++) {
        Positions positions = positions_from(&f->arena, starts[n], 1, 20);
        const Heads dynamic = turned(f, "rope_scaling=dynamic", positions);
        const Heads ntk = turned(f, "rope_scaling=ntk:2.5", positions);
        const Heads plain = turned(f, NULL, positions);
        size_t size = tensor_size(ntk.q.x);
        assert_same_bits(dynamic.q.x->data, ntk.q.x->data, size);
        assert_same_bits(dynamic.k.x->data, ntk.k.x->data, size);
        assert_true(largest_difference(dynamic.q.x->data, plain.q.x->data, size) > 0.1);
    }
}

/* With a text longer than in training. y = M x is linear, so the gradient for an upstream u is that
 * of the transpose where x . (M^T u) = (M x) . u. */
static void the_gradient_belongs_to_the_scaled_planes(void **state)
{
    Fixture *f = *state;
    const char *const options[] = {"rope_scaling=linear:3", "rope_scaling=ntk:3",
                                   "rope_scaling=yarn:3 rope_share=0.75", "rope_scaling=dynamic"};
    for (size_t n = 0; n < COUNT_OF(options); n++) {
        ModelCase *c = model_case(f, pos_find("rope"), options[n], shape_of(8, 5));
        Tensor *x = random_tensor(&f->arena, 1, SHAPE(1, 20, 96));
        Heads heads =
            heads_at(&f->tape, &c->gpt, split_heads(x, 2), positions_from(&f->arena, 0, 1, 20));
        real *upstream = random_numbers(&f->arena, 20 * 32, 2);
        tape_backward(&f->tape, weighted_sum(&f->tape, heads.q.x, upstream));
        double forward = dot_product(heads.q.x->data, upstream, 20 * 32);
        double back = dot_product(x->data, x->grad, tensor_size(x));
        assert_close(back, forward, REAL_TOLERANCE * 100);
        assert_true(fabs(forward) > 1);
        tape_reset(&f->tape);
        model_case_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_to_their_kind_and_scale),
        cmocka_unit_test(other_texts_are_no_scaling),
        cmocka_unit_test(planes_turn_as_fast_as_the_papers_say),
        cmocka_unit_test(a_scale_of_1_changes_no_bit),
        cmocka_unit_test(ntk_leaves_the_fastest_plane_and_slows_the_slowest_by_s),
        cmocka_unit_test(yarn_treats_llama_2_as_the_paper_does),
        cmocka_unit_test(yarn_at_64_tokens_has_planes_of_all_three_kinds),
        cmocka_unit_test(yarn_slows_every_plane_where_training_was_shorter_than_a_turn),
        cmocka_unit_test(dynamic_is_ntk_by_as_much_as_the_text_is_longer),
        fixture_test(a_model_with_scale_1_has_the_bits_of_one_without),
        fixture_test(linear_interpolates_positions),
        fixture_test(yarn_sharpens_every_score_by_its_temperature),
        fixture_test(dynamic_goes_by_the_whole_text),
        fixture_test(the_gradient_belongs_to_the_scaled_planes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
