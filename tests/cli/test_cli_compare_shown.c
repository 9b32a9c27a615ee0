/* test_cli_compare_shown.c: tests of what posgpt compare shows of tiny runs, and where. */
#define _XOPEN_SOURCE 700 /* posix_openpt and its family; includes POSIX.1-2008 */

#include "support/runs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "support/fixtures.h"

/* Two schemes by two seeds; `more` is "" or starts with a '|'. */
static const char *comparison(Bench *bench, const char *more)
{
    return bench_text(bench,
                      "compare|--config=|--data|%s|--out-dir|%s|--name|all|--pos|none,rope|"
                      "--seeds|2|--n-layer|1|--n-head|2|--n-embd|8|--block-size|8|--batch-size|2|"
                      "--max-iters|2|--warmup-iters|0|--eval-interval|2|--sample-chars|20%s",
                      bench_corpus(bench), bench->folder, more);
}

static Outcome compare(Bench *bench, const char *more)
{
    Outcome outcome = run_without_gnuplot(bench, comparison(bench, more));
    assert_done(outcome);
    return outcome;
}

/* --- what is shown --- */

static void a_picture_of_other_results_does_not_stay(void **state)
{
    Bench *bench = *state;
    static const char drawn[] = "<svg viewBox=\"0 0 1 1\"><g></g></svg>";
    const char *picture = bench_path(bench, "all/loss.svg");
    compare(bench, "");
    write_test_file(picture, drawn, strlen(drawn));
    compare(bench, "|--report");
    assert_false(file_exists(picture));
    assert_contains(bench_read(bench, bench_path(bench, "all/report.html")),
                    "loss.svg was not drawn: ");
}

static void before_the_runs_no_number_is_made_up(void **state)
{
    const char *out = compare(*state, "|--report").out;
    assert_contains(out, "\nNothing is shown: no run has a loss.\n");
    assert_contains(out, "not begun\n");
    assert_null(strstr(out, "nan"));
    assert_null(strstr(out, "validation loss"));
}

/* Between the last losses of the two seeds of an arm, one of them gets there. */
static void steps_are_marked_where_not_every_run_gets_there(void **state)
{
    Bench *bench = *state;
    static const char note[] = "\n*: the mean of the runs that get there; others do not\n";
    CsvTable table;
    size_t column;
    double loss[2];
    assert_null(strstr(compare(bench, "|--reach|90").out, note));
    assert_true(csv_read(&bench->arena, bench_path(bench, "all/results.csv"), &table, NULL));
    assert_true(csv_column(&table, "val_loss", &column, NULL));
    for (size_t seed = 0; seed < 2; seed++)
        assert_true(csv_real(&table, seed, column, &loss[seed], NULL));
    Outcome outcome =
        compare(bench, bench_text(bench, "|--report|--reach|%.9g", (loss[0] + loss[1]) / 2));
    assert_contains(outcome.out, note);
    assert_contains(outcome.out, " *2 ");
}

static void of_arms_with_other_windows_no_length_is_that_of_training(void **state)
{
    Bench *bench = *state;
    assert_contains(compare(bench, "").out, "; =: training\n");
    Outcome outcome = compare(bench, "|--name|other|--pos|rope|--vary|block_size=4,8");
    assert_contains(outcome.out, "\nLoss by context: ");
    assert_null(strstr(outcome.out, "=: training"));
    assert_null(strstr(outcome.out, "trained on"));
    assert_null(strstr(outcome.out, "=8"));
}

static void what_each_scheme_is_stands_in_lines_that_fit(void **state)
{
    const char *out = compare(*state, "|--pos|none,alibi,rope").out;
    assert_contains(out, "\nnone          no positional embedding\n");
    assert_contains(out,
                    "\nalibi         linear bias by distance: scores fall by 0.5 0.0312 over 8 "
                    "tokens\n");
    assert_true(longest_line(strstr(out, "\nValidation loss")) <= 80);
}

/* --- where --- */

/* Runs `posgpt compare --report` with a shell, without gnuplot, its streams redirected; returns
 * what is in the file. Nothing in the bench's folder has a space in its name. */
static const char *report_into(Bench *bench, const char *file, const char *redirection)
{
    const char *path = bench_path(bench, file);
    char *words = (char *)comparison(bench, "|--report");
    for (char *at = words; *at != '\0'; at++)
        *at = *at == '|' ? ' ' : *at;
    assert_int_equal(
        system(bench_text(bench, "unset NO_COLOR; PATH=/nowhere TERM=xterm '%s' %s >'%s' %s",
                          POSGPT, words, path, redirection)),
        0);
    return bench_read(bench, path);
}

static void both_streams_in_one_file_are_in_order(void **state)
{
    Bench *bench = *state;
    compare(bench, "");
    const char *text = report_into(bench, "both.txt", "2>&1");
    assert_contains(text, "\nLoss by context: ");
    assert_true(is_last_line(text, "the report: "));
}

static void a_file_has_no_colours_where_stderr_is_a_terminal(void **state)
{
    Bench *bench = *state;
    compare(bench, "");
    int near_side = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(near_side >= 0 && grantpt(near_side) == 0 && unlockpt(near_side) == 0);
    const char *terminal = bench_text(bench, "2>'%s'", ptsname(near_side));
    const char *text = report_into(bench, "out.txt", terminal);
    assert_int_equal(close(near_side), 0);
    assert_contains(text, "\nLoss by context: ");
    assert_null(strchr(text, '\033'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_picture_of_other_results_does_not_stay),
        bench_test(before_the_runs_no_number_is_made_up),
        bench_test(steps_are_marked_where_not_every_run_gets_there),
        bench_test(of_arms_with_other_windows_no_length_is_that_of_training),
        bench_test(what_each_scheme_is_stands_in_lines_that_fit),
        bench_test(both_streams_in_one_file_are_in_order),
        bench_test(a_file_has_no_colours_where_stderr_is_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
