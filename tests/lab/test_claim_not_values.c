/* test_claim_not_values.c: tests of src/lab/claims/not_values.c, and of what it measures. */
#include "support/check.h"

#include "lab/claims/not_values.h"
#include "support/broken_scheme.h"
#include "support/claim_case.h"
#include "support/fixtures.h"

extern const Claim claim_not_values;

static const Interval not_shown = {-0.01, 0.01}, worse = {0.01, 0.03}, better = {-0.03, -0.01};

static WhatTurns what_turns(const PosScheme *scheme, const Setting *options)
{
    WhatTurns found;
    assert_true(not_values_measure(scheme, options, random_seed(101), &found, NULL));
    return found;
}

static void rope_leaves_values_alone(void **state)
{
    (void)state;
    WhatTurns found = what_turns(pos_find("rope"), NULL);
    assert_true(found.v == 0 && found.q > 0.1 && found.k > 0.1);
    assert_true(found.behind_maps < 1e-5 && found.before_maps > 0.1);
    assert_true(found.of_a_shift < 1e-2);
    assert_int_equal(not_values_verdict(&found, not_shown), HOLDS);
    assert_int_equal(not_values_verdict(&found, worse), HOLDS);
    assert_int_equal(not_values_verdict(&found, better), HOLDS_UNDER_A_CONDITION);
}

static void a_scheme_that_turns_otherwise_is_noticed(void **state)
{
    (void)state;
    const RopeFault faults[] = {VALUES_TOO, QUERIES_ONLY, KEYS_BY_POSITION, NAN_IN_A_KEY,
                                TOKENS_VECTOR};
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        PosScheme scheme = broken_rope(faults[i]);
        WhatTurns found = what_turns(&scheme, NULL);
        assert_int_equal(not_values_verdict(&found, not_shown), DOES_NOT_HOLD);
    }
    PosScheme scheme = broken_rope(NO_FAULT);
    WhatTurns found = what_turns(&scheme, NULL);
    assert_int_equal(not_values_verdict(&found, not_shown), HOLDS);
}

/* With values turned the same text elsewhere is another text. */
static void turned_values_show_where_a_text_stands(void **state)
{
    (void)state;
    const Setting turned[] = {{"rope_values", "yes"}, {NULL, NULL}};
    WhatTurns found = what_turns(pos_find("rope"), turned);
    assert_true(found.v > 0.1 && found.behind_maps < 1e-5 && found.of_a_shift > 0.1);
    assert_int_equal(not_values_verdict(&found, not_shown), DOES_NOT_HOLD);
}

/* Two arms and three seeds, of which the second arm has the losses of the first and `more`. */
static Answer answer_with(Fixture *f, const char *folder, double more)
{
    const double noise[] = {0.004, -0.002, 0.001};
    double loss[6];
    for (size_t seed = 0; seed < 3; seed++) {
        loss[seed] = 1.75 + 0.1 * (double)seed;
        loss[3 + seed] = loss[seed] + more + noise[seed];
    }
    FindingsCase *made = make_findings(
        folder, (FindingsPlan){.n_arms = 2, .n_seeds = 3, .loss = loss, .n_contexts = 6});
    made->names[0] = "rope_values = no";
    made->names[1] = "rope_values = yes";
    for (size_t arm = 0; arm < 2; arm++)
        give_lengths(made, arm, (const double[]){1.8, 1.7, 1.6, 1.9, 2.2, 2.5}, 0.01);
    Answer answer = {.condition = ""};
    ClaimDesk desk = {.arena = &f->arena, .first_seed = 101};
    desk.findings[ROPE_VALUES] = &made->findings;
    assert_true(claim_not_values.examine(&desk, &answer, NULL));
    free_findings(made);
    check_answer(&answer);
    return answer;
}

static void the_verdict_follows_the_losses(void **state)
{
    Fixture *f = *state;
    char *folder = make_test_folder();
    Answer same = answer_with(f, folder, 0), harm = answer_with(f, folder, 0.05);
    Answer good = answer_with(f, folder, -0.05);
    remove_test_folder(folder);
    assert_int_equal(same.verdict, HOLDS);
    assert_contains(same.text, "neither harm nor good is shown");
    assert_int_equal(harm.verdict, HOLDS);
    assert_contains(harm.text, "it is shown to do harm");
    assert_contains(harm.deciding, "+0.0510");
    assert_int_equal(good.verdict, HOLDS_UNDER_A_CONDITION);
    assert_contains(good.text, "it is shown to do good");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rope_leaves_values_alone),
        cmocka_unit_test(a_scheme_that_turns_otherwise_is_noticed),
        cmocka_unit_test(turned_values_show_where_a_text_stands),
        fixture_test(the_verdict_follows_the_losses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
