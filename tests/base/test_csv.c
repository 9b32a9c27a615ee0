/* test_csv.c: tests of src/base/csv.c. */
#include "support/check.h"

#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/random.h"
#include "support/fixtures.h"
#include "support/place.h"

static bool read_bytes(Place *place, const char *bytes, size_t length, CsvTable *table)
{
    write_test_file(place->path, bytes, length);
    return csv_read(&place->arena, place->path, table, &place->error);
}

static CsvTable read_text(Place *place, const char *text)
{
    CsvTable table;
    if (!read_bytes(place, text, strlen(text), &table))
        fail_msg("%s", place->error.text);
    return table;
}

static void assert_message_is(const Place *place, const char *behind_path)
{
    char message[ERROR_TEXT_SIZE];
    snprintf(message, sizeof message, "%s:%s", place->path, behind_path);
    assert_string_equal(place->error.text, message);
    assert_int_equal(place->error.kind, ERROR_WORK);
}

static void assert_refused(Place *place, const char *bytes, size_t length, const char *message)
{
    CsvTable table;
    if (read_bytes(place, bytes, length, &table))
        fail_msg("accepted: %s", bytes);
    assert_message_is(place, message);
}

/* The table is these cells, the names first. */
static void assert_table_is(const CsvTable *table, size_t n_columns, size_t n_rows,
                            const char *const cells[])
{
    assert_int_equal(table->n_columns, n_columns);
    assert_int_equal(table->n_rows, n_rows);
    for (size_t c = 0; c < n_columns; c++)
        assert_string_equal(table->names[c], cells[c]);
    for (size_t r = 0; r < n_rows; r++)
        for (size_t c = 0; c < n_columns; c++)
            assert_string_equal(csv_text(table, r, c), cells[(r + 1) * n_columns + c]);
}

/* As a run adds rows while somebody lists the runs. Each time it is read, a table has all rows that
 * it had before. */
static void a_table_is_read_while_it_grows(void **state)
{
    enum { ROWS = 20000 };
    Place *place = *state;
    size_t before = 0;
    write_test_file(place->path, "a,b\n", 4);
    pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        int file = open(place->path, O_WRONLY | O_APPEND);
        for (size_t row = 0; file >= 0 && row < ROWS; row++)
            if (write(file, "1,2\n", 4) != 4)
                _exit(1);
        _exit(file < 0);
    }
    int status = 0;
    for (bool ended = false; !ended;) {
        CsvTable table;
        ended = waitpid(writer, &status, WNOHANG) == writer;
        if (!csv_read(&place->arena, place->path, &table, &place->error))
            fail_msg("%s", place->error.text);
        assert_true(table.n_rows >= before);
        before = table.n_rows;
        arena_reset(&place->arena);
    }
    assert_int_equal(status, 0);
    assert_int_equal(before, ROWS);
}

static void a_table_is_names_and_rows_of_cells(void **state)
{
    Place *place = *state;
    CsvTable table = read_text(place, "step,loss\n0,nan\n10, 1.5 \n,\n");
    assert_table_is(&table, 2, 3,
                    (const char *const[]){"step", "loss", "0", "nan", "10", " 1.5 ", "", ""});
    assert_string_equal(table.path, place->path);
    table = read_text(place, "one\n\na\n");
    assert_table_is(&table, 1, 2, (const char *const[]){"one", "", "a"});
}

static void quotes_keep_commas_quotes_and_line_breaks(void **state)
{
    Place *place = *state;
    CsvTable table = read_text(place, "\"a,b\",c\n"
                                      "\"x \"\"y\"\"\",\"1\n2\r\n3\"\n"
                                      "\"\",\"\"\"\"\n"
                                      "end,\",\"\n");
    assert_table_is(
        &table, 2, 3,
        (const char *const[]){"a,b", "c", "x \"y\"", "1\n2\r\n3", "", "\"", "end", ","});
}

static void a_row_knows_the_line_it_begins_on(void **state)
{
    Place *place = *state;
    CsvTable table = read_text(place, "\"a\nb\"\n1\n\"2\n\n\"\n3\n");
    assert_int_equal(table.n_rows, 3);
    const size_t lines[] = {3, 4, 7};
    for (size_t r = 0; r < 3; r++)
        assert_int_equal(table.line[r], lines[r]);
}

static void errors_of_form_are_said_with_their_line(void **state)
{
    Place *place = *state;
    const struct {
        const char *text, *message;
    } cases[] = {
        {"a,b\n1,2\n3\n4,5\n", "3: number of cells = 1: expected 2"},
        {"a,b\n1,2,3\n", "2: number of cells = 3: expected 2"},
        {"a,b\n\n", "2: number of cells = 1: expected 2"},
        {"a,b\n1,2,\n", "2: number of cells = 3: expected 2"},
        {"a\n\"1\n2\"\n3,4\n", "4: number of cells = 2: expected 1"},
        {"a\n\"1\n2\",3\n", "2: number of cells = 2: expected 1"},
        {"a\nx\"y\"\n", "2: a quote: expected a comma or the end of the line"},
        {"a\n\"x\"y\n", "2: text: expected a comma or the end of the line"},
        {"a\n\"x\" \n", "2: text: expected a comma or the end of the line"},
        {"a\n\"x\ny\"z\n", "3: text: expected a comma or the end of the line"},
        {"a\r\n", "1: a carriage return: expected a comma or the end of the line"},
        {"a\n\"x\"\r\n", "2: a carriage return: expected a comma or the end of the line"},
        {"a\n1\n\"2\n3\n", "3: a quote that is never closed"},
        {"a\n\"\"\"\n", "2: a quote that is never closed"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        assert_refused(place, cases[c].text, strlen(cases[c].text), cases[c].message);
    assert_refused(place, "a\nb\nc\0d\n", 8, "3: a NUL byte: expected text");
    assert_refused(place, "\0\n", 2, "1: a NUL byte: expected text");
}

/* Each beginning of a file is read as its whole lines. */
static void a_last_line_without_its_end_is_passed_over(void **state)
{
    Place *place = *state;
    const char text[] = "a,b\n1,\"two, 2\"\n3,4\n";
    for (size_t cut = 0; cut < sizeof text; cut++) {
        CsvTable table;
        size_t lines = 0;
        for (size_t at = 0; at < cut; at++)
            lines += text[at] == '\n';
        assert_true(read_bytes(place, text, cut, &table));
        assert_int_equal(table.n_columns, lines > 0 ? 2 : 0);
        assert_int_equal(table.n_rows, lines > 0 ? lines - 1 : 0);
    }
}

static void a_file_of_other_columns_is_refused_where_they_are_given(void **state)
{
    Place *place = *state;
    const char *const others[] = {"",    "a",     "a,b,c", "b,a",        "a,bb",
                                  "a,b", "a,b\r", " a,b",  "\"a\",\"b\""};
    for (size_t o = 0; o < COUNT_OF(others); o++) {
        char text[64];
        CsvTable table;
        snprintf(text, sizeof text, "%s\n1,2\n", others[o]);
        write_test_file(place->path, text, strlen(text));
        bool same = strcmp(others[o], "a,b") == 0;
        assert_int_equal(csv_read_as(&place->arena, place->path, "a,b", &table, &place->error),
                         same);
        if (!same)
            assert_message_is(place, "1: expected the columns a,b");
    }
    CsvTable none;
    write_test_file(place->path, "a,", 2);
    assert_true(csv_read_as(&place->arena, place->path, "a,b", &none, NULL));
    assert_int_equal(none.n_columns, 0);
}

static void a_file_that_is_not_there_is_said(void **state)
{
    Place *place = *state;
    CsvTable table;
    assert_false(csv_read(&place->arena, place->path, &table, &place->error));
    assert_message_is(place, " No such file or directory");
}

static void a_column_is_found_by_its_name(void **state)
{
    Place *place = *state;
    CsvTable table = read_text(place, "step,train_loss,val_loss\n");
    size_t column = 7;
    assert_true(csv_column(&table, "val_loss", &column, NULL));
    assert_int_equal(column, 2);
    assert_true(csv_column(&table, "step", &column, NULL));
    assert_int_equal(column, 0);
    assert_false(csv_column(&table, "loss", &column, &place->error));
    assert_message_is(place, "1: expected a column loss");
    table = read_text(place, "");
    assert_false(csv_column(&table, "", &column, &place->error));
}

static void whole_numbers_are_digits(void **state)
{
    Place *place = *state;
    CsvTable table = read_text(place, "x,n\n0,17\n0,-1\n0,1.0\n0,\n0,\"3\"\n0,nan\n");
    const char *const messages[] = {NULL,
                                    "3: n = -1: expected a whole number",
                                    "4: n = 1.0: expected a whole number",
                                    "5: n = : expected a whole number",
                                    NULL,
                                    "7: n = nan: expected a whole number"};
    const size_t values[] = {17, 0, 0, 0, 3, 0};
    for (size_t r = 0; r < COUNT_OF(messages); r++) {
        size_t value = 0;
        assert_int_equal(csv_size(&table, r, 1, &value, &place->error), messages[r] == NULL);
        assert_int_equal(value, values[r]);
        if (messages[r] != NULL)
            assert_message_is(place, messages[r]);
    }
}

static void numbers_may_be_nan_and_infinite(void **state)
{
    Place *place = *state;
    const struct {
        const char *cell;
        double value;
    } cases[] = {{"-1.5e-3", -0.0015}, {"0", 0}, {"inf", INFINITY}, {"-inf", -INFINITY}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        char text[64];
        double value = 7;
        snprintf(text, sizeof text, "x\n%s\n", cases[c].cell);
        CsvTable table = read_text(place, text);
        assert_true(csv_real(&table, 0, 0, &value, &place->error));
        assert_true(value == cases[c].value);
    }
    CsvTable table = read_text(place, "x\nnan\n");
    double value = 7;
    assert_true(csv_real(&table, 0, 0, &value, NULL));
    assert_true(isnan(value));
}

static void what_is_no_number_is_refused(void **state)
{
    Place *place = *state;
    const char *const cells[] = {"",    "x",      "1.5x",     " 1",   "0x10",
                                 "NaN", "nan(1)", "infinity", "1e999"};
    for (size_t c = 0; c < COUNT_OF(cells); c++) {
        char text[64], message[128];
        double value = 7;
        snprintf(text, sizeof text, "loss\n1\n%s\n", cells[c]);
        snprintf(message, sizeof message, "3: loss = %s: expected a number", cells[c]);
        CsvTable table = read_text(place, text);
        assert_false(csv_real(&table, 1, 0, &value, &place->error));
        assert_message_is(place, message);
    }
}

static void assert_appended(const char *text, const char *expected)
{
    TextBuffer out = {0};
    text_append(&out, ">", 1);
    csv_append(&out, text);
    assert_string_equal(out.bytes + 1, expected);
    text_buffer_free(&out);
}

static void a_text_is_quoted_where_it_has_to_be(void **state)
{
    (void)state;
    assert_appended("", "");
    assert_appended("plain text; it's", "plain text; it's");
    assert_appended("a,b", "\"a,b\"");
    assert_appended("say \"x\"", "\"say \"\"x\"\"\"");
    assert_appended("\"", "\"\"\"\"");
    assert_appended("two\nlines", "\"two\nlines\"");
    assert_appended("return\r", "\"return\r\"");
}

static void a_real_is_nine_digits_or_nan_without_a_sign(void **state)
{
    (void)state;
    const double values[] = {0.1, 1e-4, 123456.75, copysign(NAN, -1), -INFINITY, FLT_MAX};
    TextBuffer out = {0};
    for (size_t v = 0; v < COUNT_OF(values); v++) {
        csv_append_real(&out, values[v]);
        text_append(&out, " ", 1);
    }
    csv_append_next_real(&out, 0.25);
    assert_string_equal(out.bytes, "0.1 0.0001 123456.75 nan -inf 3.40282347e+38 ,0.25");
    text_buffer_free(&out);
}

/* A table of random texts, made of the characters that matter. */
static void what_is_appended_is_read_back(void **state)
{
    Place *place = *state;
    enum { COLUMNS = 3, ROWS = 200, MOST = 6 };
    const char letters[] = "a,\"\n\r ";
    char cells[ROWS][COLUMNS][MOST + 1] = {0};
    RandomKey key = random_seed(1);
    uint64_t drawn = 0;
    TextBuffer text = {0};
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < COLUMNS; c++) {
            size_t length = random_bits(key, drawn++) % MOST;
            for (size_t at = 0; at < length; at++)
                cells[r][c][at] = letters[random_bits(key, drawn++) % (sizeof letters - 1)];
            csv_append(&text, cells[r][c]);
            text_append(&text, c + 1 < COLUMNS ? "," : "\n", 1);
        }
    CsvTable table = read_text(place, text.bytes);
    text_buffer_free(&text);
    assert_int_equal(table.n_columns, COLUMNS);
    assert_int_equal(table.n_rows, ROWS - 1);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < COLUMNS; c++)
            assert_string_equal(r > 0 ? csv_text(&table, r - 1, c) : table.names[c], cells[r][c]);
}

#define IN_A_PLACE(test) place_test(test, "table.csv")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_table_is_names_and_rows_of_cells),
        IN_A_PLACE(a_table_is_read_while_it_grows),
        IN_A_PLACE(quotes_keep_commas_quotes_and_line_breaks),
        IN_A_PLACE(a_row_knows_the_line_it_begins_on),
        IN_A_PLACE(errors_of_form_are_said_with_their_line),
        IN_A_PLACE(a_last_line_without_its_end_is_passed_over),
        IN_A_PLACE(a_file_of_other_columns_is_refused_where_they_are_given),
        IN_A_PLACE(a_file_that_is_not_there_is_said),
        IN_A_PLACE(a_column_is_found_by_its_name),
        IN_A_PLACE(whole_numbers_are_digits),
        IN_A_PLACE(numbers_may_be_nan_and_infinite),
        IN_A_PLACE(what_is_no_number_is_refused),
        cmocka_unit_test(a_text_is_quoted_where_it_has_to_be),
        cmocka_unit_test(a_real_is_nine_digits_or_nan_without_a_sign),
        IN_A_PLACE(what_is_appended_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
