/* test_claim_strengths.c: tests of src/lab/claims/strengths.c, with made-up losses. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/claims/strengths.h"
#include "support/findings_numbers.h"
#include "support/fixtures.h"

enum { ARMS = 3, SEEDS = 5 };

/* Arm 0 beside arms 1 and 2, whose losses are 2 and 3 and a little more with each seed. */
static Strength beside(Fixture *f, const double own[SEEDS], double margin)
{
    double loss[ARMS * SEEDS];
    for (size_t seed = 0; seed < SEEDS; seed++) {
        loss[seed] = own[seed];
        loss[SEEDS + seed] = 2 + 0.1 * (double)seed;
        loss[2 * SEEDS + seed] = 3 + 0.1 * (double)seed;
    }
    Outcomes outcomes = {ARMS, SEEDS, loss, NO_SCHEME, NO_SCHEME};
    Strength strength = {.margin = margin};
    assert_true(strength_measure(&f->arena, &outcomes, 0, &strength, NULL));
    return strength;
}

static void a_difference_is_held_against_the_best_of_the_others(void **state)
{
    const struct {
        double own[SEEDS], margin, above;
        Rank rank;
    } cases[] = {
        {{1.5, 1.61, 1.7, 1.79, 1.9}, 0.05, -0.5, AS_GOOD},
        {{2.01, 2.12, 2.21, 2.3, 2.41}, 0.05, 0.01, AS_GOOD},
        {{2.1, 2.21, 2.3, 2.39, 2.5}, 0.05, 0.1, WORSE},
        {{2, 2.5, 1.9, 2.6, 2}, 0.05, 0, UNDECIDED},
        {{2.1, 2.21, 2.3, 2.39, 2.5}, NAN, 0.1, WORSE},
        {{1.5, 1.61, 1.7, 1.79, 1.9}, NAN, -0.5, UNDECIDED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Strength found = beside(*state, cases[i].own, cases[i].margin);
        assert_int_equal(found.best, 1);
        assert_close(found.above.difference.mean, cases[i].above, 1e-9);
        assert_int_equal(found.rank, cases[i].rank);
    }
}

/* One that was refused at a length is no rival there. */
static void an_arm_without_a_loss_is_left_out(void **state)
{
    Fixture *f = *state;
    double loss[] = {2, 2.1, NAN, NAN, 3, 3.1};
    Outcomes outcomes = {3, 2, loss, NO_SCHEME, NO_SCHEME};
    Strength strength = {.margin = 0.05};
    assert_true(strength_measure(&f->arena, &outcomes, 0, &strength, NULL));
    assert_int_equal(strength.best, 2);
    outcomes.n_schemes = 2;
    assert_true(strength_measure(&f->arena, &outcomes, 0, &strength, NULL));
    assert_true(strength.best == NO_SCHEME);
    assert_int_equal(strength.rank, UNDECIDED);
}

static void the_verdict_counts_strengths(void **state)
{
    (void)state;
    const struct {
        Rank of[4];
        Verdict verdict;
    } cases[] = {
        {{AS_GOOD, AS_GOOD, AS_GOOD, AS_GOOD}, HOLDS},
        {{AS_GOOD, AS_GOOD, UNDECIDED, AS_GOOD}, NOT_SHOWN},
        {{AS_GOOD, WORSE, AS_GOOD, AS_GOOD}, HOLDS_UNDER_A_CONDITION},
        {{AS_GOOD, WORSE, UNDECIDED, UNDECIDED}, HOLDS_UNDER_A_CONDITION},
        {{AS_GOOD, WORSE, WORSE, UNDECIDED}, DOES_NOT_HOLD},
        {{WORSE, WORSE, WORSE, WORSE}, DOES_NOT_HOLD},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Strength strengths[4];
        for (size_t s = 0; s < 4; s++)
            strengths[s] = (Strength){.rank = cases[i].of[s]};
        assert_int_equal(strengths_judge(strengths, 4), cases[i].verdict);
    }
}

/* --- the answer from findings --- */

typedef struct Case {
    char *folder;
    FindingsCase *made[3]; /* the text, kback, nth */
    ClaimDesk desk;
    size_t rope;
} Case;

static RunResult *run_of(FindingsCase *made, size_t arm, size_t seed)
{
    return (RunResult *)&made->findings.runs[arm * SEEDS + seed];
}

/* The number of a run: `level`, with what the seed and the run add. */
static double number(double level, size_t arm, size_t seed)
{
    return level + 0.02 * made_up_noise("seed", seed) +
           0.0005 * made_up_noise("run", arm * SEEDS + seed);
}

/* The arm's loss at each length; and its wrong sequences. */
static void set_losses(FindingsCase *made, size_t arm, const double level[3])
{
    for (size_t seed = 0; seed < SEEDS; seed++) {
        ContextLoss *contexts = findings_room(made, 3, sizeof *contexts);
        for (size_t c = 0; c < 3; c++)
            contexts[c] = (ContextLoss){.context = (size_t)64 * (c == 2 ? 8 : c + 1),
                                        .same = {.loss = number(level[c], arm, seed)}};
        run_of(made, arm, seed)->contexts = contexts;
        run_of(made, arm, seed)->n_contexts = 3;
    }
}

static void set_wrong(FindingsCase *made, size_t arm, double wrong)
{
    for (size_t seed = 0; seed < SEEDS; seed++)
        run_of(made, arm, seed)->outcome.exact = 1 - number(wrong, arm, seed);
}

/* All schemes are alike: losses 2, 2 and 2, and a tenth of the sequences wrong. */
static Case case_of(Fixture *f)
{
    static const char *const tasks[] = {NULL, "kback", "nth"};
    Case c = {.folder = make_test_folder(), .desk = {.arena = &f->arena}};
    c.rope = pos_index(pos_find("rope"));
    for (size_t i = 0; i < 3; i++) {
        const char *folder = text_format(&f->arena, "%s/%zu", c.folder, i);
        c.made[i] = make_findings(
            folder, (FindingsPlan){.n_arms = pos_scheme_count, .n_seeds = SEEDS, .task = tasks[i]});
        for (size_t arm = 0; arm < pos_scheme_count; arm++) {
            set_losses(c.made[i], arm, (const double[]){2, 2, 2});
            set_wrong(c.made[i], arm, 0.1);
        }
    }
    c.desk.findings[ON_TEXT] = &c.made[0]->findings;
    c.desk.findings[ON_KBACK] = &c.made[1]->findings;
    c.desk.findings[ON_NTH] = &c.made[2]->findings;
    return c;
}

static void free_case(Case *c)
{
    for (size_t i = 0; i < 3; i++)
        free_findings(c->made[i]);
    remove_test_folder(c->folder);
}

extern const Claim claim_strengths;

static Answer answer_of(const Case *c)
{
    Answer answer = {.condition = ""};
    Error error = {0};
    if (!claim_strengths.examine(&c->desk, &answer, &error))
        fail_msg("%s", error.text);
    assert_true(strlen(answer.deciding) <= 100);
    assert_int_equal(answer.table.n_rows, pos_scheme_count);
    assert_int_equal(answer.figure.series[0].count, 5);
    return answer;
}

static void each_strength_that_rope_lacks_is_named(void **state)
{
    Case c = case_of(*state);
    assert_int_equal(answer_of(&c).verdict, HOLDS);

    set_wrong(c.made[2], c.rope, 0.9);
    Answer answer = answer_of(&c);
    assert_int_equal(answer.verdict, HOLDS_UNDER_A_CONDITION);
    assert_string_equal(answer.condition, "as good as the best at loss, loss at x2, loss at x8, k "
                                          "back; worse at n-th");
    assert_close(answer.figure.series[0].y[4], 0.8, 0.01);

    set_losses(c.made[0], c.rope, (const double[]){2, 2.5, 3});
    answer = answer_of(&c);
    assert_int_equal(answer.verdict, DOES_NOT_HOLD);
    assert_contains(answer.text, "worse at loss at x2, loss at x8, n-th");
    assert_close(answer.figure.series[0].y[1], 0.5, 0.01);
    assert_close(answer.figure.series[0].y[2], 1, 0.01);
    free_case(&c);
}

static void a_rival_that_is_better_at_one_thing_is_enough(void **state)
{
    Case c = case_of(*state);
    set_wrong(c.made[1], pos_index(pos_find("t5")), 0);
    Answer answer = answer_of(&c);
    assert_contains(answer.condition, "worse at k back");
    assert_contains(answer.text, "t5 at k back (RoPE +0.1");
    free_case(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_difference_is_held_against_the_best_of_the_others),
        fixture_test(an_arm_without_a_loss_is_left_out),
        fixture_test(the_verdict_counts_strengths),
        fixture_test(each_strength_that_rope_lacks_is_named),
        fixture_test(a_rival_that_is_better_at_one_thing_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
