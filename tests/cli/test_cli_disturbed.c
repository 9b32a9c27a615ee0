/* test_cli_disturbed.c: tests of the program as a whole: what happens to a run whose surroundings
 * change while it is at work: its folder, its disk, its config, its text. */
#include "support/faults.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "support/bad_input.h"
#include "support/fixtures.h"

/* --- a run at work --- */

/* It never comes to its end by itself, and writes a checkpoint every 200 steps. */
#define ENDLESS "|--name|x|--max-iters|100000000|--eval-interval|200|--log-interval|200"

/* The run has its first checkpoint. */
static Process start_run(Bench *bench, const char *words)
{
    Process process = start_posgpt(bench, &(Setting){.seconds = BAD_INPUT_SECONDS}, words);
    wait_for_file(file_of(bench, "x", "checkpoint.safetensors"), process.id);
    return process;
}

static void stop_run(Bench *bench, Process process)
{
    kill(process.id, SIGTERM);
    assert_int_equal(finish_posgpt(bench, process).code, 128 + SIGTERM);
}

static void check_refused(Outcome outcome, const char *piece)
{
    assert_int_equal(outcome.code, 2);
    assert_true(is_last_line(outcome.err, "posgpt: "));
    assert_contains(outcome.err, piece);
}

/* --- its folder --- */

static void a_run_whose_folder_disappears_ends_with_an_error(void **state)
{
    Bench *bench = *state;
    Process process = start_run(bench, tiny(bench, ENDLESS));
    assert_int_equal(rename(bench_path(bench, "x"), bench_path(bench, "elsewhere")), 0);
    Outcome outcome = finish_posgpt(bench, process);
    assert_int_equal(outcome.code, 1);
    assert_true(is_last_line(outcome.err, bench_text(bench, "posgpt: %s/x/", bench->folder)));
    assert_contains(outcome.err, ": cannot be written: No such file or directory\n");
    assert_false(folder_exists(bench_path(bench, "x")));
    assert_done(run_posgpt(bench, NULL, "sample|%s/elsewhere|--length|5|--threads|1",
                           bench->folder)); /* what was written is whole */
}

static void a_run_that_is_killed_leaves_no_lock(void **state)
{
    Bench *bench = *state;
    Process process = start_run(bench, tiny(bench, ENDLESS));
    kill(process.id, SIGKILL);
    assert_int_equal(finish_posgpt(bench, process).code, 128 + SIGKILL);
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x|--fresh")));
    assert_true(folder_exists(bench_path(bench, "x-old-1")));
}

/* Whichever of the questions what is there gets no answer, the run is never begun anew. */
static void a_checkpoint_that_cannot_be_looked_at_is_not_written_over(void **state)
{
    Bench *bench = *state;
    only_with_faults();
    make_gnuplot(bench, "#!/bin/sh\nexit 0\n");
    const char *words = tiny(bench, "|--name|x|--max-iters|4");
    size_t calls = 1, failures = 0;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    Tree before = tree_read(&bench->arena, bench_path(bench, "x"));
    for (size_t call = 0; call <= calls; call++) { /* the first is without */
        tree_remove(bench_path(bench, "x"));
        tree_write(&before, bench_path(bench, "x"));
        Faulted faulted = run_with_fault(bench, (Fault){"look", call, false, EIO}, words);
        bool goes_on = strstr(faulted.outcome.err, "goes on after step 2 ") != NULL;
        assert_true(faulted.outcome.code == 1 || (goes_on && faulted.outcome.code == 0));
        calls = call == 0 ? in_report(&faulted, "look") : calls;
        failures += !goes_on;
    }
    assert_true(failures >= 3); /* to lock the folder, to find its checkpoint, and to read it */
}

/* However much of the next checkpoint finds room on the disk. */
static void a_disk_that_fills_up_costs_no_checkpoint(void **state)
{
    Bench *bench = *state;
    only_with_faults();
    make_gnuplot(bench, "#!/bin/sh\nexit 0\n");
    const char *words = tiny(bench, "|--name|x|--max-iters|4"), *model = "checkpoint.safetensors";
    const char *kept = bench_text(bench,
                                  ": cannot be written: No space left on device; step 2 is kept in "
                                  "%s: the same command goes on from there\n",
                                  file_of(bench, "x", model));
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    Tree before = tree_read(&bench->arena, bench_path(bench, "x"));
    size_t calls = 1, losses = 0;
    for (size_t call = 0; call <= calls; call++) { /* the first is without */
        tree_remove(bench_path(bench, "x"));
        tree_write(&before, bench_path(bench, "x"));
        Faulted faulted = run_with_fault(bench, (Fault){"write", call, false, ENOSPC}, words);
        calls = call == 0 ? in_report(&faulted, "write") : calls;
        if (!strstr(faulted.outcome.err, kept))
            continue;
        const TreeFile *was = tree_find(&before, model);
        assert_int_equal(faulted.outcome.code, 1);
        assert_file_is(file_of(bench, "x", model), was->bytes, was->length);
        Outcome next = run_without_gnuplot(bench, words);
        assert_done(next);
        assert_contains(next.err, "goes on after step 2 ");
        losses++;
    }
    assert_true(losses >= 3); /* of a row of metrics.csv, of either model */
}

/* --- where nothing may be written --- */

/* Ends with code 1 and that line, which begins with "posgpt: @/out". */
static bool is_refused_there(Bench *bench, const char *more, const char *message)
{
    Outcome outcome = run_tiny_out(bench, NULL, more);
    const char *line = bench_text(bench, "posgpt: %s/out/%s\n", bench->folder, message);
    bool ok = outcome.code == 1 && is_last_line(outcome.err, line);
    if (!ok)
        print_error("%s: exit code %d, stderr:\n%s", more, outcome.code, outcome.err);
    return ok;
}

/* Root may write everywhere, so a child goes on as nobody, in a folder of its own. */
static int try_read_only(Bench *bench)
{
    const char *out = bench_path(bench, "out"), *run = bench_path(bench, "out/x");
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0 || access(POSGPT, X_OK) != 0))
        return 77; /* nobody cannot reach the program */
    if (run_tiny_out(bench, NULL, "|--name|x").code != 0 || chmod(run, 0555) != 0 ||
        chmod(out, 0555) != 0)
        return 2;
    bool ok = is_refused_there(bench, "|--name|x|--max-iters|4",
                               "x/config.ini: cannot be written: Permission denied");
    ok &= is_refused_there(
        bench, "|--name|x|--fresh",
        bench_text(bench, "x: cannot be renamed to %s-old-1: Permission denied", run));
    ok &= is_refused_there(bench, "|--name|y", "y: cannot be made as a folder: Permission denied");
    ok &= run_posgpt(bench, NULL, "sample|%s|--length|5|--threads|1", run).code == 0;
    return chmod(out, 0755) != 0 || chmod(run, 0755) != 0 || !ok;
}

static void a_folder_that_may_only_be_read_is_named(void **state)
{
    Bench *bench = *state;
    assert_int_equal(chmod(bench->folder, 0777), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(try_read_only(bench));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* --- its config and its text --- */

static void a_run_goes_on_with_the_config_that_it_read(void **state)
{
    Bench *bench = *state;
    const char *usual = "batch_size = 2\n", *file = bench_write(bench, "x.ini", usual);
    const char *words =
        bench_text(bench,
                   "train|--config|%s|--data|%s|--out-dir|%s|--n-layer|1|--n-head|"
                   "2|--n-embd|8|--block-size|8|--warmup-iters|0|--threads|1" ENDLESS,
                   file, bench_corpus(bench), bench->folder);
    Process process = start_run(bench, words);
    bench_write(bench, "x.ini", "batch_size = 3\n");
    stop_run(bench, process);
    assert_contains(bench_read(bench, file_of(bench, "x", "config.ini")), "\nbatch_size = 2\n");
    check_refused(run_posgpt(bench, NULL, "%s", words),
                  "/checkpoint.safetensors: batch_size differs from the run that is there: ");
    bench_write(bench, "x.ini", "batch_size 2\n");
    check_refused(run_posgpt(bench, NULL, "%s", words), "/x.ini:1: ");
    bench_write(bench, "x.ini", usual);
    stop_run(bench, start_run(bench, words));
}

/* The words of the text are looked up at the end. */
static void a_run_goes_on_with_the_text_that_it_read(void **state)
{
    Bench *bench = *state;
    const char *words = tiny(bench, ENDLESS);
    Process process = start_run(bench, words);
    bench_write(bench, "words.txt",
                "another text, which is long enough for two windows of it, or "
                "for three windows, with some more words behind them: owl\n");
    stop_run(bench, process);
    check_refused(run_posgpt(bench, NULL, "%s", words),
                  "/checkpoint.safetensors: was trained on another text than ");
    assert_int_equal(remove(bench_path(bench, "words.txt")), 0);
    check_refused(run_posgpt(bench, NULL, "%s", words), "/words.txt: No such file or directory\n");
    bench_corpus(bench);
    stop_run(bench, start_run(bench, words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_run_whose_folder_disappears_ends_with_an_error),
        bench_test(a_run_that_is_killed_leaves_no_lock),
        bench_test(a_checkpoint_that_cannot_be_looked_at_is_not_written_over),
        bench_test(a_disk_that_fills_up_costs_no_checkpoint),
        bench_test(a_folder_that_may_only_be_read_is_named),
        bench_test(a_run_goes_on_with_the_config_that_it_read),
        bench_test(a_run_goes_on_with_the_text_that_it_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
