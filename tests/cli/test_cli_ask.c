/* test_cli_ask.c: tests of the program as a whole: what it answers about runs that are there. */
#include "support/runs.h"

#include <stdlib.h>
#include <string.h>

#include "support/fixtures.h"

static void sample_continues_a_prompt(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    const char *ask = bench_text(bench, "sample|%s/x|--threads|1|--sample-chars|30", bench->folder);
    Outcome a = run_posgpt(bench, NULL, "%s|--prompt|the owl", ask);
    assert_int_equal(a.code, 2);
    assert_contains(a.err, "the prompt: character 'h'"); /* no word of the text has one */
    a = run_posgpt(bench, NULL, "%s|--prompt|a wolf", ask);
    assert_done(a);
    assert_true(strncmp(a.out, "a wolf", 6) == 0);
    assert_int_equal(strlen(a.out), 6 + 30 + 1);
    Outcome same = run_posgpt(bench, NULL, "%s|--prompt|a wolf", ask),
            other = run_posgpt(bench, NULL, "%s|--prompt|a wolf|--seed|2", ask);
    assert_string_equal(a.out, same.out);
    assert_string_not_equal(a.out, other.out);
}

/* There are eight words, at the start of a line and behind a space, the full stop, the line break,
 * and " gra", where the text is cut. */
static void a_model_of_words_is_trained_asked_and_evaluated(void **state)
{
    Bench *bench = *state;
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, "|--name|x|--tokens|word"));
    assert_done(outcome);
    static const char *const says[] = {" words, 19 different ones",
                                       "x 8 words, learning",
                                       "word/s",
                                       " bits per word, all ",
                                       "who knows how often each word occurs",
                                       "who also sees the word before"};
    for (size_t s = 0; s < COUNT_OF(says); s++)
        assert_contains(outcome.err, says[s]);
    assert_null(strstr(outcome.err, "character"));

    const char *ask = bench_text(bench, "%s/x|--threads|1", bench->folder);
    outcome = run_posgpt(bench, NULL, "sample|%s|--sample-chars|9|--prompt| fox wolf", ask);
    assert_done(outcome);
    assert_true(strncmp(outcome.out, " fox wolf", 9) == 0);
    outcome = run_posgpt(bench, NULL, "sample|%s|--prompt| fox emu", ask);
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "the prompt: word ' emu' at line 1: not in the vocabulary");
    outcome = run_posgpt(bench, NULL, "eval|%s", ask);
    assert_done(outcome);
    assert_contains(outcome.out, " bits per word, over ");
    outcome = run_posgpt(bench, NULL, "eval|%s|--csv", ask);
    assert_contains(outcome.out, "block_size,windows,words,loss_nats,loss_bits\n8,");
    const char *comma = strrchr(outcome.out, ',');
    while (*--comma != ',') {
    }
    assert_close(atof(comma + 1), cell(last_row(bench, "x"), 2), 1e-6);
    const char *other = bench_write(bench, "other.txt", " fox wolf\n emu");
    outcome = run_posgpt(bench, NULL, "eval|%s|--data|%s", ask, other);
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "other.txt: word ' emu' at line 2: not in the vocabulary");
}

static void a_run_on_words_is_another_run_than_one_on_characters(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    Outcome outcome = run_without_gnuplot(bench, tiny(bench, "|--name|x|--tokens|word"));
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "tokens");
}

static void eval_by_position_has_a_row_for_each(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    Outcome outcome =
        run_posgpt(bench, NULL, "eval|%s/x|--by-position|--csv|--threads|1", bench->folder);
    assert_done(outcome);
    const char *row = outcome.out;
    assert_true(strncmp(row, "position,characters,loss_nats\n", 30) == 0);
    double sum = 0;
    for (size_t t = 0; t < 8; t++) {
        row = strchr(row, '\n') + 1;
        assert_true(cell(row, 0) == (double)t && cell(row, 1) == 49);
        sum += cell(row, 2);
    }
    assert_string_equal(strchr(row, '\n') + 1, "");
    assert_close(sum / 8, cell(last_row(bench, "x"), 2), 1e-6);
}

static void eval_reads_another_text_only_if_it_knows_the_characters(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
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

static void runs_lists_all_and_says_what_differs_between_two(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|first")));
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|second|--pos|t5|--seed|3")));
    Outcome list = run_posgpt(bench, NULL, "runs|--out-dir|%s", bench->folder);
    assert_int_equal(list.code, 0);
    assert_contains(list.out, "\nfirst ");
    assert_contains(list.out, "\nsecond ");
    assert_contains(list.out, " 1/2/8/8 ");
    assert_contains(list.out, " 2/2 ");
    list = run_posgpt(bench, NULL, "runs|--csv|--out-dir|%s", bench->folder);
    assert_contains(list.out, "\nfirst,rope,");
    assert_contains(list.out, "\nsecond,t5,");
    assert_contains(list.out, ",3,1,2,8,8,2,2,");

    const char *first = bench_path(bench, "first"), *second = bench_path(bench, "second");
    Outcome two = run_posgpt(bench, NULL, "runs|%s|%s|--csv", first, second);
    assert_done(two);
    const char *const rows[] = {"setting,first,second\n", "\npos,rope,t5\n", "\nseed,1,3\n",
                                "\nrope_base,10000,-\n",  "\nt5_gain,-,8\n", "\nbest_loss,"};
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        assert_contains(two.out, rows[r]);
    assert_null(strstr(two.out, "n_layer"));
    assert_contains(run_posgpt(bench, NULL, "runs|%s|%s", first, second).out, "best val loss");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(sample_continues_a_prompt),
        bench_test(a_model_of_words_is_trained_asked_and_evaluated),
        bench_test(a_run_on_words_is_another_run_than_one_on_characters),
        bench_test(eval_by_position_has_a_row_for_each),
        bench_test(eval_reads_another_text_only_if_it_knows_the_characters),
        bench_test(runs_lists_all_and_says_what_differs_between_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
