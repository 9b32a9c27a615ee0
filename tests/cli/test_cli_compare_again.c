/* test_cli_compare_again.c: tests of posgpt compare, run once more: what is finished stays, what
 * was stopped or has failed is made. */
#include "support/compared.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/csv.h"
#include "base/file.h"
#include "support/fixtures.h"

/* --- once more --- */

static void what_is_finished_is_not_trained_again(void **state)
{
    Bench *bench = *state;
    ino_t before[4];
    Outcome first = compare(bench, "a", "");
    assert_done(first);
    struct stat status;
    for (size_t row = 0; row < 4; row++) {
        assert_int_equal(stat(compared_file(bench, "a", row, "metrics.csv"), &status), 0);
        before[row] = status.st_ino; /* a file that is written anew is another one */
    }
    Outcome second = compare(bench, "a", "");
    assert_done(second);
    assert_string_equal(second.out, first.out);
    assert_contains(second.err, "4 of 4 runs are there already\n");
    for (size_t row = 0; row < 4; row++) {
        assert_int_equal(stat(compared_file(bench, "a", row, "metrics.csv"), &status), 0);
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

/* --- after a signal --- */

/* Runs that are long enough to be stopped on their way. */
static const char *long_comparison(Bench *bench, const char *place)
{
    return compare_words(bench, place,
                         "|--threads|2|--n-embd|32|--max-iters|400|--eval-interval|20");
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
            if (file_read(&bench->arena, path, 1 << 20, &rows, NULL) && lines_of(rows.bytes) > 3)
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

/* The runs that are at work when their comparison is killed go on by themselves; the next one
 * leaves them to it. */
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
        assert_string_equal(comparison_read(bench, places[p], "results.csv"), "");
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
    const char *result = compared_file(bench, "a", 1, "result.csv"),
               *checkpoint = compared_file(bench, "a", 1, "checkpoint.safetensors");
    assert_int_equal(remove(result), 0);
    assert_int_equal(remove(compared_file(bench, "a", 2, "result.csv")), 0);
    write_test_file(checkpoint, "no model", 8);

    Outcome outcome = compare(bench, "a", "");
    assert_int_equal(outcome.code, 1);
    assert_contains(outcome.err, bench_text(bench, "none, seed 2 failed: %s: ", checkpoint));
    assert_true(is_last_line(outcome.err, "posgpt: 1 of 4 runs failed: "));
    assert_contains(outcome.out, "none, seed 2 has no loss: not finished\n");
    CsvTable table = comparison_table(bench, "a", "results.csv", 4);
    for (size_t row = 0; row < 4; row++)
        assert_string_equal(text_at(&table, row, "finished"), row == 1 ? "no" : "yes");
    assert_contains(comparison_read(bench, "a", "report.html"), "</html>\n");

    assert_int_equal(remove(checkpoint), 0); /* so it starts anew */
    assert_done(compare(bench, "a", ""));
    assert_string_equal(text_at(&table, 1, "finished"), "no");
    table = comparison_table(bench, "a", "results.csv", 4);
    assert_string_equal(text_at(&table, 1, "finished"), "yes");
}

static void a_damaged_result_is_named_where_nothing_is_run(void **state)
{
    Bench *bench = *state;
    assert_done(compare(bench, "a", ""));
    const char *contexts = compared_file(bench, "a", 0, "contexts.csv");
    write_test_file(contexts, "x\n", 2);
    Outcome outcome = compare(bench, "a", "|--report");
    assert_done(outcome);
    assert_contains(outcome.out, bench_text(bench, "none, seed 1 has no loss: %s:1: ", contexts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(what_is_finished_is_not_trained_again),
        bench_test(a_further_seed_takes_its_runs_alone),
        bench_test(a_comparison_that_is_stopped_comes_to_the_same_results),
        bench_test(after_a_signal_no_run_is_at_work),
        bench_test(a_run_that_fails_is_said_and_the_others_are_made),
        bench_test(a_damaged_result_is_named_where_nothing_is_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
