/* test_cli_conclude.c: tests of the program as a whole: what a run leaves at its end, and that one
 * that was killed between its last step and its last file is concluded, not trained again. */
#include "support/runs.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "support/fixtures.h"

#define RESULT_HEAD "step,val_loss,train_loss,exact,parameters,position_parameters\n"

static Outcome train_x(Bench *bench, const char *more)
{
    Outcome outcome =
        run_without_gnuplot(bench, tiny(bench, bench_text(bench, "|--name|x%s", more)));
    assert_done(outcome);
    return outcome;
}

static const char *read_x(Bench *bench, const char *file)
{
    return bench_read(bench, file_of(bench, "x", file));
}

static const char *result_row(Bench *bench, const char *run)
{
    const char *text = bench_read(bench, file_of(bench, run, "result.csv"));
    assert_int_equal(strncmp(text, RESULT_HEAD, strlen(RESULT_HEAD)), 0);
    return text + strlen(RESULT_HEAD);
}

/* A file that is written anew is another one. */
static ino_t number_of(Bench *bench, const char *file)
{
    struct stat status;
    assert_int_equal(stat(file_of(bench, "x", file), &status), 0);
    return status.st_ino;
}

static void remove_file(Bench *bench, const char *file)
{
    assert_int_equal(remove(file_of(bench, "x", file)), 0);
}

/* --- the result --- */

/* 22 characters of 8 channels, a block of 12 * 8 * 8 numbers, 3 norms, 8 positions. */
static void a_run_ends_with_its_result_in_one_row(void **state)
{
    Bench *bench = *state;
    Outcome outcome = train_x(bench, "|--pos|learned");
    const char *row = result_row(bench, "x");
    assert_true(strchr(row, '\n') == row + strlen(row) - 1);
    assert_true(cell(row, 0) == 2);
    assert_true(cell(row, 1) == cell(last_row(bench, "x"), 2));
    assert_true(isnan(cell(row, 3)));
    assert_true(cell(row, 4) == 22 * 8 + 12 * 8 * 8 + 3 * 8 + 8 * 8);
    assert_true(cell(row, 5) == 8 * 8);
    assert_contains(outcome.err, bench_text(bench, "  training     %.4f nats on", cell(row, 2)));
}

static void a_result_is_of_the_last_step_of_a_run_that_is_prolonged(void **state)
{
    Bench *bench = *state;
    train_x(bench, "|--by-context|yes");
    const char *result = read_x(bench, "result.csv"), *contexts = read_x(bench, "contexts.csv"),
               *sample = read_x(bench, "samples.txt");
    train_x(bench, "|--by-context|yes|--max-iters|30");
    assert_true(cell(result_row(bench, "x"), 0) == 30);
    assert_true(cell(result_row(bench, "x"), 1) == cell(last_row(bench, "x"), 2));
    assert_string_not_equal(read_x(bench, "contexts.csv"), contexts);
    assert_string_not_equal(read_x(bench, "samples.txt"), sample);

    train_x(bench, "|--by-context|yes|--fresh"); /* the first one again; both are kept */
    assert_string_equal(read_x(bench, "result.csv"), result);
    assert_string_equal(read_x(bench, "contexts.csv"), contexts);
    assert_true(cell(result_row(bench, "x-old-1"), 0) == 30);
}

/* --- the loss by context --- */

static void contexts_are_those_that_eval_finds_in_the_last_model(void **state)
{
    Bench *bench = *state;
    static const char *const more[] = {"", "|--pos|learned", "|--causal|no", "|--tokens|word"};
    for (size_t m = 0; m < COUNT_OF(more); m++) {
        Outcome run = train_x(bench, bench_text(bench,
                                                "|--fresh|--by-context|yes|--max-iters|9|"
                                                "--eval-interval|4|--learning-rate|1%s",
                                                more[m]));
        assert_contains(
            run.err, bench_text(bench, "  by context   %s\n", file_of(bench, "x", "contexts.csv")));
        const char *ask = bench_text(bench, "eval|%s|--csv|--threads|1|--context|2,4,8,16,32,64",
                                     file_of(bench, "x", "checkpoint.safetensors"));
        Outcome contexts = run_posgpt(bench, NULL, "%s", ask),
                positions = run_posgpt(bench, NULL, "%s|--by-position", ask);
        assert_done(contexts);
        assert_string_equal(read_x(bench, "contexts.csv"), contexts.out);
        assert_string_equal(read_x(bench, "contexts-by-position.csv"), positions.out);
    }
}

static void without_being_asked_a_run_has_no_contexts(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    assert_false(file_exists(file_of(bench, "x", "contexts.csv")));
    assert_false(file_exists(file_of(bench, "x", "contexts-by-position.csv")));
}

/* What is there stays. */
static void contexts_that_are_asked_for_later_are_added(void **state)
{
    Bench *bench = *state;
    static const char *const kept[] = {"checkpoint.safetensors",
                                       "best.safetensors",
                                       "config.ini",
                                       "metrics.csv",
                                       "samples.txt",
                                       "result.csv"};
    ino_t numbers[COUNT_OF(kept)];
    Outcome first = train_x(bench, "");
    for (size_t f = 0; f < COUNT_OF(kept); f++)
        numbers[f] = number_of(bench, kept[f]);
    Outcome second = train_x(bench, "|--by-context|yes");
    assert_contains(second.err, "is finished\n");
    assert_string_equal(second.out, first.out);
    assert_contains(read_x(bench, "contexts.csv"), "\n64,8,6,384,");
    ino_t contexts = number_of(bench, "contexts.csv");
    train_x(bench, "|--by-context|yes");
    train_x(bench, "");
    assert_true(number_of(bench, "contexts.csv") == contexts);
    for (size_t f = 0; f < COUNT_OF(kept); f++)
        assert_true(number_of(bench, kept[f]) == numbers[f]);
}

/* --- killed before the end --- */

/* In the order in which they are written. */
static const char *const of_the_end[] = {"samples.txt", "contexts-by-position.csv", "contexts.csv",
                                         "result.csv"};

static void a_run_without_its_last_files_gets_the_same_ones_untrained(void **state)
{
    Bench *bench = *state;
    const char *bytes[COUNT_OF(of_the_end)];
    Outcome whole = train_x(bench, "|--by-context|yes");
    for (size_t f = 0; f < COUNT_OF(of_the_end); f++)
        bytes[f] = read_x(bench, of_the_end[f]);
    ino_t checkpoint = number_of(bench, "checkpoint.safetensors"),
          metrics = number_of(bench, "metrics.csv");
    for (size_t there = 0; there < COUNT_OF(of_the_end); there++) {
        ino_t sample = number_of(bench, "samples.txt");
        for (size_t f = there; f < COUNT_OF(of_the_end); f++)
            remove_file(bench, of_the_end[f]);
        Outcome again = train_x(bench, "|--by-context|yes");
        assert_contains(again.err, "is finished\n");
        assert_string_equal(again.out, whole.out);
        for (size_t f = 0; f < COUNT_OF(of_the_end); f++)
            assert_string_equal(read_x(bench, of_the_end[f]), bytes[f]);
        assert_true(there == 0 || number_of(bench, "samples.txt") == sample);
    }
    assert_true(number_of(bench, "checkpoint.safetensors") == checkpoint);
    assert_true(number_of(bench, "metrics.csv") == metrics);
}

static void a_result_that_is_damaged_or_of_another_step_is_written_anew(void **state)
{
    Bench *bench = *state;
    static const char *const damaged[] = {"", RESULT_HEAD, RESULT_HEAD "2,1,1,nan,5\n",
                                          RESULT_HEAD "1,1,1,nan,5,0\n", "no table\n"};
    train_x(bench, "");
    const char *result = read_x(bench, "result.csv");
    for (size_t d = 0; d < COUNT_OF(damaged); d++) {
        bench_write(bench, "x/result.csv", damaged[d]);
        Outcome again = train_x(bench, "");
        assert_contains(again.err, "is finished\n");
        assert_string_equal(read_x(bench, "result.csv"), result);
    }
}

/* The sample is so long that there is time for the kill. */
static void a_run_that_is_killed_in_its_sample_is_concluded(void **state)
{
    Bench *bench = *state;
    Outcome whole = train_x(bench, "|--fresh");
    const char *result = read_x(bench, "result.csv"), *sample = read_x(bench, "samples.txt");
    Process process = start_posgpt(bench, &(Setting){.programs = bench_path(bench, "programs")},
                                   tiny(bench, "|--name|x|--fresh|--sample-chars|10000000"));
    struct stat status = {0};
    for (size_t wait = 0; status.st_size == 0; wait++) {
        assert_true(wait < 60000);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        if (stat(process.out, &status) != 0)
            status.st_size = 0; /* the process has yet to make it */
    }
    kill(process.id, SIGKILL);
    assert_int_equal(finish_posgpt(bench, process).code, 128 + SIGKILL);
    assert_false(file_exists(file_of(bench, "x", "samples.txt")));
    assert_false(file_exists(file_of(bench, "x", "result.csv")));
    Outcome again = train_x(bench, "");
    assert_contains(again.err, "is finished\n");
    assert_string_equal(again.out, whole.out);
    assert_string_equal(read_x(bench, "samples.txt"), sample);
    assert_string_equal(read_x(bench, "result.csv"), result);
}

static void a_picture_that_is_there_is_not_drawn_again(void **state)
{
    Bench *bench = *state;
    make_gnuplot(bench, "#!/bin/sh\necho drawn >> loss.png\n");
    train_x(bench, "");
    remove_file(bench, "result.csv");
    train_x(bench, "");
    assert_string_equal(read_x(bench, "loss.png"), "drawn\n");
    remove_file(bench, "result.csv");
    remove_file(bench, "loss.png");
    train_x(bench, "");
    assert_string_equal(read_x(bench, "loss.png"), "drawn\n");
}

/* --- a task --- */

static void the_result_of_a_task_says_how_much_is_exact(void **state)
{
    Bench *bench = *state;
    const char *words = bench_text(bench,
                                   "train|--task|who|--n-layer|1|--n-head|2|--n-embd|16|"
                                   "--max-iters|20|--by-context|yes|--out-dir|%s|--name|x",
                                   bench->folder);
    Outcome first = run_without_gnuplot(bench, words);
    assert_done(first);
    const char *result = read_x(bench, "result.csv"), *row = result_row(bench, "x");
    assert_true(cell(row, 0) == 20);
    assert_true(isnan(cell(row, 2)));
    assert_contains(first.err, bench_text(bench, "answer, %.1f %% of sequences all right\n",
                                          100 * cell(row, 3)));
    assert_false(file_exists(file_of(bench, "x", "contexts.csv")));
    assert_contains(first.err, "--by-context has no effect: task = who\n");

    remove_file(bench, "result.csv");
    Outcome second = run_without_gnuplot(bench, words);
    assert_done(second);
    assert_contains(second.err, "is finished\n");
    assert_string_equal(second.out, first.out);
    assert_string_equal(read_x(bench, "result.csv"), result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_run_ends_with_its_result_in_one_row),
        bench_test(a_result_is_of_the_last_step_of_a_run_that_is_prolonged),
        bench_test(contexts_are_those_that_eval_finds_in_the_last_model),
        bench_test(without_being_asked_a_run_has_no_contexts),
        bench_test(contexts_that_are_asked_for_later_are_added),
        bench_test(a_run_without_its_last_files_gets_the_same_ones_untrained),
        bench_test(a_result_that_is_damaged_or_of_another_step_is_written_anew),
        bench_test(a_run_that_is_killed_in_its_sample_is_concluded),
        bench_test(a_picture_that_is_there_is_not_drawn_again),
        bench_test(the_result_of_a_task_says_how_much_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
