/* test_cli_after_training.c: tests of the program as a whole: settings that a trained run may be
 * evaluated and sampled with another value of. */
#include "support/runs.h"

#include <string.h>

#include "base/file.h"
#include "support/fixtures.h"

static void train_x(Bench *bench, const char *more)
{
    assert_done(run_without_gnuplot(
        bench,
        tiny(bench, bench_text(bench, "|--name|x|--max-iters|20|--learning-rate|1e-1%s", more))));
}

static Outcome ask_x(Bench *bench, const char *command, const char *more)
{
    return run_without_gnuplot(
        bench, bench_text(bench, "%s|%s/x|--threads|1%s", command, bench->folder, more));
}

/* The loss in windows of the first length. */
static double loss_of(Outcome outcome)
{
    assert_done(outcome);
    return cell(next_line(outcome.out), 4);
}

static void none_is_as_in_training(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    static const char *const asked[] = {"|--csv|--context|8,32", "|--context|8,32",
                                        "|--csv|--by-position|--context|16"};
    for (size_t n = 0; n < COUNT_OF(asked); n++) {
        Outcome plain = ask_x(bench, "eval", asked[n]),
                none = ask_x(bench, "eval", bench_text(bench, "%s|--rope-scaling|none", asked[n]));
        assert_done(none);
        assert_string_equal(none.out, plain.out);
        assert_string_equal(none.err, plain.err);
    }
}

/* In a text as long as those of training no kind but linear, ntk and yarn does anything. */
static void a_loss_is_that_of_the_scaling_asked_for(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    double plain = loss_of(ask_x(bench, "eval", "|--csv|--context|32")),
           by_4 = loss_of(ask_x(bench, "eval", "|--csv|--context|32|--rope-scaling|ntk:4")),
           dynamic = loss_of(ask_x(bench, "eval", "|--csv|--context|32|--rope-scaling|dynamic")),
           yarn = loss_of(ask_x(bench, "eval", "|--csv|--context|32|--rope-scaling|yarn:4"));
    assert_true(plain != by_4 && plain != yarn && yarn != by_4);
    assert_true(dynamic == by_4); /* 32 is 4 times 8 */
    assert_true(loss_of(ask_x(bench, "eval", "|--csv|--rope-scaling|dynamic")) ==
                loss_of(ask_x(bench, "eval", "|--csv")));
}

static void what_is_measured_says_what_it_was_measured_with(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    Outcome outcome =
        ask_x(bench, "eval", "|--csv|--by-position|--context|8,1000|--rope-scaling|ntk:4");
    assert_done(outcome);
    assert_contains(outcome.err, "x/best.safetensors: with rope_scaling = ntk:4, otherwise than in "
                                 "training\n");
    const char *line = bench_read(bench, file_of(bench, "x", "eval.csv"));
    assert_contains(line, ",refused,changed\n8,8,");
    for (line = next_line(line); *line != '\0'; line = next_line(line)) {
        const char *last = next_line(line) - strlen(",rope_scaling = ntk:4\n");
        assert_int_equal(strncmp(last, ",rope_scaling = ntk:4\n", 22), 0);
    }
    assert_contains(outcome.out, "loss_nats,changed\n8,0,49,");
    assert_contains(outcome.out, ",rope_scaling = ntk:4\n1000,nan,0,nan,rope_scaling = ntk:4\n");
    assert_string_equal(bench_read(bench, file_of(bench, "x", "eval-by-position.csv")),
                        outcome.out);
}

static void a_run_that_was_trained_with_one_goes_by_it_until_told_otherwise(void **state)
{
    Bench *bench = *state;
    train_x(bench, "|--rope-scaling|linear:4");
    assert_contains(bench_read(bench, file_of(bench, "x", "config.ini")),
                    "\nrope_scaling = linear:4\n");
    Outcome plain = ask_x(bench, "eval", "|--csv"),
            same = ask_x(bench, "eval", "|--csv|--rope-scaling|linear:4"),
            none = ask_x(bench, "eval", "|--csv|--rope-scaling|none");
    assert_string_equal(same.out, plain.out);
    assert_close(loss_of(plain), cell(last_row(bench, "x"), 2), 1e-6);
    assert_true(loss_of(none) != loss_of(plain));
    assert_contains(none.out, ",rope_scaling = none\n");
    assert_contains(none.err, "with rope_scaling = none, otherwise than in training\n");
}

static void samples_are_written_with_it(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    static const char *const ask = "|--length|60|--window|40|--past|crop";
    Outcome plain = ask_x(bench, "sample", ask),
            scaled = ask_x(bench, "sample", bench_text(bench, "%s|--rope-scaling|linear:8", ask)),
            dynamic = ask_x(bench, "sample", bench_text(bench, "%s|--rope-scaling|dynamic", ask));
    assert_done(plain);
    assert_done(scaled);
    assert_done(dynamic);
    assert_string_not_equal(scaled.out, plain.out);
    assert_int_equal(strlen(dynamic.out), strlen(plain.out));
    assert_int_equal(strncmp(dynamic.out, plain.out, 8), 0); /* as long as in training */
    assert_contains(dynamic.err, "with rope_scaling = dynamic, otherwise than in training\n");
    Outcome slide = ask_x(bench, "sample", "|--rope-scaling|dynamic");
    assert_int_equal(slide.code, 2);
    assert_contains(slide.err, "posgpt: past = slide: pos = rope computes a text of ");
}

static void a_value_without_meaning_is_refused_in_one_line(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    static const char *const values[] = {"yarn", "yarn:0.5", "foo:2", "linear:nan", "dynamic:2"},
                             *const commands[] = {"eval", "sample"};
    for (size_t v = 0; v < COUNT_OF(values); v++)
        for (size_t c = 0; c < COUNT_OF(commands); c++) {
            Outcome outcome =
                ask_x(bench, commands[c], bench_text(bench, "|--rope-scaling|%s", values[v]));
            assert_int_equal(outcome.code, 2);
            assert_string_equal(outcome.out, "");
            assert_string_equal(outcome.err,
                                bench_text(bench,
                                           "posgpt: --rope-scaling = %s: expected none, linear:S, "
                                           "ntk:S, yarn:S with a number S from 1 to 1000, or "
                                           "dynamic\n",
                                           values[v]));
        }
}

/* A scheme without the option, and an option that is decided by training. */
static void what_cannot_change_is_refused(void **state)
{
    Bench *bench = *state;
    train_x(bench, "|--pos|learned");
    Outcome outcome = ask_x(bench, "eval", "|--rope-scaling|ntk:2");
    assert_int_equal(outcome.code, 2);
    assert_string_equal(outcome.err, "posgpt: --rope-scaling: pos = learned has no such option\n");
    outcome = ask_x(bench, "eval", "|--rope-base|100");
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "--rope-base: unknown key \"rope-base\"");
}

static void help_lists_what_may_change(void **state)
{
    static const char *const commands[] = {"eval", "sample", "inspect"};
    for (size_t c = 0; c < COUNT_OF(commands); c++) {
        Outcome outcome = run_posgpt(*state, NULL, "%s|--help", commands[c]);
        assert_done(outcome);
        assert_contains(outcome.out,
                        "If given, in place of what a run was trained with, pos = rope\n"
                        "  --rope-scaling none");
        assert_null(strstr(outcome.out, "--rope-base"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(none_is_as_in_training),
        bench_test(a_loss_is_that_of_the_scaling_asked_for),
        bench_test(what_is_measured_says_what_it_was_measured_with),
        bench_test(a_run_that_was_trained_with_one_goes_by_it_until_told_otherwise),
        bench_test(samples_are_written_with_it),
        bench_test(a_value_without_meaning_is_refused_in_one_line),
        bench_test(what_cannot_change_is_refused),
        bench_test(help_lists_what_may_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
