/* test_cli_kill.c: a run that is killed again and again, at any moment, and goes on each time, ends
 * with the bytes of the run that was never touched.
 *
 * KILLS in the environment says how often; `make check-long` asks for 200. The runs write a
 * checkpoint every third step, so that many of the moments lie within the writing of a file. */
#include "support/runs.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/random.h"
#include "base/terminal.h"
#include "base/text.h"
#include "support/fixtures.h"
#include "train/safetensors.h"

enum { USUAL_KILLS = 8, LIVES = 5 }; /* about so many kills before a run comes to its end */

static const char *command(Bench *bench, const char *name)
{
    return tiny(bench, bench_text(bench,
                                  "|--name|%s|--n-embd|32|--max-iters|200|--eval-interval|3|"
                                  "--log-interval|2|--dropout|0.2|--gradient-accumulation-steps|2|"
                                  "--by-context|yes",
                                  name));
}

static size_t kills_asked_for(void)
{
    const char *text = getenv("KILLS");
    size_t kills = USUAL_KILLS;
    assert_true(text == NULL || text_to_size(text, &kills));
    return kills;
}

/* --- what is the same --- */

/* The config says the run's name, and the checksum covers the config. */
static bool may_differ(const char *key)
{
    return strcmp(key, "config") == 0 || strcmp(key, "checksum") == 0 ||
           strcmp(key, "elapsed_s") == 0;
}

/* Every tensor, and the texts that say where training stood. */
static void check_same_model(Bench *bench, const char *name, const char *file)
{
    SafeFile a, b;
    assert_true(safetensors_read(&bench->arena, file_of(bench, "whole", file), &a, NULL));
    assert_true(safetensors_read(&bench->arena, file_of(bench, name, file), &b, NULL));
    assert_int_equal(a.n_tensors, b.n_tensors);
    for (size_t t = 0; t < a.n_tensors; t++) {
        assert_string_equal(a.tensors[t].name, b.tensors[t].name);
        assert_int_equal(a.tensors[t].bytes, b.tensors[t].bytes);
        assert_memory_equal(a.tensors[t].data, b.tensors[t].data, a.tensors[t].bytes);
    }
    assert_int_equal(a.n_metadata, b.n_metadata);
    for (size_t m = 0; m < a.n_metadata; m++) {
        const SafeText *text = &a.metadata[m];
        assert_string_equal(text->key, b.metadata[m].key);
        if (!may_differ(text->key))
            assert_string_equal(text->value, b.metadata[m].value);
    }
}

static void check_same_run(Bench *bench, const char *name)
{
    char **whole, **killed;
    size_t n_whole, n_killed;
    check_same_model(bench, name, "checkpoint.safetensors");
    check_same_model(bench, name, "best.safetensors");
    assert_string_equal(rows_without_time(bench, name), rows_without_time(bench, "whole"));
    static const char *const of_the_end[] = {"samples.txt", "contexts.csv",
                                             "contexts-by-position.csv", "result.csv"};
    for (size_t f = 0; f < COUNT_OF(of_the_end); f++)
        assert_string_equal(bench_read(bench, file_of(bench, name, of_the_end[f])),
                            bench_read(bench, file_of(bench, "whole", of_the_end[f])));
    assert_true(folder_list(&bench->arena, bench_path(bench, "whole"), &whole, &n_whole, NULL));
    assert_true(folder_list(&bench->arena, bench_path(bench, name), &killed, &n_killed, NULL));
    assert_int_equal(n_killed, n_whole); /* nothing is left of files that were half written */
}

/* --- kills --- */

static double run_whole(Bench *bench)
{
    double start = clock_seconds();
    assert_done(run_without_gnuplot(bench, command(bench, "whole")));
    return clock_seconds() - start;
}

static bool has_temporary(Bench *bench, const char *name)
{
    char **names;
    size_t count;
    assert_true(folder_list(&bench->arena, bench_path(bench, name), &names, &count, NULL));
    for (size_t n = 0; n < count; n++)
        if (strstr(names[n], ".tmp"))
            return true;
    return false;
}

/* Runs the command and kills it after that time. False if it came to its end before. */
static bool run_and_kill(Bench *bench, const Setting *setting, const char *words, double seconds)
{
    Process process = start_posgpt(bench, setting, words);
    nanosleep(&(struct timespec){(time_t)seconds, (long)(1e9 * fmod(seconds, 1))}, NULL);
    kill(process.id, SIGKILL);
    Outcome outcome = finish_posgpt(bench, process);
    if (outcome.code == 128 + SIGKILL)
        return true;
    assert_done(outcome);
    return false;
}

static void a_run_that_is_killed_at_any_moment_ends_with_the_same_bytes(void **state)
{
    Bench *bench = *state;
    const Setting setting = {.programs = bench_path(bench, "programs")}; /* without gnuplot */
    double longest = run_whole(bench) * 2 / LIVES;
    size_t kills = kills_asked_for(), killed = 0, in_writing = 0, runs = 0, starts = 0;
    while (killed < kills) {
        const char *name = bench_text(bench, "killed %zu", ++runs), *words = command(bench, name);
        while (killed < kills && run_and_kill(bench, &setting, words,
                                              longest * random_uniform(random_seed(1), starts++))) {
            killed++;
            in_writing += has_temporary(bench, name);
        }
        assert_done(run_posgpt(bench, &setting, "%s", words));
        check_same_run(bench, name);
    }
    print_message("%zu kills in %zu runs, %zu of them within the writing of a file\n", killed, runs,
                  in_writing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_run_that_is_killed_at_any_moment_ends_with_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
