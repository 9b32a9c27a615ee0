/* test_cache_refused.c: tests of src/model/cache.c: what cannot be continued is refused, and what
 * was kept stays. */
#include "support/check.h"

#include <limits.h>

#include "model/cache.h"
#include "support/cache_case.h"
#include "support/model_case.h"

static void a_position_without_a_row_is_refused_and_nothing_is_lost(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("learned"), NULL, long_shape(8));
    const Tensor *expected = whole_text(&f->tape, c, 0);
    GptCache cache;
    Tape tape;
    Error error = {0};
    size_t V = c->shape.gpt.vocab_size;
    assert_true(gpt_cache_init(&cache, &c->gpt, 8, NULL) && tape_init(&tape, false, NULL));
    assert_non_null(gpt_continue(&cache, &tape, c->tokens, 6, NULL));
    assert_null(gpt_continue(&cache, &tape, c->tokens, 3, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "position 8: pos = learned was made for 8 positions, 0 to 7");
    const Tensor *logits = gpt_continue(&cache, &tape, c->tokens + 6, 2, NULL);
    assert_same_bits(logits->data, expected->data + 6 * V, 2 * V);
    tape_free(&tape);
    gpt_cache_free(&cache);
    model_case_free(c);
}

static void behind_the_largest_number_there_is_no_position(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("none"), NULL, long_shape(8));
    GptCache cache;
    Tape tape;
    Error error = {0};
    assert_true(gpt_cache_init(&cache, &c->gpt, 8, NULL) && tape_init(&tape, false, NULL));
    gpt_cache_clear(&cache, INT_MAX - 2);
    assert_non_null(gpt_continue(&cache, &tape, c->tokens, 2, NULL));
    assert_null(gpt_continue(&cache, &tape, c->tokens, 1, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "position 2147483647: there are no positions beyond");
    tape_free(&tape);
    gpt_cache_free(&cache);
    model_case_free(c);
}

/* After training on 8 tokens, every key of a text of 9 is turned by other angles than before. */
static void what_is_kept_is_refused_where_the_scheme_would_compute_it_anew(void **state)
{
    Fixture *f = *state;
    ModelShape shape = long_shape(8);
    shape.length = 12;
    ModelCase *c = model_case(f, pos_find("rope"), "rope_scaling=dynamic", shape);
    const Tensor *expected = whole_text(&f->tape, c, 0);
    GptCache cache;
    Tape tape;
    Error error = {0};
    size_t V = c->shape.gpt.vocab_size;
    assert_true(gpt_cache_init(&cache, &c->gpt, 12, NULL) && tape_init(&tape, false, NULL));
    assert_non_null(gpt_continue(&cache, &tape, c->tokens, 6, NULL));
    assert_non_null(gpt_continue(&cache, &tape, c->tokens + 6, 2, NULL));
    assert_null(gpt_continue(&cache, &tape, c->tokens + 8, 1, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "with 9 tokens, pos = rope changes what was computed of the "
                                    "first 8: expected all of them anew");
    gpt_cache_clear(&cache, 0);
    const Tensor *logits = gpt_continue(&cache, &tape, c->tokens, 12, NULL);
    assert_same_bits(logits->data, expected->data, 12 * V);
    gpt_cache_free(&cache); /* what left a short window was part of the text, too */
    assert_true(gpt_cache_init(&cache, &c->gpt, 3, NULL));
    gpt_cache_clear(&cache, 1000);
    for (size_t t = 0; t < 8; t++)
        assert_non_null(gpt_continue(&cache, &tape, c->tokens + t, 1, NULL));
    assert_null(gpt_continue(&cache, &tape, c->tokens + 8, 1, NULL));
    gpt_cache_clear(&cache, 0); /* its length counts from its first token, wherever that is */
    for (int t = 0; t < 4; t++)
        assert_non_null(gpt_continue_at(&cache, &tape, c->tokens + t,
                                        (Positions){(int[]){1000 + 2 * t}, 1}, NULL));
    assert_non_null(gpt_continue(&cache, &tape, c->tokens + 4, 1, NULL));
    assert_null(gpt_continue(&cache, &tape, c->tokens + 5, 1, NULL));
    tape_free(&tape);
    gpt_cache_free(&cache);
    model_case_free(c);
}

static void a_model_that_sees_both_sides_has_no_cache(void **state)
{
    ModelShape shape = small_model;
    shape.gpt.causal = false;
    ModelCase *c = model_case(*state, pos_find("none"), NULL, shape);
    GptCache cache;
    Error error = {0};
    assert_false(gpt_cache_init(&cache, &c->gpt, 8, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_contains(error.text, "causal = no: ");
    model_case_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_position_without_a_row_is_refused_and_nothing_is_lost),
        fixture_test(behind_the_largest_number_there_is_no_position),
        fixture_test(what_is_kept_is_refused_where_the_scheme_would_compute_it_anew),
        fixture_test(a_model_that_sees_both_sides_has_no_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
