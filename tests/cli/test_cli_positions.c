/* test_cli_positions.c: tests of the program as a whole: a model that was trained at random
 * positions is read at the same ones by each command. */
#include "support/runs.h"

#include <string.h>

#include "support/fixtures.h"

/* Windows of 8 characters, at 8 of 40 positions, and steps so large that a position more or less
 * shows in the loss. */
static void train_x(Bench *bench, const char *more)
{
    assert_done(run_without_gnuplot(
        bench, tiny(bench, bench_text(bench,
                                      "|--name|x|--pos|learned|--random-positions|40|"
                                      "--learning-rate|0.3|--warmup-iters|0%s",
                                      more))));
}

/* As it was at the last step. */
static const char *model_x(Bench *bench)
{
    return file_of(bench, "x", "checkpoint.safetensors");
}

static const char *read_x(Bench *bench, const char *file)
{
    return bench_read(bench, file_of(bench, "x", file));
}

static void eval_finds_the_loss_that_training_saw(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    Outcome outcome =
        run_posgpt(bench, NULL, "eval|%s|--csv|--context|8,40,41|--threads|1", model_x(bench));
    assert_done(outcome);
    const char *row = strchr(outcome.out, '\n') + 1;
    assert_close(cell(row, 4), cell(last_row(bench, "x"), 2), 1e-6);
    assert_contains(outcome.out, "\n40,8,9,360,");
    assert_contains(outcome.out,
                    "\n41,8,0,0,nan,nan,0,nan,nan,41 tokens: random_positions = 40 has "
                    "a place for 40 at most\n");
}

static void by_context_is_what_eval_finds(void **state)
{
    Bench *bench = *state;
    train_x(bench, "|--by-context|yes");
    Outcome outcome = run_posgpt(bench, NULL, "eval|%s|--csv|--context|2,4,8,16,32,64|--threads|1",
                                 model_x(bench));
    assert_done(outcome);
    assert_string_equal(outcome.out, read_x(bench, "contexts.csv"));
}

static void sample_writes_the_text_that_training_wrote(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    Outcome outcome =
        run_posgpt(bench, NULL, "sample|%s|--length|20|--past|crop|--threads|1", model_x(bench));
    assert_done(outcome);
    assert_contains(outcome.out, read_x(bench, "samples.txt"));
    assert_int_equal(strlen(read_x(bench, "samples.txt")), 20);
}

static void the_exam_is_the_one_of_training(void **state)
{
    Bench *bench = *state;
    assert_done(run_posgpt(bench, NULL,
                           "train|--task|kback|--task-max-length|4|--task-test-length|8|--pos|rope|"
                           "--random-positions|30|--n-layer|1|--n-head|1|--n-embd|8|--max-iters|2|"
                           "--threads|1|--out-dir|%s|--name|x",
                           bench->folder));
    Outcome outcome = run_posgpt(bench, NULL, "eval|%s|--csv|--threads|1", model_x(bench));
    assert_done(outcome);
    assert_string_equal(outcome.out, read_x(bench, "exam.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(eval_finds_the_loss_that_training_saw),
        bench_test(by_context_is_what_eval_finds),
        bench_test(sample_writes_the_text_that_training_wrote),
        bench_test(the_exam_is_the_one_of_training),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
