/* test_cache.c: tests of src/model/cache.c. A text is continued in pieces, and each logit is held
 * bit by bit against that of one pass over the whole text. */
#include "support/check.h"

#include <limits.h>
#include <string.h>

#include "math/parallel.h"
#include "model/cache.h"
#include "support/model_case.h"

/* One sequence, longer than a vector register is wide and than attention's block of queries. */
static ModelShape long_shape(size_t length)
{
    ModelShape shape = small_model;
    shape.gpt.block_size = length;
    shape.batch_size = 1;
    shape.length = length;
    return shape;
}

static const Tensor *whole_text(Tape *tape, const ModelCase *c, size_t window)
{
    GptInput input = c->input;
    input.window = window;
    return gpt_forward(&c->gpt, tape, &input);
}

/* How a text is cut: pieces of these lengths, again and again. */
typedef struct Cut {
    size_t n, lengths[4];
} Cut;

/* The same logits as `expected`, which belong to the first `length` tokens of the case's text. */
static void check_pieces(const ModelCase *c, GptCache *cache, Cut cut, const Tensor *expected)
{
    size_t V = c->shape.gpt.vocab_size, done = 0;
    Tape tape;
    Error error = {0};
    assert_true(tape_init(&tape, false, NULL));
    for (size_t piece = 0; done < c->shape.length; piece++) {
        size_t left = c->shape.length - done, count = cut.lengths[piece % cut.n];
        count = count < left ? count : left;
        tape_reset(&tape);
        const Tensor *logits = gpt_continue(cache, &tape, c->tokens + done, count, &error);
        if (!logits)
            fail_msg("%s", error.text);
        assert_int_equal(logits->shape[1], count);
        assert_same_bits(logits->data, expected->data + done * V, count * V);
        done += count;
    }
    tape_free(&tape);
}

static void check_variety(Fixture *f, Variety variety, ModelShape shape, size_t window,
                          const Cut cuts[], size_t n_cuts)
{
    ModelCase *c = model_case(f, variety.scheme, variety.options, shape);
    GptCache cache;
    const Tensor *expected = whole_text(&f->tape, c, window);
    assert_true(gpt_cache_init(&cache, &c->gpt, window, NULL));
    for (size_t i = 0; i < n_cuts; i++) {
        gpt_cache_clear(&cache, 0);
        check_pieces(c, &cache, cuts[i], expected);
    }
    gpt_cache_free(&cache);
    model_case_free(c);
    tape_reset(&f->tape);
}

static void cached_logits_have_the_bits_of_the_whole_text_with_every_scheme(void **state)
{
    Fixture *f = *state;
    enum { T = 70 };
    const Cut cuts[] = {{1, {T}}, {1, {1}}, {4, {3, 1, 17, 2}}, {2, {65, 1}}};
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t i = 0; i < count; i++)
        check_variety(f, varieties[i], long_shape(T), T, cuts, COUNT_OF(cuts));
}

/* The storage, twice the window, is filled many times over. */
static void past_the_window_they_are_those_of_a_banded_mask(void **state)
{
    Fixture *f = *state;
    enum { T = 66, W = 7 };
    const Cut cuts[] = {{1, {W}}, {1, {1}}, {4, {3, 7, 1, 2}}};
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t i = 0; i < count; i++)
        check_variety(f, varieties[i], long_shape(T), W, cuts, COUNT_OF(cuts));
}

static void any_window_will_do(void **state)
{
    Fixture *f = *state;
    enum { T = 40 };
    for (size_t window = 1; window <= T + 1; window += window < 5 ? 1 : 9) {
        const Cut cuts[] = {{1, {window}}, {2, {1, window}}};
        check_variety(f, (Variety){pos_find("rope"), NULL}, long_shape(T), window, cuts, 2);
        check_variety(f, (Variety){pos_find("relative"), NULL}, long_shape(T), window, cuts, 2);
    }
}

static void the_size_of_a_real_model_and_threads_change_nothing(void **state)
{
    Fixture *f = *state;
    ModelShape shape = long_shape(90);
    shape.gpt.n_head = 4;
    shape.gpt.n_embd = 128;
    shape.gpt.vocab_size = 65;
    ModelCase *c = model_case(f, pos_find("rope"), NULL, shape);
    const Tensor *expected = whole_text(&f->tape, c, 64);
    GptCache cache;
    assert_true(gpt_cache_init(&cache, &c->gpt, 64, NULL));
    for (size_t threads = 1; threads <= 3; threads++) {
        parallel_set_threads(threads);
        gpt_cache_clear(&cache, 0);
        check_pieces(c, &cache, (Cut){4, {50, 1, 1, 9}}, expected);
    }
    gpt_cache_free(&cache);
    model_case_free(c);
}

static void a_text_may_start_at_any_position(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("sinusoidal"), NULL, long_shape(20));
    const Tensor *from_0 = whole_text(&f->tape, c, 0);
    for (size_t t = 0; t < 20; t++)
        c->positions[t] += 1000;
    const Tensor *expected = whole_text(&f->tape, c, 0);
    assert_true(largest_difference(from_0->data, expected->data, tensor_size(expected)) > 1e-3);
    GptCache cache;
    assert_true(gpt_cache_init(&cache, &c->gpt, 20, NULL));
    gpt_cache_clear(&cache, 1000);
    check_pieces(c, &cache, (Cut){2, {3, 1}}, expected);
    gpt_cache_free(&cache);
    model_case_free(c);
}

/* Why a window that slides is another model than one that is cropped and encoded anew: in the
 * second layer a kept key still knows what has left the window. In a single layer there is no
 * difference. */
static void what_left_the_window_is_still_felt_through_a_second_layer(void **state)
{
    Fixture *f = *state;
    enum { T = 20, W = 6 };
    for (size_t n_layer = 1; n_layer <= 2; n_layer++) {
        ModelShape shape = long_shape(T);
        shape.gpt.n_layer = n_layer;
        ModelCase *c = model_case(f, pos_find("none"), NULL, shape);
        size_t V = shape.gpt.vocab_size;
        const real *slid = whole_text(&f->tape, c, W)->data + (T - 1) * V;
        GptInput last = c->input;
        last.tokens += T - W;
        last.length = last.positions.count = W;
        const real *cropped = gpt_forward(&c->gpt, &f->tape, &last)->data + (W - 1) * V;
        double difference = largest_difference(slid, cropped, V);
        assert_true(n_layer == 1 ? difference == 0 : difference > 1e-3);
        tape_reset(&f->tape);
        model_case_free(c);
    }
}

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

/* With what was measured reserved, no step asks the system for memory. */
static void the_memory_is_as_measured(void **state)
{
    Fixture *f = *state;
    enum { W = 9 };
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t i = 0; i < count; i++) {
        ModelCase *c = model_case(f, varieties[i].scheme, varieties[i].options, long_shape(50));
        GptCache cache;
        Tape tape;
        size_t bytes, most = 0;
        assert_true(gpt_cache_init(&cache, &c->gpt, W, NULL) && tape_init(&tape, false, NULL) &&
                    gpt_cache_measure(&cache, W, &bytes, NULL) && tape_reserve(&tape, bytes, NULL));
        const ArenaBlock *block = tape.numbers.blocks;
        for (size_t done = 0, piece = W; done + W <= 50; done += piece, piece = piece % W + 1) {
            tape_reset(&tape);
            assert_non_null(gpt_continue(&cache, &tape, c->tokens + done, piece, NULL));
            most = tape.numbers.used > most ? tape.numbers.used : most;
        }
        assert_ptr_equal(tape.numbers.blocks, block);
        assert_in_range(most, bytes / 2, bytes);
        tape_free(&tape);
        gpt_cache_free(&cache);
        model_case_free(c);
    }
}

/* Positions that rise by 1 to 3, in a model for which that is usual. Tokens that follow without a
 * position stand right behind. */
static void tokens_may_stand_with_gaps(void **state)
{
    Fixture *f = *state;
    enum { T = 30, W = 7, SPAN = 3 * T };
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t i = 0; i < count; i++) {
        ModelShape shape = long_shape(T);
        shape.gpt.span = SPAN;
        ModelCase *c = model_case(f, varieties[i].scheme, varieties[i].options, shape);
        GptCache cache;
        Tape tape;
        size_t bytes, V = shape.gpt.vocab_size;
        for (size_t t = 1; t < T; t++)
            c->positions[t] = c->positions[t - 1] + (t + 3 < T ? 1 + (int)(t % 3) : 1);
        const Tensor *expected = whole_text(&f->tape, c, W);
        assert_true(gpt_cache_init(&cache, &c->gpt, W, NULL) && tape_init(&tape, false, NULL) &&
                    gpt_cache_measure(&cache, W, &bytes, NULL) && tape_reserve(&tape, bytes, NULL));
        const ArenaBlock *block = tape.numbers.blocks;
        for (size_t done = 0, piece = W; done < T; done += piece, piece = 1 + done % 3) {
            Positions next = {c->positions + done, piece};
            tape_reset(&tape);
            const Tensor *logits =
                done + 3 < T
                    ? gpt_continue_at(&cache, &tape, c->tokens + done, next, NULL)
                    : gpt_continue(&cache, &tape, c->tokens + done, piece = T - done, NULL);
            assert_same_bits(logits->data, expected->data + done * V, piece * V);
        }
        assert_ptr_equal(tape.numbers.blocks, block);
        tape_free(&tape);
        gpt_cache_free(&cache);
        model_case_free(c);
        tape_reset(&f->tape);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(cached_logits_have_the_bits_of_the_whole_text_with_every_scheme),
        fixture_test(past_the_window_they_are_those_of_a_banded_mask),
        fixture_test(any_window_will_do),
        fixture_test(the_size_of_a_real_model_and_threads_change_nothing),
        fixture_test(a_text_may_start_at_any_position),
        fixture_test(what_left_the_window_is_still_felt_through_a_second_layer),
        fixture_test(a_position_without_a_row_is_refused_and_nothing_is_lost),
        fixture_test(behind_the_largest_number_there_is_no_position),
        fixture_test(what_is_kept_is_refused_where_the_scheme_would_compute_it_anew),
        fixture_test(a_model_that_sees_both_sides_has_no_cache),
        fixture_test(the_memory_is_as_measured),
        fixture_test(tokens_may_stand_with_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
