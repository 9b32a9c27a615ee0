/* test_report_tables.c: tests of the tables of src/lab/report/report.c: its figures are those of
 * the findings, which are worked out here. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/fixtures.h"
#include "support/report_case.h"

#define MINUS "\xe2\x88\x92" /* U+2212 */

/* The text of a cell of the table of arms. */
static void assert_cell(const char *page, const char *arm, const char *title, const char *expected)
{
    char text[200], mark[64];
    const char *row = page_section(page, "arms");
    do {
        row = strstr(row, "<th scope=\"row\">");
        if (!row)
            fail_msg("no arm %s", arm);
        row = markup_text(row, "th", text, sizeof text);
    } while (strcmp(text, arm) != 0);
    snprintf(mark, sizeof mark, "<td data-title=\"%s\">", title);
    const char *cell = strstr(row, mark), *end = strstr(row, "</tr>");
    if (!cell || cell > end)
        fail_msg("%s has no cell %s", arm, title);
    markup_text(cell, "td", text, sizeof text);
    assert_string_equal(text, expected);
}

/* b - a is 0.5 with s = sqrt(0.02/3): the interval is 0.5 +- 3.18245 * 0.08165 / 2. The means are
 * 2.5 and 3; those of a have s = sqrt(5/3): 2.5 +- 3.18245 * 1.29099 / 2. In bits: 2.5 / ln 2. */
static void figures_are_those_of_the_findings(void **state)
{
    const double loss[2][4] = {{1, 2, 3, 4}, {1.6, 2.4, 3.5, 4.5}};
    FindingsCase *made = make_findings(((Place *)*state)->folder,
                                       (FindingsPlan){.n_arms = 2, .n_seeds = 4, .loss = loss[0]});
    made->names[0] = "a";
    made->names[1] = "b";
    ArmFindings arms[2] = {made->findings.arms[0], made->findings.arms[1]};
    arms[1].train_loss = (Estimate){{4, 1.25, 0.1}, {-0.5, 3}};
    arms[1].parameters = 1234567;
    arms[1].pos_parameters = 4096;
    arms[1].ms_per_step = 7.125;
    arms[1].threads = 2;
    arms[1].steps_to_reach = (Estimate){{3, 1500, 10}, {1490, 1510}};
    arms[1].loss_at_time = (Estimate){{4, 3.25, 0.1}, {3.125, 3.375}};
    made->findings.arms = arms;
    made->findings.headline = "a leads.";
    made->findings.stated_loss = 3.5;
    made->findings.equal_time = 83;
    const char *page = write_page(*state, made);
    assert_cell(page, "a", "Validation loss", "2.5000 0.4457 to 4.5543");
    assert_cell(page, "a", "In bits", "3.607");
    assert_cell(page, "a", "Above the lowest", "lowest");
    assert_cell(page, "b", "Seeds", "4");
    assert_cell(page, "b", "Above the lowest", "0.5000 0.3701 to 0.6299");
    assert_cell(page, "b", "p after Holm", "0.0012"); /* t = 12.247, of 3 degrees of freedom */
    assert_cell(page, "b", "Training loss", "1.2500 " MINUS "0.5000 to 3.0000");
    assert_cell(page, "b", "Parameters", "1,234,567");
    assert_cell(page, "b", "Of these positional", "4,096");
    assert_cell(page, "a", "Time per step", "12.3 on 1 thread");
    assert_cell(page, "b", "Time per step", "7.12 on 2 threads");
    assert_cell(page, "b", "Steps to reach", "1500 1490 to 1510 3 of 4 runs reach it");
    assert_cell(page, "b", "Loss at equal time", "3.2500 3.1250 to 3.3750");
    assert_contains(page, "<strong>0.0012</strong>");
    assert_contains(page, "a loss of 3.5000");
    assert_contains(page, "after 1 min 23 s");
    assert_contains(page, "<p class=\"headline\">a leads.</p>");
    free_findings(made);
}

static void every_arm_is_in_the_table_in_the_order_of_the_losses(void **state)
{
    Place *place = *state;
    FindingsCase *made =
        make_findings(place->folder, (FindingsPlan){.n_arms = 20, .n_seeds = 3, .n_contexts = 6});
    const char *page = write_page(place, made);
    const char *const sections[] = {"arms", "contexts"};
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        const char *row = page_section(page, sections[i]), *end = strstr(row, "</table>");
        for (size_t a = 0; a < 20; a++) {
            char text[200];
            row = markup_text(strstr(row, "<th scope=\"row\">"), "th", text, sizeof text);
            assert_string_equal(text, made->names[made->findings.order[a]]);
        }
        assert_true(row < end && strstr(row, "<th scope=\"row\">") > end);
    }
    assert_int_equal(count_pieces(page_section(page, "pairs"), "<td class=\"left\">"), 190);
    free_findings(made);
}

static void every_run_has_its_loss_and_what_its_scheme_says(void **state)
{
    FindingsCase *made = make_findings(
        ((Place *)*state)->folder,
        (FindingsPlan){.n_arms = 2, .n_seeds = 2, .loss = (double[]){3, 2, 1.5, NAN}});
    const char *page = write_page(*state, made), *runs = strstr(page, "All 4 runs</summary>");
    assert_non_null(runs);
    const char *const losses[] = {">1.5000</td>", ">\xe2\x80\x93</td>", ">3.0000</td>",
                                  ">2.0000</td>"};
    for (size_t i = 0; i < COUNT_OF(losses); i++) {
        runs = strstr(runs, "<td title=\"");
        assert_non_null(runs);
        assert_contains(runs, losses[i]);
        assert_true(strstr(runs, losses[i]) < strstr(runs, "</td>"));
        runs++;
    }
    assert_contains(page_section(page, "setup"), "<small>slopes 1 to 2</small>");
    free_findings(made);
}

static void every_column_is_explained(void **state)
{
    const char *page = page_of(*state, (FindingsPlan){.n_arms = 2, .n_seeds = 2, .task = "nth"});
    const char *head = page_section(page, "arms"), *end = strstr(head, "</thead>");
    size_t columns = 0;
    for (; (head = strstr(head, "<th scope=\"col\">")) && head < end; columns++) {
        char title[64], explained[80];
        head += strlen("<th scope=\"col\">");
        size_t length = strcspn(head, "<"); /* with the space before the unit */
        snprintf(title, sizeof title, "%.*s", (int)(length - (head[length - 1] == ' ')), head);
        snprintf(explained, sizeof explained, "<dt>%s</dt><dd>", title);
        assert_contains(end, explained);
    }
    assert_int_equal(columns, 12);
}

/* d - c is 0.05 0.06 0.04 0.05, well within a margin of 0.2 that a and b set; b - c is 0.3 with
 * each seed. */
static void pairs_have_their_verdicts(void **state)
{
    const double loss[4][4] = {
        {3.3, 3.4, 3.5, 3.6}, {1.3, 1.4, 1.5, 1.6}, {1.0, 1.1, 1.2, 1.3}, {1.05, 1.16, 1.24, 1.35}};
    FindingsCase *made = make_findings(((Place *)*state)->folder,
                                       (FindingsPlan){.n_arms = 4, .n_seeds = 4, .loss = loss[0]});
    memcpy(made->names, (const char *[]){"a", "b", "c", "d"}, 4 * sizeof *made->names);
    const char *row = page_section(write_page(*state, made), "pairs");
    assert_contains(row, "to within 0.2000 nats");
    assert_null(strstr(row, "sign-flip</small>")); /* of four seeds */
    row = strstr(strstr(row, "<table class=\"pairs\">"), "<tbody>");
    char text[300];
    row = markup_text(row, "tr", text, sizeof text);
    assert_contains(text, "dc0.0500 0.0370 to 0.0630");       /* s = 0.01 sqrt(2/3), t = 3.18245 */
    assert_contains(text, "yes 90&nbsp;%: 0.0404 to 0.0596"); /* t = 2.35336 */
    row = markup_text(row, "tr", text, sizeof text);
    assert_contains(text, "bc0.3000");
    assert_contains(text, "not shown 90&nbsp;%");
    free_findings(made);
}

static void sign_flips_have_a_column_from_nine_seeds_on(void **state)
{
    const char *page = page_of(*state, (FindingsPlan){.n_arms = 2, .n_seeds = 9});
    assert_contains(page_section(page, "pairs"), "sign-flip</small>");
}

/* The scheme with an end (learned) is second in the registry. */
static void contexts_show_both_losses_or_the_reason(void **state)
{
    Place *place = *state;
    FindingsCase *made =
        make_findings(place->folder, (FindingsPlan){.n_arms = 2, .n_seeds = 3, .n_contexts = 6});
    ContextFinding found[12];
    memcpy(found, made->findings.by_context, sizeof found);
    found[0] = (ContextFinding){{{3, 2.5, 0}, {2.25, 2.75}}, {{3, 2.875, 0}, {2, 3}}, NULL};
    found[6 + 4].refused = found[6 + 5].refused = "ends at \"64\"";
    found[6 + 3].refused = "is another reason";
    made->findings.by_context = found;
    const char *page = page_section(write_page(place, made), "contexts");
    char text[300];
    markup_text(strstr(page, made->names[0]), "td", text, sizeof text);
    assert_string_equal(text, "2.5000 2.87502.250 to 2.750");
    assert_int_equal(count_pieces(page, ">refused</td>"), 3);
    markup_text(strstr(page, "<ul class=\"gone\">"), "ul", text, sizeof text);
    assert_contains(text, " at 128: is another reason");
    assert_contains(text, " at 256, 512: ends at \"64\"");
    assert_contains(page, "<small>in training</small>");
    assert_contains(page, "the same 4,096 characters at every length");
    free_findings(made);
}

static void a_task_has_the_share_of_what_is_all_right(void **state)
{
    Place *place = *state;
    FindingsCase *made =
        make_findings(place->folder, (FindingsPlan){.n_arms = 2, .n_seeds = 3, .task = "kback"});
    ArmFindings arms[2] = {made->findings.arms[0], made->findings.arms[1]};
    arms[1].exact = (Estimate){{3, 0.875, 0}, {0.75, 1}};
    made->findings.arms = arms;
    const char *page = write_page(place, made);
    assert_cell(page, made->names[1], "All right", "87.5 75.0 to 100.0");
    assert_contains(page, "nats per answer");
    assert_contains(page, " on the task kback");
    assert_null(strstr(page, "<section id=\"samples\">"));
    free_findings(made);
}

/* 2 arms and 2 seeds at two lengths: what the page says of them, without the names. */
static void lengths_have_their_shares_and_each_seed(void **state)
{
    FindingsCase *made = make_findings(((Place *)*state)->folder,
                                       (FindingsPlan){.n_arms = 2, .n_seeds = 2, .task = "kback"});
    static const ExamRow rows[4][2] = {
        {{{20, 20, 512, 0, 0, 0.5}, true}, {{40, 40, 512, 0, 0, 0}, false}},
        {{{20, 20, 512, 0, 0, 1}, true}, {{40, 40, 512, 0, 0, 0.25}, false}},
        {{{20, 20, 512, 0, 0, 1}, true}, {{40, 40, 0, 0, NAN, NAN}, false}},
        {{{20, 20, 512, 0, 0, 1}, true}, {{40, 40, 0, 0, NAN, NAN}, false}},
    };
    const LengthFinding found[4] = {
        {.exact = {{2, 0.75, 0}, {0, 1}}, .lowest = 0.5, .highest = 1, .trained = true},
        {.exact = {{2, 0.125, 0}, {0, 1}}, .lowest = 0, .highest = 0.25},
        {.exact = {{2, 1, 0}, {1, 1}}, .lowest = 1, .highest = 1, .trained = true},
        {.exact = {{0, NAN, NAN}, {NAN, NAN}}, .lowest = NAN, .highest = NAN, .refused = true},
    };
    RunResult runs[4];
    memcpy(runs, made->findings.runs, sizeof runs);
    for (size_t r = 0; r < COUNT_OF(runs); r++) {
        runs[r].exam = rows[r];
        runs[r].n_exam = 2;
    }
    made->findings.runs = runs;
    made->findings.order = (const size_t[]){0, 1};
    made->findings.lengths = (const size_t[]){20, 40};
    made->findings.n_lengths = 2;
    made->findings.by_length = found;
    made->findings.trained_length = 20;
    made->findings.length_questions = 512;
    memcpy(made->names, (const char *[]){"a", "b"}, 2 * sizeof *made->names);
    const char *page = page_section(write_page(*state, made), "lengths");
    static const char *const expected[] = {"Arm20 in training40 &times; 2",
                                           "a75.050.0 to 100.012.50.0 to 25.0",
                                           "b100.0100.0 to 100.0refused",
                                           "Arm20 in training40 &times; 2",
                                           "a seed 150.00.0",
                                           "a seed 2100.025.0",
                                           "b seed 1100.0refused",
                                           "b seed 2100.0refused"};
    assert_contains(page, "Of 512 sequences of each length");
    assert_int_equal(count_pieces(page, "class=\"trained\""), 2);
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        char text[200];
        page = markup_text(page, "tr", text, sizeof text);
        assert_string_equal(text, expected[i]);
    }
    free_findings(made);
}

static void a_text_has_contexts_and_a_task_has_lengths(void **state)
{
    const char *page = page_of(*state, (FindingsPlan){.n_arms = 2, .n_seeds = 2, .task = "kback"});
    assert_contains(page, "<section id=\"lengths\">");
    assert_null(strstr(page, "<section id=\"contexts\">"));
    assert_null(strstr(page, "data-title=\"Training loss\""));
    page = page_of(*state, (FindingsPlan){.n_arms = 2, .n_seeds = 2, .n_contexts = 3});
    assert_contains(page, "<section id=\"contexts\">");
    assert_null(strstr(page, "<section id=\"lengths\">"));
    assert_contains(page, "data-title=\"Training loss\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(figures_are_those_of_the_findings, "x"),
        place_test(every_arm_is_in_the_table_in_the_order_of_the_losses, "x"),
        place_test(every_run_has_its_loss_and_what_its_scheme_says, "x"),
        place_test(every_column_is_explained, "x"),
        place_test(pairs_have_their_verdicts, "x"),
        place_test(sign_flips_have_a_column_from_nine_seeds_on, "x"),
        place_test(contexts_show_both_losses_or_the_reason, "x"),
        place_test(a_task_has_the_share_of_what_is_all_right, "x"),
        place_test(lengths_have_their_shares_and_each_seed, "x"),
        place_test(a_text_has_contexts_and_a_task_has_lengths, "x"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
