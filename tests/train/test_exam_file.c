/* test_exam_file.c: tests of src/train/exam_file.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "support/fixtures.h"
#include "support/place.h"
#include "train/exam_file.h"

#define HEAD "length,tokens,trained,sequences,loss,exact_match\n"

static ExamTable read_text(Place *place, const char *text)
{
    ExamTable table;
    write_test_file(place->path, text, strlen(text));
    if (!exam_table_read(&place->arena, place->path, &table, &place->error))
        fail_msg("%s", place->error.text);
    return table;
}

static void assert_refused(Place *place, const char *text, const char *message)
{
    ExamTable table;
    write_test_file(place->path, text, strlen(text));
    assert_false(exam_table_read(&place->arena, place->path, &table, &place->error));
    assert_contains(place->error.text, message);
}

static void a_row_is_a_length(void **state)
{
    ExamTable table = read_text(*state, HEAD "5,11,yes,512,0.25,0.875\n40,81,no,64,3.5,0\n");
    assert_int_equal(table.count, 2);
    assert_int_equal(table.rows[0].result.length, 5);
    assert_int_equal(table.rows[0].result.tokens, 11);
    assert_int_equal(table.rows[0].result.sequences, 512);
    assert_true(table.rows[0].result.loss == 0.25 && table.rows[0].result.exact == 0.875);
    assert_true(table.rows[0].trained);
    assert_int_equal(table.rows[1].result.length, 40);
    assert_true(table.rows[1].result.loss == 3.5 && table.rows[1].result.exact == 0);
    assert_false(table.rows[1].trained);
}

static void what_was_written_is_read_back(void **state)
{
    Place *place = *state;
    ExamRow rows[] = {
        {{.length = 20, .tokens = 21, .sequences = 3, .loss = 0.125, .exact = 1}, true},
        {{.length = 40, .tokens = 41, .loss = NAN, .exact = NAN}, false},
        {{.length = 80, .tokens = 81, .sequences = 3, .loss = copysign(NAN, -1)}, false}};
    TextBuffer text = {0};
    exam_table_append(&(ExamTable){rows, COUNT_OF(rows)}, &text);
    assert_string_equal(text.bytes, HEAD "20,21,yes,3,0.125,1\n40,41,no,0,nan,nan\n"
                                         "80,81,no,3,nan,0\n");
    ExamTable table = read_text(place, text.bytes);
    text_buffer_free(&text);
    assert_int_equal(table.count, 3);
    assert_int_equal(table.rows[1].result.tokens, 41);
    assert_int_equal(table.rows[1].result.sequences, 0);
    assert_true(isnan(table.rows[1].result.loss) && isnan(table.rows[1].result.exact));
    assert_true(isnan(table.rows[2].result.loss) && table.rows[2].result.exact == 0);
}

static void what_is_no_exam_is_refused(void **state)
{
    Place *place = *state;
    assert_refused(place, HEAD, "expected a row for each length");
    assert_refused(place, "length,exact_match\n5,1\n", ":1: ");
    assert_refused(place, HEAD "5,5,yes,many,0,1\n", ":2: sequences = many");
    assert_refused(place, HEAD "5,5,yse,8,0,1\n", ":2: trained = yse: expected yes or no");
    assert_refused(place, HEAD "4,4,yes,8,0,1\n5,5,yes,8,0,1.5\n",
                   ":3: exact_match = 1.5: expected a number from 0 to 1");
    assert_refused(place, HEAD "5,5,yes,8,0,-0.5\n", "expected a number from 0 to 1");
    assert_refused(place, HEAD "5,5,yes,8,0,nan\n", "expected a number from 0 to 1");
    assert_refused(place, HEAD "5,5,yes,0,nan,1\n", "expected nan, of no sequences");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(a_row_is_a_length, "exam.csv"),
        place_test(what_was_written_is_read_back, "exam.csv"),
        place_test(what_is_no_exam_is_refused, "exam.csv"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
