/* test_cli_weights.c: tests of the program as a whole: files of weights, of its own and of
 * others. */
#include "support/runs.h"

#include <string.h>
#include <unistd.h>

#include "support/fixtures.h"
#include "train/safetensors.h"

/* Writes the tensors of a run's best.safetensors once more, with all metadata but one text, or
 * without any. */
static const char *written_anew(Bench *bench, const char *run, const char *without)
{
    SafeFile file;
    const char *path = bench_path(bench, "other.safetensors");
    assert_true(
        safetensors_read(&bench->arena, file_of(bench, run, "best.safetensors"), &file, NULL));
    if (without == NULL)
        file.n_metadata = 0;
    for (size_t t = 0; t < file.n_metadata; t++)
        if (strcmp(file.metadata[t].key, without) == 0)
            file.metadata[t] = file.metadata[--file.n_metadata];
    assert_true(safetensors_write(path, &file, NULL));
    return path;
}

static void a_run_starts_from_another_and_goes_on_without_it(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|first")));
    const char *weights = file_of(bench, "first", "best.safetensors"),
               *more = bench_text(bench, "|--name|second|--init-from|%s", weights);
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, more));
    assert_done(outcome);
    assert_contains(outcome.err, bench_text(bench, "starts from the weights in %s\n", weights));
    assert_null(strstr(outcome.err, "as they are"));
    assert_contains(bench_read(bench, file_of(bench, "second", "config.ini")),
                    bench_text(bench, "init_from = %s\n", weights));
    assert_int_equal(unlink(weights), 0);
    outcome = run_without_gnuplot(bench, tiny(bench, more));
    assert_done(outcome);
    assert_contains(outcome.err, "is finished");
}

static void weights_without_metadata_can_be_trained_only(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|first")));
    const char *path = written_anew(bench, "first", NULL);
    const char *const commands[] = {"sample", "eval"};
    for (size_t c = 0; c < COUNT_OF(commands); c++) {
        Outcome asked = run_posgpt(bench, NULL, "%s|%s", commands[c], path);
        assert_int_equal(asked.code, 1);
        assert_string_equal(asked.out, "");
        assert_contains(asked.err, "other.safetensors: metadata \"format\": missing");
        assert_contains(asked.err, "train --init-from takes weights alone\n");
    }
    Outcome outcome = run_without_gnuplot(
        bench, tiny(bench, bench_text(bench, "|--name|second|--init-from|%s", path)));
    assert_done(outcome);
    assert_contains(outcome.err, bench_text(bench,
                                            "%s: no checksum, no vocabulary: its numbers "
                                            "are taken as they are\n",
                                            path));
}

static void a_model_without_checksum_answers_and_says_so(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|first")));
    const char *path = written_anew(bench, "first", "checksum");
    const char *const commands[] = {"sample", "eval"};
    for (size_t c = 0; c < COUNT_OF(commands); c++) {
        Outcome own =
                    run_posgpt(bench, NULL, "%s|%s/first|--threads|1", commands[c], bench->folder),
                other = run_posgpt(bench, NULL, "%s|%s|--threads|1", commands[c], path);
        assert_done(own);
        assert_done(other);
        assert_null(strstr(own.err, "checksum"));
        assert_contains(other.err, bench_text(bench,
                                              "%s: no checksum: its numbers are taken as "
                                              "they are\n",
                                              path));
        assert_string_equal(other.out, own.out);
    }
}

static void weights_that_do_not_fit_leave_no_run_behind(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|first")));
    const char *weights = file_of(bench, "first", "best.safetensors");
    Outcome outcome = run_without_gnuplot(
        bench, tiny(bench, bench_text(bench, "|--name|second|--n-embd|4|--init-from|%s", weights)));
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "best.safetensors: tensor \"transformer.wte.weight\": has shape");
    assert_int_equal(access(bench_path(bench, "second"), F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_run_starts_from_another_and_goes_on_without_it),
        bench_test(weights_without_metadata_can_be_trained_only),
        bench_test(a_model_without_checksum_answers_and_says_so),
        bench_test(weights_that_do_not_fit_leave_no_run_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
