/* test_sampler_window.c: tests of src/train/sampler.c: what becomes of a text that outgrows its
 * window or the positions of its scheme. */
#include "support/check.h"

#include "support/model_case.h"
#include "support/sampled_text.h"
#include "train/sampler.h"

enum { V = 7 }; /* small_model's symbols */

static void of_a_long_prompt_the_end_counts_where_the_text_is_cropped(void **state)
{
    Fixture *f = *state;
    ModelCase *model = model_case(f, pos_find("learned"), NULL, small_model);
    SampleOptions options = options_of(1, 0, 1);
    options.past = PAST_CROP;
    const int *prompt = random_tokens(&f->arena, 30, V, 4);
    const Text expected = text_of(&model->gpt, prompt + 22, 8, 40, &options);
    const Text text = text_of(&model->gpt, prompt, 30, 40, &options);
    assert_same_text(&text, expected.tokens, 40);
    model_case_free(model);
}

/* As long as the window holds the whole text, nothing but its end can tell how long it is. */
static void a_window_may_be_longer_or_shorter_than_in_training(void **state)
{
    ModelCase *model = model_case(*state, pos_find("alibi"), NULL, small_model);
    const int prompt[] = {1, 2};
    SampleOptions options = options_of(1, 0, 1);
    const Text of_8 = text_of(&model->gpt, prompt, 2, 40, &options);
    options.window = 8;
    const Text said = text_of(&model->gpt, prompt, 2, 40, &options);
    assert_same_text(&said, of_8.tokens, 40);
    options.window = 50;
    const Text longer = text_of(&model->gpt, prompt, 2, 40, &options);
    assert_same_text(&longer, of_8.tokens, 7);
    assert_true(differs(&longer, &of_8, 40));
    options.past = PAST_CROP;
    const Text never_cropped = text_of(&model->gpt, prompt, 2, 40, &options);
    assert_same_text(&never_cropped, longer.tokens, 40);
    model_case_free(model);
}

/* After training on 8 tokens, with a window of 20: each token is drawn from what the model makes of
 * the last 20 so far, computed with no cache at all. */
static void a_scheme_that_changes_with_the_length_writes_what_it_would_without_a_cache(void **state)
{
    Fixture *f = *state;
    enum { W = 20, COUNT = 40 };
    const char *const scalings[] = {"rope_scaling=dynamic", "rope_scaling=yarn:4"};
    for (size_t n = 0; n < COUNT_OF(scalings); n++) {
        ModelCase *model = model_case(f, pos_find("rope"), scalings[n], small_model);
        SampleOptions options = options_of(1, 0, 1);
        options.window = W;
        options.past = PAST_CROP;
        int all[MOST_SAMPLED] = {1, 2, 3};
        double scratch[2 * V];
        for (size_t end = 3; end < 3 + COUNT; end++) {
            size_t length = end < W ? end : W;
            const real *logits = logits_of(&model->gpt, &f->arena, all + end - length, length);
            all[end] = sample_token(logits + (length - 1) * V, V, &options, end - 3, scratch);
        }
        const Text text = text_of(&model->gpt, all, 3, COUNT, &options);
        assert_same_text(&text, all + 3, COUNT);
        options.past = PAST_STOP;
        const Text stopped = text_of(&model->gpt, all, 3, W - 2, &options);
        assert_same_text(&stopped, all + 3, W - 2);
        model_case_free(model);
    }
}

/* A text that never outgrows its window does not slide; one of the training length may. */
static void such_a_scheme_cannot_slide_over_a_longer_text(void **state)
{
    ModelCase *model = model_case(*state, pos_find("rope"), "rope_scaling=dynamic", small_model);
    const int prompt[] = {1, 2};
    SampleOptions options = options_of(1, 0, 1);
    Text text = {0};
    Error error = {0};
    assert_int_equal(sample_past_for(&model->gpt, (Placement){0}), PAST_CROP);
    assert_false(sample(&model->gpt, prompt, 2, 8, &options, take_token, &text, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text,
                        "past = slide: pos = rope computes a text of 9 tokens anew as a whole: "
                        "expected crop or stop, or a window that holds it");
    assert_int_equal(text.length, 0);
    options.window = 5;
    text_of(&model->gpt, prompt, 2, 7, &options);
    options.window = 30;
    const Text slid = text_of(&model->gpt, prompt, 2, 29, &options);
    options.past = PAST_CROP;
    const Text cropped = text_of(&model->gpt, prompt, 2, 29, &options);
    assert_same_text(&slid, cropped.tokens, 29);
    model_case_free(model);
}

/* 8 positions: with a prompt of 3, five more tokens can be shown, so the sixth is the last. */
static void a_text_may_stop_at_the_end_of_its_window(void **state)
{
    Fixture *f = *state;
    ModelCase *model = model_case(f, pos_find("learned"), NULL, small_model);
    const int *prompt = random_tokens(&f->arena, 9, V, 4);
    SampleOptions options = options_of(1, 0, 1);
    Text text = {0};
    Error error = {0};
    options.past = PAST_CROP;
    const Text expected = text_of(&model->gpt, prompt, 3, 40, &options);
    options.past = PAST_STOP;
    assert_true(sample(&model->gpt, prompt, 3, 40, &options, take_token, &text, NULL));
    assert_int_equal(text.length, 6);
    assert_same_text(&text, expected.tokens, 6);
    text = (Text){0};
    assert_true(sample(&model->gpt, prompt, 8, 40, &options, take_token, &text, NULL));
    assert_int_equal(text.length, 1);
    assert_false(sample(&model->gpt, prompt, 9, 40, &options, take_token, &text, &error));
    assert_string_equal(error.text,
                        "the prompt has 9 tokens: expected at most 8, what the window holds");
    model_case_free(model);
}

/* The last token that is drawn is shown to nobody, so a text of 9 needs 8 positions. */
static void a_text_without_positions_is_refused_before_it_begins(void **state)
{
    ModelCase *model = model_case(*state, pos_find("learned"), NULL, small_model);
    const int prompt[] = {1, 2};
    SampleOptions options = options_of(1, 0, 1);
    Text text = {0};
    Error error = {0};
    assert_int_equal(sample_past_for(&model->gpt, (Placement){0}), PAST_CROP);
    text_of(&model->gpt, prompt, 2, 7, &options);
    assert_false(sample(&model->gpt, prompt, 2, 8, &options, take_token, &text, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "past = slide (crop and stop need no further positions): "
                                    "position 8: pos = learned was made for 8 positions, 0 to 7");
    options.past = PAST_CROP;
    options.window = 9;
    assert_false(sample(&model->gpt, prompt, 2, 8, &options, take_token, &text, &error));
    assert_string_equal(error.text, "position 8: pos = learned was made for 8 positions, 0 to 7");
    assert_int_equal(text.length, 0);
    model_case_free(model);
    model = model_case(*state, pos_find("rope"), NULL, small_model);
    assert_int_equal(sample_past_for(&model->gpt, (Placement){0}), PAST_SLIDE);
    model_case_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(of_a_long_prompt_the_end_counts_where_the_text_is_cropped),
        fixture_test(a_window_may_be_longer_or_shorter_than_in_training),
        fixture_test(a_scheme_that_changes_with_the_length_writes_what_it_would_without_a_cache),
        fixture_test(such_a_scheme_cannot_slide_over_a_longer_text),
        fixture_test(a_text_may_stop_at_the_end_of_its_window),
        fixture_test(a_text_without_positions_is_refused_before_it_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
