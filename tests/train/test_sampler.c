/* test_sampler.c: tests of src/train/sampler.c: a text is what the definition says, depends on
 * nothing but the model, the prompt and the options, and is refused where there can be none. How a
 * token is drawn is in test_sampler_token.c, what happens at the end of the window in
 * test_sampler_window.c. */
#include "support/check.h"

#include "support/model_case.h"
#include "support/sampled_text.h"
#include "train/sampler.h"

enum { V = 7 }; /* small_model's symbols */

/* The definitions. Cropped: the model sees the last block_size tokens of everything so far, and
 * nothing else. Sliding: it sees everything, but each token looks at the last block_size. */
static const real *logits_by_definition(Fixture *f, const Gpt *gpt, const int *tokens,
                                        size_t length, SamplePast past)
{
    size_t T = gpt->config.block_size;
    if (past == PAST_CROP && length > T)
        return logits_of(gpt, &f->arena, tokens + length - T, T) + (T - 1) * V;
    GptInput input = {.tokens = tokens, .batch_size = 1, .length = length, .window = T};
    assert_true(positions_from_0(&f->arena, length, &input.positions, NULL));
    tape_reset(&f->tape);
    return gpt_forward(gpt, &f->tape, &input)->data + (length - 1) * V;
}

static void assert_text_is_as_defined(Fixture *f, const char *scheme, size_t block_size,
                                      size_t prompt_length, const SampleOptions *options)
{
    enum { COUNT = 25 };
    ModelShape shape = small_model;
    shape.gpt.block_size = block_size;
    ModelCase *model = model_case(f, pos_find(scheme), NULL, shape);
    int all[MOST_SAMPLED];
    double scratch[2 * V];
    const int *prompt = random_tokens(&f->arena, prompt_length, V, 4);
    for (size_t t = 0; t < prompt_length; t++)
        all[t] = prompt[t];
    for (size_t end = prompt_length; end < prompt_length + COUNT; end++) {
        const real *logits = logits_by_definition(f, &model->gpt, all, end, options->past);
        all[end] = sample_token(logits, V, options, end - prompt_length, scratch);
    }
    const Text text = text_of(&model->gpt, prompt, prompt_length, COUNT, options);
    assert_same_text(&text, all + prompt_length, COUNT);
    model_case_free(model);
}

/* At temperature 0 and above it, with prompts shorter and longer than the window. */
static void every_token_is_drawn_from_what_the_model_may_see(void **state)
{
    const struct {
        const char *scheme;
        SamplePast past;
    } cases[] = {{"none", PAST_CROP},  {"learned", PAST_CROP},  {"rope", PAST_CROP},
                 {"none", PAST_SLIDE}, {"rope", PAST_SLIDE},    {"alibi", PAST_SLIDE},
                 {"t5", PAST_SLIDE},   {"relative", PAST_SLIDE}};
    SampleOptions options[] = {options_of(0, 0, 1), options_of(1, 0, 2), options_of(2, 3, 3)};
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        for (size_t n = 0; n < COUNT_OF(options); n++) {
            options[n].past = cases[c].past;
            assert_text_is_as_defined(*state, cases[c].scheme, 8, 3, &options[n]);
            assert_text_is_as_defined(*state, cases[c].scheme, 8, 8, &options[n]);
            assert_text_is_as_defined(*state, cases[c].scheme, 8, 30, &options[n]);
            assert_text_is_as_defined(*state, cases[c].scheme, 1, 1, &options[n]);
            assert_text_is_as_defined(*state, cases[c].scheme, 1, 5, &options[n]);
        }
}

static void the_same_key_writes_the_same_text(void **state)
{
    ModelCase *model = model_case(*state, pos_find("rope"), NULL, small_model);
    const int prompt[] = {1, 2};
    const SampleOptions options = options_of(1, 0, 1), other = options_of(1, 0, 2);
    const Text text = text_of(&model->gpt, prompt, 2, 40, &options);
    const Text again = text_of(&model->gpt, prompt, 2, 40, &options);
    const Text shorter = text_of(&model->gpt, prompt, 2, 15, &options);
    const Text different = text_of(&model->gpt, prompt, 2, 40, &other);
    assert_same_text(&again, text.tokens, 40);
    assert_same_text(&shorter, text.tokens, 15);
    assert_true(differs(&different, &text, 40));
    model_case_free(model);
}

static void dropout_is_off(void **state)
{
    ModelShape shape = small_model;
    shape.gpt.dropout = 0.5;
    ModelCase *plain = model_case(*state, pos_find("rope"), NULL, small_model);
    ModelCase *dropping = model_case(*state, pos_find("rope"), NULL, shape);
    const int prompt[] = {1, 2};
    const SampleOptions options = options_of(1, 0, 1);
    const Text expected = text_of(&plain->gpt, prompt, 2, 40, &options);
    const Text text = text_of(&dropping->gpt, prompt, 2, 40, &options);
    assert_same_text(&text, expected.tokens, 40);
    model_case_free(plain);
    model_case_free(dropping);
}

static void the_reader_may_stop(void **state)
{
    ModelCase *model = model_case(*state, pos_find("none"), NULL, small_model);
    const int prompt[] = {1};
    const SampleOptions options = options_of(1, 0, 1);
    Text text = {.stop_after = 3};
    assert_true(sample(&model->gpt, prompt, 1, 40, &options, take_token, &text, NULL));
    assert_int_equal(text.length, 3);
    text = (Text){0};
    assert_true(sample(&model->gpt, prompt, 1, 0, &options, take_token, &text, NULL));
    assert_int_equal(text.length, 0);
    model_case_free(model);
}

static void a_model_that_sees_both_sides_is_refused(void **state)
{
    ModelShape shape = small_model;
    shape.gpt.causal = false;
    ModelCase *model = model_case(*state, pos_find("none"), NULL, shape);
    const int prompt[] = {1};
    const SampleOptions options = options_of(1, 0, 1);
    Text text = {0};
    Error error = {0};
    assert_false(sample(&model->gpt, prompt, 1, 4, &options, take_token, &text, &error));
    assert_contains(error.text, "causal = no");
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_int_equal(text.length, 0);
    model_case_free(model);
}

static void an_empty_prompt_is_refused(void **state)
{
    ModelCase *model = model_case(*state, pos_find("none"), NULL, small_model);
    const SampleOptions options = options_of(1, 0, 1);
    Text text = {0};
    Error error = {0};
    assert_false(sample(&model->gpt, NULL, 0, 4, &options, take_token, &text, &error));
    assert_contains(error.text, "the prompt is empty: expected at least one character");
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_int_equal(text.length, 0);
    model_case_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_token_is_drawn_from_what_the_model_may_see),
        fixture_test(the_same_key_writes_the_same_text),
        fixture_test(dropout_is_off),
        fixture_test(the_reader_may_stop),
        fixture_test(a_model_that_sees_both_sides_is_refused),
        fixture_test(an_empty_prompt_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
