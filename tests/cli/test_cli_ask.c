/* test_cli_ask.c: tests of the program as a whole: what it answers about runs that are there. */
#include "support/runs.h"

#include <string.h>

#include "support/fixtures.h"

static void sample_continues_a_prompt(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    const char *ask = bench_text(bench, "sample|%s/x|--threads|1|--length|30", bench->folder);
    Outcome a = run_posgpt(bench, NULL, "%s|--prompt|the owl", ask);
    assert_int_equal(a.code, 2);
    assert_contains(a.err, "the prompt: character 'h'"); /* no word of the text has one */
    assert_string_equal(a.out, "");
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
    outcome = run_posgpt(bench, NULL, "sample|%s|--length|9|--prompt| fox wolf", ask);
    assert_done(outcome);
    assert_true(strncmp(outcome.out, " fox wolf", 9) == 0);
    outcome = run_posgpt(bench, NULL, "sample|%s|--prompt| fox emu", ask);
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "the prompt: word ' emu' at line 1: not in the vocabulary");
    outcome = run_posgpt(bench, NULL, "eval|%s", ask);
    assert_done(outcome);
    assert_contains(outcome.out, "windows        words      nats      bits\n");
    outcome = run_posgpt(bench, NULL, "eval|%s|--csv", ask);
    assert_contains(outcome.out,
                    "context,training,windows,words,loss_nats,loss_bits,same_words,same_nats,"
                    "same_bits,refused\n8,8,");
    assert_close(cell(strchr(outcome.out, '\n') + 1, 4), cell(last_row(bench, "x"), 2), 1e-6);
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

/* Each is the text of its own seed. */
static void several_texts_differ(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    const char *ask =
        bench_text(bench, "sample|%s/x|--threads|1|--length|30|--prompt|a wolf", bench->folder);
    Outcome first = run_posgpt(bench, NULL, "%s|--seed|7", ask),
            second = run_posgpt(bench, NULL, "%s|--seed|8", ask),
            both = run_posgpt(bench, NULL, "%s|--seed|7|--n|2", ask);
    assert_done(both);
    assert_string_not_equal(first.out, second.out);
    assert_string_equal(both.out, bench_text(bench, "%s---\n%s", first.out, second.out));
}

/* The model was trained on 8 characters. While a text has no more, it is the same in all ways. It
 * is trained until what it has seen, and at which positions, makes a difference. */
static void a_text_longer_than_the_window_slides_crops_or_stops(void **state)
{
    Bench *bench = *state;
    const char *more = "|--name|x|--max-iters|200|--learning-rate|0.02|--pos|sinusoidal|"
                       "--sinusoidal-gain|textbook";
    assert_done(run_without_gnuplot(bench, tiny(bench, more)));
    const char *ask = bench_text(
        bench, "sample|%s/x|--threads|1|--length|400|--temperature|1|--prompt|wolf", bench->folder);
    const char *const ways[] = {"slide", "crop", "slide|--window|500", "crop|--window|500"};
    Outcome outcomes[COUNT_OF(ways)], stopped = run_posgpt(bench, NULL, "%s|--past|stop", ask),
                                      narrow = run_posgpt(bench, NULL, "%s|--window|1", ask);
    assert_done(stopped);
    assert_int_equal(strlen(stopped.out), 8 + 1 + 1);
    for (size_t w = 0; w < COUNT_OF(ways); w++) {
        outcomes[w] = run_posgpt(bench, NULL, "%s|--past|%s", ask, ways[w]);
        assert_done(outcomes[w]);
        assert_int_equal(strlen(outcomes[w].out), 4 + 400 + 1);
        assert_memory_equal(outcomes[w].out, stopped.out, 9);
    }
    assert_string_not_equal(outcomes[0].out, outcomes[1].out);
    assert_string_equal(outcomes[2].out, outcomes[3].out);
    assert_string_not_equal(narrow.out, outcomes[0].out);
}

static void learned_positions_end_and_say_so(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x|--pos|learned")));
    const char *ask =
        bench_text(bench, "sample|%s/x|--threads|1|--length|30|--prompt|wolf", bench->folder);
    Outcome outcome = run_posgpt(bench, NULL, "%s", ask);
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "past = slide (crop and stop need no further positions): position "
                                 "32: pos = learned was made for 8 positions, 0 to 7");
    assert_string_equal(outcome.out, "");
    outcome = run_posgpt(bench, NULL, "%s|--prompt|the", ask);
    assert_contains(outcome.err, "posgpt: the prompt: character 'h'");
    outcome = run_posgpt(bench, NULL, "%s|--past|crop", ask);
    assert_done(outcome);
    assert_int_equal(strlen(outcome.out), 4 + 30 + 1);
    assert_done(run_posgpt(bench, NULL, "%s|--past|stop", ask));
}

static void a_small_share_of_the_odds_leaves_the_likeliest_alone(void **state)
{
    Bench *bench = *state;
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|x")));
    const char *ask =
        bench_text(bench, "sample|%s/x|--threads|1|--length|30|--prompt|wolf", bench->folder);
    Outcome narrow = run_posgpt(bench, NULL, "%s|--top-p|0.001", ask),
            cold = run_posgpt(bench, NULL, "%s|--temperature|0", ask),
            wrong = run_posgpt(bench, NULL, "%s|--top-p|0", ask);
    assert_done(narrow);
    assert_string_equal(narrow.out, cold.out);
    assert_int_equal(wrong.code, 2);
    assert_contains(wrong.err, "--top-p = 0: expected");
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
        bench_test(several_texts_differ),
        bench_test(a_text_longer_than_the_window_slides_crops_or_stops),
        bench_test(learned_positions_end_and_say_so),
        bench_test(a_small_share_of_the_odds_leaves_the_likeliest_alone),
        bench_test(runs_lists_all_and_says_what_differs_between_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
