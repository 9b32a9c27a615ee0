/* test_claim_table_end.c: tests of src/lab/claims/table_end.c: can it fail? */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/claims/table_end.h"
#include "support/model_case.h"

static const double ROUNDING = 1e-5; /* as the claim says */

/* --- where the table ends --- */

static void a_table_ends_behind_its_last_row(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("learned"), "learned_length=40", small_model);
    assert_true(table_end_is_at(&c->gpt, 40));
    assert_false(table_end_is_at(&c->gpt, 39)); /* one further on is taken */
    assert_false(table_end_is_at(&c->gpt, 41)); /* the last one is refused already */
    model_case_free(c);
    c = model_case(f, pos_find("sinusoidal"), NULL, small_model);
    assert_false(table_end_is_at(&c->gpt, 40));
    model_case_free(c);
}

/* A table that does not say where it ends, as one that wraps round. */
static void a_table_without_an_end_is_noticed(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("learned"), "learned_length=40", small_model);
    PosScheme wrapping = *c->gpt.pos.scheme;
    wrapping.max_length = NULL;
    c->gpt.pos.scheme = &wrapping;
    assert_false(table_end_is_at(&c->gpt, 40));
    model_case_free(c);
}

/* --- the same text further on --- */

enum { LENGTH = 4, N_OFFSETS = 3, TEXT = 61 };
static const size_t offsets[N_OFFSETS] = {0, 1, 4};

static Tokens text_for(Fixture *f, const ModelCase *c)
{
    return (Tokens){random_tokens(&f->arena, TEXT, c->shape.gpt.vocab_size, 5), TEXT};
}

/* The mean over windows side by side, one at a time: -log softmax in double. */
static double literal_loss(Fixture *f, const ModelCase *c, Tokens tokens, size_t offset)
{
    size_t V = c->shape.gpt.vocab_size, windows = (TEXT - 1) / LENGTH;
    double sum = 0;
    for (size_t w = 0; w < windows; w++) {
        const int *at = tokens.at + w * LENGTH;
        GptInput input = {.tokens = at,
                          .batch_size = 1,
                          .length = LENGTH,
                          .positions = positions_from(&f->arena, (int)offset, 1, LENGTH)};
        tape_reset(&f->tape);
        const real *logits = gpt_forward(&c->gpt, &f->tape, &input)->data;
        for (size_t t = 0; t < LENGTH; t++) {
            double total = 0;
            for (size_t v = 0; v < V; v++)
                total += exp((double)logits[t * V + v]);
            sum += log(total) - (double)logits[t * V + (size_t)at[t + 1]];
        }
    }
    return sum / (double)(windows * LENGTH);
}

static void losses_are_those_of_windows_that_stand_there(void **state)
{
    Fixture *f = *state;
    const char *const names[] = {"learned", "sinusoidal", "rope"};
    for (size_t s = 0; s < COUNT_OF(names); s++) {
        ModelCase *c = model_case(f, pos_find(names[s]), NULL, small_model);
        Tokens tokens = text_for(f, c);
        double losses[N_OFFSETS];
        assert_true(table_end_losses(&c->gpt, tokens, LENGTH, offsets, N_OFFSETS, losses, NULL));
        for (size_t i = 0; i < N_OFFSETS; i++)
            assert_close(losses[i], literal_loss(f, c, tokens, offsets[i]), 1e-5);
        model_case_free(c);
    }
}

static double farthest(Fixture *f, const ModelCase *c)
{
    double losses[N_OFFSETS];
    assert_true(
        table_end_losses(&c->gpt, text_for(f, c), LENGTH, offsets, N_OFFSETS, losses, NULL));
    return fmax(fabs(losses[1] - losses[0]), fabs(losses[2] - losses[0]));
}

static void schemes_by_distance_do_not_notice_and_the_others_do(void **state)
{
    Fixture *f = *state;
    static const struct {
        const char *name;
        bool absolute;
    } schemes[] = {{"none", false}, {"learned", true}, {"sinusoidal", true}, {"relative", false},
                   {"t5", false},   {"alibi", false},  {"rope", false}};
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        ModelCase *c = model_case(f, pos_find(schemes[s].name), NULL, small_model);
        assert_int_equal(farthest(f, c) > ROUNDING, schemes[s].absolute);
        model_case_free(c);
    }
}

/* ALiBi's bias, a hundredth larger for each place that the text stands further on. */
static ScoreBias bias_by_place(const Pos *pos, Tape *tape, const PosSite *site)
{
    ScoreBias bias = pos_find("alibi")->at_scores(pos, tape, site);
    Tensor *numbers = bias.by_distance;
    for (size_t i = 0; !tape->measuring && i < tensor_size(numbers); i++)
        numbers->data[i] *= (real)(1 + 0.01 * site->keys.at[0]);
    return bias;
}

static void a_bias_that_depends_on_the_place_is_noticed(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("alibi"), NULL, small_model);
    PosScheme placed = *c->gpt.pos.scheme;
    placed.at_scores = bias_by_place;
    c->gpt.pos.scheme = &placed;
    assert_true(farthest(f, c) > ROUNDING);
    model_case_free(c);
}

static void a_place_behind_the_table_is_refused(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("learned"), NULL, small_model);
    double loss;
    Error error = {0};
    assert_false(
        table_end_losses(&c->gpt, text_for(f, c), LENGTH, (const size_t[]){5}, 1, &loss, &error));
    assert_non_null(strstr(error.text, "position 8"));
    model_case_free(c);
}

/* --- the verdict --- */

static void the_verdict_follows_the_evidence(void **state)
{
    (void)state;
    const struct {
        bool ends;
        double low, high;
        Verdict verdict;
    } cases[] = {
        {true, 0.1, 0.3, HOLDS},          {true, -0.3, -0.1, HOLDS_UNDER_A_CONDITION},
        {true, -0.1, 0.1, NOT_SHOWN},     {true, NAN, NAN, NOT_SHOWN},
        {false, 0.1, 0.3, DOES_NOT_HOLD},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const char *condition = "";
        TableEndEvidence evidence = {cases[c].ends, {{5, 0, 0.1}, {cases[c].low, cases[c].high}}};
        assert_int_equal(table_end_judge(&evidence, &condition), cases[c].verdict);
        assert_int_equal(condition[0] != '\0', cases[c].verdict == HOLDS_UNDER_A_CONDITION);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_table_ends_behind_its_last_row),
        fixture_test(a_table_without_an_end_is_noticed),
        fixture_test(losses_are_those_of_windows_that_stand_there),
        fixture_test(schemes_by_distance_do_not_notice_and_the_others_do),
        fixture_test(a_bias_that_depends_on_the_place_is_noticed),
        fixture_test(a_place_behind_the_table_is_refused),
        cmocka_unit_test(the_verdict_follows_the_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
