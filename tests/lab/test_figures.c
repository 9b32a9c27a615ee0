/* test_figures.c: tests of src/lab/figures.c: whole tables, of numbers that are made up. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "lab/figures.h"
#include "lab/palette.h"
#include "support/comparison_case.h"
#include "support/fixtures.h"

static const char *const two_names[] = {"plain", "rope, base = \"7\""};

static void arms_have_their_ink_and_their_loss(void **state)
{
    Place *place = *state;
    ComparisonCase *c = comparison_case(place, 2, two_names);
    c->found[1].val_loss = (Estimate){{1, 2.125, NAN}, {NAN, -NAN}};
    c->arms[1].variant = 2;
    c->arms[1].n_variants = 3;
    assert_true(figures_write(&c->findings, NULL));
    Ink first = palette_ink(0, 0, 1), second = palette_ink(1, 2, 3);
    assert_string_equal(place_read(place, "arms.csv"),
                        text_format(&place->arena,
                                    "arm,name,colour,dash,point,mean,low,high\n"
                                    "0,plain,%s,%d,%d,1.5,1.25,1.75\n"
                                    "1,\"rope, base = \"\"7\"\"\",%s,%d,%d,2.125,nan,nan\n",
                                    first.hex, first.dash, first.point, second.hex, second.dash,
                                    second.point));
}

static double half(double x)
{
    return x / 2;
}

static void curves_are_points_by_arm(void **state)
{
    Place *place = *state;
    ComparisonCase *c = comparison_case(place, 2, two_names);
    c->by_step[0] = case_curve(place, 2, 100, half);
    CurvePoint alone = {0, 4.25, NAN, NAN, 1};
    c->by_step[1] = (Curve){&alone, 1};
    assert_true(figures_write(&c->findings, NULL));
    assert_string_equal(place_read(place, "curves.csv"), "arm,step,runs,mean,low,high\n"
                                                         "0,100,3,50,49.75,50.25\n"
                                                         "0,200,3,100,99.75,100.25\n"
                                                         "1,0,1,4.25,nan,nan\n");
}

static void a_context_has_both_losses_or_the_reason_why_not(void **state)
{
    Place *place = *state;
    ComparisonCase *c = comparison_case(place, 2, two_names);
    c->by_context[5] = (ContextFinding){no_estimate, no_estimate, "made for 64, no more"};
    c->experiment.trials[CASE_SEEDS]->config.block_size = 32;
    c->findings.contexts = (const size_t[]){16, 128};
    c->findings.n_contexts = 2;
    c->by_context[3] = c->by_context[5];
    assert_true(figures_write(&c->findings, NULL));
    assert_string_equal(place_read(place, "by-context.csv"),
                        "arm,context,training,same_mean,same_low,same_high,"
                        "plain_mean,plain_low,plain_high,refused\n"
                        "0,16,64,1.5,1.25,1.75,1.75,1.5,2,\n"
                        "0,128,64,1.5,1.25,1.75,1.75,1.5,2,\n"
                        "1,16,32,1.5,1.25,1.75,1.75,1.5,2,\n"
                        "1,128,32,nan,nan,nan,nan,nan,nan,\"made for 64, no more\"\n");
}

static void a_curve_by_position_names_the_longest_window_that_is_served(void **state)
{
    Place *place = *state;
    ComparisonCase *c = comparison_case(place, 2, two_names);
    c->by_context[5].refused = "too long";
    c->by_position[0] = case_curve(place, 1, 2, half);
    c->by_position[1] = case_curve(place, 1, 3, half);
    assert_true(figures_write(&c->findings, NULL));
    assert_string_equal(place_read(place, "by-position.csv"), "arm,context,position,mean,low,high\n"
                                                              "0,128,2,1,0.75,1.25\n"
                                                              "1,64,3,1.5,1.25,1.75\n");
}

static void a_length_has_its_percentage_and_the_range_of_its_seeds(void **state)
{
    Place *place = *state;
    ComparisonCase *c = comparison_case(place, 2, two_names);
    const LengthFinding found[] = {
        {.exact = {{3, 0.75, 0.1}, {0.5, 1}}, .lowest = 0.5, .highest = 1, .trained = true},
        {.exact = {{3, 0.25, 0.1}, {0, 0.5}}, .lowest = 0.125, .highest = 0.375},
        {.exact = {{3, 1, 0}, {1, 1}}, .lowest = 1, .highest = 1, .trained = true},
        {.exact = no_estimate, .lowest = NAN, .highest = NAN, .refused = true},
    };
    c->findings.lengths = (const size_t[]){20, 40};
    c->findings.n_lengths = 2;
    c->findings.by_length = found;
    c->findings.trained_length = 20;
    assert_true(figures_write(&c->findings, NULL));
    assert_string_equal(place_read(place, "by-length.csv"),
                        "arm,length,trained,mean,low,high,refused\n"
                        "0,20,20,75,50,100,no\n"
                        "0,40,20,25,12.5,37.5,no\n"
                        "1,20,20,100,100,100,no\n"
                        "1,40,20,nan,nan,nan,yes\n");
    c->findings.trained_length = 0;
    assert_true(figures_write(&c->findings, NULL));
    assert_contains(place_read(place, "by-length.csv"), "0,20,nan,75,");
}

static void without_contexts_these_tables_are_empty(void **state)
{
    Place *place = *state;
    ComparisonCase *c = comparison_case(place, 2, two_names);
    c->findings.n_contexts = 0;
    c->findings.by_context = NULL;
    c->findings.by_position = NULL;
    assert_true(figures_write(&c->findings, NULL));
    assert_string_equal(place_read(place, "by-position.csv"),
                        "arm,context,position,mean,low,high\n");
    assert_null(strchr(strchr(place_read(place, "by-context.csv"), '\n') + 1, '\n'));
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    Place *place = *state;
    ComparisonCase *c = comparison_case(place, 2, two_names);
    c->experiment.folder = place_path(place, "nowhere");
    assert_false(figures_write(&c->findings, &place->error));
    assert_contains(place->error.text, "nowhere/arms.csv");
}

#define figures_test(function) place_test(function, "arms.csv")

int main(void)
{
    const struct CMUnitTest tests[] = {
        figures_test(arms_have_their_ink_and_their_loss),
        figures_test(curves_are_points_by_arm),
        figures_test(a_context_has_both_losses_or_the_reason_why_not),
        figures_test(a_curve_by_position_names_the_longest_window_that_is_served),
        figures_test(a_length_has_its_percentage_and_the_range_of_its_seeds),
        figures_test(without_contexts_these_tables_are_empty),
        figures_test(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
