/* test_sampler.c: tests of src/train/sampler.c. */
#include "support/check.h"

#include <math.h>

#include "support/model_case.h"
#include "train/sampler.h"

enum { V = 7, MOST = 64 }; /* V: small_model's symbols */

static SampleOptions options_of(double temperature, size_t top_k, uint64_t seed)
{
    return (SampleOptions){.temperature = temperature, .top_k = top_k, .key = random_seed(seed)};
}

/* --- one token --- */

static void temperature_0_takes_the_likeliest(void **state)
{
    (void)state;
    const SampleOptions cold = options_of(0, 0, 1);
    double scratch[2 * 5];
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(sample_token((real[]){1, 3, -2, 2, 0}, 5, &cold, i, scratch), 1);
        assert_int_equal(sample_token((real[]){0, -9, -2, 0, 7}, 5, &cold, i, scratch), 4);
        assert_int_equal(sample_token((real[]){5}, 1, &cold, i, scratch), 0);
    }
}

/* Of equals the first one, whatever else is asked for. */
static void temperature_0_decides_ties(void **state)
{
    (void)state;
    const SampleOptions cold = options_of(0, 3, 1);
    double scratch[2 * 5];
    assert_int_equal(sample_token((real[]){1, 3, 3, 3, 0}, 5, &cold, 9, scratch), 1);
}

/* How often each token is drawn, by n numbers of the key. */
static void count_draws(const real *logits, size_t width, const SampleOptions *options, size_t n,
                        size_t *counts)
{
    double scratch[2 * MOST];
    assert_true(width <= MOST);
    for (size_t v = 0; v < width; v++)
        counts[v] = 0;
    for (size_t i = 0; i < n; i++) {
        const int token = sample_token(logits, width, options, i, scratch);
        assert_true(token >= 0 && (size_t)token < width);
        counts[token]++;
    }
}

/* Of n draws, p n are expected, with a standard deviation of sqrt(n p (1 - p)); 5 are allowed. */
static void assert_frequencies(const real *logits, size_t width, const SampleOptions *options,
                               const double *p)
{
    enum { DRAWS = 40000 };
    size_t counts[MOST];
    count_draws(logits, width, options, DRAWS, counts);
    for (size_t v = 0; v < width; v++)
        assert_close((double)counts[v], DRAWS * p[v], 5 * sqrt(DRAWS * p[v] * (1 - p[v])));
}

static void frequencies_are_the_softmax_at_every_temperature(void **state)
{
    (void)state;
    const real logits[] = {1, (real)-0.5, 2, 0, (real)0.25, -8};
    const double temperatures[] = {0.25, 0.8, 1, 3, 1e9};
    for (size_t n = 0; n < COUNT_OF(temperatures); n++) {
        double p[6], sum = 0;
        for (size_t v = 0; v < 6; v++)
            sum += p[v] = exp((double)logits[v] / temperatures[n]);
        for (size_t v = 0; v < 6; v++)
            p[v] /= sum;
        const SampleOptions options = options_of(temperatures[n], 0, n);
        assert_frequencies(logits, 6, &options, p);
    }
}

/* ln 1, ln 2, ... make odds that are whole numbers. */
static void top_k_shares_all_odds_among_the_k_likeliest(void **state)
{
    (void)state;
    const real logits[] = {(real)log(2), (real)log(7), 0, (real)log(3), (real)log(5)};
    const struct {
        size_t k;
        double odds[5];
    } cases[] = {{1, {0, 1, 0, 0, 0}}, {2, {0, 7, 0, 0, 5}}, {3, {0, 7, 0, 3, 5}},
                 {4, {2, 7, 0, 3, 5}}, {5, {2, 7, 1, 3, 5}}, {6, {2, 7, 1, 3, 5}},
                 {0, {2, 7, 1, 3, 5}}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        double p[5], sum = 0;
        for (size_t v = 0; v < 5; v++)
            sum += cases[c].odds[v];
        for (size_t v = 0; v < 5; v++)
            p[v] = cases[c].odds[v] / sum;
        const SampleOptions options = options_of(1, cases[c].k, c);
        assert_frequencies(logits, 5, &options, p);
    }
}

/* Where equal ones stand at the k-th place, all of them take part and no smaller one does. */
static void ties_at_the_kth_place_all_take_part(void **state)
{
    (void)state;
    const real logits[] = {1, 2, 1, 3, 0, 1};
    const struct {
        size_t k;
        bool takes_part[6];
    } cases[] = {{1, {0, 0, 0, 1, 0, 0}}, {2, {0, 1, 0, 1, 0, 0}}, {3, {1, 1, 1, 1, 0, 1}},
                 {4, {1, 1, 1, 1, 0, 1}}, {5, {1, 1, 1, 1, 0, 1}}, {6, {1, 1, 1, 1, 1, 1}}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const SampleOptions options = options_of(2, cases[c].k, c);
        size_t counts[6];
        count_draws(logits, 6, &options, 2000, counts);
        for (size_t v = 0; v < 6; v++)
            assert_int_equal(counts[v] > 0, cases[c].takes_part[v]);
    }
}

/* A number takes part if fewer than k are larger; random logits of few distinct values, at a
 * temperature that makes them nearly equally likely. */
static void top_k_is_as_in_a_plain_loop(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 100; trial++) {
        const RandomKey key = random_at(random_seed(5), trial);
        const size_t width = 1 + (size_t)random_below(key, 100, 12);
        real logits[12];
        for (size_t v = 0; v < width; v++)
            logits[v] = (real)random_below(key, v, 6) - 3;
        const SampleOptions options =
            options_of(100, 1 + (size_t)random_below(key, 101, width), trial);
        size_t counts[12];
        count_draws(logits, width, &options, 500, counts);
        for (size_t v = 0; v < width; v++) {
            size_t larger = 0;
            for (size_t u = 0; u < width; u++)
                larger += logits[u] > logits[v];
            assert_int_equal(counts[v] > 0, larger < options.top_k);
        }
    }
}

/* Of the odds 7 5 3 2 1 (of 18), the first that reach the share, which is that of all or of the k
 * likeliest. */
static void top_p_takes_the_likeliest_that_have_this_share(void **state)
{
    (void)state;
    const real logits[] = {(real)log(2), (real)log(7), 0, (real)log(3), (real)log(5)};
    const struct {
        double p;
        size_t k;
        double odds[5];
    } cases[] = {{0.01, 0, {0, 7, 0, 0, 0}},      {6.9 / 18, 0, {0, 7, 0, 0, 0}},
                 {7.1 / 18, 0, {0, 7, 0, 0, 5}},  {11.9 / 18, 0, {0, 7, 0, 0, 5}},
                 {12.1 / 18, 0, {0, 7, 0, 3, 5}}, {16.9 / 18, 0, {2, 7, 0, 3, 5}},
                 {17.1 / 18, 0, {2, 7, 1, 3, 5}}, {1, 0, {2, 7, 1, 3, 5}},
                 {0, 0, {2, 7, 1, 3, 5}},         {7.1 / 15, 3, {0, 7, 0, 0, 5}},
                 {6.9 / 15, 3, {0, 7, 0, 0, 0}},  {0.99, 2, {0, 7, 0, 0, 5}}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        double p[5], sum = 0;
        for (size_t v = 0; v < 5; v++)
            sum += cases[c].odds[v];
        for (size_t v = 0; v < 5; v++)
            p[v] = cases[c].odds[v] / sum;
        SampleOptions options = options_of(1, cases[c].k, c);
        options.top_p = cases[c].p;
        assert_frequencies(logits, 5, &options, p);
    }
}

/* Of the odds 2 1 1 1, the two likeliest are all four, so the first has 2/5 of them and not 2/3. */
static void the_share_is_that_of_all_at_the_kth_place(void **state)
{
    (void)state;
    const real logits[] = {0, (real)log(2), 0, 0};
    SampleOptions options = options_of(1, 2, 1);
    options.top_p = 0.5;
    assert_frequencies(logits, 4, &options, (double[]){0.2, 0.4, 0.2, 0.2});
}

/* A token takes part if those that are likelier have less than the share; random logits of few
 * distinct values. The shares that random numbers ask for lie between sums of weights. */
static void top_p_is_as_in_a_plain_loop(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 100; trial++) {
        const RandomKey key = random_at(random_seed(6), trial);
        const size_t width = 1 + (size_t)random_below(key, 100, 12);
        const double temperature = 2 + 3 * random_uniform(key, 102);
        real logits[12];
        double sum = 0;
        for (size_t v = 0; v < width; v++) {
            logits[v] = (real)random_below(key, v, 6) - 3;
            sum += exp((double)logits[v] / temperature);
        }
        SampleOptions options = options_of(temperature, 0, trial);
        options.top_p = 0.05 + 0.9 * random_uniform(key, 101);
        size_t counts[12];
        count_draws(logits, width, &options, 2000, counts);
        for (size_t v = 0; v < width; v++) {
            double before = 0; /* the share of the likelier ones */
            for (size_t u = 0; u < width; u++)
                before += logits[u] > logits[v] ? exp((double)logits[u] / temperature) / sum : 0;
            assert_int_equal(counts[v] > 0, before < options.top_p);
        }
    }
}

static void extreme_logits_and_temperatures_are_survived(void **state)
{
    (void)state;
    const double temperatures[] = {5e-324, 1e-300, 1e-9, 1};
    const real logits[] = {-INFINITY, (real)1e30, (real)-1e30, 0};
    for (size_t n = 0; n < COUNT_OF(temperatures); n++)
        for (size_t k = 0; k <= 4; k++) {
            const SampleOptions options = options_of(temperatures[n], k, n);
            size_t counts[4];
            count_draws(logits, 4, &options, 200, counts);
            assert_int_equal(counts[1], 200);
        }
}

/* --- a text --- */

typedef struct Text {
    int tokens[MOST];
    size_t length, stop_after; /* 0: never */
} Text;

static bool take_token(void *context, int token)
{
    Text *text = context;
    assert_true(text->length < MOST);
    text->tokens[text->length++] = token;
    return text->length != text->stop_after;
}

static Text text_of(const Gpt *gpt, const int *prompt, size_t prompt_length, size_t count,
                    const SampleOptions *options)
{
    Text text = {0};
    Error error = {0};
    if (!sample(gpt, prompt, prompt_length, count, options, take_token, &text, &error))
        fail_msg("%s", error.text);
    assert_int_equal(text.length, count);
    return text;
}

static void assert_same_text(const Text *actual, const int *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(actual->tokens[i], expected[i]);
}

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
    int all[MOST];
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

static bool differs(const Text *a, const Text *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a->tokens[i] != b->tokens[i])
            return true;
    return false;
}

static void a_key_is_a_text(void **state)
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
        int all[MOST] = {1, 2, 3};
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
        cmocka_unit_test(temperature_0_takes_the_likeliest),
        cmocka_unit_test(temperature_0_decides_ties),
        cmocka_unit_test(frequencies_are_the_softmax_at_every_temperature),
        cmocka_unit_test(top_k_shares_all_odds_among_the_k_likeliest),
        cmocka_unit_test(ties_at_the_kth_place_all_take_part),
        cmocka_unit_test(top_k_is_as_in_a_plain_loop),
        cmocka_unit_test(top_p_takes_the_likeliest_that_have_this_share),
        cmocka_unit_test(the_share_is_that_of_all_at_the_kth_place),
        cmocka_unit_test(top_p_is_as_in_a_plain_loop),
        cmocka_unit_test(extreme_logits_and_temperatures_are_survived),
        fixture_test(every_token_is_drawn_from_what_the_model_may_see),
        fixture_test(of_a_long_prompt_the_end_counts_where_the_text_is_cropped),
        fixture_test(a_window_may_be_longer_or_shorter_than_in_training),
        fixture_test(a_scheme_that_changes_with_the_length_writes_what_it_would_without_a_cache),
        fixture_test(such_a_scheme_cannot_slide_over_a_longer_text),
        fixture_test(a_text_may_stop_at_the_end_of_its_window),
        fixture_test(a_text_without_positions_is_refused_before_it_begins),
        fixture_test(a_key_is_a_text),
        fixture_test(dropout_is_off),
        fixture_test(the_reader_may_stop),
        fixture_test(a_model_that_sees_both_sides_is_refused),
        fixture_test(an_empty_prompt_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
