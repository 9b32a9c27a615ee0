/* test_sinusoidal.c: tests of src/pos/sinusoidal.c. */
#include "support/check.h"

#include <math.h>

#include "support/model_case.h"

static ModelCase *sinusoidal_case(Fixture *f, const char *options, size_t n_embd)
{
    ModelShape shape = small_model;
    shape.gpt.n_embd = n_embd;
    shape.gpt.n_head = 1;
    return model_case(f, pos_find("sinusoidal"), options, shape);
}

/* What is added to the vector of a token: S [T, C], for positions first, first + step, ... */
static const real *vectors(Fixture *f, const ModelCase *c, int first, int step, size_t count)
{
    Tensor *zero = new_tensor(&f->arena, SHAPE(1, count, c->shape.gpt.n_embd));
    Positions positions = positions_from(&f->arena, first, step, count);
    return embed_at(&f->tape, &c->gpt, zero, positions)->data;
}

static const real *textbook_vectors(Fixture *f, size_t n_embd, int first, int step, size_t count)
{
    ModelCase *c = sinusoidal_case(f, "sinusoidal_gain=textbook", n_embd);
    const real *s = vectors(f, c, first, step, count);
    model_case_free(c);
    return s;
}

/* sin and cos of 1, 10, 512 and of a hundredth of these, and so on, to six digits. */
static void values_are_those_of_the_paper(void **state)
{
    const struct {
        size_t n_embd;
        int position;
        double values[8];
    } cases[] = {
        {4, 0, {0, 1, 0, 1}},
        {4, 1, {0.841471, 0.540302, 0.010000, 0.999950}},
        {4, 10, {-0.544021, -0.839072, 0.099833, 0.995004}},
        {4, 512, {0.079518, -0.996833, -0.918070, 0.396417}},
        {8, 1, {0.841471, 0.540302, 0.099833, 0.995004, 0.010000, 0.999950, 0.001000, 1.000000}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const real *s = textbook_vectors(*state, cases[i].n_embd, cases[i].position, 1, 1);
        for (size_t n = 0; n < cases[i].n_embd; n++)
            assert_close(s[n], cases[i].values[n], 6e-7);
    }
}

static void the_product_of_two_vectors_depends_on_their_distance_only(void **state)
{
    enum { C = 64, COUNT = 401 };
    const int firsts[] = {0, 1, 17, 1000};
    const struct {
        size_t k;
        double normalised; /* S[p].S[p+k] / (C/2), to three digits */
    } products[] = {{0, 1},      {1, 0.966},  {2, 0.885},   {5, 0.735},   {10, 0.658},
                    {20, 0.590}, {50, 0.490}, {100, 0.559}, {200, 0.357}, {400, 0.242}};
    for (size_t i = 0; i < COUNT_OF(firsts); i++) {
        const real *s = textbook_vectors(*state, C, firsts[i], 1, COUNT);
        for (size_t p = 0; p < COUNT_OF(products); p++) {
            double exact = 0, k = (double)products[p].k;
            for (size_t clock = 0; clock < C / 2; clock++)
                exact += cos(k * pow(10000, -2 * (double)clock / C));
            double product = dot_product(s, s + products[p].k * C, C);
            assert_close(product, exact, REAL_TOLERANCE * C / 2);
            assert_close(product / (C / 2), products[p].normalised, 6e-4);
        }
    }
}

/* The vector of p + k is that of p with clock i turned by k w[i], for every p. */
static void a_step_is_the_same_turn_everywhere(void **state)
{
    enum { C = 16, K = 7 };
    const real *s = textbook_vectors(*state, C, 0, 1, 200);
    for (size_t p = 0; p + K < 200; p++)
        for (size_t i = 0; i < C / 2; i++) {
            double turn = K * pow(10000, -2 * (double)i / C);
            double sine = (double)s[p * C + 2 * i], cosine = (double)s[p * C + 2 * i + 1];
            const real *then = s + (p + K) * C + 2 * i;
            assert_close(then[0], sine * cos(turn) + cosine * sin(turn), 2 * REAL_TOLERANCE);
            assert_close(then[1], cosine * cos(turn) - sine * sin(turn), 2 * REAL_TOLERANCE);
        }
}

static void an_odd_number_of_channels_ends_in_a_sine(void **state)
{
    const real *s = textbook_vectors(*state, 5, 3, 1, 1);
    const double expected[] = {sin(3), cos(3), sin(3 / pow(10000, 0.4)), cos(3 / pow(10000, 0.4)),
                               sin(3 / pow(10000, 0.8))};
    assert_numbers_close(s, expected, 5);
}

static void the_vectors_are_added_to_every_sequence(void **state)
{
    Fixture *f = *state;
    ModelCase *c = sinusoidal_case(f, NULL, 6);
    const real *s = vectors(f, c, 2, 3, 4);
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(3, 4, 6));
    const Tensor *y = embed_at(&f->tape, &c->gpt, x, positions_from(&f->arena, 2, 3, 4));
    for (size_t i = 0; i < 3 * 4 * 6; i++)
        assert_close(y->data[i], x->data[i] + s[i % 24], 1e-6);
    model_case_free(c);
}

/* The rms of a vector at the start: that of GPT-2's table, or as set, or the
 * textbook's sqrt(1/2). */
static void the_gain_sets_the_rms_at_the_start(void **state)
{
    Fixture *f = *state;
    const struct {
        const char *options;
        double rms;
        bool learned;
    } cases[] = {
        {NULL, 0.02, true},
        {"sinusoidal_gain=learned sinusoidal_rms=0.3", 0.3, true},
        {"sinusoidal_gain=fixed", 0.02, false},
        {"sinusoidal_gain=fixed sinusoidal_rms=0.3", 0.3, false},
        {"sinusoidal_gain=textbook sinusoidal_rms=0.3", 0.70710678118654752, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelCase *c = sinusoidal_case(f, cases[i].options, 8);
        gpt_initialise(&c->gpt, random_seed(1));
        const real *s = vectors(f, c, 0, 11, 9);
        for (size_t t = 0; t < 9; t++)
            assert_close(sqrt(dot_product(s + t * 8, s + t * 8, 8) / 8), cases[i].rms,
                         REAL_TOLERANCE * cases[i].rms);
        const Param *gain = param_find(&c->gpt.params, "transformer.wpe.gain");
        assert_int_equal(gain != NULL, cases[i].learned);
        if (gain) {
            assert_int_equal(tensor_size(&gain->tensor), 1);
            assert_int_equal(gain->decay, NO_DECAY);
        }
        model_case_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(values_are_those_of_the_paper),
        fixture_test(the_product_of_two_vectors_depends_on_their_distance_only),
        fixture_test(a_step_is_the_same_turn_everywhere),
        fixture_test(an_odd_number_of_channels_ends_in_a_sine),
        fixture_test(the_vectors_are_added_to_every_sequence),
        fixture_test(the_gain_sets_the_rms_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
