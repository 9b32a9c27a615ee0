/* test_claim_shared_bias.c: tests of src/lab/claims/shared_bias.c, and of what it measures. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/claims/shared_bias.h"
#include "pos/bias_table.h"
#include "support/claim_case.h"
#include "support/findings_numbers.h"
#include "support/fixtures.h"

extern const Claim claim_shared_bias;

static SharedBias bias_of(const PosScheme *scheme, const Setting *options)
{
    SharedBias found;
    assert_true(shared_bias_measure(scheme, options, random_seed(101), &found, NULL));
    return found;
}

/* On one scheme that serves all lengths. */
static Verdict verdict_on(const PosScheme *scheme)
{
    SharedBias found = bias_of(scheme, NULL);
    const Verdict lengths = HOLDS;
    return shared_bias_verdict(&found, &lengths, 1);
}

/* --- exact --- */

static void schemes_by_distance_pass(void **state)
{
    (void)state;
    const char *const names[] = {"relative", "t5", "alibi"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        SharedBias found = bias_of(pos_find(names[i]), NULL);
        assert_true(found.unequal == 0 && found.largest > 0.3 && found.score_error < 1e-4);
        assert_int_equal(verdict_on(pos_find(names[i])), HOLDS);
    }
}

static double line(const Pos *pos, size_t h, ptrdiff_t distance)
{
    (void)pos;
    return (double)distance / (double)(h + 2);
}

static ScoreBias by_line(const Pos *pos, Tape *tape, const PosSite *site)
{
    return bias_fixed(pos, tape, line, site->queries, site->keys);
}

/* Keys one step further away than they are, from a table that begins elsewhere. */
static ScoreBias by_start(const Pos *pos, Tape *tape, const PosSite *site)
{
    ScoreBias bias = by_line(pos, tape, site);
    if (site->queries.at[0] >= 1000)
        for (size_t i = 0; i < tensor_size(bias.by_distance); i++)
            bias.by_distance->data[i] += (real)0.001;
    return bias;
}

/* A number by pair that knows where the query stands. */
static ScoreBias by_query(const Pos *pos, Tape *tape, const PosSite *site)
{
    size_t Tq = site->queries.count, Tk = site->keys.count, H = pos->shape.n_head;
    Tensor *x = tape_constant(tape, 4, (size_t[]){1, H, Tq, Tk});
    for (size_t h = 0; h < H; h++)
        for (size_t i = 0; i < Tq; i++)
            for (size_t j = 0; j < Tk; j++)
                x->data[(h * Tq + i) * Tk + j] =
                    (real)(line(pos, h, site->keys.at[j] - site->queries.at[i]) +
                           1e-4 * (site->queries.at[i] % 7));
    return (ScoreBias){.by_pair = x};
}

static ScoreBias nothing(const Pos *pos, Tape *tape, const PosSite *site)
{
    (void)pos, (void)tape, (void)site;
    return (ScoreBias){0};
}

static ScoreBias not_a_number(const Pos *pos, Tape *tape, const PosSite *site)
{
    ScoreBias bias = by_line(pos, tape, site);
    bias.by_distance->data[tensor_width(bias.by_distance) / 2] = (real)NAN;
    return bias;
}

static Tensor *add_to_all(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    (void)pos, (void)tape, (void)positions;
    return x;
}

static void a_bias_of_another_kind_is_noticed(void **state)
{
    (void)state;
    const struct {
        PosScheme scheme;
        Verdict verdict;
    } cases[] = {
        {{.name = "a line", .at_scores = by_line}, HOLDS},
        {{.name = "by start", .at_scores = by_start}, DOES_NOT_HOLD},
        {{.name = "by query", .at_scores = by_query}, DOES_NOT_HOLD},
        {{.name = "nothing", .at_scores = nothing}, DOES_NOT_HOLD},
        {{.name = "no door"}, DOES_NOT_HOLD},
        {{.name = "not a number", .at_scores = not_a_number}, DOES_NOT_HOLD},
        {{.name = "two doors", .at_scores = by_line, .at_embedding = add_to_all}, DOES_NOT_HOLD},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(verdict_on(&cases[i].scheme), cases[i].verdict);
}

/* The scores are the program's own, so no scheme can spoil them. */
static void a_bias_that_is_not_added_to_the_score_is_noticed(void **state)
{
    (void)state;
    SharedBias found = bias_of(pos_find("alibi"), NULL);
    const Verdict lengths = HOLDS;
    found.score_error = 0.01;
    assert_int_equal(shared_bias_verdict(&found, &lengths, 1), DOES_NOT_HOLD);
}

/* In a window of 32, by hand: relative has a number for each distance up to 31; t5 has 16 ranges of
 * which the last begins where 8 + 8 ln(d/8) / ln(24/8) reaches 15, at d = 20.9; a line goes on. */
static void numbers_beyond_training_come_from_where_the_formula_says(void **state)
{
    (void)state;
    SharedBias relative = bias_of(pos_find("relative"), NULL), t5 = bias_of(pos_find("t5"), NULL);
    SharedBias alibi = bias_of(pos_find("alibi"), NULL);
    assert_int_equal(relative.further, 7 * 32);
    assert_int_equal(relative.shared, 7 * 32);
    assert_int_equal(relative.from_first, 31);
    assert_int_equal(relative.from_last, 31);
    assert_int_equal(t5.shared, 7 * 32);
    assert_int_equal(t5.from_first, 21);
    assert_int_equal(t5.from_last, 31);
    assert_int_equal(alibi.further, 7 * 32);
    assert_int_equal(alibi.shared, 0);
}

/* The table of the paper: distances 31 to 34 are bucket 21. */
static void the_ranges_of_the_paper_are_not_all_reached(void **state)
{
    (void)state;
    const Setting options[] = {{"t5_buckets", "32"}, {"t5_max_distance", "128"}, {NULL, NULL}};
    SharedBias found = bias_of(pos_find("t5"), options);
    assert_int_equal(found.shared, 3);
    assert_int_equal(found.from_first, 31);
}

/* --- learned --- */

enum { N_SEEDS = 4, N_CONTEXTS = 6 };
static const double flat[] = {1.75, 1.72, 1.70, 1.70, 1.70, 1.70};
static const double rising[] = {1.75, 1.72, 1.70, 1.80, 1.90, 2.10};
static const double refused[] = {1.75, 1.72, 1.70, NAN, NAN, NAN};

/* The arms of the registry up to alibi; `none` is 0.2 nats above `learned`: a margin of 0.02. */
static FindingsCase *text_findings(const char *folder, const double *relative, const double *t5,
                                   const double *alibi, double spread)
{
    static double loss[6 * N_SEEDS];
    for (size_t i = 0; i < COUNT_OF(loss); i++)
        loss[i] = (i < N_SEEDS ? 1.9 : 1.7) + 0.001 * made_up_noise("run", i);
    FindingsCase *made = make_findings(
        folder,
        (FindingsPlan){.n_arms = 6, .n_seeds = N_SEEDS, .loss = loss, .n_contexts = N_CONTEXTS});
    give_lengths(made, pos_index(pos_find("relative")), relative, spread);
    give_lengths(made, pos_index(pos_find("t5")), t5, spread);
    give_lengths(made, pos_index(pos_find("alibi")), alibi, spread);
    return made;
}

static Answer answer_to(Fixture *f, FindingsCase *made)
{
    Answer answer = {.condition = ""};
    ClaimDesk desk = {.arena = &f->arena, .first_seed = 101};
    desk.findings[ON_TEXT] = &made->findings;
    assert_true(claim_shared_bias.examine(&desk, &answer, NULL));
    check_answer(&answer);
    free_findings(made);
    return answer;
}

static void the_verdict_follows_the_losses(void **state)
{
    Fixture *f = *state;
    char *folder = make_test_folder();
    const struct {
        const double *relative, *t5, *alibi;
        double spread;
        Verdict verdict;
        const char *condition;
    } cases[] = {
        {flat, flat, flat, 0.01, HOLDS, ""},
        {rising, rising, flat, 0.01, HOLDS_UNDER_A_CONDITION, "as low with alibi only"},
        {rising, flat, flat, 0.01, HOLDS_UNDER_A_CONDITION, "as low with t5 and alibi only"},
        {rising, rising, rising, 0.01, HOLDS_UNDER_A_CONDITION, "as low with none of the three"},
        {flat, flat, flat, 0.2, NOT_SHOWN, ""}, /* on average it does not rise */
        {flat, flat, flat, 1, NOT_SHOWN, ""},
        {flat, refused, flat, 0.01, DOES_NOT_HOLD, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Answer answer = answer_to(f, text_findings(folder, cases[i].relative, cases[i].t5,
                                                   cases[i].alibi, cases[i].spread));
        assert_int_equal(answer.verdict, cases[i].verdict);
        assert_contains(answer.condition, cases[i].condition);
    }
    remove_test_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemes_by_distance_pass),
        cmocka_unit_test(a_bias_of_another_kind_is_noticed),
        cmocka_unit_test(a_bias_that_is_not_added_to_the_score_is_noticed),
        cmocka_unit_test(numbers_beyond_training_come_from_where_the_formula_says),
        cmocka_unit_test(the_ranges_of_the_paper_are_not_all_reached),
        fixture_test(the_verdict_follows_the_losses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
