/* test_shaw.c: tests of src/pos/shaw.c. What it makes of a whole model is tested with all other
 * schemes, in tests/model. */
#include "support/check.h"

#include "support/model_case.h"

enum { D = 4, H = 3, B = 2 }; /* sqrt(D) is a power of two, so dividing by it rounds nothing */

static ModelCase *shaw_case(Fixture *f, const char *options, size_t block_size, bool causal)
{
    ModelShape shape = small_model; /* 2 layers */
    shape.gpt.n_head = H;
    shape.gpt.n_embd = H * D;
    shape.gpt.block_size = block_size;
    shape.gpt.causal = causal;
    return model_case(f, pos_find("shaw"), options, shape);
}

static const Tensor *vectors_of(const ModelCase *c, size_t layer)
{
    const Param *param =
        param_find(&c->gpt.params, layer == 0 ? "transformer.h.0.attn.shaw.weight"
                                              : "transformer.h.1.attn.shaw.weight");
    assert_non_null(param);
    return &param->tensor;
}

static Heads random_heads(Fixture *f, size_t n_query, size_t n_key)
{
    Tensor *q = random_tensor(&f->arena, 1, SHAPE(B, H, n_query, D));
    Tensor *k = random_tensor(&f->arena, 2, SHAPE(B, H, n_key, D));
    return (Heads){sorted_by_head(q), sorted_by_head(k), sorted_by_head(k)};
}

/* The bias of each pair that a mask lets through is gain q.a / sqrt(D), where a is the vector of
 * the distance: of the one that it is clipped to. */
static void check_biases(Fixture *f, ModelCase *c, size_t layer, Positions queries, Positions keys,
                         int left, int right)
{
    double gain = model_case_number(c, "shaw_gain");
    Heads heads = random_heads(f, queries.count, keys.count);
    ScoreBias bias = bias_of_heads(&f->tape, &c->gpt, layer, heads, queries, keys);
    const Tensor *vectors = vectors_of(c, layer);
    size_t size = B * H * queries.count * keys.count, n = 0;
    assert_null(bias.by_distance);
    assert_int_equal(bias.by_pair->rank, 4);
    assert_memory_equal(bias.by_pair->shape, ((size_t[]){B, H, queries.count, keys.count}),
                        4 * sizeof(size_t));
    assert_int_equal(vectors->shape[0], left + 1 + right);
    double *expected = new_doubles(&f->arena, size);
    for (size_t head = 0; head < B * H; head++)
        for (size_t i = 0; i < queries.count; i++)
            for (size_t j = 0; j < keys.count; j++, n++) {
                if (right == 0 && j > keys.count - queries.count + i)
                    continue; /* behind the mask: 0 */
                int r = keys.at[j] - queries.at[i];
                r = r < -left ? -left : r > right ? right : r;
                const real *q = head_data(&heads.q, head / H, head % H, i);
                for (size_t d = 0; d < D; d++)
                    expected[n] += gain * (double)q[d] *
                                   (double)vectors->data[(size_t)(r + left) * D + d] /
                                   sqrt((double)D);
            }
    assert_numbers_close(bias.by_pair->data, expected, size);
}

static void a_bias_is_the_query_times_the_vector_of_the_distance(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        ModelCase *c = shaw_case(
            f, causal ? "shaw_max_distance=3" : "shaw_max_distance=3 shaw_gain=0.5", 8, causal);
        Positions all = positions_from(&f->arena, 0, 1, 9),
                  apart = positions_from(&f->arena, 2, 3, 9);
        Positions last = {all.at + 7, 2}, one = {apart.at + 8, 1};
        for (size_t layer = 0; layer < 2; layer++) {
            check_biases(f, c, layer, all, all, 3, causal ? 0 : 3);
            check_biases(f, c, layer, apart, apart, 3, causal ? 0 : 3);
            check_biases(f, c, layer, last, all, 3, causal ? 0 : 3); /* as in sampling */
            check_biases(f, c, layer, one, apart, 3, causal ? 0 : 3);
        }
        model_case_free(c);
    }
}

/* Vector r has r + 1 in each of its channels, and every query is a unit vector: the bias tells
 * which vector was taken. */
static void beyond_k_all_keys_have_the_vector_of_k(void **state)
{
    Fixture *f = *state;
    enum { T = 41, K = 5 };
    for (int causal = 0; causal < 2; causal++) {
        ModelCase *c = shaw_case(f, "shaw_max_distance=5 shaw_gain=1", 8, causal);
        const Tensor *vectors = vectors_of(c, 0);
        for (size_t i = 0; i < tensor_size(vectors); i++)
            vectors->data[i] = (real)(i / D + 1);
        Heads heads = random_heads(f, T, T);
        for (size_t i = 0; i < B * H * T * D; i++)
            heads.q.x->data[i] = i % D == i / D % D;
        Positions all = positions_from(&f->arena, 0, 1, T);
        ScoreBias bias = bias_of_heads(&f->tape, &c->gpt, 0, heads, all, all);
        const real *at = bias.by_pair->data;
        for (size_t head = 0; head < B * H; head++)
            for (int i = 0; i < T; i++)
                for (int j = 0; j < T; j++, at++) {
                    int d = j - i, right = causal ? 0 : K;
                    int expected = d < -K ? 1 : d > right ? K + right + 1 : d + K + 1;
                    if (!causal || j <= i)
                        assert_close(*at, expected / 2.0, 0);
                }
        model_case_free(c);
    }
}

static void by_default_k_is_16_or_the_furthest_distance_in_training(void **state)
{
    const struct {
        const char *options;
        size_t block_size, k;
    } cases[] = {{NULL, 64, 16}, {NULL, 17, 16}, {NULL, 16, 15},
                 {NULL, 2, 1},   {NULL, 1, 0},   {"shaw_max_distance=40", 8, 40}};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (int causal = 0; causal < 2; causal++) {
            ModelCase *c = shaw_case(*state, cases[i].options, cases[i].block_size, causal);
            TextBuffer text = {0}, expected = {0};
            assert_int_equal(vectors_of(c, 1)->shape[0], (causal ? 1 : 2) * cases[i].k + 1);
            assert_int_equal(vectors_of(c, 1)->shape[1], D);
            c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
            text_append_format(&expected, "distances up to %zu", cases[i].k);
            assert_string_equal(text.bytes, expected.bytes);
            text_buffer_free(&expected);
            text_buffer_free(&text);
            model_case_free(c);
        }
}

/* 16 tokens with gaps stand 16 times span / block_size apart. */
static void with_gaps_k_reaches_as_far_as_16_tokens_do(void **state)
{
    const struct {
        size_t block_size, span, k;
    } cases[] = {{20, 160, 128}, {20, 20, 16}, {16, 160, 159}, {3, 7, 6}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelShape shape = small_model;
        shape.gpt.block_size = cases[i].block_size;
        shape.gpt.span = cases[i].span;
        ModelCase *c = model_case(*state, pos_find("shaw"), NULL, shape);
        assert_int_equal(vectors_of(c, 1)->shape[0], cases[i].k + 1);
        model_case_free(c);
    }
}

/* Then a query adds the same number to all its scores. */
static void the_same_vector_at_every_distance_says_nothing(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        ModelCase *c = shaw_case(f, NULL, 8, causal);
        ModelCase *none = model_case(f, pos_find("none"), NULL, c->shape);
        for (size_t layer = 0; layer < 2; layer++) {
            const Tensor *vectors = vectors_of(c, layer);
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
}

/* At k = 1 no token beyond the nearest can be told from the next by its distance: two that stand
 * further back may be exchanged. In one layer under a mask the last token shows it. */
static void tokens_beyond_k_are_a_bag(void **state)
{
    Fixture *f = *state;
    enum { V = 7, LAST = 4 * V };
    for (int far = 1; far <= 3; far++) {
        ModelShape shape = small_model;
        shape.gpt.n_layer = 1;
        ModelCase *c = model_case(f, pos_find("shaw"),
                                  far == 1   ? "shaw_max_distance=1"
                                  : far == 2 ? "shaw_max_distance=2"
                                             : "shaw_max_distance=3",
                                  shape);
        memcpy(c->tokens, (const int[]){0, 1, 2, 3, 4}, 5 * sizeof(int));
        const real *before = model_case_logits(&f->tape, c)->data + LAST;
        memcpy(c->tokens, (const int[]){2, 0, 1, 3, 4}, 5 * sizeof(int)); /* 4, 3 and 2 back */
        const real *after = model_case_logits(&f->tape, c)->data + LAST;
        if (far <= 2)
            assert_numbers_close(after, as_doubles(&f->arena, before, V), V);
        else
            assert_true(largest_difference(after, before, V) > 1e-3);
        model_case_free(c);
    }
}

static void a_model_starts_as_one_without_a_scheme(void **state)
{
    Fixture *f = *state;
    ModelCase *c = shaw_case(f, NULL, 8, true);
    ModelCase *none = model_case(f, pos_find("none"), NULL, c->shape);
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
        fixture_test(a_bias_is_the_query_times_the_vector_of_the_distance),
        fixture_test(beyond_k_all_keys_have_the_vector_of_k),
        fixture_test(by_default_k_is_16_or_the_furthest_distance_in_training),
        fixture_test(with_gaps_k_reaches_as_far_as_16_tokens_do),
        fixture_test(the_same_vector_at_every_distance_says_nothing),
        fixture_test(tokens_beyond_k_are_a_bag),
        fixture_test(a_model_starts_as_one_without_a_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
