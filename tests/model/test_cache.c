/* test_cache.c: tests of src/model/cache.c. A text is continued in pieces, and each logit is held
 * bit by bit against that of one pass over the whole text. What is refused is in
 * test_cache_refused.c. */
#include "support/check.h"

#include "math/parallel.h"
#include "model/cache.h"
#include "support/cache_case.h"
#include "support/model_case.h"

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

/* Texts longer than a vector register is wide and than attention's block of queries. */
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
        fixture_test(the_memory_is_as_measured),
        fixture_test(tokens_may_stand_with_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
