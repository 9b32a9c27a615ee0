/* test_view.c: tests of src/lab/claims/view.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/claims/view.h"
#include "support/findings_case.h"
#include "support/fixtures.h"
#include "support/place.h"

/* --- each arm at its best --- */

enum { ARMS = 3, SEEDS = 2, CHOICES = 3 };

typedef struct Choices {
    FindingsCase *made[CHOICES];
    const Findings *findings[CHOICES];
} Choices;

static Choices make_choices(Place *place, const double loss[CHOICES][ARMS * SEEDS])
{
    Choices choices;
    for (size_t c = 0; c < CHOICES; c++) {
        choices.made[c] = make_findings(
            place->folder, (FindingsPlan){.n_arms = ARMS, .n_seeds = SEEDS, .loss = loss[c]});
        choices.findings[c] = &choices.made[c]->findings;
    }
    return choices;
}

/* The arm has the very trials that it has in that choice. */
static void assert_chosen(const Experiment *view, const Choices *choices, size_t arm, size_t choice)
{
    for (size_t seed = 0; seed < SEEDS; seed++)
        assert_ptr_equal(experiment_trial(view, arm, seed),
                         experiment_trial(&choices->made[choice]->experiment, arm, seed));
}

static void free_choices(Choices *choices)
{
    for (size_t c = 0; c < CHOICES; c++)
        free_findings(choices->made[c]);
}

/* By the mean, not by the single best run. */
static void each_arm_has_the_lowest_mean_loss(void **state)
{
    static const double loss[CHOICES][ARMS * SEEDS] = {
        {1.5, 1.5, 2.0, 2.0, 1.7, 1.7}, {1.6, 1.6, 1.8, 1.9, 1.0, 3.0}, {1.6, 1.7, 1.9, 1.9, 2, 2}};
    Choices choices = make_choices(*state, loss);
    Experiment view;
    assert_true(view_of_best(choices.findings, CHOICES, &view, NULL));
    assert_chosen(&view, &choices, 0, 0);
    assert_chosen(&view, &choices, 1, 1);
    assert_chosen(&view, &choices, 2, 0);
    assert_ptr_equal(view.arms, choices.made[0]->experiment.arms);
    assert_int_equal(view.n_arms, ARMS);
    free_choices(&choices);
}

static void an_arm_with_a_missing_run_is_never_the_best(void **state)
{
    static const double loss[CHOICES][ARMS * SEEDS] = {{1.5, 1.5, NAN, NAN, NAN, 1.7},
                                                       {1.0, NAN, 1.8, 1.8, NAN, 1.0},
                                                       {1.6, 1.7, 1.9, 1.9, NAN, 2}};
    Choices choices = make_choices(*state, loss);
    Experiment view;
    assert_true(view_of_best(choices.findings, CHOICES, &view, NULL));
    assert_chosen(&view, &choices, 0, 0);
    assert_chosen(&view, &choices, 1, 1);
    assert_chosen(&view, &choices, 2, 0); /* no choice is complete */
    free_choices(&choices);
}

/* --- verdicts --- */

static Answer together(Place *place, const Verdict *verdicts, size_t count)
{
    static const char *const where[] = {"here", "there", "elsewhere"};
    ViewAnswer views[3];
    Answer answer;
    for (size_t v = 0; v < count; v++)
        views[v] =
            (ViewAnswer){where[v],
                         {.verdict = verdicts[v],
                          .condition = verdicts[v] == HOLDS_UNDER_A_CONDITION ? "if small" : "",
                          .deciding = v == 0 ? "first" : "later"}};
    assert_true(view_together(&place->arena, views, count, &answer));
    return answer;
}

static void views_that_agree_have_one_verdict(void **state)
{
    for (Verdict verdict = HOLDS; verdict <= NOT_SHOWN; verdict++)
        for (size_t count = 1; count <= 3; count++) {
            const Verdict verdicts[] = {verdict, verdict, verdict};
            Answer answer = together(*state, verdicts, count);
            assert_int_equal(answer.verdict, verdict);
            assert_string_equal(answer.condition,
                                verdict == HOLDS_UNDER_A_CONDITION ? "if small" : "");
            assert_string_equal(answer.deciding, "first");
        }
}

static void views_that_differ_say_where_it_holds(void **state)
{
    static const struct {
        Verdict verdicts[3], expected;
        const char *condition;
    } cases[] = {
        {{HOLDS, HOLDS, DOES_NOT_HOLD},
         HOLDS_UNDER_A_CONDITION,
         "holds here and there; does not hold elsewhere"},
        {{NOT_SHOWN, HOLDS, DOES_NOT_HOLD},
         HOLDS_UNDER_A_CONDITION,
         "holds there; does not hold elsewhere; not shown here"},
        {{HOLDS, HOLDS_UNDER_A_CONDITION, HOLDS},
         HOLDS_UNDER_A_CONDITION,
         "holds here and elsewhere; holds under a condition there (if small)"},
        {{NOT_SHOWN, NOT_SHOWN, HOLDS_UNDER_A_CONDITION},
         HOLDS_UNDER_A_CONDITION,
         "holds under a condition elsewhere (if small); not shown here and there"},
        {{NOT_SHOWN, DOES_NOT_HOLD, NOT_SHOWN},
         DOES_NOT_HOLD,
         "does not hold there; not shown here and elsewhere"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Answer answer = together(*state, cases[i].verdicts, 3);
        assert_int_equal(answer.verdict, cases[i].expected);
        assert_string_equal(answer.condition, cases[i].condition);
    }
}

static void conditions_that_differ_are_told_with_where(void **state)
{
    Place *place = *state;
    static const char *const conditions[] = {"if small", "if large", "if small"};
    static const char *const where[] = {"here", "there", "elsewhere"};
    ViewAnswer views[3];
    Answer answer;
    for (size_t v = 0; v < 3; v++)
        views[v] = (ViewAnswer){where[v],
                                {.verdict = HOLDS_UNDER_A_CONDITION, .condition = conditions[v]}};
    assert_true(view_together(&place->arena, views, 3, &answer));
    assert_int_equal(answer.verdict, HOLDS_UNDER_A_CONDITION);
    assert_string_equal(answer.condition, "here and elsewhere (if small); there (if large)");
    assert_true(view_together(&place->arena, views + 1, 2, &answer));
    assert_string_equal(answer.condition, "there (if large); elsewhere (if small)");
    views[1].answer = (Answer){.verdict = DOES_NOT_HOLD, .condition = ""};
    assert_true(view_together(&place->arena, views, 3, &answer));
    assert_string_equal(answer.condition,
                        "holds under a condition here and elsewhere (if small); does not hold "
                        "there");
    views[2].answer.condition = "if large";
    assert_true(view_together(&place->arena, views, 3, &answer));
    assert_string_equal(answer.condition, "holds under a condition here (if small) and elsewhere "
                                          "(if large); does not hold there");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(each_arm_has_the_lowest_mean_loss, "x"),
        place_test(an_arm_with_a_missing_run_is_never_the_best, "x"),
        place_test(views_that_agree_have_one_verdict, "x"),
        place_test(views_that_differ_say_where_it_holds, "x"),
        place_test(conditions_that_differ_are_told_with_where, "x"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
