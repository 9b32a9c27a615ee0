/* test_placement_after.c: tests of what is done with a model of random positions after training, in
 * src/train: windows of a text, sequences of a task and samples stand where the placement says.
 * Each is held against a pass over that list. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "support/model_case.h"
#include "support/task_case.h"
#include "train/contexts.h"
#include "train/exam.h"
#include "train/sampler.h"

enum { T = 8, V = 7, L = 60, COUNT = 20 * T + 4 }; /* T, V: small_model's block_size and symbols */

static Placement among(size_t count)
{
    return (Placement){.random = count, .key = random_for(random_seed(5), "a test")};
}

static ModelCase *spread_model(Fixture *f, const char *scheme)
{
    ModelShape shape = small_model;
    shape.gpt.span = L;
    return model_case(f, pos_find(scheme), NULL, shape);
}

/* The logits [length, V] of a text that stands at the first positions of those of `of` tokens. */
static const real *literal_logits(Fixture *f, const Gpt *gpt, const int *tokens, size_t length,
                                  size_t of, size_t window)
{
    Positions positions;
    assert_true(placement_list(among(L), &f->arena, of, &positions, NULL));
    GptInput input = {.tokens = tokens,
                      .batch_size = 1,
                      .length = length,
                      .positions = {positions.at, length},
                      .window = window};
    tape_reset(&f->tape);
    return gpt_forward(gpt, &f->tape, &input)->data;
}

static double literal_nats(const real *logits, size_t width, int target)
{
    double sum = 0;
    for (size_t v = 0; v < width; v++)
        sum += exp((double)logits[v]);
    return log(sum) - (double)logits[target];
}

static double literal_loss(Fixture *f, const Gpt *gpt, Tokens tokens, size_t length)
{
    size_t windows = (tokens.count - 1) / length;
    double sum = 0;
    for (size_t w = 0; w < windows; w++) {
        const int *window = tokens.at + w * length;
        const real *logits = literal_logits(f, gpt, window, length, length, 0);
        for (size_t t = 0; t < length; t++)
            sum += literal_nats(logits + t * V, V, window[t + 1]);
    }
    return sum / (double)(windows * length);
}

static void windows_of_every_length_stand_where_the_placement_says(void **state)
{
    Fixture *f = *state;
    const Tokens tokens = {random_tokens(&f->arena, COUNT, V, 3), COUNT};
    size_t moved = 0; /* some schemes look at no position */
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelCase *model = spread_model(f, pos_names[s]);
        const Gpt *gpt = &model->gpt;
        ContextLoss losses[] = {{.context = T}, {.context = 3}, {.context = L}};
        Evaluator evaluator;
        Evaluation at_0;
        assert_true(contexts_plan(&f->arena, gpt, among(L), tokens, "token", 4, losses, 3, NULL));
        for (size_t c = 0; c < COUNT_OF(losses); c++) {
            const double expected = literal_loss(f, gpt, tokens, losses[c].context);
            assert_null(losses[c].refused);
            assert_true(context_evaluate(&f->arena, gpt, tokens, &losses[c], NULL));
            assert_close(losses[c].whole.loss, expected, REAL_TOLERANCE * expected);
        }
        assert_true(evaluator_init(&evaluator, gpt, (Placement){0}, 4, T, NULL));
        assert_true(evaluate(&evaluator, tokens, 0, &at_0, NULL));
        moved += at_0.loss != losses[0].whole.loss;
        evaluator_free(&evaluator);
        model_case_free(model);
    }
    assert_true(moved > pos_scheme_count / 2);
}

static void a_window_of_more_tokens_than_positions_has_a_reason(void **state)
{
    Fixture *f = *state;
    const Tokens tokens = {random_tokens(&f->arena, COUNT, V, 3), COUNT};
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelCase *model = spread_model(f, pos_names[s]);
        ContextLoss loss = {.context = L + 1};
        assert_true(
            contexts_plan(&f->arena, &model->gpt, among(L), tokens, "token", 4, &loss, 1, NULL));
        assert_string_equal(loss.refused,
                            "61 tokens: random_positions = 60 has a place for 60 at most");
        model_case_free(model);
    }
}

/* Sequences of each length at a list of their own. */
static void an_exam_stands_where_the_placement_says(void **state)
{
    Fixture *f = *state;
    TaskOptions task = task_options("kback");
    const size_t lengths[] = {9, 20, 12}, width = task_vocab_size(&task);
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelShape shape = small_model;
        shape.gpt.span = L;
        shape.gpt.vocab_size = width;
        ModelCase *model = model_case(f, pos_find(pos_names[s]), NULL, shape);
        Exam exam;
        assert_true(exam_init(&exam, &model->gpt, &task, among(L), 2, NULL));
        for (size_t n = 0; n < COUNT_OF(lengths); n++) {
            ExamResult result;
            ExamExample example;
            assert_true(exam_at(&exam, lengths[n], 1, &result, NULL));
            assert_true(exam_example(&exam, lengths[n], 0, &example, NULL));
            size_t tokens = example.tokens;
            const real *logits = literal_logits(f, &model->gpt, example.inputs, tokens, tokens, 0);
            double sum = 0;
            for (size_t t = 0; t < tokens; t++)
                if (example.targets[t] != NO_TARGET)
                    sum += literal_nats(logits + t * width, width, example.targets[t]);
            assert_close(result.loss, sum / (double)result.answers, 10 * REAL_TOLERANCE);
        }
        exam_free(&exam);
        model_case_free(model);
    }
}

/* --- samples --- */

enum { DRAWN = 20, MOST = 64 };

typedef struct Text {
    int tokens[MOST];
    size_t length;
} Text;

static bool take_token(void *context, int token)
{
    Text *text = context;
    text->tokens[text->length++] = token;
    return true;
}

/* The definitions. Cropped: the last `window` tokens, at the list of a window. Sliding: all tokens,
 * at the list of the whole text, each of which looks at `window` of them. */
static const real *logits_by_definition(Fixture *f, const Gpt *gpt, const int *tokens,
                                        size_t length, size_t shown, const SampleOptions *options)
{
    size_t window = options->window;
    if (options->past == PAST_SLIDE) {
        size_t of = shown > window ? shown : window;
        return literal_logits(f, gpt, tokens, length, of, window) + (length - 1) * V;
    }
    size_t first = length > window ? length - window : 0, seen = length - first;
    return literal_logits(f, gpt, tokens + first, seen, window, 0) + (seen - 1) * V;
}

static void assert_text_is_as_defined(Fixture *f, const Gpt *gpt, size_t prompt_length,
                                      const SampleOptions *options)
{
    Text all = {0}, text = {0};
    double scratch[2 * V];
    Error error = {0};
    const int *prompt = random_tokens(&f->arena, prompt_length, V, 4);
    memcpy(all.tokens, prompt, prompt_length * sizeof *prompt);
    for (size_t i = 0; i < DRAWN; i++) {
        size_t length = prompt_length + i;
        const real *logits =
            logits_by_definition(f, gpt, all.tokens, length, prompt_length + DRAWN - 1, options);
        all.tokens[length] = sample_token(logits, V, options, i, scratch);
    }
    if (!sample(gpt, prompt, prompt_length, DRAWN, options, take_token, &text, &error))
        fail_msg("%s", error.text);
    assert_int_equal(text.length, DRAWN);
    assert_memory_equal(text.tokens, all.tokens + prompt_length, DRAWN * sizeof(int));
}

static void a_text_is_written_where_the_placement_says(void **state)
{
    Fixture *f = *state;
    const struct {
        size_t window, prompt_length;
        SamplePast past;
    } cases[] = {{8, 3, PAST_CROP},  {8, 8, PAST_CROP},   {8, 30, PAST_CROP},  {1, 2, PAST_CROP},
                 {8, 3, PAST_SLIDE}, {8, 30, PAST_SLIDE}, {30, 5, PAST_SLIDE}, {60, 40, PAST_STOP}};
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelCase *model = spread_model(f, pos_names[s]);
        for (size_t c = 0; c < COUNT_OF(cases); c++) {
            const SampleOptions options = {.temperature = 1,
                                           .window = cases[c].window,
                                           .past = cases[c].past,
                                           .placement = among(L),
                                           .key = random_seed(c)};
            assert_text_is_as_defined(f, &model->gpt, cases[c].prompt_length, &options);
        }
        model_case_free(model);
    }
}

/* The last token that is drawn is shown to nobody. */
static void a_text_without_a_place_is_refused_before_it_begins(void **state)
{
    ModelCase *model = spread_model(*state, "rope");
    const int prompt[] = {1, 2};
    SampleOptions options = {.temperature = 1, .placement = among(L), .past = PAST_SLIDE};
    Text text = {0};
    Error error = {0};
    assert_true(sample(&model->gpt, prompt, 2, L - 1, &options, take_token, &text, NULL));
    text.length = 0;
    assert_false(sample(&model->gpt, prompt, 2, L, &options, take_token, &text, &error));
    assert_string_equal(error.text, "past = slide (crop and stop need no further positions): 61 "
                                    "tokens: random_positions = 60 has a place for 60 at most");
    options.past = PAST_CROP;
    options.window = L + 1;
    assert_false(sample(&model->gpt, prompt, 2, 5, &options, take_token, &text, &error));
    assert_string_equal(error.text, "61 tokens: random_positions = 60 has a place for 60 at most");
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_int_equal(text.length, 0);
    assert_int_equal(sample_past_for(&model->gpt, among(L)), PAST_CROP);
    model_case_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(windows_of_every_length_stand_where_the_placement_says),
        fixture_test(a_window_of_more_tokens_than_positions_has_a_reason),
        fixture_test(an_exam_stands_where_the_placement_says),
        fixture_test(a_text_is_written_where_the_placement_says),
        fixture_test(a_text_without_a_place_is_refused_before_it_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
