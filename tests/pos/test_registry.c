/* test_registry.c: tests of src/pos/registry.c, and of what tells the schemes apart. What each row
 * of the registry promises is tested in test_registry_promises.c. */
#include "support/check.h"

#include <string.h>

#include "support/model_case.h"

/* --- the list --- */

static void none_is_first_and_names_find_their_schemes(void **state)
{
    (void)state;
    assert_in_range(pos_scheme_count, 7, MAX_POS_SCHEMES);
    assert_string_equal(pos_schemes[0]->name, "none");
    for (size_t s = 0; s < pos_scheme_count; s++) {
        assert_string_equal(pos_names[s], pos_schemes[s]->name);
        assert_ptr_equal(pos_find(pos_names[s]), pos_schemes[s]); /* so no name stands twice */
    }
    assert_null(pos_names[pos_scheme_count]);
    assert_null(pos_find("rop"));
    assert_null(pos_find(""));
}

static void every_scheme_says_what_it_is(void **state)
{
    (void)state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const PosScheme *scheme = pos_schemes[s];
        const char *const texts[] = {scheme->title, scheme->source, scheme->cost};
        for (size_t i = 0; i < COUNT_OF(texts); i++)
            assert_true(texts[i] != NULL && texts[i][0] != '\0');
    }
}

static void options_bear_the_name_of_their_scheme(void **state)
{
    (void)state;
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (size_t k = 0; k < pos_schemes[s]->n_keys; k++) {
            size_t length = strlen(pos_schemes[s]->name);
            assert_memory_equal(pos_schemes[s]->keys[k].name, pos_schemes[s]->name, length);
            assert_int_equal(pos_schemes[s]->keys[k].name[length], '_');
            assert_true(pos_schemes[s]->keys[k].offset < pos_schemes[s]->options_size);
        }
}

static void each_scheme_has_its_own_options_among_the_settings(void **state)
{
    (void)state;
    Settings settings = {0};
    PosOptions options;
    size_t with_options = 0;
    assert_true(pos_options_add(&options, &settings, NULL));
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const PosScheme *scheme = pos_schemes[s];
        const void *own = pos_options_of(&options, scheme);
        assert_int_equal(own != NULL, scheme->n_keys > 0);
        for (size_t k = 0; k < scheme->n_keys; k++)
            assert_ptr_equal(settings_find(&settings, scheme->keys[k].name, NULL),
                             &scheme->keys[k]);
        if (own) {
            const KeyTable *table = &settings.tables[with_options++];
            assert_ptr_equal(table->values, own);
            assert_contains(table->title, scheme->name);
        }
    }
    assert_int_equal(settings.n_tables, with_options);
    assert_null(pos_options_of(&options, &(const PosScheme){.name = "stranger"}));
    settings_free(&settings);
}

/* Every key that may change after training, with its scheme's name over it, and no other. */
static void options_that_may_change_after_training_are_a_part_of_all(void **state)
{
    (void)state;
    Settings all = {0}, after = {0};
    PosOptions options;
    size_t count = 0;
    assert_true(pos_options_add(&options, &all, NULL));
    assert_true(pos_options_add_after_training(&after, NULL));
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (size_t k = 0; k < pos_schemes[s]->n_keys; k++) {
            const ConfigKey *key = &pos_schemes[s]->keys[k];
            const ConfigKey *copy = settings_find(&after, key->name, NULL);
            assert_int_equal(copy != NULL, key->after_training);
            count += key->after_training;
            if (copy)
                assert_memory_equal(copy, key, sizeof *key);
        }
    assert_int_equal(after.n_keys, count);
    assert_true(count > 0);
    for (size_t t = 0; t < after.n_tables; t++) {
        assert_true(after.tables[t].n_keys > 0);
        assert_memory_equal(strrchr(after.tables[t].title, ' ') + 1, after.tables[t].keys[0].name,
                            strlen(strrchr(after.tables[t].title, ' ') + 1));
    }
    settings_free(&after);
    settings_free(&all);
}

static Tensor *some_embedding(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    (void)pos, (void)tape, (void)positions;
    return x;
}

static void some_query_key(const Pos *pos, Tape *tape, PosSite *site)
{
    (void)pos, (void)tape, (void)site;
}

static ScoreBias some_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    (void)pos, (void)tape, (void)site;
    return (ScoreBias){0};
}

static void doors_are_named(void **state)
{
    (void)state;
    const struct {
        PosScheme scheme;
        const char *doors;
    } cases[] = {
        {{.name = "a"}, "no door"},
        {{.at_embedding = some_embedding}, "embedding door"},
        {{.at_query_key = some_query_key}, "query-key door"},
        {{.at_scores = some_scores}, "score door"},
        {{.at_embedding = some_embedding, .at_query_key = some_query_key},
         "embedding and query-key doors"},
        {{.at_embedding = some_embedding, .at_scores = some_scores}, "embedding and score doors"},
        {{.at_query_key = some_query_key, .at_scores = some_scores}, "query-key and score doors"},
        {{.at_embedding = some_embedding, .at_query_key = some_query_key, .at_scores = some_scores},
         "all three doors"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(pos_doors(&cases[i].scheme), cases[i].doors);
}

static void positions_count_from_0(void **state)
{
    Fixture *f = *state;
    Positions positions;
    assert_true(positions_from_0(&f->arena, 70, &positions, NULL));
    assert_int_equal(positions.count, 70);
    for (int t = 0; t < 70; t++)
        assert_int_equal(positions.at[t], t);
    Error error = {0};
    assert_false(positions_from_0(&f->arena, SIZE_MAX / 2, &positions, &error));
    assert_contains(error.text, "out of memory");
}

/* --- what is known of each scheme --- */

typedef enum Effect { NO_EFFECT, ROUNDING, CHANGE } Effect;

static const struct {
    const char *name, *doors;
    Effect of_a_shift; /* of all positions by a constant, on attention and on the logits */
    size_t max_length; /* with learned_length=40; 0: any */
    bool by_pair;      /* a bias for each pair: memory in T^2 */
    bool causal_only;
} known[] = {
    {"none", "no door", NO_EFFECT, 0, false, false},
    {"learned", "embedding door", CHANGE, 40, false, false},
    {"sinusoidal", "embedding door", CHANGE, 0, false, false},
    {"relative", "score door", NO_EFFECT, 0, false, false},
    {"t5", "score door", NO_EFFECT, 0, false, false},
    {"alibi", "score door", NO_EFFECT, 0, false, false},
    {"shaw", "score door", NO_EFFECT, 0, true, false},
    {"kerple", "score door", NO_EFFECT, 0, false, false},
    {"fire", "score door", CHANGE, 0, true, false},
    {"cope", "score door", NO_EFFECT, 0, true, true},
    {"rope", "query-key door", ROUNDING, 0, false, false},
    {"xpos", "query-key door", ROUNDING, 192, false, true}, /* 60 / (log(7/2) / 4) = 191.6 */
};

static void expect_effect(Fixture *f, Effect effect, const Tensor *after, const Tensor *before)
{
    size_t size = tensor_size(before);
    if (effect == NO_EFFECT)
        assert_same_bits(after->data, before->data, size);
    else if (effect == ROUNDING)
        assert_numbers_close(after->data, as_doubles(&f->arena, before->data, size), size);
    else
        assert_true(largest_difference(after->data, before->data, size) > 1e-3);
}

static void a_shift_of_all_positions_shows_in_absolute_schemes_only(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        for (int causal = known[i].causal_only; causal < 2; causal++) {
            ModelShape shape = small_model;
            shape.gpt.causal = causal == 1;
            ModelCase *c = model_case(f, pos_find(known[i].name), "learned_length=40", shape);
            int shift = known[i].max_length > 0 ? 31 : 1000;
            Positions here = positions_from(&f->arena, 0, 2, 5);
            Positions there = positions_from(&f->arena, shift, 2, 5);
            Tensor *x = random_tensor(&f->arena, 1, SHAPE(1, 5, 12));
            c->input.positions = here;
            const Tensor *logits = model_case_logits(&f->tape, c);
            const Tensor *weights = weights_at(&f->tape, &c->gpt, x, here);
            c->input.positions = there;
            expect_effect(f, known[i].of_a_shift, model_case_logits(&f->tape, c), logits);
            expect_effect(f, known[i].of_a_shift, weights_at(&f->tape, &c->gpt, x, there), weights);
            tape_reset(&f->tape);
            model_case_free(c);
        }
}

static void rows_say_what_is_known(void **state)
{
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        ModelCase *c =
            model_case(*state, pos_find(known[i].name), "learned_length=40", small_model);
        const Pos *pos = &c->gpt.pos;
        assert_string_equal(pos_doors(pos->scheme), known[i].doors);
        assert_int_equal(pos->scheme->max_length ? pos->scheme->max_length(pos) : 0,
                         known[i].max_length);
        assert_int_equal(strstr(pos->scheme->cost, "memory in T^2") != NULL, known[i].by_pair);
        assert_int_equal(pos->scheme->causal_only, known[i].causal_only);
        model_case_free(c);
    }
}

/* A model whose training sequences have 8 tokens within 40 positions has the numbers of one whose
 * sequences have 40 tokens, as many rows and the same buckets. (Shaw's vectors, and the positions
 * that cope counts, follow the tokens: see their tests.) */
static void with_gaps_the_defaults_are_those_of_as_long_a_text(void **state)
{
    Fixture *f = *state;
    const char *const schemes[] = {"learned", "sinusoidal", "relative", "t5",
                                   "alibi",   "kerple",     "fire",     "rope"};
    for (size_t s = 0; s < COUNT_OF(schemes); s++)
        for (int causal = 0; causal < 2; causal++) {
            ModelShape gaps = small_model, dense = small_model;
            gaps.gpt.span = dense.gpt.block_size = 40;
            gaps.gpt.causal = dense.gpt.causal = causal == 1;
            ModelCase *a = model_case(f, pos_find(schemes[s]), NULL, gaps),
                      *b = model_case(f, pos_find(schemes[s]), NULL, dense);
            for (size_t t = 0; t < gaps.length; t++)
                a->positions[t] = b->positions[t] = (int)(t * t) + 2 * (int)t;
            assert_int_equal(a->gpt.params.n_numbers, b->gpt.params.n_numbers);
            const Tensor *of_a = model_case_logits(&f->tape, a),
                         *of_b = model_case_logits(&f->tape, b);
            assert_same_bits(of_a->data, of_b->data, tensor_size(of_a));
            tape_reset(&f->tape);
            model_case_free(a);
            model_case_free(b);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_is_first_and_names_find_their_schemes),
        cmocka_unit_test(every_scheme_says_what_it_is),
        cmocka_unit_test(options_bear_the_name_of_their_scheme),
        cmocka_unit_test(each_scheme_has_its_own_options_among_the_settings),
        cmocka_unit_test(options_that_may_change_after_training_are_a_part_of_all),
        cmocka_unit_test(doors_are_named),
        fixture_test(positions_count_from_0),
        fixture_test(a_shift_of_all_positions_shows_in_absolute_schemes_only),
        fixture_test(rows_say_what_is_known),
        fixture_test(with_gaps_the_defaults_are_those_of_as_long_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
