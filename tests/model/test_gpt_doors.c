/* test_gpt_doors.c: tests of how src/model/gpt.c calls its positional scheme: through every door,
 * once for each place, and no other scheme than its own. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "support/model_case.h"

/* --- a scheme that watches --- */

typedef struct Calls {
    size_t start, prepare, embedding, query_key, scores;
    size_t layers[8]; /* in which the scores were asked for, in order */
} Calls;

enum { TURN = 3 };

/* Each door of it can be seen in the logits. */
static bool watch_init(Pos *pos, ParamList *params, Error *error)
{
    (void)params;
    pos->state = arena_alloc(&pos->arena, 1, sizeof(Calls));
    return pos->state ? true : fail(error, "out of memory");
}

static void watch_start(const Pos *pos)
{
    Calls *calls = pos->state;
    calls->start++;
}

static void *watch_prepare(const Pos *pos, Tape *tape, Positions queries, Positions keys)
{
    Calls *calls = pos->state;
    assert_int_equal(queries.count, small_model.length);
    assert_ptr_equal(queries.at, keys.at);
    calls->prepare++;
    int *prepared = tape_struct(tape, sizeof *prepared);
    *prepared = TURN;
    return prepared;
}

static Tensor *watch_embedding(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    Calls *calls = pos->state;
    assert_int_equal(x->rank, 3);
    assert_int_equal(x->shape[1], positions.count);
    assert_int_equal(calls->query_key, 0);
    calls->embedding++;
    return add(tape, x, x);
}

static void check_site(const Calls *calls, const PosSite *site)
{
    assert_int_equal(*(const int *)site->prepared, TURN);
    assert_int_equal(site->layer, calls->scores);
    assert_int_equal(site->queries.count, site->heads.q.length);
    assert_int_equal(site->keys.count, site->heads.k.length);
}

static void watch_query_key(const Pos *pos, Tape *tape, PosSite *site)
{
    Calls *calls = pos->state;
    check_site(calls, site);
    calls->query_key++;
    site->heads.q.x = add(tape, site->heads.q.x, site->heads.q.x);
}

static ScoreBias watch_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    (void)tape;
    Calls *calls = pos->state;
    check_site(calls, site);
    calls->layers[calls->scores++] = site->layer;
    return (ScoreBias){0};
}

static const PosScheme watcher = {
    .name = "watcher",
    .init = watch_init,
    .initialise = watch_start,
    .prepare = watch_prepare,
    .at_embedding = watch_embedding,
    .at_query_key = watch_query_key,
    .at_scores = watch_scores,
};

static void a_scheme_is_told_the_shape_of_the_model(void **state)
{
    const struct {
        size_t span, shown, longest; /* as asked for; 0: what follows from the rest */
        PosShape told;
    } cases[] = {{0, 0, 0, {.span = 8, .shown = 8, .longest = 8}},
                 {0, 0, 9, {.span = 8, .shown = 8, .longest = 9}},
                 {0, 13, 0, {.span = 8, .shown = 13, .longest = 13}},
                 {0, 13, 9, {.span = 8, .shown = 13, .longest = 13}},
                 {20, 0, 9, {.span = 20, .shown = 20, .longest = 20}},
                 {20, 25, 30, {.span = 20, .shown = 25, .longest = 30}}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ModelShape shape = small_model;
        shape.gpt.span = cases[i].span;
        shape.gpt.shown = cases[i].shown;
        shape.gpt.longest = cases[i].longest;
        shape.gpt.causal = i % 2 == 0;
        ModelCase *c = model_case(*state, &watcher, NULL, shape);
        PosShape told = c->gpt.pos.shape;
        assert_true(told.n_layer == 2 && told.n_head == 2 && told.n_embd == 12);
        assert_int_equal(told.block_size, 8);
        assert_int_equal(told.span, cases[i].told.span);
        assert_int_equal(told.shown, cases[i].told.shown);
        assert_int_equal(told.longest, cases[i].told.longest);
        assert_int_equal(told.causal, shape.gpt.causal);
        model_case_free(c);
    }
}

static void a_scheme_is_asked_for_its_start_whenever_a_model_starts(void **state)
{
    ModelCase *c = model_case(*state, &watcher, NULL, small_model);
    const Calls *calls = c->gpt.pos.state;
    size_t before = calls->start;
    gpt_initialise(&c->gpt, random_seed(1));
    assert_int_equal(calls->start, before + 1);
    model_case_free(c);
}

static void each_door_is_opened_once_for_each_place(void **state)
{
    Fixture *f = *state;
    ModelShape shape = small_model;
    shape.gpt.n_layer = 3;
    ModelCase *c = model_case(f, &watcher, NULL, shape);
    model_case_logits(&f->tape, c);
    const Calls *calls = c->gpt.pos.state;
    assert_int_equal(calls->prepare, 1);
    assert_int_equal(calls->embedding, 1);
    assert_int_equal(calls->query_key, 3);
    assert_int_equal(calls->scores, 3);
    for (size_t layer = 0; layer < 3; layer++)
        assert_int_equal(calls->layers[layer], layer);
    model_case_free(c);
}

/* The watcher doubles x before the first block, and the queries. Doubled tables and doubled rows of
 * the queries' maps have the same effect; the head, which is the token table, is doubled
 * with it. */
static void what_a_door_returns_is_what_the_model_goes_on_with(void **state)
{
    Fixture *f = *state;
    enum { C = 12 };
    ModelCase *watched = model_case(f, &watcher, NULL, small_model);
    ModelCase *plain = model_case(f, pos_find("none"), NULL, small_model);
    const Tensor *logits = model_case_logits(&f->tape, watched);
    double *doubled = as_doubles(&f->arena, logits->data, tensor_size(logits));
    for (size_t i = 0; i < tensor_size(logits); i++)
        doubled[i] *= 2;
    for (size_t i = 0; i < tensor_size(plain->gpt.wte); i++)
        plain->gpt.wte->data[i] *= 2;
    for (size_t layer = 0; layer < 2; layer++) {
        const GptBlock *block = &plain->gpt.blocks[layer];
        for (size_t i = 0; i < C * C; i++)
            block->c_attn_weight->data[i] *= 2;
        for (size_t i = 0; i < C; i++)
            block->c_attn_bias->data[i] *= 2;
    }
    assert_numbers_close(model_case_logits(&f->tape, plain)->data, doubled, tensor_size(logits));
    model_case_free(plain);
    model_case_free(watched);
}

/* --- one scheme at a time --- */

/* What each scheme adds to the parameters of a model of two layers. */
static const struct {
    const char *scheme, *parameters[8];
    size_t count, numbers; /* with 8 positions, 12 channels and 2 heads */
    bool none_at_zero;     /* is it, where all of these numbers are zero? */
} additions[] = {
    {"none", {NULL}, 0, 0, true},
    {"learned", {"transformer.wpe.weight"}, 1, 8 * 12, true},
    {"sinusoidal", {"transformer.wpe.gain"}, 1, 1, true},
    {"relative",
     {"transformer.h.0.attn.relative.weight", "transformer.h.1.attn.relative.weight"},
     2,
     2 * 2 * 8,
     true},
    {"t5", {"transformer.t5_bias.weight"}, 1, 2 * 8 / 2, true},
    {"alibi", {NULL}, 0, 0, true},
    {"shaw",
     {"transformer.h.0.attn.shaw.weight", "transformer.h.1.attn.shaw.weight"},
     2,
     2 * 8 * 6,
     true},
    {"kerple", {"transformer.kerple_bias.weight"}, 1, 2 * 2, false},
    {"fire",
     {"transformer.h.0.attn.fire.scale", "transformer.h.0.attn.fire.c_fc.weight",
      "transformer.h.0.attn.fire.c_fc.bias", "transformer.h.0.attn.fire.c_proj.weight",
      "transformer.h.1.attn.fire.scale", "transformer.h.1.attn.fire.c_fc.weight",
      "transformer.h.1.attn.fire.c_fc.bias", "transformer.h.1.attn.fire.c_proj.weight"},
     8,
     2 * (2 + (2 + 2) * 32),
     true},
    {"cope",
     {"transformer.h.0.attn.cope.weight", "transformer.h.1.attn.cope.weight"},
     2,
     2 * 9 * 6,
     true},
    {"rope", {NULL}, 0, 0, true},
    {"xpos", {NULL}, 0, 0, true},
};

static void a_model_has_the_parameters_of_its_own_scheme_only(void **state)
{
    ModelCase *plain = model_case(*state, pos_find("none"), NULL, small_model);
    for (size_t i = 0; i < COUNT_OF(additions); i++) {
        ModelCase *c = model_case(*state, pos_find(additions[i].scheme), NULL, small_model);
        assert_int_equal(c->gpt.params.count, plain->gpt.params.count + additions[i].count);
        assert_int_equal(c->gpt.pos_numbers, additions[i].numbers);
        assert_int_equal(c->gpt.params.n_numbers,
                         plain->gpt.params.n_numbers + additions[i].numbers);
        for (size_t n = 0; n < additions[i].count; n++)
            assert_non_null(param_find(&c->gpt.params, additions[i].parameters[n]));
        model_case_free(c);
    }
    model_case_free(plain);
}

static void options_of_other_schemes_change_nothing(void **state)
{
    Fixture *f = *state;
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelCase *by_default = model_case(f, pos_schemes[s], NULL, small_model);
        const Tensor *logits = model_case_logits(&f->tape, by_default);
        for (size_t i = 0; i < count; i++) {
            if (!varieties[i].options || varieties[i].scheme == pos_schemes[s])
                continue;
            ModelCase *c = model_case(f, pos_schemes[s], varieties[i].options, small_model);
            assert_same_bits(model_case_logits(&f->tape, c)->data, logits->data,
                             tensor_size(logits));
            model_case_free(c);
        }
        tape_reset(&f->tape);
        model_case_free(by_default);
    }
}

static void each_choice_of_its_own_changes_the_logits(void **state)
{
    Fixture *f = *state;
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t i = 0; i < count; i++) {
        if (!varieties[i].options || strstr(varieties[i].options, "learned_length") ||
            strstr(varieties[i].options, "learned_start"))
            continue; /* more rows of a table, or another start, change nothing in what is read */
        ModelCase *by_default = model_case(f, varieties[i].scheme, NULL, small_model);
        ModelCase *c = model_case(f, varieties[i].scheme, varieties[i].options, small_model);
        const Tensor *logits = model_case_logits(&f->tape, by_default);
        assert_true(largest_difference(model_case_logits(&f->tape, c)->data, logits->data,
                                       tensor_size(logits)) > 1e-4);
        tape_reset(&f->tape);
        model_case_free(c);
        model_case_free(by_default);
    }
}

/* With zeros for all that a scheme has learned nothing is added anywhere, by most of them: then,
 * under dropout too, each number is that of a model without a scheme, so both see the same
 * masks. */
static void at_zero_a_learned_scheme_is_none_with_the_same_dropout(void **state)
{
    Fixture *f = *state;
    ModelShape shape = small_model;
    shape.gpt.dropout = 0.3;
    ModelCase *plain = model_case(f, pos_find("none"), NULL, shape);
    const Tensor *logits = model_case_logits(&f->tape, plain);
    for (size_t i = 0; i < COUNT_OF(additions); i++) {
        ModelCase *c = model_case(f, pos_find(additions[i].scheme), NULL, shape);
        const Tensor *before = model_case_logits(&f->tape, c);
        for (size_t n = 0; n < additions[i].count; n++) {
            Tensor *x = &param_find(&c->gpt.params, additions[i].parameters[n])->tensor;
            memset(x->data, 0, tensor_size(x) * sizeof *x->data);
        }
        const Tensor *after = model_case_logits(&f->tape, c);
        if (additions[i].count > 0 && additions[i].none_at_zero) {
            assert_same_bits(after->data, logits->data, tensor_size(logits));
            assert_true(largest_difference(before->data, after->data, tensor_size(logits)) > 1e-3);
        }
        model_case_free(c);
    }
    model_case_free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_scheme_is_told_the_shape_of_the_model),
        fixture_test(a_scheme_is_asked_for_its_start_whenever_a_model_starts),
        fixture_test(each_door_is_opened_once_for_each_place),
        fixture_test(what_a_door_returns_is_what_the_model_goes_on_with),
        fixture_test(a_model_has_the_parameters_of_its_own_scheme_only),
        fixture_test(options_of_other_schemes_change_nothing),
        fixture_test(each_choice_of_its_own_changes_the_logits),
        fixture_test(at_zero_a_learned_scheme_is_none_with_the_same_dropout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
