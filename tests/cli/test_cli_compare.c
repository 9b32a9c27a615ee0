/* test_cli_compare.c: tests of posgpt compare as a person runs it: what it makes and leaves, and
 * requests that are wrong. A second run of it is in test_cli_compare_again.c, what somebody else
 * runs for it in test_cli_compare_plan.c. */
#include "support/compared.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "pos/pos.h"
#include "support/fixtures.h"

/* --- what it leaves --- */

static void a_comparison_ends_with_all_runs_and_a_report(void **state)
{
    Bench *bench = *state;
    Outcome outcome = compare(bench, "a", "");
    assert_done(outcome);
    CsvTable table = comparison_table(bench, "a", "results.csv", 4);
    for (size_t row = 0; row < 4; row++) {
        assert_string_equal(text_at(&table, row, "pos"), row < 2 ? "none" : "rope");
        assert_string_equal(text_at(&table, row, "seed"), row % 2 == 0 ? "1" : "2");
        assert_string_equal(text_at(&table, row, "finished"), "yes");
        const char *run = bench_text(bench, "a/%s", text_at(&table, row, "run"));
        assert_true(atof(text_at(&table, row, "val_loss")) == cell(last_row(bench, run), 2));
        const char *log = bench_text(bench, "logs/%s.log", text_at(&table, row, "run"));
        assert_contains(comparison_read(bench, "a", log), "validation");
    }
    comparison_table(bench, "a", "schemes.csv", 2);
    comparison_table(bench, "a", "pairs.csv", 1);
    assert_contains(comparison_read(bench, "a", "report.html"), "</html>\n");
    assert_contains(outcome.out,
                    "Validation loss at the last step, nats per character, over 2 seed");
    assert_contains(outcome.out, bench_text(bench, "\nnone            %.4f",
                                            atof(text_at(&table, 0, "val_loss")) / 2 +
                                                atof(text_at(&table, 1, "val_loss")) / 2));
    assert_contains(outcome.err, "2 x 2 runs on words: 2 arms, seeds 1 to 2, 2 steps each\n");
    assert_contains(outcome.err, "(4 of 4 runs, ");
    assert_true(is_last_line(outcome.err, "the report: "));
    assert_contains(outcome.err,
                    bench_text(bench, "the report: %s/a/all/report.html\n", bench->folder));
}

static void the_runs_are_those_that_train_makes(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", ""));
    Outcome single = run_without_gnuplot(
        bench, tiny(bench, bench_text(bench, "|--by-context|yes|--pos|rope|--seed|2|--out-dir|%s/b",
                                      bench->folder)));
    assert_done(single);
    CsvTable table = comparison_table(bench, "a", "results.csv", 4);
    static const char *const files[] = {"result.csv", "contexts.csv", "samples.txt"};
    for (size_t f = 0; f < COUNT_OF(files); f++) {
        const char *path = compared_file(bench, "a", 3, files[f]);
        const char *other =
            bench_text(bench, "%s/b/%s/%s", bench->folder, text_at(&table, 3, "run"), files[f]);
        assert_true(file_exists(path));
        assert_string_equal(bench_read(bench, path), bench_read(bench, other));
    }
}

static void csv_is_the_table_of_runs(void **state)
{
    Bench *bench = *state;
    Outcome outcome = compare(bench, "a", "|--csv");
    assert_done(outcome);
    assert_string_equal(outcome.out, comparison_read(bench, "a", "results.csv"));
    assert_int_equal(lines_of(outcome.out), 1 + 4);
}

static void without_gnuplot_the_report_stands_and_one_line_says_so(void **state)
{
    Bench *bench = *state;
    static const char reason[] = ": gnuplot is missing";
    Outcome outcome = compare(bench, "a", "");
    assert_done(outcome);
    const char *found = strstr(outcome.err, reason);
    assert_non_null(found);
    assert_null(strstr(found + 1, reason));
    assert_contains(comparison_read(bench, "a", "report.html"), "</html>\n");
}

static void one_seed_has_losses_and_no_intervals(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", "|--seeds|1"));
    CsvTable table = comparison_table(bench, "a", "schemes.csv", 2);
    assert_true(atof(text_at(&table, 0, "val_loss")) > 0);
    assert_string_equal(text_at(&table, 0, "val_loss_low"), "nan");
}

static void pos_all_compares_every_scheme(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", "|--pos|all|--seeds|1"));
    CsvTable table = comparison_table(bench, "a", "results.csv", pos_scheme_count);
    for (size_t row = 0; row < pos_scheme_count; row++) {
        assert_string_equal(text_at(&table, row, "pos"), pos_names[row]);
        assert_string_equal(text_at(&table, row, "finished"), "yes");
    }
}

static void several_settings_are_varied(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", "|--seeds|1|--vary|rope_base=10,20|--vary|n_layer=1,2"));
    CsvTable table = comparison_table(bench, "a", "results.csv", 6);
    assert_string_equal(text_at(&table, 1, "name"), "none (n_layer = 2)");
    assert_string_equal(text_at(&table, 5, "name"), "rope (rope_base = 20, n_layer = 2)");
}

/* --- wrong requests --- */

static void a_wrong_request_is_one_line_and_2(void **state)
{
    Bench *bench = *state;
    static const struct {
        const char *more, *expected;
    } cases[] = {
        {"|--sedes|3", "--sedes: unknown key"},
        {"|--pos|none,ropy", "--pos = ropy: did you mean \"rope\"?"},
        {"|--vary|n_layers=1,2", "did you mean \"n_layer\"?"},
        {"|--vary|n_layer", "--vary = n_layer: expected setting=value,value,..."},
        {"|--seeds|0", "--seeds = 0: expected a whole number from 1 to 1000"},
        {"|--data|nowhere.txt", "nowhere.txt: No such file or directory"},
        {"|--config|nowhere.ini", "nowhere.ini: No such file or directory"},
        {"|--name|a/b", "name = a/b: "},
        {"|rope", "\"rope\": expected flags only"},
        {"|--plan=yes", "--plan: takes no value"},
        {"|--reach|-1", "--reach = -1: expected a number from 0 to 100"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Outcome outcome = compare(bench, "a", cases[c].more);
        assert_int_equal(outcome.code, 2);
        assert_string_equal(outcome.out, "");
        assert_int_equal(lines_of(outcome.err), 1);
        assert_contains(outcome.err, cases[c].expected);
        assert_false(folder_exists(bench_path(bench, "a")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_comparison_ends_with_all_runs_and_a_report),
        bench_test(the_runs_are_those_that_train_makes),
        bench_test(csv_is_the_table_of_runs),
        bench_test(without_gnuplot_the_report_stands_and_one_line_says_so),
        bench_test(one_seed_has_losses_and_no_intervals),
        bench_test(pos_all_compares_every_scheme),
        bench_test(several_settings_are_varied),
        bench_test(a_wrong_request_is_one_line_and_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
