/* test_contexts.c: tests of src/train/contexts.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/machine.h"
#include "support/model_case.h"
#include "train/contexts.h"

enum { T = 8, V = 7, COUNT = 20 * T + 4 }; /* T, V: small_model's block_size and symbols */

/* Random tokens; the model that sees both sides keeps its last symbol for the hidden ones. */
static Tokens text_of(Fixture *f, size_t count)
{
    return (Tokens){random_tokens(&f->arena, count, V - 1, 3), count};
}

/* Plans, and evaluates what is not refused. */
static void measure(Fixture *f, const Gpt *gpt, Tokens tokens, size_t most, ContextLoss *losses,
                    size_t count)
{
    Error error = {0};
    if (!contexts_plan(&f->arena, gpt, (Placement){0}, tokens, "token", most, losses, count,
                       &error))
        fail_msg("%s", error.text);
    for (size_t c = 0; c < count; c++)
        if (!losses[c].refused && !context_evaluate(&f->arena, gpt, tokens, &losses[c], &error))
            fail_msg("%s", error.text);
}

/* The mean of -ln softmax(logits)[target] over windows of `length` side by side, in double. */
static double literal_loss(Fixture *f, const Gpt *gpt, Tokens tokens, size_t length)
{
    size_t windows = (tokens.count - 1) / length;
    double sum = 0;
    for (size_t w = 0; w < windows; w++) {
        const int *window = tokens.at + w * length;
        const real *logits = logits_of(gpt, &f->arena, window, length);
        for (size_t t = 0; t < length; t++) {
            double exponentials = 0;
            for (size_t v = 0; v < V; v++)
                exponentials += exp((double)logits[t * V + v]);
            sum += log(exponentials) - (double)logits[t * V + (size_t)window[t + 1]];
        }
    }
    return sum / (double)(windows * length);
}

static void every_length_is_windows_of_its_own(void **state)
{
    Fixture *f = *state;
    const char *const schemes[] = {"none", "rope", "alibi", "sinusoidal", "t5"};
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        ModelCase *model = small_model_of(f, schemes[s], true);
        const Tokens tokens = text_of(f, COUNT);
        ContextLoss losses[] = {
            {.context = T}, {.context = 5 * T}, {.context = 1}, {.context = 11}};
        measure(f, &model->gpt, tokens, 3, losses, COUNT_OF(losses));
        for (size_t c = 0; c < COUNT_OF(losses); c++) {
            const size_t length = losses[c].context, windows = (COUNT - 1) / length;
            const double expected = literal_loss(f, &model->gpt, tokens, length);
            assert_null(losses[c].refused);
            assert_int_equal(losses[c].whole.windows, windows);
            assert_int_equal(losses[c].whole.questions, windows * length);
            assert_close(losses[c].whole.loss, expected, REAL_TOLERANCE * expected);
        }
        assert_true(losses[0].whole.loss != losses[1].whole.loss);
        model_case_free(model);
    }
}

static void neither_the_other_lengths_nor_the_batch_size_change_a_bit(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        ModelCase *model = small_model_of(f, "rope", causal);
        const Tokens tokens = text_of(f, COUNT);
        const size_t lengths[] = {16, 4, 40};
        ContextLoss all[] = {{.context = 16}, {.context = 4}, {.context = 40}};
        measure(f, &model->gpt, tokens, 1, all, COUNT_OF(all));
        for (size_t c = 0; c < COUNT_OF(all); c++) {
            ContextLoss alone = {.context = lengths[c]};
            measure(f, &model->gpt, tokens, 7, &alone, 1);
            assert_true(alone.whole.loss == all[c].whole.loss);
            assert_memory_equal(alone.sum_by_position, all[c].sum_by_position,
                                lengths[c] * sizeof(double));
            assert_memory_equal(alone.count_by_position, all[c].count_by_position,
                                lengths[c] * sizeof(size_t));
        }
        model_case_free(model);
    }
}

static void groups_of_positions_make_up_the_whole(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        ModelCase *model = small_model_of(f, "alibi", causal);
        ContextLoss loss = {.context = 24};
        measure(f, &model->gpt, text_of(f, COUNT), 2, &loss, 1);
        const size_t ends[] = {0, 1, 2, 7, 24};
        double sum = 0;
        size_t questions = 0;
        for (size_t g = 0; g + 1 < COUNT_OF(ends); g++) {
            size_t count = 0;
            for (size_t t = ends[g]; t < ends[g + 1]; t++)
                count += loss.count_by_position[t];
            if (count > 0)
                sum += (double)count * context_mean(&loss, ends[g], ends[g + 1]);
            questions += count;
        }
        assert_int_equal(questions, loss.whole.questions);
        assert_close(sum / (double)questions, loss.whole.loss, 1e-12);
        assert_true(isnan(context_mean(&loss, 3, 3)));
        model_case_free(model);
    }
}

static void what_cannot_be_served_has_a_reason_and_disturbs_nobody(void **state)
{
    Fixture *f = *state;
    ModelCase *model = small_model_of(f, "learned", true);
    const Tokens tokens = text_of(f, T);
    ContextLoss losses[] = {{.context = T + 1}, {.context = T - 1}, {.context = T}};
    measure(f, &model->gpt, tokens, 4, losses, COUNT_OF(losses));
    assert_contains(losses[0].refused, "made for 8 positions");
    assert_null(losses[0].sum_by_position);
    assert_null(losses[1].refused);
    assert_int_equal(losses[1].whole.windows, 1);
    assert_string_equal(losses[2].refused, "8 tokens are too short for a window of 8");
    model_case_free(model);
}

/* No pass of two windows or more takes more than PASS_BYTES, and one window more, by what one takes
 * alone, would. Nothing of the text is read, so there is none. */
static void a_pass_is_cut_where_its_memory_ends(void **state)
{
    Fixture *f = *state;
    ModelCase *model = small_model_of(f, "rope", true);
    enum { MOST = 64 };
    ContextLoss losses[] = {
        {.context = T}, {.context = 1000}, {.context = 1500}, {.context = 80000}};
    Error error = {0};
    assert_true(contexts_plan(&f->arena, &model->gpt, (Placement){0}, (Tokens){.count = 100000},
                              "token", MOST, losses, COUNT_OF(losses), &error));
    for (size_t c = 0; c < COUNT_OF(losses); c++) {
        const size_t rows = losses[c].batch_size;
        size_t bytes, alone;
        assert_in_range(rows, 1, MOST);
        assert_true(gpt_measure(&model->gpt, rows, losses[c].context, false, &bytes, NULL));
        assert_true(gpt_measure(&model->gpt, 1, losses[c].context, false, &alone, NULL));
        assert_true(rows == 1 || bytes <= PASS_BYTES);
        assert_true(rows == MOST || (rows + 1) * alone > PASS_BYTES);
    }
    assert_int_equal(losses[0].batch_size, MOST);
    assert_in_range(losses[2].batch_size, 2, MOST - 1);
    assert_int_equal(losses[3].batch_size, 1);
    model_case_free(model);
}

/* A model of 64 million channels is only declared, as no machine could hold it. */
static void a_window_that_does_not_fit_this_machine_is_refused_before_it_starts(void **state)
{
    Fixture *f = *state;
    GptConfig config = small_model.gpt;
    config.n_embd = (size_t)1 << 26;
    Gpt gpt;
    Error error = {0};
    assert_true(gpt_init(&gpt, &config, pos_find("none"), NULL, &error));
    ContextLoss losses[] = {{.context = 900000}};
    assert_true(contexts_plan(&f->arena, &gpt, (Placement){0}, (Tokens){.count = 1000000}, "word",
                              12, losses, 1, &error));
    assert_contains(losses[0].refused, "a window of 900000 words takes ");
    assert_contains(losses[0].refused, ", and this machine has ");
    gpt_free(&gpt);
}

/* A bias for each pair of one head alone fills the machine at `length`; a sixteenth of that takes a
 * 256th. A scheme without such biases has room for both. */
static void biases_by_pair_that_do_not_fit_are_refused(void **state)
{
    Fixture *f = *state;
    size_t length = 1;
    while (length * length * sizeof(real) < machine_memory())
        length *= 2;
    size_t by_pair = 0;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        bool has_pairs = strstr(pos_schemes[s]->cost, "T^2") != NULL;
        if (pos_schemes[s]->max_length) /* refused for that */
            continue;
        ModelCase *model = small_model_of(f, pos_schemes[s]->name, true);
        ContextLoss losses[] = {{.context = length}, {.context = length / 16}};
        Error error = {0};
        assert_true(contexts_plan(&f->arena, &model->gpt, (Placement){0},
                                  (Tokens){.count = length + 1}, "token", 4, losses,
                                  COUNT_OF(losses), &error));
        assert_int_equal(losses[0].refused != NULL, has_pairs);
        if (has_pairs)
            assert_contains(losses[0].refused, ", and this machine has ");
        assert_null(losses[1].refused);
        model_case_free(model);
        by_pair += has_pairs;
    }
    assert_in_range(by_pair, 1, pos_scheme_count - 2);
}

static void a_report_has_a_quarter_to_eight_times_the_block_size(void **state)
{
    (void)state;
    static const struct {
        size_t block_size, count, lengths[CONTEXT_LENGTHS];
    } cases[] = {
        {64, 6, {16, 32, 64, 128, 256, 512}},
        {7, 6, {1, 3, 7, 14, 28, 56}},
        {3, 5, {1, 3, 6, 12, 24}}, /* a quarter is none */
        {2, 5, {1, 2, 4, 8, 16}},
        {1, 4, {1, 2, 4, 8}},
        {1 << 20, 6, {1 << 18, 1 << 19, 1 << 20, 1 << 21, 1 << 22, 1 << 23}},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        size_t lengths[CONTEXT_LENGTHS];
        assert_int_equal(context_lengths(cases[c].block_size, lengths), cases[c].count);
        assert_memory_equal(lengths, cases[c].lengths, cases[c].count * sizeof *lengths);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_length_is_windows_of_its_own),
        fixture_test(neither_the_other_lengths_nor_the_batch_size_change_a_bit),
        fixture_test(groups_of_positions_make_up_the_whole),
        fixture_test(what_cannot_be_served_has_a_reason_and_disturbs_nobody),
        fixture_test(a_pass_is_cut_where_its_memory_ends),
        fixture_test(a_window_that_does_not_fit_this_machine_is_refused_before_it_starts),
        fixture_test(biases_by_pair_that_do_not_fit_are_refused),
        fixture_test(a_report_has_a_quarter_to_eight_times_the_block_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
