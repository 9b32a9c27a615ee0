/* test_cli_data.c: tests of posgpt data: texts are generated, and described. */
#include "support/process.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "support/fixtures.h"

static Outcome generate(Bench *bench, const char *grammar, const char *out, const char *more)
{
    Outcome outcome =
        run_posgpt(bench, NULL, "data|generate|--grammar|%s|--out|%s%s", grammar, out, more);
    assert_string_equal(outcome.out, "");
    assert_int_equal(outcome.code, 0);
    return outcome;
}

static Outcome describe(Bench *bench, const char *words)
{
    Outcome outcome = run_posgpt(bench, NULL, "data|describe|%s", words);
    assert_string_equal(outcome.err, "");
    assert_int_equal(outcome.code, 0);
    return outcome;
}

/* Cell number c, from 0, of a line of CSV. */
static double cell(const char *line, size_t c)
{
    for (; c > 0; c--) {
        line = strchr(line, ',');
        assert_non_null(line);
        line++;
    }
    return strtod(line, NULL);
}

static const char *second_line(Outcome outcome)
{
    const char *end = strchr(outcome.out, '\n');
    assert_non_null(end);
    return end + 1;
}

static void a_seed_makes_a_text_of_its_own(void **state)
{
    Bench *bench = *state;
    const char *paths[] = {bench_path(bench, "a.txt"), bench_path(bench, "b.txt"),
                           bench_path(bench, "c.txt")};
    const char *more[] = {"|--chars|2000", "|--chars|3000|--seed|1", "|--chars|2000|--seed=2"};
    const char *texts[3];
    for (size_t n = 0; n < 3; n++) {
        assert_contains(generate(bench, "data/escape.grammar", paths[n], more[n]).err, paths[n]);
        texts[n] = bench_read(bench, paths[n]);
    }
    size_t length = strlen(texts[0]);
    assert_in_range(length, 2000, 2100);
    assert_int_equal(texts[0][length - 1], '\n');
    assert_in_range(strlen(texts[1]), 3000, 3100);
    assert_memory_equal(texts[0], texts[1], length); /* a longer text goes on */
    assert_true(strncmp(texts[0], texts[2], 500) != 0);
}

static void a_generated_text_is_described(void **state)
{
    Bench *bench = *state;
    const char *path = bench_path(bench, "x.txt");
    generate(bench, "data/escape.grammar", path, "|--chars|30000");
    Outcome outcome = describe(bench, bench_text(bench, "%s|--grammar|data/escape.grammar", path));
    const char *const pieces[] = {path,
                                  "28 characters",
                                  "(space) .?TWabcdefghiklmnoprstuwxy\n",
                                  "unigram",
                                  "bigram",
                                  "trigram",
                                  "7826 sentences",
                                  "past",
                                  "window",
                                  "order-blind",
                                  " windows of 64)"};
    for (size_t p = 0; p < COUNT_OF(pieces); p++)
        assert_contains(outcome.out, pieces[p]);

    outcome = describe(bench, bench_text(bench,
                                         "%s|--grammar|data/escape.grammar|--csv|"
                                         "--block-size|100",
                                         path));
    assert_contains(outcome.out,
                    "characters,distinct,unigram_nats,bigram_nats,trigram_nats,block_size,"
                    "questions,past_nats,window_nats,order_blind_nats\n");
    const char *row = second_line(outcome);
    assert_true(cell(row, 0) >= 30000);
    assert_close(cell(row, 1), 28, 0);
    assert_true(cell(row, 2) > cell(row, 3) && cell(row, 3) > cell(row, 4)); /* more is seen */
    assert_close(cell(row, 5), 100, 0);
    assert_close(cell(row, 6), 3000, 0); /* 3,00x characters for validation */
    assert_true(cell(row, 4) > cell(row, 8) && cell(row, 8) > cell(row, 7)); /* more is known */
    assert_true(cell(row, 9) > cell(row, 7) && cell(row, 7) > 0);
}

/* The mean of the losses by position is the loss. */
static void floors_are_shown_by_position(void **state)
{
    Bench *bench = *state;
    const char *path = bench_path(bench, "x.txt");
    generate(bench, "data/escape.grammar", path, "|--chars|20000");
    const char *words =
        bench_text(bench, "%s|--grammar|data/escape.grammar|--block-size|50|--csv", path);
    const char *row = second_line(describe(bench, words));
    Outcome outcome = describe(bench, bench_text(bench, "%s|--by-position", words));
    assert_contains(outcome.out, "position,windows,past_nats,window_nats,order_blind_nats\n0,40,");
    double sums[3] = {0};
    size_t count = 0;
    for (const char *line = second_line(outcome); *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_close(cell(line, 0), count++, 0);
        for (size_t reader = 0; reader < 3; reader++)
            sums[reader] += cell(line, 2 + reader);
    }
    assert_int_equal(count, 50);
    for (size_t reader = 0; reader < 3; reader++)
        assert_close(sums[reader] / 50, cell(row, 7 + reader), 1e-8);
}

/* Each line of `distances` that is not over begins with the word that it will end with. */
static void distances_have_no_order_blind_floor(void **state)
{
    Bench *bench = *state;
    const char *path = bench_path(bench, "x.txt");
    generate(bench, "data/distances.grammar", path, "|--chars|20000");
    const char *text = bench_read(bench, path);
    const size_t lengths[] = {8, 16, 32, 64, 128};
    size_t counts[5] = {0};
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        size_t distance = strcspn(line, "\n") - 3, l = 0;
        while (l < 5 && lengths[l] != distance)
            l++;
        assert_true(l < 5);
        counts[l]++;
        assert_memory_equal(line, line + distance, 3);
    }
    for (size_t l = 0; l < 5; l++)
        assert_true(counts[l] > 20);
    const char *words = bench_text(bench, "%s|--grammar|data/distances.grammar", path);
    assert_contains(describe(bench, words).out,
                    "order-blind: not computed: there are more than a million sentences\n");
    Outcome outcome = describe(bench, bench_text(bench, "%s|--csv", words));
    assert_true(isnan(cell(second_line(outcome), 9)));
}

static void any_text_is_described(void **state)
{
    Bench *bench = *state;
    Outcome outcome = describe(bench, "data/fables.txt");
    assert_contains(outcome.out, "532,739 characters");
    assert_true(strstr(outcome.out, "order-blind") == NULL);
    outcome = describe(bench, "data/fables.txt|--csv");
    assert_contains(outcome.out, "\n532739,63,");
    assert_contains(outcome.out, ",nan,nan,nan,nan,nan\n");
    const char *path = bench_write(bench, "x.txt", "abab\tடட");
    outcome = describe(bench, path);
    assert_contains(outcome.out, "U+0009 abட\n");
}

/* Of 20 characters, 2 are for validation. */
static void what_is_odd_about_a_text_is_said(void **state)
{
    Bench *bench = *state;
    const char *path = bench_write(bench, "x.txt", "ab ab ab\r\nab ab ab ax\r\n");
    const char *text = describe(bench, path).out;
    assert_contains(text, "\nline ends  CRLF, read as LF\n");
    assert_contains(text,
                    "\nunseen     validation has 1 character that training never sees (1 time): "
                    "'x'\n");
    text = describe(bench, bench_write(bench, "y.txt", "ab ab ab\nab ab ab ab\n")).out;
    assert_null(strstr(text, "line ends"));
    assert_null(strstr(text, "unseen"));
}

static void without_out_the_text_goes_to_the_build_folder(void **state)
{
    Bench *bench = *state;
    const char *name = strrchr(bench->folder, '/') + 1;
    const char *grammar =
        bench_write(bench, bench_text(bench, "%s.grammar", name), "sentence = \"a\" | \"b\"\n");
    Outcome outcome = run_posgpt(bench, NULL, "data|generate|--grammar|%s|--chars|9", grammar);
    assert_int_equal(outcome.code, 0);
    const char *path = bench_text(bench, "build/corpora/%s.txt", name);
    assert_contains(outcome.err, path);
    assert_int_equal(strlen(bench_read(bench, path)), 9);
    assert_int_equal(remove(path), 0);
}

/* Else the grammar would be gone, and its text stand in its place. */
static void a_text_does_not_take_the_place_of_a_grammar(void **state)
{
    Bench *bench = *state;
    const char rules[] = "sentence = \"a\" | \"b\"\n";
    const char *grammar = bench_write(bench, "x.grammar", rules);
    Outcome outcome =
        run_posgpt(bench, NULL, "data|generate|--grammar|%s|--out|%s", grammar, grammar);
    assert_contains(outcome.err, "x.grammar: expected the name of a text, not of a grammar");
    assert_int_equal(outcome.code, 2);
    assert_string_equal(bench_read(bench, grammar), rules);
}

static void wrong_requests_are_refused(void **state)
{
    Bench *bench = *state;
    const char *bad = bench_write(bench, "bad.grammar", "sentence = \"a\"\n  | nuon\n");
    const char *text = bench_write(bench, "x.txt", "The man saw the moon and the sun.\n");
    const struct {
        const char *words, *first, *second;
    } cases[] = {
        {"data", "expected `generate`, or `describe` and a text file", ""},
        {"data|make", "\"make\": expected `generate`, or `describe`", ""},
        {"data|describe", "expected `generate`, or `describe` and a text file", ""},
        {"data|generate|x", "\"x\": expected `generate`", ""},
        {"data|generate", "--grammar: expected the file of a grammar", ""},
        {"data|generate|--csv", "--csv, --by-position: expected with `describe` only", ""},
        {"data|generate|--chars|0", "--chars = 0: expected a whole number from 1", ""},
        {"data|generate|--block-size|4", "--block-size: unknown key \"block-size\"", ""},
        {"data|describe|data/fables.txt|--by-position", "--by-position: expected --grammar", ""},
        {"data|describe|no such text", "no such text: No such file", ""},
        {bench_text(bench, "data|generate|--grammar|%s|--out|%s/y", bad, bench->folder), bad,
         ":2: unknown name \"nuon\""},
        {bench_text(bench, "data|describe|%s|--grammar|data/escape.grammar|--block-size|2", text),
         text, ":1:19: 'o': the grammar does not allow it here: expected 'u'\n"},
        {bench_text(bench, "data|describe|%s|--grammar|data/escape.grammar", text), text,
         "expected more than block_size = 64"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Outcome outcome = run_posgpt(bench, NULL, "%s", cases[c].words);
        assert_contains(outcome.err, cases[c].first);
        assert_contains(outcome.err, cases[c].second);
        assert_true(is_last_line(outcome.err, "posgpt: "));
        assert_string_equal(outcome.out, "");
        assert_int_equal(outcome.code, 2);
    }
}

static void help_lists_both_actions(void **state)
{
    Outcome outcome = run_posgpt(*state, NULL, "data|--help");
    const char *const pieces[] = {"posgpt data generate",      "--chars 400000",  "--seed 1",
                                  "posgpt data describe FILE", "--block-size 64", "--by-position"};
    for (size_t p = 0; p < COUNT_OF(pieces); p++)
        assert_contains(outcome.out, pieces[p]);
    assert_int_equal(outcome.code, 0);
    for (const char *line = outcome.out; *line != '\0'; line += strcspn(line, "\n") + 1)
        assert_in_range(strcspn(line, "\n"), 0, 79);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_seed_makes_a_text_of_its_own),
        bench_test(a_generated_text_is_described),
        bench_test(floors_are_shown_by_position),
        bench_test(distances_have_no_order_blind_floor),
        bench_test(any_text_is_described),
        bench_test(what_is_odd_about_a_text_is_said),
        bench_test(without_out_the_text_goes_to_the_build_folder),
        bench_test(a_text_does_not_take_the_place_of_a_grammar),
        bench_test(wrong_requests_are_refused),
        bench_test(help_lists_both_actions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
