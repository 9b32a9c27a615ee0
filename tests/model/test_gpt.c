/* test_gpt.c: tests of src/model/gpt.c: its parameters, its result, and what it takes. What it
 * knows about order is tested in tests/pos/test_none.c; its gradients in test_gpt_gradients.c,
 * dropout in test_gpt_dropout.c, and how it calls its scheme in test_gpt_doors.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "math/parallel.h"
#include "support/literal_gpt.h"
#include "support/literal_pos.h"
#include "support/model_case.h"
#include "support/tape_rules.h"

/* Sizes as they are used, if small, and large enough to be shared out among threads. */
static const ModelShape used_model = {
    .gpt = {.n_layer = 2,
            .n_head = 4,
            .n_embd = 32,
            .block_size = 40,
            .vocab_size = 29,
            .causal = true},
    .batch_size = 3,
    .length = 33,
};

/* --- parameters --- */

typedef struct Row {
    const char *name; /* behind "transformer." or "transformer.h.0." */
    size_t rank, shape[2];
} Row;

enum { C = 12, V = 7 };
static const Row first_rows[] = {{"wte.weight", 2, {V, C}}};
static const Row block_rows[] = {
    {"ln_1.weight", 1, {C}},
    {"ln_1.bias", 1, {C}},
    {"attn.c_attn.weight", 2, {3 * C, C}},
    {"attn.c_attn.bias", 1, {3 * C}},
    {"attn.c_proj.weight", 2, {C, C}},
    {"attn.c_proj.bias", 1, {C}},
    {"ln_2.weight", 1, {C}},
    {"ln_2.bias", 1, {C}},
    {"mlp.c_fc.weight", 2, {4 * C, C}},
    {"mlp.c_fc.bias", 1, {4 * C}},
    {"mlp.c_proj.weight", 2, {C, 4 * C}},
    {"mlp.c_proj.bias", 1, {C}},
};
static const Row last_rows[] = {{"ln_f.weight", 1, {C}}, {"ln_f.bias", 1, {C}}};

/* Steps `param` over these rows; nanoGPT keeps its biases out of the list when it has none. */
static const Param *expect_rows(const Param *param, const char *prefix, const Row *rows,
                                size_t n_rows, bool bias)
{
    for (size_t r = 0; r < n_rows; r++) {
        char name[PARAM_NAME_SIZE];
        snprintf(name, sizeof name, "%s%s", prefix, rows[r].name);
        if (!bias && strstr(name, ".bias"))
            continue;
        assert_non_null(param);
        assert_string_equal(param->name, name);
        assert_int_equal(param->tensor.rank, rows[r].rank);
        assert_memory_equal(param->tensor.shape, rows[r].shape, rows[r].rank * sizeof(size_t));
        assert_int_equal(param->decay, rows[r].rank == 2 ? WEIGHT_DECAY : NO_DECAY);
        param = param->next;
    }
    return param;
}

static void parameters_are_those_of_nanogpt(void **state)
{
    for (int bias = 0; bias < 2; bias++) {
        ModelShape shape = small_model;
        shape.gpt.bias = bias == 1;
        ModelCase *c = model_case(*state, pos_find("none"), NULL, shape);
        const Param *param = c->gpt.params.first;
        param = expect_rows(param, "transformer.", first_rows, COUNT_OF(first_rows), bias);
        param = expect_rows(param, "transformer.h.0.", block_rows, COUNT_OF(block_rows), bias);
        param = expect_rows(param, "transformer.h.1.", block_rows, COUNT_OF(block_rows), bias);
        param = expect_rows(param, "transformer.", last_rows, COUNT_OF(last_rows), bias);
        assert_null(param);
        size_t block = 12 * C * C + (bias ? 13u : 2u) * C;
        assert_int_equal(c->gpt.pos_numbers, 0);
        assert_int_equal(c->gpt.params.n_numbers, V * C + 2 * block + (bias ? 2u : 1u) * C);
        model_case_free(c);
    }
}

/* GPT-2's layers, normal with a standard deviation of 0.02, and 0.02 / sqrt(2 n_layer) where a
 * branch ends in the residual stream. Of n normal numbers mean and standard deviation are known to
 * within their own standard deviations s / sqrt(n) and s / sqrt(2 n). */
static void initial_values_are_those_of_nanogpt(void **state)
{
    ModelShape shape = used_model;
    shape.gpt.bias = true;
    ModelCase *c = model_case(*state, pos_find("none"), NULL, shape);
    gpt_initialise(&c->gpt, random_seed(5));
    for (const Param *param = c->gpt.params.first; param; param = param->next) {
        const real *x = param->tensor.data;
        double n = (double)tensor_size(&param->tensor), mean = 0, square = 0;
        double constant = strstr(param->name, ".bias") ? 0 : 1;
        double std = strstr(param->name, "c_proj.weight") ? 0.02 / sqrt(2 * 2) : 0.02;
        for (size_t i = 0; i < tensor_size(&param->tensor); i++) {
            mean += (double)x[i] / n;
            square += (double)x[i] * (double)x[i] / n;
            if (param->tensor.rank == 1)
                assert_close(x[i], constant, 0);
        }
        if (param->tensor.rank == 1)
            continue;
        assert_close(mean, 0, 5 * std / sqrt(n));
        assert_close(sqrt(square), std, 5 * std / sqrt(2 * n));
    }
    model_case_free(c);
}

static void every_scheme_starts_from_the_same_values(void **state)
{
    ModelCase *plain = model_case(*state, pos_find("none"), NULL, small_model);
    gpt_initialise(&plain->gpt, random_seed(5));
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelCase *c = model_case(*state, pos_schemes[s], NULL, small_model);
        gpt_initialise(&c->gpt, random_seed(5));
        for (const Param *param = plain->gpt.params.first; param; param = param->next) {
            const Param *same = param_find(&c->gpt.params, param->name);
            assert_non_null(same);
            assert_same_bits(same->tensor.data, param->tensor.data, tensor_size(&param->tensor));
        }
        gpt_initialise(&c->gpt, random_seed(6));
        assert_true(c->gpt.wte->data[0] != plain->gpt.wte->data[0]);
        model_case_free(c);
    }
    model_case_free(plain);
}

static void heads_must_divide_the_channels(void **state)
{
    (void)state;
    GptConfig config = small_model.gpt;
    config.n_head = 5;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        Error error = {0};
        assert_false(model_is_possible(pos_schemes[s], NULL, config, &error));
        assert_int_equal(error.kind, ERROR_REQUEST);
        assert_string_equal(error.text, "n_head = 5: does not divide n_embd = 12");
    }
}

/* --- the result --- */

static void check_logits(Fixture *f, Variety variety, ModelShape shape)
{
    ModelCase *c = model_case(f, variety.scheme, variety.options, shape);
    const Tensor *logits = model_case_logits(&f->tape, c);
    assert_int_equal(logits->rank, 3);
    assert_int_equal(logits->shape[0], shape.batch_size);
    assert_int_equal(logits->shape[1], shape.length);
    assert_int_equal(logits->shape[2], shape.gpt.vocab_size);
    assert_numbers_close(logits->data, literal_logits(&c->arena, c), tensor_size(logits));
    tape_reset(&f->tape);
    model_case_free(c);
}

static void logits_are_as_in_plain_loops(void **state)
{
    Fixture *f = *state;
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t i = 0; i < count; i++)
        for (int causal = varieties[i].scheme->causal_only;
             literal_knows(varieties[i].scheme) && causal < 2; causal++) {
            ModelShape small = small_model, used = used_model;
            small.gpt.n_head = causal ? 3 : 2;
            small.gpt.bias = causal == 0;
            small.gpt.causal = used.gpt.causal = causal == 1;
            check_logits(f, varieties[i], small);
            check_logits(f, varieties[i], used);
        }
}

/* The upstream gradient is zero but in column 0 of the logits. Through the head it reaches row 0 of
 * the token table alone; all else that arrives in the table has come through the input. */
static void the_token_table_gets_gradients_from_both_ends(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("none"), NULL, small_model);
    for (size_t i = 0; i < 10; i++)
        c->tokens[i] = i % 2 == 0 ? 3 : 5;
    Tensor *logits = model_case_logits(&f->tape, c);
    real *r = random_numbers(&f->arena, tensor_size(logits), 1);
    for (size_t i = 0; i < tensor_size(logits); i++)
        r[i] = i % V == 0 ? r[i] : 0;
    tape_backward(&f->tape, weighted_sum(&f->tape, logits, r));
    for (size_t v = 0; v < V; v++)
        for (size_t i = 0; i < C; i++)
            assert_int_equal(c->gpt.wte->grad[v * C + i] != 0, v == 0 || v == 3 || v == 5);
    model_case_free(c);
}

static void a_sequence_does_not_feel_the_rest_of_its_batch(void **state)
{
    Fixture *f = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelCase *c = model_case(f, pos_schemes[s], NULL, used_model);
        const Tensor *all = model_case_logits(&f->tape, c);
        size_t size = tensor_size(all) / c->input.batch_size;
        c->input.batch_size = 1;
        for (size_t b = 0; b < used_model.batch_size; b++) {
            c->input.tokens = c->tokens + b * c->input.length;
            const Tensor *alone = model_case_logits(&f->tape, c);
            assert_same_bits(alone->data, all->data + b * size, size);
        }
        tape_reset(&f->tape);
        model_case_free(c);
    }
}

/* --- threads and memory --- */

static void the_rules_of_the_tape_are_kept(void **state)
{
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (int causal = pos_schemes[s]->causal_only; causal < 2; causal++) {
            ModelShape shape = used_model;
            shape.gpt.causal = causal == 1;
            shape.gpt.dropout = 0.1;
            ModelCase *c = model_case(*state, pos_schemes[s], NULL, shape);
            assert_tape_rules(model_case_logits, c, c->parameters, c->n_parameters);
            model_case_free(c);
        }
}

static void a_pass_takes_the_memory_that_gpt_measure_says(void **state)
{
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (int gradients = 0; gradients < 2; gradients++) {
            ModelShape shape = used_model;
            shape.gpt.dropout = 0.1;
            ModelCase *c = model_case(*state, pos_schemes[s], NULL, shape);
            Tape tape;
            size_t bytes;
            parallel_set_threads(3); /* each has scratch of its own */
            assert_true(tape_init(&tape, gradients == 1, NULL));
            assert_true(
                gpt_measure(&c->gpt, shape.batch_size, shape.length, gradients == 1, &bytes, NULL));
            Tensor *loss = model_case_loss(&tape, c);
            if (gradients == 1)
                tape_backward(&tape, loss);
            assert_int_equal(tape.numbers.used, bytes);
            tape_free(&tape);
            model_case_free(c);
        }
}

/* The widest a batch can stand, in a model of random positions. */
static void gaps_take_the_memory_that_gpt_measure_says(void **state)
{
    enum { SPAN = 400 };
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelShape shape = used_model;
        shape.gpt.span = SPAN;
        ModelCase *c = model_case(*state, pos_schemes[s], NULL, shape);
        Tape tape;
        size_t bytes;
        assert_true(tape_init(&tape, true, NULL));
        assert_true(gpt_measure(&c->gpt, shape.batch_size, shape.length, true, &bytes, NULL));
        tape_backward(&tape, model_case_loss(&tape, c));
        assert_in_range(tape.numbers.used, 1, bytes);
        tape_reset(&tape);
        for (size_t t = 1; t < shape.length; t++)
            c->positions[t] = SPAN - (int)(shape.length - t);
        tape_backward(&tape, model_case_loss(&tape, c));
        assert_int_equal(tape.numbers.used, bytes);
        tape_free(&tape);
        model_case_free(c);
    }
}

/* A model that is only declared can be measured, and what it declares stands in its list. */
static void measuring_takes_no_memory_for_parameters(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("none"), NULL, used_model);
    Gpt declared;
    size_t bytes, bytes_declared;
    assert_true(gpt_init(&declared, &used_model.gpt, pos_find("none"), NULL, NULL));
    assert_null(declared.params.values);
    assert_true(gpt_measure(&declared, 3, 33, true, &bytes_declared, NULL));
    assert_true(gpt_measure(&c->gpt, 3, 33, true, &bytes, NULL));
    assert_int_equal(bytes_declared, bytes);
    assert_int_equal(declared.params.n_numbers, c->gpt.params.n_numbers);
    gpt_free(&declared);
    model_case_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(parameters_are_those_of_nanogpt),
        fixture_test(initial_values_are_those_of_nanogpt),
        fixture_test(every_scheme_starts_from_the_same_values),
        cmocka_unit_test(heads_must_divide_the_channels),
        fixture_test(logits_are_as_in_plain_loops),
        fixture_test(the_token_table_gets_gradients_from_both_ends),
        fixture_test(a_sequence_does_not_feel_the_rest_of_its_batch),
        fixture_test(the_rules_of_the_tape_are_kept),
        fixture_test(a_pass_takes_the_memory_that_gpt_measure_says),
        fixture_test(gaps_take_the_memory_that_gpt_measure_says),
        fixture_test(measuring_takes_no_memory_for_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
