/* test_headline.c: tests of src/lab/headline.c: whole texts, from tables of losses whose numbers
 * are worked out here. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lab/headline.h"
#include "support/fixtures.h"

static const char *const names[] = {"a", "b", "c", "d"};

enum { SEEDS = 4 };

static void write_headline(Fixture *f, TextBuffer *text, size_t n_schemes, size_t n_seeds,
                           const double *loss, size_t without, size_t plainest)
{
    Outcomes outcomes = {n_schemes, n_seeds, loss, without, plainest};
    Comparison comparison;
    assert_true(comparison_make(&f->arena, &outcomes, &comparison, NULL));
    headline_write(text, &comparison, names);
    assert_false(text->failed);
}

/* The lines that are expected, and those at the end. */
static void assert_lines(Fixture *f, size_t n_schemes, size_t n_seeds, const double *loss,
                         const char *expected, const char *end)
{
    TextBuffer text = {0};
    write_headline(f, &text, n_schemes, n_seeds, loss, NO_SCHEME, NO_SCHEME);
    assert_string_equal(text.bytes, text_format(&f->arena, "%s%s", expected, end));
    text_buffer_free(&text);
}

static void assert_headline(Fixture *f, size_t n_schemes, size_t n_seeds, const double *loss,
                            const char *expected)
{
    assert_lines(f, n_schemes, n_seeds, loss, expected, "");
}

/* b - a is 0.5 with s = sqrt(0.02/3): the interval is 0.5 +- 3.18245 * 0.08165 / 2. */
static void a_lone_leader_is_named_with_its_lead(void **state)
{
    const double loss[2][SEEDS] = {{1, 2, 3, 4}, {1.6, 2.4, 3.5, 4.5}};
    assert_headline(
        *state, 2, SEEDS, loss[0],
        "a leads: the loss of a is 0.5000 nats below that of b, the next (95 %: 0.3701 to 0.6299; "
        "4 seeds).\n");
}

/* b - a is -0.1 0.2 0.1 0: nothing is shown. c is far behind both. One of 3 pairs is shown with p
 * below 0.05 / 3, which takes t = 4.857 with 3 degrees of freedom, or 4.857 / sqrt(4) = 2.4
 * standard deviations; with 7, t = 3.128 (Student's tables), or 1.1; alone, 3.182 / 2 = 1.6. */
static const char reach_of_three_pairs[] =
    "With 4 seeds and 3 pairs a difference is sure to be shown if it is 2.4 times its standard "
    "deviation over the seeds; with twice as many seeds, 1.1 times; as the only pair, 1.6 times.\n";

#define NOT_ASKED                                                                                  \
    "Whether any are as good as each other is not asked: that takes a shown difference between "   \
    "no positional scheme and the plainest one.\n"

static void leaders_that_are_not_separated_lead_together(void **state)
{
    const double loss[3][SEEDS] = {{1, 2, 3, 4}, {0.9, 2.2, 3.1, 4}, {6.0, 7.1, 7.9, 9.0}};
    assert_lines(*state, 3, SEEDS, loss[0],
                 "a and b lead: the loss of a is 5.0000 nats below that of c, the next (95 %: "
                 "4.8701 to 5.1299; "
                 "4 seeds).\n"
                 "Not shown: that b is worse than a.\n" NOT_ASKED,
                 reach_of_three_pairs);
}

/* b is near a on the whole, and strays so much that c, shown to be behind a, is not behind b. */
static void what_a_second_leader_is_not_shown_to_be_is_said(void **state)
{
    const double loss[3][SEEDS] = {{1, 2, 3, 4}, {1.9, 1.3, 3.8, 3.2}, {1.6, 2.4, 3.5, 4.5}};
    TextBuffer text = {0};
    write_headline(*state, &text, 3, SEEDS, loss[0], NO_SCHEME, NO_SCHEME);
    assert_contains(text.bytes, "a and b lead: the loss of a is 0.5000 nats below that of c");
    assert_contains(text.bytes, "Not shown: that b is better than c.\n");
    text_buffer_free(&text);
}

/* b is not shown to be worse than a, since it strays; but c, which is, has a lower mean. */
static void a_scheme_above_one_that_is_worse_does_not_lead(void **state)
{
    const double loss[3][SEEDS] = {{1, 2, 3, 4}, {4.0, 2.0, 7.0, 3.5}, {1.6, 2.4, 3.5, 4.5}};
    assert_lines(*state, 3, SEEDS, loss[0],
                 "a leads: the loss of a is 0.5000 nats below that of c, the next (95 %: 0.3701 to "
                 "0.6299; 4 seeds).\n"
                 "Not shown: that b is worse than a; it is above c, which is, but strays more from "
                 "seed to seed.\n" NOT_ASKED,
                 reach_of_three_pairs);
}

static void no_winner_is_named_where_none_is_shown(void **state)
{
    const double loss[3][SEEDS] = {{1, 2, 3, 4}, {1.1, 1.9, 3.1, 4}, {2.5, 1.5, 3.0, 4.1}};
    assert_lines(
        *state, 3, SEEDS, loss[0],
        "Which scheme is best is not shown: the loss of a came out lowest, but no other is "
        "shown to be worse.\n" NOT_ASKED,
        reach_of_three_pairs);
}

/* a and b set a margin of 0.2. c - b is 0.02 -0.01 0.03 -0.01: within it, and not shown to be more
 * than 0. */
static void as_good_is_said_where_the_equivalence_test_shows_it(void **state)
{
    const double loss[3][SEEDS] = {
        {3.0, 3.1, 3.2, 3.3}, {1.0, 1.1, 1.2, 1.3}, {1.02, 1.09, 1.23, 1.29}};
    TextBuffer text = {0};
    write_headline(*state, &text, 3, SEEDS, loss[0], 0, 1);
    assert_contains(text.bytes, "As good as b, to within 0.2000 nats: c.\n");
    assert_null(strstr(text.bytes, "Worse than"));
    text_buffer_free(&text);
}

/* a and b set a margin of 0.2. c - b is 0.05 with s = sqrt(0.0002/3): the interval of 90 % is 0.05 +-
 * 2.35336 * 0.008165 / 2, so c is within the margin, and behind. d is about as good as b, but strays
 * too much to show it. */
static void worse_by_little_is_said_where_both_tests_show_it(void **state)
{
    const double loss[4][SEEDS] = {{3.0, 3.1, 3.2, 3.3},
                                   {1.0, 1.1, 1.2, 1.3},
                                   {1.05, 1.16, 1.24, 1.35},
                                   {1.27, 0.87, 1.47, 1.07}};
    TextBuffer text = {0};
    write_headline(*state, &text, 4, SEEDS, loss[0], 0, 1);
    assert_contains(text.bytes,
                    "b and d lead: the loss of b is 0.0500 nats below that of c, the next");
    assert_contains(text.bytes,
                    "Worse than b, but by less than 0.2000 nats: c (90 %: 0.0404 to 0.0596).\n");
    assert_null(strstr(text.bytes, "As good as"));
    char expected[200];
    double sd = sqrt(4 * 0.25 * 0.25 / 3); /* d - b: 0.27 -0.23 0.27 -0.23 */
    snprintf(
        expected, sizeof expected,
        "Not shown: that d is as good as b, to within 0.2000 nats (4 seeds that stray as these "
        "do would show it of equal schemes in %.0f %% of cases).\n",
        100 * equivalence_power(4, sd, 0.2));
    assert_contains(text.bytes, expected);
    text_buffer_free(&text);
}

/* a and b set a margin of 0.2. c and d are about as good as b, but stray too much to show it. */
static void those_that_may_be_as_good_stand_in_one_line(void **state)
{
    const double loss[4][SEEDS] = {
        {3.0, 3.1, 3.2, 3.3}, {1.0, 1.1, 1.2, 1.3}, {1.8, 0.8, 1.9, 0.9}, {1.3, 0.9, 1.5, 1.1}};
    TextBuffer text = {0};
    write_headline(*state, &text, 4, SEEDS, loss[0], 0, 1);
    char expected[200];
    double sd[2] = {sqrt((0.65 * 0.65 + 0.45 * 0.45 + 0.55 * 0.55 + 0.55 * 0.55) / 3),
                    sqrt(4 * 0.25 * 0.25 / 3)}; /* c - b: 0.8 -0.3 0.7 -0.4; d - b: 0.3 -0.2 ... */
    snprintf(expected, sizeof expected,
             "Not shown: that c and d are as good as b, to within 0.2000 nats (4 seeds that stray "
             "as these do would show it of equal schemes in %.0f to %.0f %% of cases).\n",
             100 * equivalence_power(4, sd[0], 0.2), 100 * equivalence_power(4, sd[1], 0.2));
    assert_contains(text.bytes, expected);
    text_buffer_free(&text);
}

static void too_few_seeds_are_said(void **state)
{
    const double one[3] = {3, 1, 2};
    assert_headline(
        *state, 3, 1, one,
        "Nothing is shown: a comparison takes two seeds or more, and b, whose loss is lowest, has "
        "fewer in common with each other scheme.\n");
    assert_headline(*state, 1, 2, one, "a stands alone: there is nothing to compare it with.\n");
    const double none[2][2] = {{NAN, NAN}, {NAN, NAN}};
    assert_headline(*state, 2, 2, none[0], "Nothing is shown: no run has a loss.\n");
}

static void failed_runs_are_said(void **state)
{
    const double loss[4][SEEDS] = {
        {1, 2, 3, 4}, {1.6, 2.4, NAN, 4.5}, {NAN, NAN, 0.5, NAN}, {NAN, NAN, NAN, NAN}};
    TextBuffer text = {0};
    write_headline(*state, &text, 4, SEEDS, loss[0], NO_SCHEME, NO_SCHEME);
    assert_contains(text.bytes,
                    "a leads: the loss of a is 0.5000 nats below that of b, the next (95 %: ");
    assert_contains(text.bytes, "; 3 seeds).\n"
                                "Too few seeds to compare: c and d.\n"
                                "Without a loss: 1 of the 4 runs of b.\n"
                                "Without a loss: 3 of the 4 runs of c.\n"
                                "Without a loss: 4 of the 4 runs of d.\n");
    text_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_lone_leader_is_named_with_its_lead),
        fixture_test(leaders_that_are_not_separated_lead_together),
        fixture_test(what_a_second_leader_is_not_shown_to_be_is_said),
        fixture_test(a_scheme_above_one_that_is_worse_does_not_lead),
        fixture_test(no_winner_is_named_where_none_is_shown),
        fixture_test(as_good_is_said_where_the_equivalence_test_shows_it),
        fixture_test(worse_by_little_is_said_where_both_tests_show_it),
        fixture_test(those_that_may_be_as_good_stand_in_one_line),
        fixture_test(too_few_seeds_are_said),
        fixture_test(failed_runs_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
