/* test_bad_surroundings.c: tests of the program as a whole: where it is started without what most
 * programs are started with. A run is the same there, to the byte, but for times and its own
 * paths. */
#define _XOPEN_SOURCE 700 /* posix_openpt and its family; includes POSIX.1-2008 */

#include "support/bad_input.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "support/fixtures.h"

/* --- what is the same --- */

static bool is_same_run(Bench *bench, const char *name, const char *usual)
{
    const char *a = bench_text(bench, "out/%s", name), *b = bench_text(bench, "out/%s", usual);
    const char *sample_a = bench_read(bench, file_of(bench, a, "samples.txt")),
               *sample_b = bench_read(bench, file_of(bench, b, "samples.txt"));
    return strcmp(rows_without_time(bench, a), rows_without_time(bench, b)) == 0 &&
           strcmp(sample_a, sample_b) == 0;
}

/* Much is said while the files are open. */
#define MANY_ROWS "|--max-iters|6|--log-interval|1|--eval-interval|6"

/* Trains the run `name` in these surroundings: it ends with that code, and its files are those of
 * the run "usual". */
static bool trains_as_usual(Bench *bench, const char *name, const Setting *setting, int code)
{
    Outcome outcome = run_tiny_out(bench, setting, bench_text(bench, MANY_ROWS "|--name|%s", name));
    bool same = outcome.code == code && is_same_run(bench, name, "usual");
    if (!same)
        print_error("%s: exit code %d, stderr:\n%s", name, outcome.code, outcome.err);
    return same;
}

static void train_usual(Bench *bench)
{
    Outcome outcome = run_tiny_out(bench, NULL, MANY_ROWS "|--name|usual");
    assert_done(outcome);
    assert_int_equal(strlen(outcome.out), 20 + 1);
    assert_int_equal(cell(last_row(bench, "out/usual"), 0), 6);
}

static void the_environment_changes_nothing(void **state)
{
    static const struct {
        const char *what, *environment;
    } rows[] = {
        {"no HOME", "HOME"},
        {"no TERM", "TERM"},
        {"a dumb terminal", "TERM=dumb"},
        {"no columns", "COLUMNS=0"},
        {"fewer columns than none", "COLUMNS=-5"},
        {"more columns than a number", "COLUMNS=99999999999999999999"},
        {"ASCII only", "LC_ALL=C"},
        {"a decimal comma", "LC_ALL=de_DE.UTF-8|LC_NUMERIC=de_DE.UTF-8"},
        {"a locale that is none", "LC_ALL=xx_YY"},
        {"no colour", "NO_COLOR=1"},
        {"no folder for temporary files", "TMPDIR=/none"},
        {"variables of make", "NAME=elsewhere|SEED=7|POS=none|DATA=/none|CONFIG=/none|RUN=x"},
        {"no number of threads", "OMP_NUM_THREADS=0|OMP_STACKSIZE=x"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    only_with_float();
    train_usual(bench);
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        wrong += !trains_as_usual(bench, rows[r].what,
                                  &(Setting){.environment = rows[r].environment}, 0);
    assert_int_equal(wrong, 0);
}

/* A file that is opened takes the place of a stream that is closed. What is said must not go
 * there. */
static void closed_streams_leave_the_files_alone(void **state)
{
    static const struct {
        const char *streams;
        int code;
    } rows[] = {{"0", 0}, {"2", 0}, {"02", 0}, {"1", 1}, {"01", 1}, {"12", 1}, {"012", 1}};
    Bench *bench = *state;
    size_t wrong = 0;
    train_usual(bench);
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        wrong += !trains_as_usual(bench, bench_text(bench, "without %s", rows[r].streams),
                                  &(Setting){.closed = rows[r].streams}, rows[r].code);
    assert_int_equal(wrong, 0);
}

static void stdin_may_be_anything(void **state)
{
    Bench *bench = *state;
    only_with_float();
    train_usual(bench);
    int near_side = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(near_side >= 0 && grantpt(near_side) == 0 && unlockpt(near_side) == 0);
    const char *const paths[] = {ptsname(near_side), "/dev/zero", bench->folder,
                                 bench_path(bench, "words.txt")};
    for (size_t p = 0; p < COUNT_OF(paths); p++)
        assert_true(trains_as_usual(bench, bench_text(bench, "stdin %zu", p),
                                    &(Setting){.stdin_path = paths[p]}, 0));
    close(near_side);
}

/* --- answers that reach nobody --- */

static void an_answer_that_reaches_nobody_is_a_failure(void **state)
{
    static const char *const rows[] = {"--help",
                                       "--version",
                                       "data|describe|@/words.txt",
                                       "runs|--out-dir|@/out",
                                       "inspect|rope|--csv",
                                       "sample|@/out/usual|--length|5",
                                       "eval|@/out/usual|--csv"};
    Bench *bench = *state;
    only_with_float();
    train_usual(bench);
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        const Setting closed = {.closed = "1", .seconds = BAD_INPUT_SECONDS};
        Outcome outcome = run_posgpt(bench, &closed, "%s", with_folder(bench, rows[r]));
        if (outcome.code != 1)
            print_error("%s\n", rows[r]);
        assert_int_equal(outcome.code, 1);
        assert_true(is_last_line(outcome.err, "posgpt: stdout: cannot be written"));
    }
}

/* --- folders that are none --- */

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    static const struct {
        const char *what, *path, *message;
    } rows[] = {
        {"a file", "@/words.txt", "@/words.txt: cannot be made as a folder: File exists"},
        {"in a file", "@/words.txt/x", "@/words.txt: cannot be made as a folder: File exists"},
        {"in a device", "/dev/null/x", "/dev/null: cannot be made as a folder: File exists"},
        {"where a link leads nowhere", "@/link/x", "@/link: cannot be made as a folder: File ex"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    assert_int_equal(symlink("nowhere", bench_path(bench, "link")), 0);
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        wrong += !is_refused(bench, rows[r].what,
                             tiny(bench, bench_text(bench, "|--out-dir|%s", rows[r].path)), 1,
                             (const char *const[MAX_PIECES]){rows[r].message});
    assert_int_equal(wrong, 0);
}

static void a_folder_that_is_missing_is_made(void **state)
{
    Bench *bench = *state;
    const char *more = bench_text(bench, "|--out-dir|%s/a/b/c|--name|x", bench->folder);
    assert_done(run_without_gnuplot(bench, tiny(bench, more)));
    assert_true(file_exists(bench_path(bench, "a/b/c/x/result.csv")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(the_environment_changes_nothing),
        bench_test(closed_streams_leave_the_files_alone),
        bench_test(stdin_may_be_anything),
        bench_test(an_answer_that_reaches_nobody_is_a_failure),
        bench_test(a_folder_that_cannot_be_made_is_named),
        bench_test(a_folder_that_is_missing_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
