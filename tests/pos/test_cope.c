/* test_cope.c: tests of src/pos/cope.c. How positions are counted is tested in
 * test_cope_op_positions.c; what comes of it in a whole model, with all other schemes, in
 * tests/model. */
#include "support/check.h"

#include "support/model_case.h"

enum { D = 6, H = 2, T = 5 }; /* of small_model */

static Tensor *vectors_of(const ModelCase *c, size_t layer)
{
    Param *param = param_find(&c->gpt.params, layer == 0 ? "transformer.h.0.attn.cope.weight"
                                                         : "transformer.h.1.attn.cope.weight");
    assert_non_null(param);
    return &param->tensor;
}

static Heads random_heads(Fixture *f, size_t length)
{
    Tensor *qkv = random_tensor(&f->arena, 1, SHAPE(1, length, 3 * H * D));
    return split_heads(qkv, H);
}

static void positions_reach_as_far_as_training_or_as_asked(void **state)
{
    const struct {
        const char *options;
        size_t block_size, last;
    } cases[] = {{NULL, 8, 8}, {NULL, 64, 64}, {NULL, 1, 1}, {"cope_max_position=3", 8, 3}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelShape shape = small_model;
        shape.gpt.block_size = cases[i].block_size;
        ModelCase *c = model_case(*state, pos_find("cope"), cases[i].options, shape);
        TextBuffer text = {0}, expected = {0};
        for (size_t layer = 0; layer < 2; layer++) {
            assert_int_equal(vectors_of(c, layer)->shape[0], cases[i].last + 1);
            assert_int_equal(vectors_of(c, layer)->shape[1], D);
        }
        c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
        text_append_format(&expected, "positions up to %zu", cases[i].last);
        assert_string_equal(text.bytes, expected.bytes);
        text_buffer_free(&expected);
        text_buffer_free(&text);
        model_case_free(c);
    }
}

/* The number is gain q.e, not divided by sqrt(D), and each layer takes its own vectors. All gates
 * are open: keys are all the same, and so large that every query counts them, or none does. */
static void with_open_gates_the_bias_is_the_query_times_the_vector_of_the_distance(void **state)
{
    Fixture *f = *state;
    enum { LAST = 3 };
    ModelCase *c = model_case(f, pos_find("cope"), "cope_max_position=3 cope_gain=2", small_model);
    Heads heads = random_heads(f, T);
    for (size_t h = 0; h < H; h++)
        for (size_t t = 0; t < T; t++)
            for (size_t d = 0; d < D; d++) {
                real *x = heads.q.x->data;
                x[head_place(&heads.q, 0, h, t)] = 1;
                x[head_place(&heads.k, 0, h, t) + d] = d == 0 ? 200 : 0;
            }
    Positions all = positions_from(&f->arena, 0, 1, T);
    for (size_t layer = 0; layer < 2; layer++) {
        ScoreBias bias = bias_of_heads(&f->tape, &c->gpt, layer, heads, all, all);
        double *expected = new_doubles(&f->arena, H * T * T);
        assert_null(bias.by_distance);
        for (size_t h = 0; h < H; h++)
            for (size_t i = 0; i < T; i++)
                for (size_t j = 0; j <= i; j++) {
                    size_t p = i - j + 1 < LAST ? i - j + 1 : LAST;
                    for (size_t d = 0; d < D; d++)
                        expected[(h * T + i) * T + j] +=
                            2 * (double)head_data(&heads.q, 0, h, i)[d] *
                            (double)vectors_of(c, layer)->data[p * D + d];
                }
        assert_numbers_close(bias.by_pair->data, expected, H * T * T);
    }
    model_case_free(c);
}

/* Their distance would be -10 ... 40; what counts is how many tokens stand between. */
static void positions_of_the_list_are_not_looked_at(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("cope"), NULL, small_model);
    Heads heads = random_heads(f, T);
    Positions plain = positions_from(&f->arena, 0, 1, T);
    Positions apart = positions_from(&f->arena, 3, 10, T);
    const Tensor *a = bias_of_heads(&f->tape, &c->gpt, 1, heads, plain, plain).by_pair;
    const Tensor *b = bias_of_heads(&f->tape, &c->gpt, 1, heads, apart, apart).by_pair;
    assert_same_bits(a->data, b->data, H * T * T);
    model_case_free(c);
}

/* Beyond the training length as well, since the counting ends at P. */
static void the_same_vector_at_every_position_says_nothing(void **state)
{
    Fixture *f = *state;
    ModelShape shape = small_model;
    shape.length = 30;
    ModelCase *c = model_case(f, pos_find("cope"), NULL, shape);
    ModelCase *none = model_case(f, pos_find("none"), NULL, shape);
    for (size_t layer = 0; layer < 2; layer++) {
        Tensor *vectors = vectors_of(c, layer);
        for (size_t i = D; i < tensor_size(vectors); i++)
            vectors->data[i] = vectors->data[i - D];
    }
    const Tensor *logits = model_case_logits(&f->tape, none);
    assert_numbers_close(model_case_logits(&f->tape, c)->data,
                         as_doubles(&f->arena, logits->data, tensor_size(logits)),
                         tensor_size(logits));
    model_case_free(none);
    model_case_free(c);
}

static void a_model_starts_as_one_without_a_scheme(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("cope"), NULL, small_model);
    ModelCase *none = model_case(f, pos_find("none"), NULL, small_model);
    gpt_initialise(&c->gpt, random_seed(1));
    gpt_initialise(&none->gpt, random_seed(1));
    const Tensor *logits = model_case_logits(&f->tape, none);
    assert_same_bits(model_case_logits(&f->tape, c)->data, logits->data, tensor_size(logits));
    model_case_free(none);
    model_case_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(positions_reach_as_far_as_training_or_as_asked),
        fixture_test(with_open_gates_the_bias_is_the_query_times_the_vector_of_the_distance),
        fixture_test(positions_of_the_list_are_not_looked_at),
        fixture_test(the_same_vector_at_every_position_says_nothing),
        fixture_test(a_model_starts_as_one_without_a_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
