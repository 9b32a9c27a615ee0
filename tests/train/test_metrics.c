/* test_metrics.c: tests of src/train/metrics.c. */
#include "support/check.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "support/fixtures.h"
#include "support/place.h"
#include "train/metrics.h"

#define HEADER "step,train_loss,val_loss,learning_rate,grad_norm,chars_per_second,elapsed_s\n"

typedef struct Rows {
    MetricsRow *at;
    size_t count;
} Rows;

static void assert_table_is(const Place *place, const char *expected)
{
    assert_file_is(place->path, expected, strlen(expected));
}

static bool read_rows(Place *place, Rows *rows)
{
    return metrics_read(&place->arena, place->path, &rows->at, &rows->count, &place->error);
}

/* Reads a file of these bytes. */
static bool read_bytes(Place *place, const char *bytes, Rows *rows)
{
    write_test_file(place->path, bytes, strlen(bytes));
    return read_rows(place, rows);
}

/* Makes the file with some rows and closes it. */
static void write_rows(Place *place, const MetricsRow *rows, size_t count)
{
    FILE *stream = metrics_open(place->path, rows, count, &place->error);
    if (!stream)
        fail_msg("%s", place->error.text);
    assert_int_equal(fclose(stream), 0);
}

/* Equal numbers, or both not a number, or the same infinity. */
static void assert_same_numbers(const MetricsRow *a, const MetricsRow *b)
{
    const double of_a[] = {a->train_loss, a->val_loss,         a->learning_rate,
                           a->grad_norm,  a->chars_per_second, a->elapsed_s};
    const double of_b[] = {b->train_loss, b->val_loss,         b->learning_rate,
                           b->grad_norm,  b->chars_per_second, b->elapsed_s};
    assert_int_equal(a->step, b->step);
    for (size_t c = 0; c < COUNT_OF(of_a); c++)
        assert_true((isnan(of_a[c]) && isnan(of_b[c])) || (float)of_a[c] == (float)of_b[c]);
}

static const MetricsRow start = {0, NAN, 4.25, NAN, NAN, NAN, 0.5};
static const MetricsRow later = {10, 3.0625, NAN, 1e-4, 1.5, 123456.75, 12.25};

static void the_file_is_a_table_with_a_header(void **state)
{
    Place *place = *state;
    write_rows(place, NULL, 0);
    assert_table_is(place, HEADER);
    write_rows(place, (MetricsRow[]){start, later}, 2);
    assert_table_is(place, HEADER "0,nan,4.25,nan,nan,nan,0.5\n"
                                  "10,3.0625,nan,0.0001,1.5,123456.75,12.25\n");
}

static void what_is_not_a_number_is_nan_without_a_sign(void **state)
{
    Place *place = *state;
    double minus_nan = copysign(NAN, -1);
    write_rows(place, (MetricsRow[]){{3, minus_nan, NAN, INFINITY, -INFINITY, 0, -0.5}}, 1);
    assert_table_is(place, HEADER "3,nan,nan,inf,-inf,0,-0.5\n");
}

static void a_table_made_by_hand_is_read_as_it_says(void **state)
{
    Place *place = *state;
    Rows found = {0};
    assert_true(read_bytes(place,
                           HEADER "0,nan,4.25,nan,nan,nan,0.5\n"
                                  "10,3.0625,nan,1e-4,1.5,123456.75,12.25\n",
                           &found));
    assert_int_equal(found.count, 2);
    assert_same_numbers(&found.at[0], &start);
    assert_same_numbers(&found.at[1], &later);
}

/* Nine digits are enough for every float, small, large, and not a number. */
static void what_is_written_is_read_back_to_the_same_floats(void **state)
{
    Place *place = *state;
    Rows found = {0};
    enum { COUNT = 500 };
    MetricsRow rows[COUNT];
    RandomKey key = random_seed(1);
    for (uint64_t r = 0; r < COUNT; r++) {
        double numbers[6];
        for (uint64_t c = 0; c < 6; c++) {
            uint32_t bits = (uint32_t)random_bits(key, 6 * r + c);
            float number;
            memcpy(&number, &bits, sizeof number);
            numbers[c] = r < 3 ? (double[]){NAN, INFINITY, -INFINITY}[r] : (double)number;
        }
        rows[r] = (MetricsRow){r * r * r,  numbers[0], numbers[1], numbers[2],
                               numbers[3], numbers[4], numbers[5]};
    }
    rows[COUNT - 1].step = SIZE_MAX;
    write_rows(place, rows, COUNT);
    assert_true(read_rows(place, &found));
    assert_int_equal(found.count, COUNT);
    for (size_t r = 0; r < COUNT; r++)
        assert_same_numbers(&found.at[r], &rows[r]);
}

static void an_appended_row_is_there_at_once(void **state)
{
    Place *place = *state;
    Rows found = {0};
    FILE *stream = metrics_open(place->path, &start, 1, NULL);
    assert_non_null(stream);
    assert_true(metrics_append(stream, place->path, &later, NULL));
    assert_table_is(place, HEADER "0,nan,4.25,nan,nan,nan,0.5\n"
                                  "10,3.0625,nan,0.0001,1.5,123456.75,12.25\n");
    assert_true(metrics_append(stream, place->path, &(MetricsRow){.step = 20}, NULL));
    assert_true(read_rows(place, &found));
    assert_int_equal(found.count, 3);
    assert_int_equal(found.at[2].step, 20);
    fclose(stream);
}

static void an_opened_file_keeps_exactly_the_rows_it_is_given(void **state)
{
    Place *place = *state;
    Rows found = {0};
    MetricsRow rows[20];
    for (size_t r = 0; r < 20; r++)
        rows[r] = (MetricsRow){.step = 10 * r};
    write_rows(place, rows, 20);
    write_rows(place, rows, 5);
    assert_true(read_rows(place, &found));
    assert_int_equal(found.count, 5);
    for (size_t r = 0; r < 5; r++)
        assert_same_numbers(&found.at[r], &rows[r]);
}

static void a_damaged_line_is_named(void **state)
{
    Place *place = *state;
    Rows found = {0};
    const struct {
        const char *line, *message;
    } cases[] = {
        {"", "number of cells = 1: expected 7"},
        {"10", "number of cells = 1: expected 7"},
        {"10,1,2,3,4,5", "number of cells = 6: expected 7"},
        {"10,1,2,3,4,5,6,7", "number of cells = 8: expected 7"},
        {"10,1,2,3,4,5,", "elapsed_s = : expected a number"},
        {"10,1,2,3,4,5,6,", "number of cells = 8: expected 7"},
        {"10,1,2,,4,5,6", "learning_rate = : expected a number"},
        {",1,2,3,4,5,6", "step = : expected a whole number"},
        {"x,1,2,3,4,5,6", "step = x: expected a whole number"},
        {"-1,1,2,3,4,5,6", "step = -1: expected a whole number"},
        {"1.5,1,2,3,4,5,6", "step = 1.5: expected a whole number"},
        {"99999999999999999999999,1,2,3,4,5,6",
         "step = 99999999999999999999999: expected a whole number"},
        {"10,1,2,3,4,5,six", "elapsed_s = six: expected a number"},
        {"10,1,2,3x,4,5,6", "learning_rate = 3x: expected a number"},
        {"10,1;2;3;4;5;6", "number of cells = 2: expected 7"},
        {"10,1,2,3,4,5,6\r", "a carriage return: expected a comma or the end of the line"},
        {"step,train_loss,val_loss,learning_rate,grad_norm,chars_per_second,elapsed_s",
         "step = step: expected a whole number"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        char text[512], message[512];
        snprintf(text, sizeof text, HEADER "0,1,2,3,4,5,6\n%s\n20,1,2,3,4,5,6\n", cases[c].line);
        snprintf(message, sizeof message, "%s:3: %s", place->path, cases[c].message);
        if (read_bytes(place, text, &found))
            fail_msg("accepted: %s", cases[c].line);
        assert_string_equal(place->error.text, message);
        assert_int_equal(place->error.kind, ERROR_WORK);
    }
}

static void other_columns_are_refused(void **state)
{
    Place *place = *state;
    Rows found = {0};
    const char *const headers[] = {
        "",
        "0,1,2,3,4,5,6",
        "step,train_loss,val_loss,learning_rate,grad_norm,chars_per_second,elapsed_s,more",
        "step,val_loss,train_loss,learning_rate,grad_norm,chars_per_second,elapsed_s",
    };
    for (size_t h = 0; h < COUNT_OF(headers); h++) {
        char text[512], message[512];
        snprintf(text, sizeof text, "%s\n10,1,2,3,4,5,6\n", headers[h]);
        snprintf(message, sizeof message, "%s:1: expected the columns %.*s", place->path,
                 (int)strlen(HEADER) - 1, HEADER);
        assert_false(read_bytes(place, text, &found));
        assert_string_equal(place->error.text, message);
    }
}

static void a_last_line_without_its_end_is_passed_over(void **state)
{
    Place *place = *state;
    Rows found = {0};
    const char whole[] = HEADER "0,1,2,3,4,5,6\n", next[] = "10,1,2,3,4,5,6\n";
    for (size_t cut = 0; cut < sizeof next; cut++) {
        char text[256];
        snprintf(text, sizeof text, "%s%.*s", whole, (int)cut, next);
        assert_true(read_bytes(place, text, &found));
        assert_int_equal(found.count, cut < strlen(next) ? 1 : 2);
        assert_int_equal(found.at[0].step, 0);
    }
    for (size_t cut = 0; cut <= strlen(HEADER); cut++) {
        char text[256];
        snprintf(text, sizeof text, "%.*s", (int)cut, HEADER);
        assert_true(read_bytes(place, text, &found));
        assert_int_equal(found.count, 0);
    }
}

static void a_file_that_is_not_there_is_said(void **state)
{
    Place *place = *state;
    Rows found = {0};
    assert_false(read_rows(place, &found));
    assert_contains(place->error.text, place->path);
    const char *deep = place_path(place, "no/folder.csv");
    assert_null(metrics_open(deep, &start, 1, &place->error));
    assert_contains(place->error.text, "no/folder.csv: cannot be written");
}

static void a_full_disk_is_said(void **state)
{
    Place *place = *state;
    FILE *full = fopen("/dev/full", "wb");
    if (!full)
        skip();
    assert_false(metrics_append(full, place->path, &later, &place->error));
    assert_contains(place->error.text, "metrics.csv: cannot be written: No space left on device");
    assert_int_equal(place->error.kind, ERROR_WORK);
    fclose(full);
}

#define IN_A_PLACE(test) place_test(test, "metrics.csv")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(the_file_is_a_table_with_a_header),
        IN_A_PLACE(what_is_not_a_number_is_nan_without_a_sign),
        IN_A_PLACE(a_table_made_by_hand_is_read_as_it_says),
        IN_A_PLACE(what_is_written_is_read_back_to_the_same_floats),
        IN_A_PLACE(an_appended_row_is_there_at_once),
        IN_A_PLACE(an_opened_file_keeps_exactly_the_rows_it_is_given),
        IN_A_PLACE(a_damaged_line_is_named),
        IN_A_PLACE(other_columns_are_refused),
        IN_A_PLACE(a_last_line_without_its_end_is_passed_over),
        IN_A_PLACE(a_file_that_is_not_there_is_said),
        IN_A_PLACE(a_full_disk_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
