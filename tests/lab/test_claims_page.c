/* test_claims_page.c: tests of the page of claims: of src/lab/claims/page*.c. */
#include "support/check.h"

#include <string.h>

#include "base/file.h"
#include "lab/claims/page.h"
#include "support/claims_case.h"
#include "support/fixtures.h"
#include "support/markup.h"

#define COMMAND "posgpt claims --seeds 2"

/* The page, which is a good one (see markup.h), or the test fails. */
static const char *page_of(const ClaimsCase *c, const Judgement *judgements, size_t count)
{
    Place *place = c->place;
    FileBytes file;
    ClaimsPage page = {&c->plan, judgements, count, place->folder, COMMAND};
    if (!claims_page_write(&page, place->path, &place->error) ||
        !file_read(&place->arena, place->path, SIZE_MAX, &file, &place->error))
        fail_msg("%s", place->error.text);
    assert_int_equal(strlen(file.bytes), file.length);
    assert_good_page(file.bytes);
    assert_null(strstr(file.bytes, "(null)"));
    return file.bytes;
}

static Judgement judged(size_t number, const Claim *claim, Answer answer)
{
    return (Judgement){.number = number,
                       .claim = claim,
                       .answer = answer,
                       .views = {{"at the common learning rate", answer}},
                       .n_views = 1};
}

static const char *section(const char *page, size_t number)
{
    char start[64];
    snprintf(start, sizeof start, "<section class=\"claim\" id=\"claim-%zu\">", number);
    const char *found = strstr(page, start);
    if (!found)
        fail_msg("no section of claim %zu", number);
    return found;
}

static void the_verdicts_stand_first_and_lead_to_their_sections(void **state)
{
    ClaimsCase *c = claims_case(*state, NULL, 0);
    const Judgement judgements[] = {judged(1, &claim_on_text, answer_with_curves()),
                                    judged(2, &claim_on_task, answer_with_bars())};
    const char *page = page_of(c, judgements, 2), *main = strstr(page, "<main>");
    const char *row = strstr(page, "<a href=\"#claim-2\">A task is learned.</a>");
    assert_true(row && row < main);
    char text[200];
    row = markup_text(row, "td", text, sizeof text);
    assert_string_equal(text, "does not hold");
    markup_text(row, "td", text, sizeof text);
    assert_string_equal(text, "0.500 against 0.250");
    assert_true(section(page, 1) > main && section(page, 2) > section(page, 1));
}

/* Everything that gives it away is within <details>, and the question is before it. */
static void the_question_comes_before_the_result_which_is_folded(void **state)
{
    ClaimsCase *c = claims_case(*state, NULL, 0);
    const Judgement judgement = judged(3, &claim_on_text, answer_with_curves());
    const char *part = section(page_of(c, &judgement, 1), 3);
    const char *question = strstr(part, "What will come out?"),
               *fold = strstr(part, "<details class=\"result\">"),
               *end = strstr(part, "</details>");
    assert_true(question && fold && end && question < fold);
    static const char *const folded[] = {
        "holds under a condition", "up to the length of training", "+1.750 nats", "It rises.",
        "<td>1.50</td>",           "<li>What else?</li>"};
    for (size_t i = 0; i < COUNT_OF(folded); i++) {
        const char *found = strstr(part, folded[i]);
        assert_true(found && found > fold && found < end);
    }
    static const char *const told[] = {"<dd>this</dd>", "<dd>that</dd>",
                                       "<dd>Holds if the loss is below 2.</dd>"};
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        const char *found = strstr(part, told[i]);
        assert_true(found && found < fold);
    }
    assert_contains(end, COMMAND " --claim 3</code>");
}

static void every_verdict_has_a_word_and_a_class(void **state)
{
    static const char *const shown[] = {"holds\">holds<", "partly\">holds under a condition<",
                                        "fails\">does not hold<", "unknown\">not shown<"};
    ClaimsCase *c = claims_case(*state, NULL, 0);
    for (Verdict verdict = HOLDS; verdict <= NOT_SHOWN; verdict++) {
        Answer answer = answer_with_bars();
        answer.verdict = verdict;
        const Judgement judgement = judged(1, &claim_on_text, answer);
        assert_int_equal(count_pieces(page_of(c, &judgement, 1), shown[verdict]), 2);
    }
}

static void several_views_are_told_one_by_one(void **state)
{
    ClaimsCase *c = claims_case(*state, NULL, 0);
    Judgement judgement = judged(1, &claim_on_text, answer_with_curves());
    const char *page = page_of(c, &judgement, 1);
    assert_null(strstr(page, "on another &amp; text"));
    judgement.views[1] = (ViewAnswer){"on another & text", answer_with_bars()};
    judgement.n_views = 2;
    c->plan.full = true;
    page = page_of(c, &judgement, 1);
    const char *row = strstr(page, "<th scope=\"row\">on another &amp; text</th>");
    assert_non_null(row);
    char text[200];
    row = markup_text(row, "td", text, sizeof text);
    assert_string_equal(text, "does not hold");
    markup_text(row, "td", text, sizeof text);
    assert_string_equal(text, "0.500 against 0.250");
    assert_contains(page, " and on "); /* the second text */
}

static void what_has_no_answer_says_why_and_keeps_its_question(void **state)
{
    ClaimsCase *c = claims_case(*state, NULL, 0);
    const Judgement judgements[] = {
        {.number = 1, .claim = &claim_on_text, .missing = "3 of 14 runs are missing <here>"},
        judged(2, &claim_of_numbers, answer_with_bars())};
    const char *page = page_of(c, judgements, 2);
    assert_int_equal(count_pieces(page, "3 of 14 runs are missing &lt;here&gt;"), 2);
    assert_int_equal(count_pieces(page, "unknown\">no answer<"), 2);
    assert_true(strstr(section(page, 1), "What will come out?") < section(page, 2));
    assert_contains(section(page, 2), "fails\">does not hold<");
}

static void the_runs_are_named_with_what_they_have_in_common(void **state)
{
    static const Claim *const claims_of_it[] = {&claim_on_both};
    ClaimsCase *c = claims_case(*state, claims_of_it, 1);
    Judgement judgement;
    lay_out_book(c);
    book_judge(&c->book, 1, &judgement);
    const char *page = page_of(c, &judgement, 1);
    assert_contains(page, "14 on one: none, learned, sinusoidal, relative, t5, alibi, rope");
    assert_contains(page, "12 on the task who: none (n_layer = 1), ");
    assert_contains(page, "<li>channels <b>8</b></li>");
    assert_int_equal(count_pieces(page, "<li>layers <b>"), 1); /* the task has several */
    assert_contains(page, "with the 2 seeds 7 to 8");
    close_book(c);
}

static void a_picture_becomes_part_of_the_page_or_its_absence_is_told(void **state)
{
    static const char picture[] = "<?xml version=\"1.0\"?>\n<svg viewBox=\"0 0 1280 800\" "
                                  "xmlns=\"http://www.w3.org/2000/svg\"><g id=\"x\"><rect "
                                  "fill=\"#ffffff\"/></g></svg>";
    ClaimsCase *c = claims_case(*state, NULL, 0);
    const Judgement judgements[] = {
        judged(4, &claim_on_text, answer_with_curves()),
        judged(5, &claim_on_task, answer_with_bars()),
        judged(6, &claim_of_numbers, (Answer){.condition = "", .deciding = "1", .text = "One."})};
    write_test_file(place_path(c->place, "claim-4.svg"), picture, strlen(picture));
    const char *page = page_of(c, judgements, 3);
    assert_int_equal(count_pieces(page, "<svg role=\"img\""), 1);
    assert_contains(section(page, 4), "Loss by context: loss (nats) against context.");
    assert_contains(section(page, 5), "claim-5.svg was not drawn");
    assert_null(strstr(section(page, 6), "not drawn")); /* it has no figure */
}

static void hostile_text_is_shown_and_does_nothing(void **state)
{
    static const char evil[] = "<script>alert(\"&\")</script>'";
    static const char *const header[] = {evil, evil}, *const cells[] = {evil, evil};
    ClaimsCase *c = claims_case(*state, NULL, 0);
    Claim claim = claim_on_text;
    claim.says = claim.question = claim.varied = claim.held = claim.criterion = claim.discuss[0] =
        evil;
    Answer answer = answer_with_curves();
    answer.condition = answer.deciding = answer.text = evil;
    answer.table = (AnswerTable){header, cells, 2, 1};
    answer.figure.title = evil;
    Judgement judgement = judged(1, &claim, answer);
    judgement.views[0].where = evil;
    judgement.views[1] = judgement.views[0];
    judgement.n_views = 2;
    c->plan.scale.data = c->plan.other_text = evil;
    c->plan.full = true;
    const char *page = page_of(c, &judgement, 1);
    assert_null(strstr(page, "<script"));
    assert_true(count_pieces(page, "&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;&#39;") >
                15);
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    ClaimsCase *c = claims_case(*state, NULL, 0);
    const char *path = place_path(c->place, "nowhere/claims.html");
    ClaimsPage page = {&c->plan, NULL, 0, c->place->folder, COMMAND};
    assert_false(claims_page_write(&page, path, &c->place->error));
    assert_contains(c->place->error.text, path);
}

#define page_test(function) place_test(function, "claims.html")

int main(void)
{
    const struct CMUnitTest tests[] = {
        page_test(the_verdicts_stand_first_and_lead_to_their_sections),
        page_test(the_question_comes_before_the_result_which_is_folded),
        page_test(every_verdict_has_a_word_and_a_class),
        page_test(several_views_are_told_one_by_one),
        page_test(what_has_no_answer_says_why_and_keeps_its_question),
        page_test(the_runs_are_named_with_what_they_have_in_common),
        page_test(a_picture_becomes_part_of_the_page_or_its_absence_is_told),
        page_test(hostile_text_is_shown_and_does_nothing),
        page_test(a_place_that_cannot_be_written_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
