/* test_report.c: tests of src/lab/report/report.c: of the page as a whole, and of its words. Its
 * tables are tested in test_report_tables.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "lab/report/report.h"
#include "support/fixtures.h"
#include "support/report_case.h"

static const char picture[] =
    "<?xml version=\"1.0\"?>\n<svg viewBox=\"0 0 1280 800\" xmlns=\"http://www.w3.org/2000/svg\">"
    "<title>Gnuplot</title><g id=\"gnuplot_canvas\"><rect fill=\"#ffffff\"/><defs><circle "
    "id='gpDot'"
    " r='0.5'/></defs><use xlink:href='#gpDot' color='rgb(0, 114, 178)'/></g></svg>";

static void page_is_good_whatever_was_found(void **state)
{
    const double none[6] = {NAN, NAN, NAN, NAN, NAN, NAN}, some[6] = {NAN, 2, NAN, 1, 3, NAN};
    const FindingsPlan plans[] = {
        {.n_arms = 1, .n_seeds = 1},
        {.n_arms = 1, .n_seeds = 3, .n_contexts = 6, .n_builds = 1},
        {.n_arms = 3, .n_seeds = 1, .n_contexts = 2},
        {.n_arms = 3, .n_seeds = 2, .n_contexts = 6, .loss = none},
        {.n_arms = 3, .n_seeds = 2, .n_contexts = 6, .loss = some, .n_builds = 2},
        {.n_arms = 20, .n_seeds = 3, .n_contexts = 6, .n_builds = 3},
        {.n_arms = 3, .n_seeds = 2, .task = "kback"},
        {.n_arms = 2, .n_seeds = 12, .n_contexts = 1, .sample = ""},
    };
    for (size_t i = 0; i < COUNT_OF(plans); i++) {
        const char *page = page_of(*state, plans[i]);
        assert_null(strstr(page, "nan"));
        assert_null(strstr(page, "(null)"));
    }
}

static void hostile_text_is_shown_and_does_nothing(void **state)
{
    static const char evil[] = "<script>alert(\"&\")</script>' \xff\x1b";
    static const char shown[] = "&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;&#39; "
                                "\xef\xbf\xbd\xef\xbf\xbd";
    FindingsCase *made = make_findings(
        ((Place *)*state)->folder,
        (FindingsPlan){.n_arms = 2, .n_seeds = 2, .n_contexts = 6, .n_builds = 1, .sample = evil});
    ContextFinding found[12];
    RunResult runs[4];
    memcpy(found, made->findings.by_context, sizeof found);
    memcpy(runs, made->findings.runs, sizeof runs);
    found[0].refused = runs[1].gone = evil;
    runs[1].finished = false;
    made->names[0] = evil;
    made->findings.by_context = found;
    made->findings.runs = runs;
    made->findings.headline = made->findings.caveats = evil;
    made->findings.builds = (const char *[]){evil};
    made->experiment.corpus.name = made->experiment.corpus.path = evil;
    made->experiment.arms[1].settings = (Setting[]){{evil, evil}};
    const char *page = write_page(*state, made);
    assert_null(strstr(page, "<script"));
    const char *const places[] = {
        "<title>posgpt: %s", "<p class=\"headline\">%s", "<li>%s</li>",
        "seed 2: %s</li>",   "refused\" title=\"%s\">",  " at 16: %s</li>",
        "%s = %s",           "<pre dir=\"auto\">%s",     "<dt>Text</dt><dd><code>%s",
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        TextBuffer piece = {0};
        for (const char *at = places[i]; *at != '\0'; at++)
            if (at[0] == '%' && at[1] == 's') {
                text_append(&piece, shown, strlen(shown));
                at++;
            } else {
                text_append(&piece, at, 1);
            }
        assert_contains(page, piece.bytes);
        text_buffer_free(&piece);
    }
    free_findings(made);
}

static void pictures_on_one_page_do_not_meet(void **state)
{
    static const char *const names[] = {"loss", "pairs", "loss-by-context", "loss-by-position"};
    Place *place = *state;
    FindingsCase *made =
        make_findings(place->folder, (FindingsPlan){.n_arms = 2, .n_seeds = 2, .n_contexts = 3});
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *file = text_format(&place->arena, "%s.svg", names[i]);
        write_test_file(findings_path(made, file), picture, strlen(picture));
    }
    const char *page = write_page(place, made); /* which has seen that no id is there twice */
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_contains(page, text_format(&place->arena, "id=\"%s-gpDot\"", names[i]));
    assert_int_equal(count_pieces(page, "<figcaption>"), 4);
    assert_int_equal(count_pieces(page, "<svg role=\"img\" aria-label=\""), 4);
    assert_null(strstr(page, "No picture here"));
    free_findings(made);
}

static void a_missing_or_damaged_picture_is_told(void **state)
{
    FindingsCase *made = make_findings(((Place *)*state)->folder,
                                       (FindingsPlan){.n_arms = 2, .n_seeds = 2, .n_contexts = 3});
    write_test_file(findings_path(made, "pairs.svg"), picture, strlen(picture) / 2);
    const char *page = write_page(*state, made);
    assert_int_equal(count_pieces(page, "No picture here: "), 4);
    assert_contains(page, "pairs.svg was not drawn: gnuplot is missing");
    assert_null(strstr(page, "<svg"));
    free_findings(made);
}

static void runs_that_do_not_count_are_told_with_the_reason(void **state)
{
    const double loss[2][4] = {{2, NAN, 2.1, NAN}, {1.9, 2, 2, NAN}};
    FindingsCase *made = make_findings(((Place *)*state)->folder,
                                       (FindingsPlan){.n_arms = 2, .n_seeds = 4, .loss = loss[0]});
    RunResult runs[8];
    const Look looks[] = {{0, 4.2}, {750, 2.5}};
    memcpy(runs, made->findings.runs, sizeof runs);
    runs[4].outcome.val_loss = NAN;
    runs[7] = (RunResult){.started = true, .looks = looks, .n_looks = 2};
    made->findings.runs = runs;
    made->names[0] = "a";
    made->names[1] = "b";
    const char *list = strstr(write_page(*state, made), "<p class=\"runs\">");
    char text[300];
    list = markup_text(list, "p", text, sizeof text);
    assert_string_equal(text, "5 of 8 runs are in; these do not count:");
    list = markup_text(list, "li", text, sizeof text);
    assert_string_equal(text, "a, seeds 2, 4: there is no such folder");
    list = markup_text(list, "li", text, sizeof text);
    assert_string_equal(text, "b, seed 1: ended without a loss that is a number");
    list = markup_text(list, "li", text, sizeof text);
    assert_string_equal(text, "b, seed 4: not finished: its last known loss is that of step 750");
    free_findings(made);
}

static void many_reasons_fold(void **state)
{
    const double loss[6][2] = {{NAN, 2}, {NAN, 2}, {NAN, 2}, {NAN, 2}, {NAN, 2}, {2, 2}};
    FindingsPlan plan = {.n_arms = 6, .n_seeds = 2, .loss = loss[0]};
    assert_null(strstr(page_of(*state, plan), "<summary>5 reasons</summary>"));
    FindingsCase *made = make_findings(((Place *)*state)->folder, plan);
    RunResult runs[12];
    memcpy(runs, made->findings.runs, sizeof runs);
    runs[11] = (RunResult){0};
    made->findings.runs = runs;
    made->names[5] = "f";
    const char *page = write_page(*state, made);
    assert_contains(page, "<details><summary>6 reasons</summary><ul class=\"gone\"><li>");
    assert_contains(page, "f</span>, seed 2: not started</li>\n</ul></details>");
    free_findings(made);
}

static void settings_of_one_scheme_are_counted_in_the_title(void **state)
{
    FindingsCase *made =
        make_findings(((Place *)*state)->folder, (FindingsPlan){.n_arms = 3, .n_seeds = 2});
    Arm *arms = made->experiment.arms;
    for (size_t a = 0; a < 3; a++) {
        arms[a].scheme = arms[0].scheme;
        arms[a].variant = a;
        arms[a].n_variants = 3;
    }
    char title[80], expected[80];
    markup_text(write_page(*state, made), "h1", title, sizeof title);
    snprintf(expected, sizeof expected, "%s in 3 settings on ", arms[0].scheme->name);
    assert_contains(title, expected);
    free_findings(made);
}

static void caveats_are_lines_and_many_of_them_fold(void **state)
{
    FindingsCase *made =
        make_findings(((Place *)*state)->folder, (FindingsPlan){.n_arms = 2, .n_seeds = 2});
    made->findings.caveats = "one\ntwo\n";
    assert_contains(write_page(*state, made),
                    "<ul class=\"caveats\">\n<li>one</li>\n<li>two</li>\n</ul>");
    made->findings.caveats = "1\n2\n3\n4\n5\n6\n7"; /* the last one without its end */
    const char *page = write_page(*state, made);
    assert_contains(page, "<li>5</li>\n</ul><details>");
    assert_contains(page, "<li>7</li>\n</ul></details>");
    free_findings(made);
}

static void a_sample_is_its_first_300_characters(void **state)
{
    TextBuffer sample = {0}, expected = {0};
    text_append_format(&sample, "\n ");
    for (size_t i = 0; i < 300; i++)
        text_append_format(&expected, i % 2 ? "ö" : "狐");
    text_append_format(&sample, "%s", expected.bytes);
    const FindingsPlan plan = {.n_arms = 1, .n_seeds = 1, .sample = sample.bytes};
    text_append_format(&expected, "</pre>");
    assert_contains(page_of(*state, plan), expected.bytes);
    text_append_format(&sample, "x");
    const FindingsPlan longer = {.n_arms = 1, .n_seeds = 1, .sample = sample.bytes};
    expected.length -= strlen("</pre>");
    text_append_format(&expected, "&hellip;</pre>");
    assert_contains(page_of(*state, longer), expected.bytes);
    text_buffer_free(&sample);
    text_buffer_free(&expected);
}

static void different_builds_are_warned_of(void **state)
{
    FindingsPlan plan = {.n_arms = 2, .n_seeds = 2, .n_builds = 1};
    const char *page = page_of(*state, plan);
    assert_null(strstr(page, "class=\"warning\""));
    assert_contains(page, "<li>0.1.0, gcc 12.2 -O3 -march=native, cpu 1</li>");
    plan.n_builds = 2;
    page = page_of(*state, plan);
    const char *warning = strstr(page, "<p class=\"warning\">");
    assert_true(warning && warning < strstr(page, "<main>"));
    assert_contains(page, "<b>2 different builds</b>");
    assert_contains(page, "<li>0.1.0, gcc 12.2 -O3 -march=native, cpu 2</li>");
}

static void what_repeats_it_is_there(void **state)
{
    FindingsCase *made =
        make_findings(((Place *)*state)->folder, (FindingsPlan){.n_arms = 9, .n_seeds = 3});
    const char *page = page_section(write_page(*state, made), "setup");
    assert_contains(page, REPORT_COMMAND "</code>");
    assert_contains(page, made->experiment.corpus.sha256);
    assert_contains(page, "<dt>Seeds</dt><dd>1 to 3.");
    assert_contains(page, "max_iters = 2000\n");
    for (size_t a = 0; a < 9; a++) {
        const Arm *arm = &made->experiment.arms[a];
        assert_contains(page, arm->scheme->title);
        assert_contains(page, arm->settings[arm->n_settings - 1].value);
    }
    free_findings(made);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    Place *place = *state;
    FindingsCase *made = make_findings(place->folder, (FindingsPlan){.n_arms = 1, .n_seeds = 1});
    made->experiment.folder = place->path;
    assert_false(report_write(&made->findings, REPORT_COMMAND, &place->error));
    assert_contains(place->error.text, place->path);
    free_findings(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(page_is_good_whatever_was_found, "x"),
        place_test(hostile_text_is_shown_and_does_nothing, "x"),
        place_test(pictures_on_one_page_do_not_meet, "x"),
        place_test(a_missing_or_damaged_picture_is_told, "x"),
        place_test(runs_that_do_not_count_are_told_with_the_reason, "x"),
        place_test(many_reasons_fold, "x"),
        place_test(settings_of_one_scheme_are_counted_in_the_title, "x"),
        place_test(caveats_are_lines_and_many_of_them_fold, "x"),
        place_test(a_sample_is_its_first_300_characters, "x"),
        place_test(different_builds_are_warned_of, "x"),
        place_test(what_repeats_it_is_there, "x"),
        place_test(a_folder_that_is_not_there_is_named, "x"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
