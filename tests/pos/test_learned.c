/* test_learned.c: tests of src/pos/learned.c. */
#include "support/check.h"

#include <math.h>

#include "support/model_case.h"

static ModelCase *learned_case(Fixture *f, const char *options)
{
    return model_case(f, pos_find("learned"), options, small_model);
}

static const Tensor *table_of(const ModelCase *c)
{
    const Param *param = param_find(&c->gpt.params, "transformer.wpe.weight");
    assert_non_null(param);
    return &param->tensor;
}

static void each_position_adds_its_row(void **state)
{
    Fixture *f = *state;
    ModelCase *c = learned_case(f, NULL);
    const int at[] = {7, 0, 3, 3};
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(2, 4, 12));
    const Tensor *y = embed_at(&f->tape, &c->gpt, x, (Positions){at, 4});
    assert_int_equal(y->rank, 3);
    assert_memory_equal(y->shape, x->shape, 3 * sizeof(size_t));
    for (size_t i = 0; i < 2 * 4 * 12; i++) {
        size_t row = (size_t)at[i / 12 % 4];
        assert_close(y->data[i], x->data[i] + table_of(c)->data[row * 12 + i % 12], 1e-6);
    }
    model_case_free(c);
}

static void the_table_has_a_row_for_each_position_of_training_or_more(void **state)
{
    Fixture *f = *state;
    const struct {
        const char *options;
        size_t rows;
    } cases[] = {
        {NULL, 8}, {"learned_length=0", 8}, {"learned_length=8", 8}, {"learned_length=40", 40}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelCase *c = learned_case(f, cases[i].options);
        assert_int_equal(table_of(c)->rank, 2);
        assert_int_equal(table_of(c)->shape[0], cases[i].rows);
        assert_int_equal(table_of(c)->shape[1], 12);
        assert_int_equal(c->gpt.pos.scheme->max_length(&c->gpt.pos), cases[i].rows);
        model_case_free(c);
    }
}

/* Those rows are there, stay random, and are said to be untrained. */
static void the_table_reaches_to_the_longest_sequence_that_will_come(void **state)
{
    Fixture *f = *state;
    ModelShape shape = small_model;
    shape.gpt.longest = 20;
    ModelCase *c = model_case(f, pos_find("learned"), NULL, shape);
    assert_int_equal(table_of(c)->shape[0], 20);
    TextBuffer text = {0};
    c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
    assert_string_equal(text.bytes, "20 positions, no more; the last 12 are never trained");
    text_buffer_free(&text);
    model_case_free(c);
}

static void a_table_has_rows_for_sequences_that_start_further_on(void **state)
{
    Fixture *f = *state;
    const struct {
        size_t longest, rows;
        const char *options, *words;
    } cases[] = {
        {0, 14, NULL, "14 positions, no more"},
        {14, 14, NULL, "14 positions, no more"},
        {9, 14, NULL, "14 positions, no more"},
        {20, 20, NULL, "20 positions, no more; the last 6 are never trained"},
        {0, 14, "learned_start=sinusoid", "14 positions, no more; they start as sines and cosines"},
        {0, 15, "learned_length=15", "15 positions, no more; the last 1 are never trained"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelShape shape = small_model;
        shape.gpt.shown = 14;
        shape.gpt.longest = cases[i].longest;
        ModelCase *c = model_case(f, pos_find("learned"), cases[i].options, shape);
        TextBuffer text = {0};
        c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
        assert_int_equal(table_of(c)->shape[0], cases[i].rows);
        assert_string_equal(text.bytes, cases[i].words);
        text_buffer_free(&text);
        model_case_free(c);
    }
}

static void a_table_shorter_than_training_is_refused(void **state)
{
    (void)state;
    Error error = {0};
    assert_false(
        model_is_possible(pos_find("learned"), "learned_length=7", small_model.gpt, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(
        error.text, "learned_length = 7: expected at least 8, the positions that training shows");
    GptConfig moving = small_model.gpt;
    moving.shown = 14;
    assert_false(model_is_possible(pos_find("learned"), "learned_length=13", moving, &error));
    assert_string_equal(
        error.text, "learned_length = 13: expected at least 14, the positions that training shows");
}

static void a_position_without_a_row_is_refused(void **state)
{
    Fixture *f = *state;
    ModelCase *c = learned_case(f, "learned_length=9");
    Error error = {0};
    assert_true(pos_check(&c->gpt.pos, (Positions){(const int[]){0, 8, 3}, 3}, &error));
    assert_false(pos_check(&c->gpt.pos, (Positions){(const int[]){0, 9, 3}, 3}, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "position 9: pos = learned was made for 9 positions, 0 to 8");
    assert_false(pos_check(&c->gpt.pos, (Positions){(const int[]){-1}, 1}, NULL));
    model_case_free(c);
}

static void rows_that_training_never_reaches_get_no_gradient(void **state)
{
    Fixture *f = *state;
    ModelCase *c = learned_case(f, "learned_length=40"); /* positions 0 ... 4 are in use */
    tape_backward(&f->tape, model_case_loss(&f->tape, c));
    for (size_t i = 0; i < 40 * 12; i++)
        assert_int_equal(table_of(c)->grad[i] != 0, i / 12 < 5);
    model_case_free(c);
}

static void it_starts_as_in_gpt2_and_decays(void **state)
{
    Fixture *f = *state;
    ModelCase *c = learned_case(f, "learned_length=4000");
    gpt_initialise(&c->gpt, random_seed(1));
    double square = 0, n = 4000 * 12;
    for (size_t i = 0; i < 4000 * 12; i++)
        square += (double)table_of(c)->data[i] * (double)table_of(c)->data[i] / n;
    assert_close(sqrt(square), 0.02, 5 * 0.02 / sqrt(2 * n));
    assert_int_equal(param_find(&c->gpt.params, "transformer.wpe.weight")->decay, WEIGHT_DECAY);
    model_case_free(c);
}

static const real *start_of(ModelCase *c)
{
    gpt_initialise(&c->gpt, random_seed(1));
    return table_of(c)->data;
}

/* S[p, 2i] = sin(p / 10000^(2i/C)), S[p, 2i+1] its cosine, times 0.02 / sqrt(1/2). */
static void it_may_start_as_the_sinusoid(void **state)
{
    Fixture *f = *state;
    ModelCase *c = learned_case(f, "learned_start=sinusoid learned_length=300");
    const real *start = start_of(c);
    for (size_t p = 0; p < 300; p++)
        for (size_t i = 0; i < 12; i++) {
            double angle = (double)p / pow(10000, (double)(i / 2 * 2) / 12);
            double s = i % 2 == 0 ? sin(angle) : cos(angle);
            assert_close(start[p * 12 + i], 0.02 * sqrt(2) * s, 1e-8);
        }
    const Param *param = param_find(&c->gpt.params, "transformer.wpe.weight");
    assert_true(param->decay == WEIGHT_DECAY && param->tensor.grad);
    model_case_free(c);
}

static void a_frozen_table_starts_at_random_and_is_no_part_of_what_is_learned(void **state)
{
    Fixture *f = *state;
    ModelCase *c = learned_case(f, "learned_start=frozen"), *trained = learned_case(f, NULL);
    assert_same_bits(start_of(c), start_of(trained), 8 * 12);
    assert_int_equal(c->gpt.pos_numbers, 0);
    assert_int_equal(trained->gpt.pos_numbers, 8 * 12);
    tape_backward(&f->tape, model_case_loss(&f->tape, c));
    assert_null(table_of(c)->grad);
    assert_int_equal(c->gpt.pos.scheme->max_length(&c->gpt.pos), 8);
    TextBuffer text = {0};
    c->gpt.pos.scheme->describe(&c->gpt.pos, &text);
    assert_string_equal(text.bytes, "8 positions, no more; none is trained");
    text_buffer_free(&text);
    model_case_free(c);
    model_case_free(trained);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(each_position_adds_its_row),
        fixture_test(the_table_has_a_row_for_each_position_of_training_or_more),
        fixture_test(the_table_reaches_to_the_longest_sequence_that_will_come),
        fixture_test(a_table_has_rows_for_sequences_that_start_further_on),
        cmocka_unit_test(a_table_shorter_than_training_is_refused),
        fixture_test(a_position_without_a_row_is_refused),
        fixture_test(rows_that_training_never_reaches_get_no_gradient),
        fixture_test(it_starts_as_in_gpt2_and_decays),
        fixture_test(it_may_start_as_the_sinusoid),
        fixture_test(a_frozen_table_starts_at_random_and_is_no_part_of_what_is_learned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
