/* test_claims_report.c: tests of src/cli/claims_report.c: verdicts on 80 columns, and as CSV. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "cli/claims_report.h"
#include "support/claims_case.h"
#include "support/comparison_case.h"
#include "support/fixtures.h"

static Judgement judged(size_t number, const Claim *claim, Answer answer)
{
    return (Judgement){.number = number,
                       .claim = claim,
                       .answer = answer,
                       .views = {{"here", answer}},
                       .n_views = 1};
}

static const char *printed(Place *place, const Judgement *judgements, size_t count, bool colour)
{
    FILE *stream = fopen(place->path, "w");
    assert_non_null(stream);
    print_judgements(stream, judgements, count, colour);
    assert_int_equal(fclose(stream), 0);
    return place_read(place, "said");
}

static void assert_within_80_columns(const char *text)
{
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") < 80);
}

static void what_is_said_stands_beside_what_came_out(void **state)
{
    Claim claim = claim_on_text;
    claim.says =
        "A claim that is longer than its column of the table, so it takes three lines of it.";
    const Judgement judgements[] = {judged(3, &claim, answer_with_curves()),
                                    judged(12, &claim_on_task, answer_with_bars())};
    const char *text = printed(*state, judgements, 2, false);
    assert_within_80_columns(text);
    assert_string_equal(
        text, "\n    What is said                        What came out\n"
              "\n"
              " 3  A claim that is longer than its     holds under a condition\n"
              "    column of the table, so it takes    up to the length of training\n"
              "    three lines of it.                  loss at 64 less that at 32: +1.750 nats\n"
              "\n"
              "12  A task is learned.                  does not hold\n"
              "                                        0.500 against 0.250\n");
}

static void a_missing_answer_says_why(void **state)
{
    const Judgement judgement = {
        .number = 1,
        .claim = &claim_on_text,
        .missing =
            "3 of 14 runs are missing, the first is runs/a-name-that-is-very-long-as-names-of-"
            "runs-are-and-longer (not begun): expected all"};
    const char *text = printed(*state, &judgement, 1, false);
    assert_within_80_columns(text);
    assert_contains(text, " 1  A text is learned.                  no answer\n");
    assert_contains(text, "3 of 14 runs are missing");
}

static void several_views_have_a_verdict_and_a_number_each(void **state)
{
    Judgement judgement = judged(1, &claim_on_text, answer_with_curves());
    judgement.views[1] = (ViewAnswer){"there", answer_with_bars()};
    judgement.n_views = 2;
    const char *text = printed(*state, &judgement, 1, false);
    assert_contains(text, "here: holds under a condition\n");
    assert_contains(text, "there: does not hold\n");
    assert_contains(text, "0.500 against 0.250\n");
}

/* Only the verdict is coloured, and the columns stay. */
static void colours_take_no_room(void **state)
{
    const Judgement judgement = judged(1, &claim_on_text, answer_with_bars());
    const char *text = printed(*state, &judgement, 1, true);
    assert_contains(text,
                    " 1  A text is learned.                  \033[1;31mdoes not hold\033[0m\n");
    assert_null(strstr(strstr(text, "\033[0m") + 1, "\033"));
    assert_null(strstr(printed(*state, &judgement, 1, false), "\033"));
}

static void rows_are_csv(void **state)
{
    (void)state;
    Judgement judgements[] = {judged(1, &claim_on_text, answer_with_curves()),
                              {.number = 2, .claim = &claim_on_task, .missing = "gone, all"},
                              judged(3, &claim_of_numbers, answer_with_bars())};
    TextBuffer rows = {0};
    judgements[2].views[1] = judgements[0].views[0];
    judgements[2].n_views = 2;
    append_judgements(&rows, judgements, 3);
    assert_string_equal(rows.bytes,
                        "claim,name,view,verdict,condition,deciding\n"
                        "1,on-text,all,holds under a condition,up to the length of training,"
                        "loss at 64 less that at 32: +1.750 nats\n"
                        "2,on-task,all,no answer,\"gone, all\",\n"
                        "3,numbers,all,does not hold,,0.500 against 0.250\n"
                        "3,numbers,here,does not hold,,0.500 against 0.250\n"
                        "3,numbers,here,holds under a condition,up to the length of training,"
                        "loss at 64 less that at 32: +1.750 nats\n");
    text_buffer_free(&rows);
}

static void the_questions_come_with_their_numbers(void **state)
{
    static const Claim *const three[] = {&claim_of_numbers, &claim_on_text, &claim_on_task};
    ClaimsCase *c = claims_case(*state, three, 3);
    lay_out_book(c);
    FILE *stream = fopen(c->place->path, "w");
    assert_non_null(stream);
    print_claim_questions(stream, &c->book);
    assert_int_equal(fclose(stream), 0);
    assert_string_equal(place_read(c->place, "said"),
                        "Up to 26 runs, 2 of each. Meanwhile, what do you think?\n\n"
                        " 1  What will come out?\n"
                        " 2  What will come out?\n"
                        " 3  What will come out?\n\n");
    close_book(c);
}

#define report_test(function) place_test(function, "said")

int main(void)
{
    const struct CMUnitTest tests[] = {
        report_test(what_is_said_stands_beside_what_came_out),
        report_test(a_missing_answer_says_why),
        report_test(several_views_have_a_verdict_and_a_number_each),
        report_test(colours_take_no_room),
        report_test(rows_are_csv),
        report_test(the_questions_come_with_their_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
