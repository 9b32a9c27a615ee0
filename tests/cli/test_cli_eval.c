/* test_cli_eval.c: tests of the program as a whole: the loss of a run at any context length, and on
 * which text. The loss by position is in test_cli_eval_position.c. */
#include "support/runs.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "support/fixtures.h"

#define HEAD                                                                                       \
    "context,training,windows,characters,loss_nats,loss_bits,same_characters,same_nats,same_bits," \
    "refused\n"

#define POSITIONS "context,position,characters,loss_nats\n"

/* --- by context --- */

/* The first six cells: those that speak of windows side by side. */
static void assert_same_windows(const char *a, const char *b)
{
    size_t length = 0;
    for (size_t commas = 0; commas < 6; length++)
        commas += a[length] == ',';
    assert_int_equal(strncmp(a, b, length), 0);
}

/* Of 400 characters. The training length is 8, and there the loss is that of the last evaluation of
 * the training. */
static void a_list_of_contexts_has_the_row_of_each_one_alone(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome all = eval_tiny(bench, "x", "|--csv|--context|16,8,5,399");
    assert_done(all);
    static const char *const rows[] = {"16,8,24,384,", "8,8,49,392,", "5,8,79,395,",
                                       "399,8,1,399,"};
    static const char *const contexts[] = {"16", "8", "5", "399"};
    const char *line = next_line(all.out);
    for (size_t r = 0; r < COUNT_OF(rows); r++, line = next_line(line)) {
        Outcome one = eval_tiny(bench, "x", bench_text(bench, "|--csv|--context|%s", contexts[r]));
        assert_int_equal(strncmp(one.out, HEAD, strlen(HEAD)), 0);
        assert_same_windows(next_line(one.out), line);
        assert_int_equal(strncmp(line, rows[r], strlen(rows[r])), 0);
        assert_true(next_line(line)[-2] == ','); /* no refusal */
        if (r == 1)
            assert_close(cell(line, 4), cell(last_row(bench, "x"), 2), 1e-6);
    }
    assert_string_equal(line, "");
    assert_string_equal(eval_tiny(bench, "x", "|--csv").out,
                        eval_tiny(bench, "x", "|--csv|--context|8").out);
}

static void the_batch_size_changes_no_digit(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome twelve = eval_tiny(bench, "x", "|--csv|--context|8,32"),
            one = eval_tiny(bench, "x", "|--csv|--context|8,32|--batch-size|1");
    assert_done(one);
    assert_string_equal(one.out, twelve.out);
}

static void a_table_says_how_the_lengths_compare_to_training(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome outcome = eval_tiny(bench, "x", "|--context|8,4,12,16");
    assert_done(outcome);
    static const char *const starts[] = {
        "                            windows side by side        the same 387\n",
        "  context  training  windows   characters    nats    bits     nats    bits\n",
        "        8        x1       49          392  ",
        "        4      x0.5       99          396  ",
        "       12      x1.5       33          396  ",
        "       16        x2       24          384  ",
        "\n",
        "Of windows side by side, a longer one"};
    const char *line = outcome.out;
    for (size_t s = 0; s < COUNT_OF(starts); s++, line = next_line(line))
        assert_int_equal(strncmp(line, starts[s], strlen(starts[s])), 0);
    assert_string_equal(outcome.err, "");
    for (line = outcome.out; *line != '\0'; line = next_line(line))
        assert_true(strcspn(line, "\n") <= 80);
}

static void a_single_length_has_nothing_to_be_compared_with(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome outcome = eval_tiny(bench, "x", "|--context|16");
    assert_done(outcome);
    static const char *const starts[] = {
        "  context  training     windows   characters      nats      bits\n",
        "       16        x2          24          384    "};
    assert_int_equal(lines_of(outcome.out), COUNT_OF(starts));
    const char *line = outcome.out;
    for (size_t s = 0; s < COUNT_OF(starts); s++, line = next_line(line))
        assert_int_equal(strncmp(line, starts[s], strlen(starts[s])), 0);
}

/* The four numbers of each row are those of the CSV, to the digits that are shown. */
static void both_pairs_of_columns_are_those_of_the_csv(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    const char *line = next_line(next_line(eval_tiny(bench, "x", "|--context|8,32").out));
    const char *row = next_line(eval_tiny(bench, "x", "|--csv|--context|8,32").out);
    for (size_t r = 0; r < 2; r++, line = next_line(line), row = next_line(row)) {
        double shown[4];
        assert_int_equal(sscanf(line, "%*s %*s %*s %*s %lf %lf %lf %lf", &shown[0], &shown[1],
                                &shown[2], &shown[3]),
                         4);
        static const size_t columns[] = {4, 5, 7, 8};
        for (size_t n = 0; n < 4; n++)
            assert_close(shown[n], cell(row, columns[n]), 0.6e-4);
        assert_true(cell(row, 6) == 400 - (32 - 32 / 4 + 1)); /* all that fit */
    }
}

/* Also where a scheme refuses the longest length. */
static void every_scheme_is_asked_for_the_same_characters(void **state)
{
    Bench *bench = *state;
    static const char *const schemes[] = {"rope", "learned", "none"};
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        train_tiny(bench, bench_text(bench, "x-%s", schemes[s]),
                   bench_text(bench, "|--pos|%s", schemes[s]));
        Outcome outcome = run_posgpt(bench, NULL, "eval|%s/x-%s|--csv|--context|8,64|--threads|1",
                                     bench->folder, schemes[s]);
        assert_done(outcome);
        assert_true(cell(next_line(outcome.out), 6) == 400 - (64 - 64 / 4 + 1));
    }
}

static void a_model_that_sees_both_sides_has_no_targets_to_share(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "|--causal|no");
    Outcome outcome = eval_tiny(bench, "x", "|--csv|--context|8,16");
    assert_done(outcome);
    const char *line = next_line(outcome.out);
    for (size_t r = 0; r < 2; r++, line = next_line(line))
        assert_int_equal(strncmp(strchr(line, '\n') - 11, ",0,nan,nan,", 11), 0);
    outcome = eval_tiny(bench, "x", "|--context|8,16");
    assert_int_equal(lines_of(outcome.out), 3);
    assert_null(strstr(outcome.out, "nan"));
}

static void a_context_that_cannot_be_is_a_row_with_the_reason(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "|--pos|learned");
    const char *const reason = "position 8: pos = learned was made for 8 positions, 0 to 7";
    Outcome outcome = eval_tiny(bench, "x", "|--csv|--context|16,8");
    assert_done(outcome);
    assert_int_equal(lines_of(outcome.out), 3);
    assert_contains(outcome.out,
                    bench_text(bench, HEAD "16,8,0,0,nan,nan,0,nan,nan,\"%s\"\n8,8,49,", reason));
    outcome = eval_tiny(bench, "x", "|--context|4,16");
    assert_done(outcome);
    assert_contains(outcome.out, bench_text(bench, "\n       16        x2    %s\n", reason));
    outcome = eval_tiny(bench, "x", "|--csv|--by-position|--context|16,2");
    assert_done(outcome);
    assert_contains(outcome.out, POSITIONS "16,nan,0,nan\n2,0,199,");
}

/* Nothing else is left of the request then: it was wrong. */
static void contexts_that_are_all_refused_end_with_code_2(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    Outcome outcome = eval_tiny(bench, "x", "|--by-position|--context|400,1000");
    assert_int_equal(outcome.code, 2);
    assert_string_equal(outcome.err, "posgpt: 400 characters are too short for a window of 400\n");
    assert_int_equal(lines_of(outcome.out), 3);
    assert_contains(outcome.out, "1000      x125    400 characters are too short for a window of");
    assert_false(file_exists(file_of(bench, "x", "eval.csv")));
}

static void a_bad_list_is_refused_in_one_line(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    static const struct {
        const char *list, *says;
    } cases[] = {
        {"0", "--context = 0: \"0\": expected a whole number from 1 to 1048576\n"},
        {"8,", "--context = 8,: \"\": expected a whole number from 1 to 1048576\n"},
        {",8", "\"\": expected"},
        {"8,,4", "\"\": expected"},
        {"8;4", "\"8;4\": expected"},
        {"8, 4", "\" 4\": expected"},
        {"-8", "\"-8\": expected"},
        {"8.5", "\"8.5\": expected"},
        {"1048577", "\"1048577\": expected"},
        {"99999999999999999999999999999999999999", "9999...\": expected"},
        {"8,4,8", "--context = 8,4,8: 8 is there twice: expected each length once\n"},
        {"8,08", "8 is there twice"},
        {"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "expected at most 16 lengths\n"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Outcome outcome = eval_tiny(bench, "x", bench_text(bench, "|--context|%s", cases[c].list));
        assert_int_equal(outcome.code, 2);
        assert_contains(outcome.err, cases[c].says);
        assert_int_equal(lines_of(outcome.err), 1);
        assert_string_equal(outcome.out, "");
    }
}

/* --- the text --- */

static void eval_reads_another_text_only_if_it_knows_the_characters(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    const char *known = bench_write(bench, "known.txt", "owl"),
               *unknown = bench_write(bench, "unknown.txt", "wolf wolf wolf z wolf wolf");
    const char *ask =
        bench_text(bench, "eval|%s/x|--threads|1|--split|whole|--data", bench->folder);
    Outcome outcome = run_posgpt(bench, NULL, "%s|%s", ask, unknown);
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "unknown.txt: character 'z'");
    outcome = run_posgpt(bench, NULL, "%s|%s", ask, known);
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "too short for a window of 8");
}

/* The text of the run under its old name, with the same characters in another order. Who names it
 * knows what it holds. */
static void the_text_of_the_run_must_still_be_the_same(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    const char *before = bench_read(bench, bench_path(bench, "words.txt"));
    bench_write(bench, "words.txt", bench_text(bench, "%s%.9s", before + 9, before));
    Outcome outcome = eval_tiny(bench, "x", "");
    assert_int_equal(outcome.code, 2);
    assert_string_equal(outcome.out, "");
    assert_contains(outcome.err, "words.txt: holds another text than the model was trained on: ");
    assert_done(
        eval_tiny(bench, "x", bench_text(bench, "|--data|%s", bench_path(bench, "words.txt"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_list_of_contexts_has_the_row_of_each_one_alone),
        bench_test(the_batch_size_changes_no_digit),
        bench_test(a_table_says_how_the_lengths_compare_to_training),
        bench_test(a_single_length_has_nothing_to_be_compared_with),
        bench_test(both_pairs_of_columns_are_those_of_the_csv),
        bench_test(every_scheme_is_asked_for_the_same_characters),
        bench_test(a_model_that_sees_both_sides_has_no_targets_to_share),
        bench_test(a_context_that_cannot_be_is_a_row_with_the_reason),
        bench_test(contexts_that_are_all_refused_end_with_code_2),
        bench_test(a_bad_list_is_refused_in_one_line),
        bench_test(eval_reads_another_text_only_if_it_knows_the_characters),
        bench_test(the_text_of_the_run_must_still_be_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
