/* sampled_text.c: samples into an array. */
#include "support/sampled_text.h"

SampleOptions options_of(double temperature, size_t top_k, uint64_t seed)
{
    return (SampleOptions){.temperature = temperature, .top_k = top_k, .key = random_seed(seed)};
}

bool take_token(void *context, int token)
{
    Text *text = context;
    assert_true(text->length < MOST_SAMPLED);
    text->tokens[text->length++] = token;
    return text->length != text->stop_after;
}

Text text_of(const Gpt *gpt, const int *prompt, size_t prompt_length, size_t count,
             const SampleOptions *options)
{
    Text text = {0};
    Error error = {0};
    if (!sample(gpt, prompt, prompt_length, count, options, take_token, &text, &error))
        fail_msg("%s", error.text);
    assert_int_equal(text.length, count);
    return text;
}

void assert_same_text(const Text *actual, const int *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(actual->tokens[i], expected[i]);
}

bool differs(const Text *a, const Text *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a->tokens[i] != b->tokens[i])
            return true;
    return false;
}
