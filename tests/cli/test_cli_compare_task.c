/* test_cli_compare_task.c: tests of posgpt compare on a task: of tiny runs. */
#include "support/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "support/csv_cells.h"
#include "support/fixtures.h"

/* Three schemes by two seeds on sequences of up to 8 symbols, of which learned has positions for
 * the 6 of training. */
static Outcome compare_on_task(Bench *bench, const char *more)
{
    return run_without_gnuplot(
        bench,
        bench_text(bench,
                   "compare|--config=|--out-dir|%s/a|--name|all|--pos|none,learned,rope|--seeds|2|"
                   "--threads|4|--task|kback|--task-symbols|4|--task-max-length|6|"
                   "--task-test-length|8|--learned-length|6|--n-layer|1|--n-head|2|--n-embd|8|"
                   "--batch-size|2|--max-iters|2%s",
                   bench->folder, more));
}

static CsvTable table_of(Bench *bench, const char *file, size_t n_rows)
{
    const char *path = bench_path(bench, bench_text(bench, "a/all/%s", file));
    return csv_of_rows(&bench->arena, path, n_rows);
}

static void a_task_is_compared_by_its_answers(void **state)
{
    Bench *bench = *state;
    Outcome outcome = compare_on_task(bench, "");
    assert_done(outcome);
    CsvTable table = table_of(bench, "results.csv", 6);
    for (size_t row = 0; row < table.n_rows; row++) {
        double exact = atof(text_at(&table, row, "exact"));
        assert_true(exact >= 0 && exact <= 1);
        assert_string_equal(text_at(&table, row, "train_loss"), "nan");
    }
    assert_contains(outcome.err, "longer than those of training");
    assert_contains(outcome.out, "\nLoss at the lengths of training, last step, nats per answer");
    assert_null(strstr(outcome.out, "Validation loss"));
    assert_true(longest_line(strstr(outcome.out, "\nLoss at")) <= 80);
    assert_contains(outcome.out, "all right");
    const char *page = bench_read(bench, bench_path(bench, "a/all/report.html"));
    assert_contains(page, "<section id=\"lengths\">");
    assert_contains(page, "</html>\n");
}

/* The rows of lengths.csv are those of the runs' exam.csv; "right" of them is what this says. */
static void the_lengths_of_a_task_are_those_of_its_exams(void **state)
{
    Bench *bench = *state;
    enum { LENGTHS = 7 }; /* 2 ... 8 */
    assert_done(compare_on_task(bench, ""));
    CsvTable table = table_of(bench, "lengths.csv", 6 * LENGTHS), exam;
    for (size_t row = 0; row < table.n_rows; row++) {
        const char *run = text_at(&table, row, "run");
        const char *path = bench_text(bench, "%s/a/%s/exam.csv", bench->folder, run);
        assert_true(csv_read(&bench->arena, path, &exam, NULL));
        assert_int_equal(exam.n_rows, LENGTHS);
        size_t l = row % LENGTHS;
        assert_int_equal(atoi(text_at(&table, row, "length")), 2 + (int)l);
        assert_string_equal(text_at(&table, row, "accuracy"), text_at(&exam, l, "exact_match"));
        assert_string_equal(text_at(&table, row, "questions"), text_at(&exam, l, "sequences"));
        bool refused = strcmp(text_at(&table, row, "pos"), "learned") == 0 && 2 + l > 6;
        assert_string_equal(text_at(&table, row, "questions"), refused ? "0" : "512");
        double right = atof(text_at(&table, row, "right"));
        assert_true(refused ? right == 0 : right == 512 * atof(text_at(&exam, l, "exact_match")));
    }
}

/* The mean over the seeds of an arm at one length, as a percentage. */
static double mean_right(const CsvTable *table, const char *pos, const char *length)
{
    double sum = 0;
    size_t n = 0;
    for (size_t row = 0; row < table->n_rows; row++)
        if (strcmp(text_at(table, row, "pos"), pos) == 0 &&
            strcmp(text_at(table, row, "length"), length) == 0) {
            sum += 100 * atof(text_at(table, row, "accuracy"));
            n++;
        }
    assert_int_equal(n, 2);
    return sum / (double)n;
}

static void what_is_right_is_shown_by_length(void **state)
{
    Bench *bench = *state;
    Outcome outcome = compare_on_task(bench, "");
    assert_done(outcome);
    CsvTable table = table_of(bench, "lengths.csv", 42);
    const char *shown = strstr(outcome.out, "\nAll right by length, % of 512 sequences; behind");
    assert_non_null(shown);
    assert_contains(shown, "       2       3       4       5       6 |      7       8\n");
    assert_contains(shown, " |refused refused\n");
    assert_contains(shown, "\nThe lowest and the highest of the 2 seeds\n");
    static const char *const arms[] = {"none", "rope"};
    for (size_t a = 0; a < COUNT_OF(arms); a++) {
        const char *row = strstr(shown, bench_text(bench, "\n%-14s", arms[a]));
        assert_non_null(row);
        assert_memory_equal(row + 1 + 14,
                            bench_text(bench, "%8.1f", mean_right(&table, arms[a], "2")), 8);
        assert_memory_equal(row + 1 + 14 + 5 * 8,
                            bench_text(bench, " |%7.1f", mean_right(&table, arms[a], "7")), 9);
    }
    for (const char *line = shown; *line != '\0'; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") < 80);
    outcome = compare_on_task(bench, "|--seeds|1");
    assert_done(outcome);
    assert_contains(outcome.out, "\nAll right by length, ");
    assert_null(strstr(outcome.out, "The lowest and the highest"));
}

/* The exam is the last thing but one that a run leaves: without it, it has not come to its end. */
static void an_exam_that_is_gone_is_taken_again(void **state)
{
    Bench *bench = *state;
    assert_done(compare_on_task(bench, ""));
    CsvTable table = table_of(bench, "results.csv", 6);
    const char *exam =
        bench_text(bench, "%s/a/%s/exam.csv", bench->folder, text_at(&table, 1, "run"));
    const char *before = bench_text(bench, "%s", bench_read(bench, exam));
    assert_int_equal(remove(exam), 0);
    Outcome outcome = compare_on_task(bench, "|--report");
    assert_done(outcome);
    assert_contains(outcome.out, "none, seed 2 has no loss: not finished\n");
    assert_done(compare_on_task(bench, ""));
    assert_string_equal(bench_read(bench, exam), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_task_is_compared_by_its_answers),
        bench_test(the_lengths_of_a_task_are_those_of_its_exams),
        bench_test(what_is_right_is_shown_by_length),
        bench_test(an_exam_that_is_gone_is_taken_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
