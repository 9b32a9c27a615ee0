/* test_cli_compare.c: tests of posgpt compare as a person runs it: tiny runs, four at a time. */
#include "support/runs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/csv.h"
#include "base/file.h"
#include "pos/pos.h"
#include "support/fixtures.h"

/* --- a comparison --- */

/* Two schemes by two seeds, in the folder `place` of the bench's; `more` is "" or starts with a
 * '|'. */
static const char *comparison(Bench *bench, const char *place, const char *more)
{
    return bench_text(bench,
                      "compare|--config=|--data|%s|--out-dir|%s/%s|--name|all|--pos|none,rope|"
                      "--seeds|2|--threads|4|--n-layer|1|--n-head|2|--n-embd|8|--block-size|8|"
                      "--batch-size|2|--max-iters|2|--warmup-iters|0|--eval-interval|2|"
                      "--log-interval|1|--sample-chars|20%s",
                      bench_corpus(bench), bench->folder, place, more);
}

/* The same with runs long enough to be stopped on their way. */
static const char *long_comparison(Bench *bench, const char *place)
{
    return comparison(bench, place, "|--threads|2|--n-embd|32|--max-iters|400|--eval-interval|20");
}

static Outcome compare(Bench *bench, const char *place, const char *more)
{
    return run_without_gnuplot(bench, comparison(bench, place, more));
}

static const char *read_of(Bench *bench, const char *place, const char *file)
{
    return bench_read(bench, bench_text(bench, "%s/%s/all/%s", bench->folder, place, file));
}

static CsvTable table_of(Bench *bench, const char *place, const char *file, size_t n_rows)
{
    CsvTable table;
    Error error;
    const char *path = bench_text(bench, "%s/%s/all/%s", bench->folder, place, file);
    if (!csv_read(&bench->arena, path, &table, &error))
        fail_msg("%s", error.text);
    assert_int_equal(table.n_rows, n_rows);
    return table;
}

static const char *text_at(const CsvTable *table, size_t row, const char *name)
{
    size_t column;
    assert_true(csv_column(table, name, &column, NULL));
    return csv_text(table, row, column);
}

/* results.csv without its columns from `threads` on, which are about time. */
static const char *results_without_time(Bench *bench, const char *place)
{
    TextBuffer text = {0};
    CsvTable table = table_of(bench, place, "results.csv", 4);
    size_t kept;
    assert_true(csv_column(&table, "threads", &kept, NULL));
    for (size_t row = 0; row < table.n_rows; row++)
        for (size_t c = 0; c < kept; c++)
            text_append_format(&text, "%s = %s\n", table.names[c], csv_text(&table, row, c));
    const char *copy = bench_text(bench, "%s", text.bytes);
    text_buffer_free(&text);
    return copy;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

/* The path of a file of a run. */
static const char *file_of_run(Bench *bench, const char *place, size_t row, const char *file)
{
    CsvTable table = table_of(bench, place, "results.csv", 4);
    return bench_text(bench, "%s/%s/%s/%s", bench->folder, place, text_at(&table, row, "run"),
                      file);
}

/* --- what it leaves --- */

static void a_comparison_ends_with_all_runs_and_a_report(void **state)
{
    Bench *bench = *state;
    Outcome outcome = compare(bench, "a", "");
    assert_done(outcome);
    CsvTable table = table_of(bench, "a", "results.csv", 4);
    for (size_t row = 0; row < 4; row++) {
        assert_string_equal(text_at(&table, row, "pos"), row < 2 ? "none" : "rope");
        assert_string_equal(text_at(&table, row, "seed"), row % 2 == 0 ? "1" : "2");
        assert_string_equal(text_at(&table, row, "finished"), "yes");
        const char *run = bench_text(bench, "a/%s", text_at(&table, row, "run"));
        assert_true(atof(text_at(&table, row, "val_loss")) == cell(last_row(bench, run), 2));
        const char *log = bench_text(bench, "logs/%s.log", text_at(&table, row, "run"));
        assert_contains(read_of(bench, "a", log), "validation");
    }
    table_of(bench, "a", "schemes.csv", 2);
    table_of(bench, "a", "pairs.csv", 1);
    assert_contains(read_of(bench, "a", "report.html"), "</html>\n");
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
    CsvTable table = table_of(bench, "a", "results.csv", 4);
    static const char *const files[] = {"result.csv", "contexts.csv", "samples.txt"};
    for (size_t f = 0; f < COUNT_OF(files); f++) {
        const char *path = file_of_run(bench, "a", 3, files[f]);
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
    assert_string_equal(outcome.out, read_of(bench, "a", "results.csv"));
    assert_int_equal(count_lines(outcome.out), 1 + 4);
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
    assert_contains(read_of(bench, "a", "report.html"), "</html>\n");
}

static void one_seed_has_losses_and_no_intervals(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", "|--seeds|1"));
    CsvTable table = table_of(bench, "a", "schemes.csv", 2);
    assert_true(atof(text_at(&table, 0, "val_loss")) > 0);
    assert_string_equal(text_at(&table, 0, "val_loss_low"), "nan");
}

static void pos_all_compares_every_scheme(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", "|--pos|all|--seeds|1"));
    CsvTable table = table_of(bench, "a", "results.csv", pos_scheme_count);
    for (size_t row = 0; row < pos_scheme_count; row++) {
        assert_string_equal(text_at(&table, row, "pos"), pos_names[row]);
        assert_string_equal(text_at(&table, row, "finished"), "yes");
    }
}

static void several_settings_are_varied(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", "|--seeds|1|--vary|rope_base=10,20|--vary|n_layer=1,2"));
    CsvTable table = table_of(bench, "a", "results.csv", 6);
    assert_string_equal(text_at(&table, 1, "name"), "none (n_layer = 2)");
    assert_string_equal(text_at(&table, 5, "name"), "rope (rope_base = 20, n_layer = 2)");
}

/* --- once more --- */

static void what_is_finished_is_not_trained_again(void **state)
{
    Bench *bench = *state;
    ino_t before[4];
    Outcome first = compare(bench, "a", "");
    assert_done(first);
    struct stat status;
    for (size_t row = 0; row < 4; row++) {
        assert_int_equal(stat(file_of_run(bench, "a", row, "metrics.csv"), &status), 0);
        before[row] = status.st_ino; /* a file that is written anew is another one */
    }
    Outcome second = compare(bench, "a", "");
    assert_done(second);
    assert_string_equal(second.out, first.out);
    assert_contains(second.err, "4 of 4 runs are there already\n");
    for (size_t row = 0; row < 4; row++) {
        assert_int_equal(stat(file_of_run(bench, "a", row, "metrics.csv"), &status), 0);
        assert_true(status.st_ino == before[row]);
    }
}

static void a_further_seed_takes_its_runs_alone(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", ""));
    const char *before = results_without_time(bench, "a");
    Outcome more = compare(bench, "a", "|--seeds|3");
    assert_done(more);
    assert_contains(more.err, "4 of 6 runs are there already\n");
    assert_contains(more.err, "none, seed 3: ");
    assert_null(strstr(more.err, "none, seed 1: "));
    assert_done(compare(bench, "a", "|--report"));
    assert_string_equal(results_without_time(bench, "a"), before);
}

/* Waits until the comparison in a place has a run that is well on its way. */
static void wait_for_steps(Bench *bench, const char *place)
{
    for (size_t wait = 0; wait < 3000; wait++) {
        char **names;
        size_t count;
        assert_true(folder_list(&bench->arena, bench_path(bench, place), &names, &count, NULL));
        for (size_t n = 0; n < count; n++) {
            const char *path =
                bench_text(bench, "%s/%s/%s/metrics.csv", bench->folder, place, names[n]);
            FileBytes rows; /* cannot be read while they grow: then the next time */
            if (file_read(&bench->arena, path, 1 << 20, &rows, NULL) && count_lines(rows.bytes) > 3)
                return;
        }
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    fail_msg("%s: no run begins", place);
}

static Outcome start_and_signal(Bench *bench, const char *place, int number)
{
    const Setting setting = {.programs = bench_path(bench, "programs")}; /* without gnuplot */
    assert_true(folder_make(setting.programs, NULL));
    Process process = start_posgpt(bench, &setting, long_comparison(bench, place));
    wait_for_steps(bench, place);
    assert_int_equal(kill(process.id, number), 0);
    return finish_posgpt(bench, process);
}

/* The runs that are at work when their comparison is killed go on by themselves; the next one leaves
 * them to it. */
static void a_comparison_that_is_stopped_comes_to_the_same_results(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, long_comparison(bench, "whole")));
    assert_int_equal(start_and_signal(bench, "killed", SIGKILL).code, 128 + SIGKILL);
    Outcome stopped = start_and_signal(bench, "stopped", SIGTERM);
    assert_int_equal(stopped.code, 128 + SIGTERM);
    assert_true(is_last_line(stopped.err, "stopped; the same command goes on from there"));
    assert_string_equal(stopped.out, "");
    static const char *const places[] = {"killed", "stopped"};
    for (size_t p = 0; p < COUNT_OF(places); p++) {
        assert_string_equal(read_of(bench, places[p], "results.csv"), "");
        assert_done(run_without_gnuplot(bench, long_comparison(bench, places[p])));
        assert_string_equal(results_without_time(bench, places[p]),
                            results_without_time(bench, "whole"));
    }
}

/* A run that was stopped can be gone on with at once: nobody is at work in its folder. */
static void after_a_signal_no_run_is_at_work(void **state)
{
    Bench *bench = *state;
    char **names;
    size_t count;
    int lock;
    assert_int_equal(start_and_signal(bench, "a", SIGTERM).code, 128 + SIGTERM);
    assert_true(folder_list(&bench->arena, bench_path(bench, "a"), &names, &count, NULL));
    assert_true(count > 1);
    for (size_t n = 0; n < count; n++) {
        assert_true(
            folder_lock(bench_text(bench, "%s/a/%s", bench->folder, names[n]), &lock, NULL));
        folder_unlock(lock);
    }
}

/* --- runs that fail --- */

static void a_run_that_fails_is_said_and_the_others_are_made(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", ""));
    const char *result = file_of_run(bench, "a", 1, "result.csv"),
               *checkpoint = file_of_run(bench, "a", 1, "checkpoint.safetensors");
    assert_int_equal(remove(result), 0);
    assert_int_equal(remove(file_of_run(bench, "a", 2, "result.csv")), 0);
    write_test_file(checkpoint, "no model", 8);

    Outcome outcome = compare(bench, "a", "");
    assert_int_equal(outcome.code, 1);
    assert_contains(outcome.err, bench_text(bench, "none, seed 2 failed: %s: ", checkpoint));
    assert_true(is_last_line(outcome.err, "posgpt: 1 of 4 runs failed: "));
    assert_contains(outcome.out, "none, seed 2 has no loss: not finished\n");
    CsvTable table = table_of(bench, "a", "results.csv", 4);
    for (size_t row = 0; row < 4; row++)
        assert_string_equal(text_at(&table, row, "finished"), row == 1 ? "no" : "yes");
    assert_contains(read_of(bench, "a", "report.html"), "</html>\n");

    assert_int_equal(remove(checkpoint), 0); /* so it starts anew */
    assert_done(compare(bench, "a", ""));
    assert_string_equal(text_at(&table, 1, "finished"), "no");
    table = table_of(bench, "a", "results.csv", 4);
    assert_string_equal(text_at(&table, 1, "finished"), "yes");
}

static void a_damaged_result_is_named_where_nothing_is_run(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", ""));
    const char *contexts = file_of_run(bench, "a", 0, "contexts.csv");
    write_test_file(contexts, "x\n", 2);
    Outcome outcome = compare(bench, "a", "|--report");
    assert_done(outcome);
    assert_contains(outcome.out, bench_text(bench, "none, seed 1 has no loss: %s:1: ", contexts));
}

/* --- plan and report --- */

/* Runs a command of the shell in the working directory of the tests. */
static void run_shell(const char *command)
{
    int status = system(command);
    if (status != 0)
        fail_msg("%s: status %d", command, status);
}

/* The plan's commands, in a file of the bench's folder. */
static const char *plan_of(Bench *bench, const char *place)
{
    Outcome plan = compare(bench, place, "|--plan");
    assert_done(plan);
    assert_int_equal(count_lines(plan.out), 4);
    assert_false(folder_exists(bench_path(bench, place)));
    return bench_write(bench, "plan.txt", plan.out);
}

/* After the plan of "b" was carried out: the report is what a comparison that made its runs itself
 * would show. */
static void assert_same_as_whole(Bench *bench)
{
    Outcome report = compare(bench, "b", "|--report");
    assert_done(report);
    assert_done(compare(bench, "whole", ""));
    assert_string_equal(results_without_time(bench, "b"), results_without_time(bench, "whole"));
    Outcome again = compare(bench, "b", "");
    assert_done(again);
    assert_contains(again.err, "4 of 4 runs are there already\n");
    assert_string_equal(report.out, again.out);
    Outcome rest = compare(bench, "b", "|--plan");
    assert_done(rest);
    assert_string_equal(rest.out, ""); /* nothing is left to do */
}

static void a_shell_carries_out_a_plan(void **state)
{
    Bench *bench = *state;
    run_shell(bench_text(bench, "sh -e '%s' >/dev/null 2>&1", plan_of(bench, "b")));
    assert_same_as_whole(bench);
}

static void parallel_carries_out_a_plan(void **state)
{
    Bench *bench = *state;
    if (system("parallel --version 2>/dev/null | grep -q 'GNU parallel'") != 0) {
        print_message("skipped: GNU parallel is not installed\n");
        skip();
    }
    run_shell(
        bench_text(bench, "parallel --will-cite -j 4 <'%s' >/dev/null 2>&1", plan_of(bench, "b")));
    assert_same_as_whole(bench);
}

static void a_report_of_nothing_says_so(void **state)
{
    Bench *bench = *state;
    Outcome outcome = compare(bench, "a", "|--report");
    assert_done(outcome);
    assert_contains(outcome.out, "Nothing is shown: no run has a loss.\n");
    assert_contains(outcome.out, "rope, seed 2 has no loss: not begun\n");
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
        assert_int_equal(count_lines(outcome.err), 1);
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
        bench_test(what_is_finished_is_not_trained_again),
        bench_test(a_further_seed_takes_its_runs_alone),
        bench_test(a_comparison_that_is_stopped_comes_to_the_same_results),
        bench_test(after_a_signal_no_run_is_at_work),
        bench_test(a_run_that_fails_is_said_and_the_others_are_made),
        bench_test(a_damaged_result_is_named_where_nothing_is_run),
        bench_test(a_shell_carries_out_a_plan),
        bench_test(parallel_carries_out_a_plan),
        bench_test(a_report_of_nothing_says_so),
        bench_test(a_wrong_request_is_one_line_and_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
