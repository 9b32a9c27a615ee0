/* test_claim_order.c: tests of src/lab/claims/order.c: can it fail? */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/claims/book.h"
#include "lab/claims/order.h"
#include "support/fixtures.h"

static const double ROUNDING = 1e-5; /* as the claim says */

/* --- fresh models --- */

/* The same seven words; the third and the sixth are exchanged. */
static const int first[] = {4, 9, 2, 7, 0, 5, 3}, second[] = {4, 9, 5, 7, 0, 2, 3};
static const Sentences sentences = {first, second, COUNT_OF(first)};

static OrderDifference difference_of(const PosScheme *scheme, bool causal, size_t n_layer)
{
    const GptConfig config = {.n_layer = n_layer,
                              .n_head = 2,
                              .n_embd = 16,
                              .block_size = 8,
                              .vocab_size = 10,
                              .causal = causal};
    Gpt gpt;
    OrderDifference difference;
    assert_true(gpt_init(&gpt, &config, scheme, NULL, NULL) && gpt_allocate(&gpt, NULL));
    gpt_initialise(&gpt, random_seed(3));
    assert_true(order_difference(&gpt, sentences, &difference, NULL));
    gpt_free(&gpt);
    return difference;
}

static void without_positions_both_sides_are_the_same_at_any_depth(void **state)
{
    (void)state;
    for (size_t n_layer = 1; n_layer <= 6; n_layer++) {
        OrderDifference d = difference_of(pos_find("none"), false, n_layer);
        assert_true(d.by_word <= ROUNDING && d.pooled <= ROUNDING && d.last <= ROUNDING);
    }
}

/* Words in between have other words before them; the last one has the same. */
static void the_mask_shows_at_the_last_word_from_the_second_layer_on(void **state)
{
    (void)state;
    for (size_t n_layer = 1; n_layer <= 4; n_layer++) {
        OrderDifference d = difference_of(pos_find("none"), true, n_layer);
        assert_true(d.by_word > 10 * ROUNDING);
        assert_int_equal(d.last <= ROUNDING, n_layer == 1);
        assert_true(n_layer == 1 || d.last > 10 * ROUNDING);
    }
}

/* A vector for each position, a hundred times smaller than that of a token. */
static Tensor *add_a_little(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    size_t C = pos->shape.n_embd;
    Tensor *little = tape_constant(tape, 2, (size_t[]){positions.count, C});
    for (size_t i = 0; i < positions.count * C; i++)
        little->data[i] = (real)(2e-4 * random_normal(random_seed(9), i));
    return add(tape, x, little);
}

static void a_trace_of_position_is_noticed(void **state)
{
    (void)state;
    const PosScheme traced = {.name = "traced", .at_embedding = add_a_little};
    const PosScheme *const schemes[] = {&traced, pos_find("alibi")};
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        OrderDifference both = difference_of(schemes[s], false, 2),
                        last = difference_of(schemes[s], true, 1);
        assert_true(both.by_word > ROUNDING && both.pooled > ROUNDING);
        assert_true(last.last > ROUNDING);
    }
}

/* --- the verdict --- */

static Estimate right(double low, double high)
{
    return (Estimate){{5, (low + high) / 2, 0.1}, {low, high}};
}

static void the_verdict_follows_the_evidence(void **state)
{
    (void)state;
    const double tiny = 1e-7, large = 1e-2;
    const Estimate half = right(0.5, 0.5), all = right(0.9, 1), between = right(0.4, 0.9);
    const struct {
        OrderEvidence evidence;
        Verdict verdict;
        const char *condition;
    } cases[] = {
        {{tiny, tiny, large, half, half, all}, HOLDS_UNDER_A_CONDITION, "layer"},
        {{tiny, large, large, half, half, all}, HOLDS_UNDER_A_CONDITION, "both sides"},
        {{tiny, tiny, large, half, all, all}, HOLDS_UNDER_A_CONDITION, "both sides"},
        {{tiny, tiny, tiny, half, half, half}, HOLDS, ""},
        {{tiny, tiny, large, half, half, between}, NOT_SHOWN, ""},
        {{tiny, tiny, large, half, half, half}, NOT_SHOWN, ""},
        {{large, tiny, large, half, half, all}, DOES_NOT_HOLD, ""},
        {{NAN, tiny, large, half, half, all}, DOES_NOT_HOLD, ""},
        {{tiny, tiny, large, all, half, all}, DOES_NOT_HOLD, ""},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const char *condition = "";
        assert_int_equal(order_judge(&cases[c].evidence, &condition), cases[c].verdict);
        assert_non_null(strstr(condition, cases[c].condition));
        assert_int_equal(condition[0] != '\0', cases[c].verdict == HOLDS_UNDER_A_CONDITION);
    }
}

/* --- the whole claim, with made-up runs --- */

typedef struct Case {
    Arena arena;
    Book book;
    ClaimDesk desk;
    Answer answer;
} Case;

static size_t number_of(const char *name)
{
    size_t number = 1;
    while (strcmp(claims[number - 1]->name, name) != 0)
        assert_true(++number <= claim_count);
    return number;
}

/* How often the runs of an arm are right. */
static Estimate made_up(const Trial *trial, double causal_and_deep)
{
    const Config *config = &trial->config;
    bool tells = strcmp(config_scheme(config)->name, "none") != 0;
    double share = tells ? 1 : config->causal && config->n_layer > 1 ? causal_and_deep : 0.5;
    return right(share, share);
}

static Findings *findings_of(Case *c, const Experiment *experiment, double causal_and_deep)
{
    size_t n = experiment->n_arms;
    Findings *findings = arena_alloc(&c->arena, 1, sizeof *findings);
    ArmFindings *arms = arena_alloc(&c->arena, n, sizeof *arms);
    const char **names = arena_alloc(&c->arena, n, sizeof *names);
    assert_true(findings && arms && names);
    for (size_t a = 0; a < n; a++) {
        names[a] = experiment->arms[a].name;
        arms[a].exact = made_up(experiment_trial(experiment, a, 0), causal_and_deep);
        arms[a].val_loss = right(2, 2.1);
    }
    *findings = (Findings){.experiment = experiment, .names = names, .arms = arms};
    return findings;
}

static Verdict verdict_with(double causal_and_deep)
{
    Case c = {.answer.condition = ""};
    size_t number = number_of("order");
    const BookPlan plan = {.claims = claims,
                           .n_claims = claim_count,
                           .only = number,
                           .scale = {101, 2, "data/fables.txt", "", CLAIMS_CONFIG, "runs"}};
    Error error = {0};
    if (!book_init(&c.book, &c.arena, &plan, &error))
        fail_msg("%s", error.text);
    c.desk = (ClaimDesk){.arena = &c.arena, .first_seed = 101};
    for (size_t e = 0; e < N_EXPERIMENTS; e++)
        if (c.book.entries[e].at_rate[0])
            c.desk.findings[e] = findings_of(&c, c.book.entries[e].at_rate[0], causal_and_deep);
    if (!claims[number - 1]->examine(&c.desk, &c.answer, &error))
        fail_msg("%s", error.text);
    assert_in_range(strlen(c.answer.deciding), 10, 100);
    assert_int_equal(c.answer.table.n_rows, 6);
    const char *const *cells = c.answer.table.cells;
    for (size_t row = 1; row < 6; row++) /* learned positions: each row is another model */
        assert_string_not_equal(cells[row * c.answer.table.n_columns + 2], cells[2]);
    assert_int_equal(c.answer.figure.n_series, 2);
    Verdict verdict = c.answer.verdict;
    book_free(&c.book);
    arena_free(&c.arena);
    return verdict;
}

static void the_answer_follows_what_was_learned(void **state)
{
    (void)state;
    assert_int_equal(verdict_with(0.98), HOLDS_UNDER_A_CONDITION);
    assert_int_equal(verdict_with(0.5), NOT_SHOWN); /* the mask shows, but nobody uses it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_positions_both_sides_are_the_same_at_any_depth),
        cmocka_unit_test(the_mask_shows_at_the_last_word_from_the_second_layer_on),
        cmocka_unit_test(a_trace_of_position_is_noticed),
        cmocka_unit_test(the_verdict_follows_the_evidence),
        cmocka_unit_test(the_answer_follows_what_was_learned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
