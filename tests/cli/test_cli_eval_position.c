/* test_cli_eval_position.c: tests of the program as a whole: the loss of a run by position, its
 * picture, and what of it is kept in the run's folder. */
#include "support/runs.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"

#define POSITIONS "context,position,characters,loss_nats\n"

/* The rows of one context in CSV by position: there are as many as positions, in order, and their
 * mean is that of the context. Returns the line behind. */
static const char *check_positions(const char *line, size_t context, size_t windows, double mean)
{
    double sum = 0;
    for (size_t t = 0; t < context; t++, line = next_line(line)) {
        assert_true(cell(line, 0) == (double)context);
        assert_true(cell(line, 1) == (double)t);
        assert_true(cell(line, 2) == (double)windows);
        sum += cell(line, 3);
    }
    assert_close(sum / (double)context, mean, 1e-6);
    return line;
}

static void positions_of_every_context_make_up_its_loss(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome outcome = eval_tiny(bench, "x", "|--by-position|--csv|--context|16,8");
    assert_done(outcome);
    assert_int_equal(strncmp(outcome.out, POSITIONS, strlen(POSITIONS)), 0);
    const char *whole = bench_read(bench, file_of(bench, "x", "eval.csv"));
    const char *of_16 = next_line(whole), *of_8 = next_line(of_16);
    const char *line = check_positions(next_line(outcome.out), 16, 24, cell(of_16, 4));
    line = check_positions(line, 8, 49, cell(of_8, 4));
    assert_string_equal(line, "");
    assert_string_equal(bench_read(bench, file_of(bench, "x", "eval-by-position.csv")),
                        outcome.out);
    assert_string_equal(whole, eval_tiny(bench, "x", "|--csv|--context|16,8").out);
}

/* What stands in a row of the table behind its label, number by number. */
static void check_group(const char *table, const char *label, double first, double second)
{
    const char *line = strstr(table, label);
    double numbers[2];
    assert_non_null(line);
    assert_int_equal(sscanf(line + strlen(label), " %lf %lf", &numbers[0], &numbers[1]), 2);
    assert_close(numbers[0], first, 0.6e-4);
    assert_close(numbers[1], second, 0.6e-4);
}

static void a_table_groups_positions_by_powers_of_two(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome outcome = eval_tiny(bench, "x", "|--by-position|--context|8,20");
    assert_done(outcome);
    double loss[2][20] = {{0}};
    const char *line = next_line(bench_read(bench, file_of(bench, "x", "eval-by-position.csv")));
    for (; *line != '\0'; line = next_line(line))
        loss[cell(line, 0) == 20][(size_t)cell(line, 1)] = cell(line, 3);
    const char *table = strstr(outcome.out, "characters seen");
    check_group(table, "\n              1 ", loss[0][0], loss[1][0]);
    check_group(table, "\n              2 ", loss[0][1], loss[1][1]);
    check_group(table, "\n            3-4 ", (loss[0][2] + loss[0][3]) / 2,
                (loss[1][2] + loss[1][3]) / 2);
    double sums[2] = {0};
    for (size_t t = 4; t < 8; t++) {
        sums[0] += loss[0][t];
        sums[1] += loss[1][t];
    }
    check_group(table, "\n            5-8 ", sums[0] / 4, sums[1] / 4);
    assert_contains(table, "\n           9-16        -   ");
    assert_contains(table, "\n          17-20        -   ");
    const char *beyond = strstr(table, "  beyond training\n");
    assert_true(beyond > strstr(table, " 9-16 ") && beyond < strstr(table, " 17-20 "));
    assert_contains(strstr(table, " 17-20 "), "  beyond training\n");
    assert_int_equal(lines_of(table), 2 + 6);
}

/* --- the picture --- */

static void a_picture_by_position_is_drawn_in_the_folder_of_the_run(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "|--pos|learned");
    make_gnuplot(bench, "#!/bin/sh\nprintf '%s\\n' \"$@\" > eval-by-position.png\n");
    Outcome outcome = eval_tiny(bench, "x", "|--by-position|--context|8,16,32");
    assert_done(outcome);
    const char *const picture = file_of(bench, "x", "eval-by-position.png");
    assert_contains(outcome.err, bench_text(bench, "the picture %s\n", picture));
    const char *words = bench_read(bench, picture);
    assert_contains(words, "scripts/context.gp\nx\nlearned absolute embedding on words");
    double loss = cell(next_line(bench_read(bench, file_of(bench, "x", "eval.csv"))), 4);
    assert_contains(words, bench_text(bench, "\ncharacter\nseen\n8\n8 %.6f\n16 32\n", loss));
}

static void without_gnuplot_the_tables_are_there_all_the_same(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome outcome = eval_tiny(bench, "x", "|--by-position");
    assert_done(outcome);
    assert_contains(outcome.err, "no picture of the loss by position: gnuplot is missing");
    assert_int_equal(lines_of(outcome.err), 3); /* that, and one for each of two tables */
    assert_true(file_exists(file_of(bench, "x", "eval-by-position.csv")));
    make_gnuplot(bench, "#!/bin/sh\necho despair >&2\nexit 1\n");
    outcome = eval_tiny(bench, "x", "|--by-position");
    assert_done(outcome);
    assert_contains(outcome.err, "by position: gnuplot failed on scripts/context.gp\n");
    assert_int_equal(lines_of(outcome.err), 3);
}

static void a_model_that_is_a_file_has_no_folder_for_a_picture(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome outcome =
        run_without_gnuplot(bench, bench_text(bench, "eval|%s|--by-position|--threads|1",
                                              file_of(bench, "x", "best.safetensors")));
    assert_done(outcome);
    assert_string_equal(outcome.err, "");
    assert_false(file_exists(file_of(bench, "x", "eval-by-position.csv")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(positions_of_every_context_make_up_its_loss),
        bench_test(a_table_groups_positions_by_powers_of_two),
        bench_test(a_picture_by_position_is_drawn_in_the_folder_of_the_run),
        bench_test(without_gnuplot_the_tables_are_there_all_the_same),
        bench_test(a_model_that_is_a_file_has_no_folder_for_a_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
