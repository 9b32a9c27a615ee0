/* test_rope.c: tests of src/pos/rope.c: what is turned, and by how much. Channels that do not turn
 * are in test_rope_share.c. */
#include "support/check.h"

#include <math.h>

#include "support/model_case.h"
#include "support/rope_case.h"

/* The same vector at each of T positions: one head, one sequence. */
static HeadView repeated(Fixture *f, const double *vector, size_t T, size_t D)
{
    Tensor *x = new_tensor(&f->arena, SHAPE(1, T, D));
    for (size_t i = 0; i < T * D; i++)
        x->data[i] = (real)vector[i % D];
    return head_view(x, 1, 0, 1);
}

/* With D = 4 plane 0 turns by 1 and plane 1 by 1/100 a position. */
static void pairs_are_turned_by_their_angles(void **state)
{
    Fixture *f = *state;
    const struct {
        const char *options;
        double vector[4], at_1[4], at_10[4];
    } cases[] = {
        {"rope_pairing=interleaved",
         {1, 0, 1, 0},
         {0.540302, 0.841471, 0.999950, 0.010000},
         {-0.839072, -0.544021, 0.995004, 0.099833}},
        {"rope_pairing=interleaved",
         {0, 1, 0, 2},
         {-0.841471, 0.540302, -0.020000, 1.999900},
         {0.544021, -0.839072, -0.199667, 1.990008}},
        {"rope_pairing=half",
         {1, 1, 0, 0},
         {0.540302, 0.999950, 0.841471, 0.010000},
         {-0.839072, 0.995004, -0.544021, 0.099833}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelCase *c = rope_case(f, cases[i].options, 1, 4);
        HeadView x = repeated(f, cases[i].vector, 2, 4);
        Heads y = heads_at(&f->tape, &c->gpt, (Heads){x, x, x}, positions_from(&f->arena, 1, 9, 2));
        for (size_t d = 0; d < 4; d++) {
            assert_close(y.q.x->data[d], cases[i].at_1[d], 2e-6);
            assert_close(y.q.x->data[4 + d], cases[i].at_10[d], 2e-6);
        }
        assert_same_bits(y.k.x->data, y.q.x->data, 8);
        model_case_free(c);
    }
}

static void the_base_sets_how_fast_each_plane_turns(void **state)
{
    Fixture *f = *state;
    enum { D = 10 };
    const struct {
        const char *options;
        double base;
    } cases[] = {{NULL, 10000}, {"rope_base=1", 1}, {"rope_base=100", 100}, {"rope_base=5e5", 5e5}};
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        ModelCase *c = rope_case(f, cases[n].options, 1, D);
        HeadView x = repeated(f, (const double[D]){1, 0, 1, 0, 1, 0, 1, 0, 1, 0}, 1, D);
        Heads y = heads_at(&f->tape, &c->gpt, (Heads){x, x, x}, positions_from(&f->arena, 3, 1, 1));
        for (size_t i = 0; i < D / 2; i++) {
            double angle = 3 * pow(cases[n].base, -2 * (double)i / D);
            assert_close(y.q.x->data[2 * i], cos(angle), REAL_TOLERANCE);
            assert_close(y.q.x->data[2 * i + 1], sin(angle), REAL_TOLERANCE);
        }
        model_case_free(c);
    }
}

static void position_0_and_values_stay_as_they_are(void **state)
{
    Fixture *f = *state;
    const char *const options[] = {"rope_pairing=interleaved", "rope_pairing=half"};
    for (size_t i = 0; i < 2; i++) {
        ModelCase *c = rope_case(f, options[i], 3, 6);
        Heads x = random_heads(f, 2, 3, 5, 6);
        Heads before = random_heads(f, 2, 3, 5, 6);
        Heads y = heads_at(&f->tape, &c->gpt, x, positions_from(&f->arena, 0, 1, 5));
        for (size_t b = 0; b < 2; b++)
            for (size_t h = 0; h < 3; h++) {
                assert_same_bits(head_data(&y.q, b, h, 0), head_data(&x.q, b, h, 0), 6);
                assert_same_bits(head_data(&y.k, b, h, 0), head_data(&x.k, b, h, 0), 6);
                for (size_t t = 1; t < 5; t++)
                    assert_true(largest_difference(head_data(&y.q, b, h, t),
                                                   head_data(&x.q, b, h, t), 6) > 0.1);
            }
        for (size_t token = 0; token < 2 * 5; token++) {
            const real *v = head_data(&before.v, token / 5, 0, token % 5);
            assert_same_bits(head_data(&y.v, token / 5, 0, token % 5), v, 3 * 6);
            assert_same_bits(head_data(&x.v, token / 5, 0, token % 5), v, 3 * 6);
        }
        model_case_free(c);
    }
}

static void lengths_are_preserved(void **state)
{
    Fixture *f = *state;
    ModelCase *c = rope_case(f, NULL, 2, 16);
    Heads x = random_heads(f, 2, 2, 9, 16);
    Heads y = heads_at(&f->tape, &c->gpt, x, positions_from(&f->arena, 0, 12345, 9));
    for (size_t row = 0; row < 2 * 2 * 9; row++) {
        const real *before = head_data(&x.q, row / 18, row / 9 % 2, row % 9);
        const real *after = head_data(&y.q, row / 18, row / 9 % 2, row % 9);
        double length = dot_product(before, before, 16);
        assert_close(dot_product(after, after, 16), length, REAL_TOLERANCE * length);
    }
    model_case_free(c);
}

/* One query and one key, standing at each pair of positions. */
static void a_score_depends_on_the_distance_only(void **state)
{
    Fixture *f = *state;
    enum { T = 40, D = 16 };
    const int starts[] = {0, 1, 1000, 100000};
    double vector[2][D], from_0[T];
    for (size_t d = 0; d < D; d++) {
        vector[0][d] = random_normal(random_seed(1), d);
        vector[1][d] = random_normal(random_seed(2), d);
    }
    ModelCase *c = rope_case(f, NULL, 1, D);
    HeadView q = repeated(f, vector[0], T, D), k = repeated(f, vector[1], T, D);
    for (size_t s = 0; s < COUNT_OF(starts); s++) {
        Heads y = heads_at(&f->tape, &c->gpt, (Heads){q, k, k},
                           positions_from(&f->arena, starts[s], 1, T));
        for (size_t m = 0; m < T; m++)
            for (size_t n = 0; n <= m; n++) {
                double score = dot_product(y.q.x->data + m * D, y.k.x->data + n * D, D);
                if (s == 0 && n == 0)
                    from_0[m] = score; /* R(m) q . k */
                /* an angle of 1e5 is known to 1e-11 */
                assert_close(score, from_0[m - n], D * REAL_TOLERANCE + 1e-9);
            }
    }
    assert_true(fabs(from_0[1] - from_0[0]) > 0.1);
    model_case_free(c);
}

/* Row j of a head, for pairs by halves, is row 2j of interleaved ones, and row D/2 + j row 2j
 * + 1. */
static size_t interleaved_row(size_t row, size_t D)
{
    return row < D / 2 ? 2 * row : 2 * (row - D / 2) + 1;
}

/* How weights are converted between the two: the rows of each head's q and k change places. */
static void the_two_pairings_differ_by_a_permutation_of_the_weights(void **state)
{
    Fixture *f = *state;
    enum { H = 3, D = 6, C = H * D };
    ModelCase *pairs = rope_case(f, "rope_pairing=interleaved", H, D);
    ModelCase *halves = rope_case(f, "rope_pairing=half", H, D);
    const Tensor *logits = model_case_logits(&f->tape, pairs);
    const double *expected = as_doubles(&f->arena, logits->data, tensor_size(logits));
    const Tensor *wrong = model_case_logits(&f->tape, halves);
    assert_true(largest_difference(wrong->data, logits->data, tensor_size(logits)) > 0.01);
    for (size_t layer = 0; layer < 2; layer++) {
        const GptBlock *from = &pairs->gpt.blocks[layer], *to = &halves->gpt.blocks[layer];
        for (size_t row = 0; row < 2 * C; row++) { /* q and k, not v */
            size_t other = row - row % D + interleaved_row(row % D, D);
            to->c_attn_bias->data[row] = from->c_attn_bias->data[other];
            for (size_t i = 0; i < C; i++)
                to->c_attn_weight->data[row * C + i] = from->c_attn_weight->data[other * C + i];
        }
    }
    assert_numbers_close(model_case_logits(&f->tape, halves)->data, expected, tensor_size(logits));
    model_case_free(halves);
    model_case_free(pairs);
}

/* dq = R(-m) dq': the turned vector as its own upstream gradient arrives as the vector itself, and
 * where x is both query and key, its gradients add up. */
static void gradients_are_turned_back(void **state)
{
    Fixture *f = *state;
    const char *const options[] = {"rope_pairing=interleaved", "rope_pairing=half"};
    for (size_t i = 0; i < 2; i++) {
        ModelCase *c = rope_case(f, options[i], 2, 6);
        Tensor *x = random_tensor(&f->arena, 1, SHAPE(1, 5, 12));
        HeadView all = head_view(x, 2, 0, 1);
        Heads y =
            heads_at(&f->tape, &c->gpt, (Heads){all, all, all}, positions_from(&f->arena, 3, 4, 5));
        double *twice = as_doubles(&f->arena, x->data, 60);
        for (size_t n = 0; n < 60; n++)
            twice[n] *= 2;
        tape_backward(&f->tape, add(&f->tape, weighted_sum(&f->tape, y.q.x, y.q.x->data),
                                    weighted_sum(&f->tape, y.k.x, y.k.x->data)));
        assert_numbers_close(x->grad, twice, 60);
        tape_reset(&f->tape);
        model_case_free(c);
    }
}

static void values_are_turned_like_keys_only_where_that_is_asked_for(void **state)
{
    Fixture *f = *state;
    const struct {
        const char *options;
        bool turned;
    } cases[] = {{NULL, false}, {"rope_values=no", false}, {"rope_values=yes", true}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelCase *c = rope_case(f, cases[i].options, 2, 6);
        HeadView all = head_view(random_tensor(&f->arena, 1, SHAPE(1, 5, 12)), 2, 0, 1);
        Heads y =
            heads_at(&f->tape, &c->gpt, (Heads){all, all, all}, positions_from(&f->arena, 3, 4, 5));
        assert_same_bits(y.v.x->data, cases[i].turned ? y.k.x->data : all.x->data, 60);
        assert_true(largest_difference(y.k.x->data, all.x->data, 60) > 0.1);
        model_case_free(c);
    }
}

static void a_description_says_what_turns(void **state)
{
    const struct {
        const char *options, *says;
    } cases[] = {
        {NULL, "base 10000, pairs interleaved"},
        {"rope_share=0.5", "base 10000, pairs interleaved, 6 of 12 channels turned"},
        {"rope_share=0.5 rope_frequencies=0.67 rope_scaling=ntk:4",
         "base 10000, pairs interleaved, 4 of 12 channels turned, slowed down: ntk:4"},
    };
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        ModelCase *c = rope_case(*state, cases[n].options, 1, 12);
        TextBuffer text = {0};
        c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
        assert_string_equal(text.bytes, cases[n].says);
        text_buffer_free(&text);
        model_case_free(c);
    }
}

static void an_odd_head_size_is_refused(void **state)
{
    (void)state;
    GptConfig config = small_model.gpt;
    Error error = {0};
    config.n_head = 4;
    assert_false(model_is_possible(pos_find("rope"), NULL, config, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "n_embd / n_head = 3: rotary pairs need an even head size");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(pairs_are_turned_by_their_angles),
        fixture_test(the_base_sets_how_fast_each_plane_turns),
        fixture_test(position_0_and_values_stay_as_they_are),
        fixture_test(lengths_are_preserved),
        fixture_test(a_score_depends_on_the_distance_only),
        fixture_test(the_two_pairings_differ_by_a_permutation_of_the_weights),
        fixture_test(gradients_are_turned_back),
        fixture_test(values_are_turned_like_keys_only_where_that_is_asked_for),
        fixture_test(a_description_says_what_turns),
        cmocka_unit_test(an_odd_head_size_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
