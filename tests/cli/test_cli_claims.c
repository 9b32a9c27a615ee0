/* test_cli_claims.c: tests of the program as a whole: posgpt claims, on runs of two steps. They ask
 * for the claim about any length, which draws on one experiment: every scheme on the text. */
#include "support/runs.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "support/fixtures.h"
#include "support/markup.h"

/* The command, with one seed. */
static const char *command(Bench *bench, const char *more)
{
    const char *config = bench_write(bench, "tiny.ini",
                                     "n_layer = 1\nn_head = 2\nn_embd = 8\nblock_size = 8\n"
                                     "batch_size = 2\nmax_iters = 2\nwarmup_iters = 0\n"
                                     "learning_rate = 0.003\nmin_lr = 0.0001\n"
                                     "eval_interval = 2\nsample_chars = 0\n");
    return bench_text(bench,
                      "claims|--claim|any-length|--seeds|1|--threads|2|--config|%s|--data|%s|"
                      "--out-dir|%s%s",
                      config, bench_corpus(bench), bench->folder, more);
}

static Outcome claims(Bench *bench, const char *more)
{
    return run_without_gnuplot(bench, command(bench, more));
}

/* NULL: none. */
static const char *find_page(Bench *bench)
{
    char **names;
    size_t count;
    const char *folder = bench_path(bench, "claims");
    assert_true(folder_list(&bench->arena, folder, &names, &count, NULL));
    for (size_t n = 0; n < count; n++)
        if (strstr(names[n], ".html"))
            return bench_read(bench, bench_text(bench, "%s/%s", folder, names[n]));
    return NULL;
}

static const char *page_of(Bench *bench)
{
    const char *page = find_page(bench);
    assert_non_null(page);
    return page;
}

static void a_claim_gets_its_runs_a_verdict_and_a_page(void **state)
{
    Bench *bench = *state;
    Outcome outcome = claims(bench, "");
    assert_done(outcome);
    assert_contains(outcome.err, "Up to 7 runs, 1 of each.");
    assert_contains(outcome.err, "What will the loss of a model do");
    assert_contains(outcome.err, "rope, seed 101: ");
    assert_contains(outcome.err, "(7 of 7 runs, ");
    assert_contains(outcome.err, ": gnuplot is missing"); /* and nothing else is */
    assert_contains(outcome.err, "the page: ");
    assert_contains(outcome.out, "  Sinusoidal embeddings serve any     ");
    assert_contains(outcome.out, "not shown\n"); /* by one seed, nothing is */
    const char *page = page_of(bench);
    assert_good_page(page);
    assert_contains(page, "--claim");
    assert_contains(page, "was not drawn: gnuplot is missing");
}

/* In the second call nothing is left to run, and nothing to ask. */
static void what_is_there_is_not_made_again(void **state)
{
    Bench *bench = *state;
    Outcome first = claims(bench, "|--csv"), second = claims(bench, "|--csv");
    assert_done(first);
    assert_done(second);
    assert_string_equal(first.out, second.out);
    assert_contains(second.out, "claim,name,view,verdict,condition,deciding\n");
    assert_contains(second.out, ",any-length,all,not shown,,");
    assert_contains(second.err, "7 of 7 runs are there already\n");
    assert_null(strstr(second.err, "What will the loss of a model do"));
}

static void in_full_there_are_three_views(void **state)
{
    Bench *bench = *state;
    Outcome outcome =
        claims(bench, bench_text(bench, "|--full|--csv|--other-data|%s",
                                 bench_write(bench, "other.txt",
                                             bench_text(bench, "%s and more",
                                                        bench_read(bench, bench_corpus(bench))))));
    assert_done(outcome);
    assert_contains(outcome.err, "Up to 28 runs, ");
    assert_contains(outcome.err, "rope on other, seed 101: ");
    assert_contains(outcome.out, ",any-length,at the common learning rate,");
    assert_contains(outcome.out, ",any-length,at each arm's best learning rate,");
    assert_contains(outcome.out, ",any-length,on other,");
    assert_contains(page_of(bench), "claims --full ");
}

/* Each step multiplies the weights by 1 - 100 * 100, beyond all numbers in less than 100 steps. */
static void failed_runs_are_reported_and_the_claim_has_no_answer(void **state)
{
    Bench *bench = *state;
    const char *config =
        bench_write(bench, "wild.ini",
                    "n_layer = 1\nn_head = 2\nn_embd = 8\nblock_size = 8\nbatch_size = 2\n"
                    "max_iters = 100\nwarmup_iters = 0\nlearning_rate = 100\nmin_lr = 100\n"
                    "weight_decay = 100\neval_interval = 100\nsample_chars = 0\n");
    Outcome outcome = claims(bench, bench_text(bench, "|--csv|--config|%s", config));
    assert_int_equal(outcome.code, 1);
    assert_contains(outcome.err, ", seed 101 failed: ");
    assert_contains(outcome.err, "7 of 7 runs failed: expected all to finish");
    assert_contains(outcome.out, ",any-length,all,no answer,\"7 of 7 runs are missing, ");
    assert_contains(page_of(bench), "no answer");
}

static bool has_checkpoint(Bench *bench)
{
    char **names;
    size_t count;
    assert_true(folder_list(&bench->arena, bench->folder, &names, &count, NULL));
    for (size_t n = 0; n < count; n++)
        if (file_exists(file_of(bench, names[n], "checkpoint.safetensors")))
            return true;
    return false;
}

static void a_signal_stops_the_runs_and_nothing_is_concluded(void **state)
{
    Bench *bench = *state;
    const char *config =
        bench_write(bench, "long.ini",
                    "n_layer = 1\nn_head = 2\nn_embd = 8\nblock_size = 8\nbatch_size = 2\n"
                    "max_iters = 100000000\neval_interval = 100000000\nlog_interval = 100000000\n");
    Process process =
        start_posgpt(bench, NULL, command(bench, bench_text(bench, "|--config|%s", config)));
    for (size_t wait = 0; !has_checkpoint(bench); wait++) {
        assert_true(wait < 6000);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    kill(process.id, SIGINT);
    Outcome outcome = finish_posgpt(bench, process);
    assert_int_equal(outcome.code, 128 + SIGINT);
    assert_true(is_last_line(outcome.err, "stopped; the same command goes on from there"));
    assert_string_equal(outcome.out, "");
    assert_null(find_page(bench));
}

static void what_is_no_claim_is_refused(void **state)
{
    Bench *bench = *state;
    static const char *const wrong[] = {"0", "99", "anylength", "-1"};
    for (size_t w = 0; w < COUNT_OF(wrong); w++) {
        Outcome outcome = claims(bench, bench_text(bench, "|--claim|%s", wrong[w]));
        assert_int_equal(outcome.code, 2);
        assert_contains(outcome.err,
                        bench_text(bench, "--claim = %s: expected one of: ", wrong[w]));
        assert_contains(outcome.err, " any-length");
        assert_string_equal(outcome.out, "");
    }
    Outcome outcome = claims(bench, "|--claims|3");
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "did you mean \"claim\"?");
    assert_false(folder_exists(bench_path(bench, "claims")));
}

static void the_claims_are_listed_in_the_help(void **state)
{
    Outcome outcome = run_posgpt(*state, NULL, "claims|--help");
    assert_done(outcome);
    assert_contains(outcome.out, "any-length");
    assert_contains(outcome.out, "--full");
    assert_contains(outcome.out, "--other-data");
    assert_contains(run_posgpt(*state, NULL, "--help").out, "  claims  ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_claim_gets_its_runs_a_verdict_and_a_page),
        bench_test(what_is_there_is_not_made_again),
        bench_test(in_full_there_are_three_views),
        bench_test(failed_runs_are_reported_and_the_claim_has_no_answer),
        bench_test(a_signal_stops_the_runs_and_nothing_is_concluded),
        bench_test(what_is_no_claim_is_refused),
        bench_test(the_claims_are_listed_in_the_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
