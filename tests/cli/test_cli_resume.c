/* test_cli_resume.c: tests of the program as a whole: what a command does in a folder where there
 * is a run already. */
#include "support/runs.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

/* How many lines of text start so. */
static size_t count_lines(const char *text, const char *start)
{
    size_t count = 0;
    for (const char *line = text; line[0] != '\0'; line = strchr(line, '\n') + 1)
        count += strncmp(line, start, strlen(start)) == 0;
    return count;
}

static void a_finished_run_is_prolonged_by_a_larger_max_iters(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, "|--name|x|--max-iters|5"));
    assert_done(outcome);
    assert_contains(outcome.err, "goes on after step 2 up to 5; max_iters was 2\n");
    const char *metrics = bench_read(bench, file_of(bench, "x", "metrics.csv"));
    for (size_t step = 0; step <= 5; step++)
        assert_int_equal(count_lines(metrics, bench_text(bench, "%zu,", step)), 1);
    assert_contains(bench_read(bench, file_of(bench, "x", "config.ini")), "\nmax_iters = 5\n");

    outcome = run_without_gnuplot(bench, tiny(bench, "|--name|x|--max-iters|4"));
    assert_int_equal(outcome.code, 2);
    assert_true(is_last_line(outcome.err, "posgpt: --max-iters = 4: "));
    assert_contains(outcome.err, "has 5 steps already: expected more than that, or 5 as before\n");
}

static void a_fresh_run_keeps_the_old_one_under_another_name(void **state)
{
    Bench *bench = *state;
    const char *const words[] = {"|--name|x|--fresh", "|--name|x|--fresh|--seed|2",
                                 "|--name|x|--fresh|--n-layer|2"};
    const char *rows[3];
    for (size_t r = 0; r < 3; r++) {
        Outcome outcome = run_without_gnuplot(bench, tiny(bench, words[r]));
        assert_done(outcome);
        rows[r] = bench_read(bench, file_of(bench, "x", "metrics.csv"));
        const char *line =
            bench_text(bench, "the run that was there is kept in %s/x-old-%zu\n", bench->folder, r);
        assert_int_equal(count_lines(outcome.err, "the run that was there"), r > 0);
        assert_int_equal(count_lines(outcome.err, line), r > 0);
    }
    assert_string_equal(bench_read(bench, file_of(bench, "x-old-1", "metrics.csv")), rows[0]);
    assert_string_equal(bench_read(bench, file_of(bench, "x-old-2", "metrics.csv")), rows[1]);
    assert_done(run_posgpt(bench, NULL, "eval|%s/x-old-1|--threads|1", bench->folder));
}

static void a_sample_that_was_not_written_any_more_is_written(void **state)
{
    Bench *bench = *state;
    Outcome first = run_without_gnuplot(bench, tiny(bench, "|--name|x"));
    assert_done(first);
    const char *path = file_of(bench, "x", "samples.txt"), *sample = bench_read(bench, path);
    assert_int_equal(remove(path), 0);
    Outcome second = run_without_gnuplot(bench, tiny(bench, "|--name|x"));
    assert_done(second);
    assert_contains(second.err, "is finished\n");
    assert_string_equal(second.out, first.out);
    assert_string_equal(bench_read(bench, path), sample);
}

static void two_processes_do_not_train_one_run(void **state)
{
    Bench *bench = *state;
    const char *words = tiny(bench, "|--name|x|--max-iters|100000000|--eval-interval|100000000|"
                                    "--log-interval|100000000");
    Process first = start_posgpt(bench, NULL, words);
    wait_for_file(file_of(bench, "x", "checkpoint.safetensors"), first.id);
    const char *const more[] = {"", "|--fresh"};
    for (size_t m = 0; m < 2; m++) {
        Outcome second = run_posgpt(bench, NULL, "%s%s", words, more[m]);
        const char *line = bench_text(bench,
                                      "posgpt: %s/x: is in use by another process: expected "
                                      "that to end first\n",
                                      bench->folder);
        assert_int_equal(second.code, 1);
        assert_string_equal(second.err, line);
        assert_string_equal(second.out, "");
    }
    kill(first.id, SIGTERM);
    assert_int_equal(finish_posgpt(bench, first).code, 128 + SIGTERM);
    assert_false(folder_exists(bench_path(bench, "x-old-1")));
}

/* The run's folder holds `count` files. */
static void assert_count_of_files(Bench *bench, const char *run, size_t count)
{
    char **names;
    size_t found;
    assert_true(folder_list(&bench->arena, bench_path(bench, run), &names, &found, NULL));
    assert_int_equal(found, count);
}

/* A model takes more than 5,000 bytes, every other file fewer. */
static void a_file_that_may_not_grow_costs_no_checkpoint(void **state)
{
    Bench *bench = *state;
    const Setting limited = {.programs = bench_path(bench, "programs"), .file_limit = 5000};
    const char *words = tiny(bench, "|--name|x|--max-iters|4"), *file = "checkpoint.safetensors";
    FileBytes before;
    Outcome outcome = run_posgpt(bench, &limited, "%s", words);
    assert_int_equal(outcome.code, 1);
    assert_true(is_last_line(outcome.err, "posgpt: "));
    assert_contains(outcome.err, "/best.safetensors: cannot be written: File too large\n");
    assert_count_of_files(bench, "x", 2); /* config.ini and metrics.csv */

    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    assert_true(file_read(&bench->arena, file_of(bench, "x", file), 1 << 20, &before, NULL));
    outcome = run_posgpt(bench, &limited, "%s", words);
    assert_int_equal(outcome.code, 1);
    assert_true(is_last_line(outcome.err, "posgpt: "));
    assert_contains(outcome.err, "cannot be written: File too large; step 2 is kept in ");
    assert_string_equal(outcome.out, "");
    assert_file_is(file_of(bench, "x", file), before.bytes, before.length);
    assert_count_of_files(bench, "x", 6); /* with both models, the sample and the result */

    outcome = run_without_gnuplot(bench, words);
    assert_done(outcome);
    assert_contains(outcome.err, "goes on after step 2 up to 4; max_iters was 2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_finished_run_is_prolonged_by_a_larger_max_iters),
        bench_test(a_fresh_run_keeps_the_old_one_under_another_name),
        bench_test(a_sample_that_was_not_written_any_more_is_written),
        bench_test(two_processes_do_not_train_one_run),
        bench_test(a_file_that_may_not_grow_costs_no_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
