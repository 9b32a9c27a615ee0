/* test_sinusoidal.c: tests of src/pos/sinusoidal.c. Its sines and cosines are tested in
 * test_sinusoid.c. */
#include "support/check.h"

#include <math.h>

#include "pos/sinusoid.h"
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

static void at_gain_1_they_are_sines_and_cosines(void **state)
{
    Fixture *f = *state;
    ModelCase *c = sinusoidal_case(f, "sinusoidal_gain=textbook", 6);
    real *expected = new_tensor(&f->arena, SHAPE(9, 6))->data;
    sinusoids_at(positions_from(&f->arena, 2, 3, 9), 6, expected);
    assert_memory_equal(vectors(f, c, 2, 3, 9), expected, 9 * 6 * sizeof(real));
    model_case_free(c);
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
        fixture_test(at_gain_1_they_are_sines_and_cosines),
        fixture_test(the_vectors_are_added_to_every_sequence),
        fixture_test(the_gain_sets_the_rms_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
