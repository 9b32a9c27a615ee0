/* test_claim_rotation.c: tests of src/lab/claims/rotation.c, and of what it measures. */
#include "support/check.h"

#include <math.h>

#include "lab/claims/rotation.h"
#include "support/broken_scheme.h"
#include "support/claim_case.h"
#include "support/fixtures.h"

extern const Claim claim_rotation;

static Turning turning_of(const PosScheme *scheme)
{
    Turning found;
    assert_true(rotation_measure(scheme, random_seed(101), &found, NULL));
    return found;
}

static Verdict verdict_on(RopeFault fault)
{
    PosScheme scheme = broken_rope(fault);
    Turning found = turning_of(&scheme);
    return rotation_verdict(&found);
}

static void rope_turns_queries_and_keys_plane_by_plane(void **state)
{
    (void)state;
    for (size_t seed = 1; seed <= 5; seed++) {
        Turning found;
        assert_true(rotation_measure(pos_find("rope"), random_seed(seed), &found, NULL));
        assert_int_equal(rotation_verdict(&found), HOLDS_UNDER_A_CONDITION);
    }
    assert_int_equal(verdict_on(NO_FAULT), HOLDS_UNDER_A_CONDITION);
}

static void a_scheme_that_turns_otherwise_is_noticed(void **state)
{
    (void)state;
    const RopeFault faults[] = {WRONG_SIGN,     WRONG_BASE,       LONGER,
                                KEYS_ONE_AHEAD, KEYS_BY_POSITION, QUERIES_ONLY,
                                EMBEDDING_TOO,  ONLY_FIRST_LAYER, NAN_IN_A_KEY};
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        assert_int_equal(verdict_on(faults[i]), DOES_NOT_HOLD);
}

static void schemes_that_turn_nothing_do_not(void **state)
{
    (void)state;
    const char *const names[] = {"none", "sinusoidal", "alibi"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Turning found = turning_of(pos_find(names[i]));
        assert_int_equal(rotation_verdict(&found), DOES_NOT_HOLD);
    }
}

static void the_claim_holds_where_the_token_itself_turns_as_a_whole(void **state)
{
    (void)state;
    assert_int_equal(verdict_on(TOKENS_VECTOR), HOLDS);
}

/* By hand: 4 radians are 2 pi - 4 the other way round; plane 4 of 8 has theta 10000^(-1/2). */
static void angles_are_those_of_clocks(void **state)
{
    (void)state;
    Turning found = turning_of(pos_find("rope"));
    assert_close(found.plane[0][0], 0, 1e-6);
    assert_close(found.plane[0][1], 1, 1e-6);
    assert_close(found.plane[0][4], 2 * acos(-1) - 4, 1e-5);
    assert_close(found.plane[4][31], 0.31, 1e-5);
    assert_true(found.whole[1] > found.plane[7][1] && found.whole[1] < found.plane[0][1]);
    assert_true(found.value_change == 0);
    PosScheme scheme = broken_rope(VALUES_TOO);
    assert_true(turning_of(&scheme).value_change > 0.1);
}

static void the_answer_is_complete(void **state)
{
    Fixture *f = *state;
    Answer answer = {.condition = ""};
    ClaimDesk desk = {.arena = &f->arena, .first_seed = 101};
    assert_true(claim_rotation.examine(&desk, &answer, NULL));
    check_answer(&answer);
    assert_int_equal(answer.verdict, HOLDS_UNDER_A_CONDITION);
    assert_contains(answer.condition, "queries and keys");
    assert_contains(answer.text, "keeps every bit");
    assert_int_equal(answer.figure.n_series, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rope_turns_queries_and_keys_plane_by_plane),
        cmocka_unit_test(a_scheme_that_turns_otherwise_is_noticed),
        cmocka_unit_test(schemes_that_turn_nothing_do_not),
        cmocka_unit_test(the_claim_holds_where_the_token_itself_turns_as_a_whole),
        cmocka_unit_test(angles_are_those_of_clocks),
        fixture_test(the_answer_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
