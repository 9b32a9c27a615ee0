/* test_cli_runs.c: tests of the program as a whole: what it does with a run: trains, shows, stops
 * and goes on. Where a picture is not the point, there is no gnuplot. */
#include "support/runs.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "math/real.h"
#include "support/fixtures.h"

#define NO_PICTURE "no picture of the loss: gnuplot is missing (Debian: apt install gnuplot-nox)\n"

/* Does a text speak of a number that is none? The columns of metrics.csv that are empty say nan. */
static bool speaks_of_nan(const char *text)
{
    return strstr(text, "nan") != NULL || strstr(text, "inf") != NULL;
}

/* --- training --- */

/* The names of the schemes as --help lists them: words behind two spaces. */
static size_t listed_schemes(Bench *bench, char names[][32], size_t most)
{
    const char *line = strstr(run_posgpt(bench, NULL, "--help").out, "Positional schemes");
    assert_non_null(line);
    size_t count = 0;
    for (line = strchr(line, '\n') + 1; *line != '\n'; line = strchr(line, '\n') + 1) {
        if (line[2] == ' ')
            continue;
        assert_true(count < most);
        assert_int_equal(sscanf(line, " %31s", names[count++]), 1);
    }
    return count;
}

static void assert_complete(Bench *bench, const char *name, Outcome outcome)
{
    const char *const files[] = {"config.ini",       "metrics.csv", "checkpoint.safetensors",
                                 "best.safetensors", "samples.txt", "result.csv"};
    for (size_t f = 0; f < COUNT_OF(files); f++)
        assert_true(file_exists(file_of(bench, name, files[f])));
    const char *sample = bench_read(bench, file_of(bench, name, "samples.txt"));
    assert_int_equal(strlen(sample), 20);
    assert_string_equal(outcome.out, bench_text(bench, "%s\n", sample));
    assert_contains(outcome.err, NO_PICTURE);
    assert_false(speaks_of_nan(outcome.err));
    assert_false(speaks_of_nan(last_row(bench, name)));
    assert_true(cell(last_row(bench, name), 0) == 2);
}

/* A byte-order mark, line ends of Windows, and characters that only the end of the text has. */
static void a_text_from_anywhere_trains(void **state)
{
    Bench *bench = *state;
    TextBuffer text = {0};
    text_append_format(&text, "\xef\xbb\xbf");
    for (size_t line = 0; line < 40; line++)
        text_append_format(&text, "der fuchs und die maus\r\n");
    text_append_format(&text, "Zähne\r\n");
    const char *path = bench_write(bench, "windows.txt", text.bytes);
    text_buffer_free(&text);
    const char *const says[] = {"line ends CRLF are read as LF\n",
                                "validation has 2 characters that training never sees (2 times): "
                                "'Z' 'ä'\n"};
    Outcome outcome = run_without_gnuplot(
        bench, bench_text(bench, "%s|--data|%s", tiny(bench, "|--name|x"), path));
    assert_done(outcome);
    for (size_t s = 0; s < COUNT_OF(says); s++)
        assert_contains(outcome.err, says[s]);
    assert_false(speaks_of_nan(last_row(bench, "x")));
    assert_true(cell(last_row(bench, "x"), 0) == 2);
}

static void every_scheme_that_help_lists_trains_and_is_evaluated(void **state)
{
    Bench *bench = *state;
    char names[32][32];
    size_t count = listed_schemes(bench, names, COUNT_OF(names));
    assert_true(count >= 7);
    for (size_t n = 0; n < count; n++) {
        const char *name = names[n];
        const char *words = tiny(bench, bench_text(bench, "|--pos|%s|--name|%s", name, name));
        Outcome outcome = run_without_gnuplot(bench, words);
        assert_done(outcome);
        assert_complete(bench, name, outcome);
        const char *run = bench_text(bench, "%s/%s", bench->folder, name);

        /* the last step is the best, so its loss is that of best.safetensors */
        outcome = run_posgpt(bench, NULL, "eval|%s|--csv|--threads|1", run);
        assert_done(outcome);
        assert_contains(outcome.out, "context,training,windows,characters,loss_nats,loss_bits,"
                                     "same_characters,same_nats,same_bits,refused\n"
                                     "8,8,49,392,");
        double loss = cell(strchr(outcome.out, '\n') + 1, 4);
        assert_close(loss, cell(last_row(bench, name), 2), 1e-6);
        assert_close(cell(strchr(outcome.out, '\n') + 1, 5), loss / log(2), 1e-6);

        outcome = run_posgpt(bench, NULL, "eval|%s|--context|16|--threads|1", run);
        bool has_a_table = strcmp(name, "learned") == 0;
        assert_int_equal(outcome.code, has_a_table ? 2 : 0);
        assert_int_equal(strstr(outcome.err, "8 positions") != NULL, has_a_table);
        assert_false(speaks_of_nan(outcome.out));
    }
}

static void a_finished_run_is_shown_and_not_trained_again(void **state)
{
    Bench *bench = *state;
    const char *words = tiny(bench, "|--name|x");
    Outcome first = run_without_gnuplot(bench, words);
    assert_done(first);
    struct stat before, after;
    const char *checkpoint = file_of(bench, "x", "checkpoint.safetensors");
    const char *metrics = bench_read(bench, file_of(bench, "x", "metrics.csv"));
    assert_int_equal(stat(checkpoint, &before), 0);
    Outcome second = run_without_gnuplot(bench, words);
    assert_done(second);
    assert_contains(second.err, "is finished");
    assert_string_equal(second.out, first.out);
    assert_int_equal(stat(checkpoint, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino); /* a new file would be another one */
    assert_string_equal(bench_read(bench, file_of(bench, "x", "metrics.csv")), metrics);
}

static void a_name_that_is_taken_by_another_config_is_refused(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, "|--name|x|--n-layer|2"));
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "n_layer differs");
}

/* The default name tells settings apart by itself. */
static void other_settings_make_another_run(void **state)
{
    Bench *bench = *state;
    const char *const more[] = {"", "|--seed|2", "|--pos|none", "|--learning-rate|0.002"};
    for (size_t m = 0; m < COUNT_OF(more); m++)
        assert_done(run_without_gnuplot(bench, tiny(bench, more[m])));
    const char *list = run_posgpt(bench, NULL, "runs|--csv|--out-dir|%s", bench->folder).out;
    size_t runs = 0;
    for (const char *at = list; (at = strstr(at, "-words-seed")) != NULL; at++)
        runs++;
    assert_int_equal(runs, COUNT_OF(more));
}

static void a_config_file_comes_before_flags(void **state)
{
    Bench *bench = *state;
    const char *path = bench_write(bench, "x.ini", "pos = alibi\nseed = 5\nmin_lr = 1e-5\n");
    const char *more = bench_text(bench, "|--name|x|--seed|6|--config|%s", path);
    assert_done(run_without_gnuplot(bench, tiny(bench, more)));
    const char *config = bench_read(bench, file_of(bench, "x", "config.ini"));
    assert_contains(config, "\npos = alibi\n");
    assert_contains(config, "\nseed = 6\n");
    assert_contains(config, "\nmin_lr = 1e-05\n");

    /* and the config.ini that a run leaves repeats it */
    Outcome again = run_without_gnuplot(
        bench, bench_text(bench, "train|--name|y|--config=%s", file_of(bench, "x", "config.ini")));
    assert_done(again);
    assert_true(cell(last_row(bench, "x"), 1) == cell(last_row(bench, "y"), 1));
    assert_true(cell(last_row(bench, "x"), 2) == cell(last_row(bench, "y"), 2));
}

static void an_option_of_another_scheme_is_said_to_be_idle(void **state)
{
    Bench *bench = *state;
    const char *more = "|--pos|none|--rope-base|500|--t5-gain|3";
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, more));
    assert_done(outcome);
    assert_contains(outcome.err, "--rope-base has no effect: pos = none\n");
    assert_contains(outcome.err, "--t5-gain has no effect: pos = none\n");
    outcome = run_without_gnuplot(bench, tiny(bench, "|--pos|rope|--rope-base|500"));
    assert_null(strstr(outcome.err, "no effect"));
}

static void any_name_of_a_folder_is_a_name(void **state)
{
    Bench *bench = *state;
    const char *const names[] = {"two words", "it's \"quoted\"", "$HOME; `ls`", "caf\xc3\xa9",
                                 "%s%n",      "back\\slash"};
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        Outcome outcome =
            run_without_gnuplot(bench, tiny(bench, bench_text(bench, "|--name|%s", names[n])));
        assert_done(outcome);
        assert_complete(bench, names[n], outcome);
        assert_done(run_posgpt(bench, NULL, "sample|%s/%s|--threads|1", bench->folder, names[n]));
    }
}

static void a_model_that_sees_both_sides_trains_without_a_sample(void **state)
{
    Bench *bench = *state;
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, "|--causal|no|--name|x"));
    assert_done(outcome);
    assert_string_equal(outcome.out, "");
    outcome = run_posgpt(bench, NULL, "sample|%s/x|--threads|1", bench->folder);
    assert_int_equal(outcome.code, 2);
    assert_true(is_last_line(outcome.err, "posgpt: "));
    assert_done(run_posgpt(bench, NULL, "eval|%s/x|--threads|1", bench->folder));
}

/* --- the picture --- */

static void a_picture_is_drawn_in_the_folder_of_the_run(void **state)
{
    Bench *bench = *state;
    make_gnuplot(bench, "#!/bin/sh\nprintf '%s\\n' \"$@\" > loss.png\n");
    const char *name = "it's \"my\" run";
    Outcome outcome =
        run_without_gnuplot(bench, tiny(bench, bench_text(bench, "|--name|%s", name)));
    assert_done(outcome);
    assert_contains(outcome.err, "loss.png\n");
    assert_null(strstr(outcome.err, "no picture"));
    const char *words = bench_read(bench, file_of(bench, name, "loss.png"));
    assert_contains(words, "scripts/loss.gp\n"); /* whole words, whatever is in them */
    assert_contains(words, bench_text(bench, "\n%s\n", name));
}

static void a_picture_that_fails_costs_the_picture_only(void **state)
{
    Bench *bench = *state;
    make_gnuplot(bench, "#!/bin/sh\necho 'many words'\necho 'of despair' >&2\nexit 1\n");
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, "|--name|x"));
    assert_done(outcome);
    assert_contains(outcome.err, "no picture of the loss: gnuplot failed");
    assert_null(strstr(outcome.err, "despair"));
    assert_int_equal(strlen(outcome.out), 20 + 1);
}

/* --- ends --- */

enum { SHORTEST = 3000, LONGEST = 100000 }; /* steps of a run that is to be ended */

/* Ends a run by a signal as soon as it has written its first row, or, if the machine is faster than
 * the test, a longer run. Returns how many steps it had before it. */
static size_t stop_by_signal(Bench *bench, int signal, const char **words)
{
    for (size_t steps = SHORTEST;; steps *= 4) {
        const char *name = bench_text(bench, "%d at %zu", signal, steps);
        *words = tiny(bench, bench_text(bench,
                                        "|--name|%s|--max-iters|%zu|--eval-interval|%zu|"
                                        "--log-interval|%zu",
                                        name, steps, steps, steps / 4));
        Process process = start_posgpt(bench, NULL, *words);
        wait_for_file(file_of(bench, name, "checkpoint.safetensors"), process.id);
        kill(process.id, signal);
        Outcome outcome = finish_posgpt(bench, process);
        if (outcome.code == 0 && steps < LONGEST)
            continue;
        assert_int_equal(outcome.code, 128 + signal);
        size_t stopped = 0;
        const char *line = strstr(outcome.err, "stopped after step ");
        assert_non_null(line);
        assert_int_equal(sscanf(line, "stopped after step %zu; the same command", &stopped), 1);
        assert_string_equal(outcome.out, "");
        assert_true(stopped < steps);
        return stopped;
    }
}

static void a_signal_ends_a_run_which_then_goes_on(void **state)
{
    Bench *bench = *state;
    const int signals[] = {SIGINT, SIGTERM};
    for (size_t s = 0; s < COUNT_OF(signals); s++) {
        const char *words;
        size_t stopped = stop_by_signal(bench, signals[s], &words);
        Outcome outcome = run_posgpt(bench, NULL, "runs|--csv|--out-dir|%s", bench->folder);
        assert_done(outcome);
        assert_contains(outcome.out, bench_text(bench, ",8,8,%zu,", stopped)); /* block_size,step */
        outcome = run_without_gnuplot(bench, words);
        assert_done(outcome);
        if (stopped > 0)
            assert_contains(outcome.err, bench_text(bench, "goes on after step %zu\n", stopped));
        assert_int_equal(strlen(outcome.out), 20 + 1);
    }
}

static void a_run_without_numbers_ends_with_its_last_checkpoint(void **state)
{
    if (sizeof(real) == sizeof(double))
        skip(); /* there a learning rate of 100 is not enough */
    Bench *bench = *state;
    const char *more = "|--name|x|--learning-rate|100|--min-lr|100|--grad-clip|0|--max-iters|500|"
                       "--n-layer|4|--n-embd|64|--eval-interval|500";
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, more));
    assert_int_equal(outcome.code, 1);
    assert_string_equal(outcome.out, "");
    assert_true(is_last_line(outcome.err, "posgpt: step "));
    assert_contains(outcome.err, "at a learning rate of 100: expected numbers");
    assert_contains(outcome.err, bench_text(bench, "step 0 is kept in %s",
                                            file_of(bench, "x", "checkpoint.safetensors")));
    assert_null(strstr(outcome.err, "goes on from there")); /* it would come to the same */
    outcome = run_posgpt(bench, NULL, "eval|%s|--threads|1",
                         file_of(bench, "x", "checkpoint.safetensors"));
    assert_done(outcome);
    assert_false(speaks_of_nan(outcome.out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_text_from_anywhere_trains),
        bench_test(every_scheme_that_help_lists_trains_and_is_evaluated),
        bench_test(a_finished_run_is_shown_and_not_trained_again),
        bench_test(a_name_that_is_taken_by_another_config_is_refused),
        bench_test(other_settings_make_another_run),
        bench_test(a_config_file_comes_before_flags),
        bench_test(an_option_of_another_scheme_is_said_to_be_idle),
        bench_test(any_name_of_a_folder_is_a_name),
        bench_test(a_model_that_sees_both_sides_trains_without_a_sample),
        bench_test(a_picture_is_drawn_in_the_folder_of_the_run),
        bench_test(a_picture_that_fails_costs_the_picture_only),
        bench_test(a_signal_ends_a_run_which_then_goes_on),
        bench_test(a_run_without_numbers_ends_with_its_last_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
