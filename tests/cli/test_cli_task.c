/* test_cli_task.c: tests of runs on tasks, and on texts whose grammar is known. */
#include "support/runs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fixtures.h"

/* A run of two steps of a small model, into the bench's folder. */
static Outcome train_small(Bench *bench, const char *name, const char *more)
{
    return run_without_gnuplot(
        bench, bench_text(bench,
                          "train|--n-layer|1|--n-head|2|--n-embd|16|--batch-size|4|--max-iters|2|"
                          "--sample-chars|40|--out-dir|%s|--name|%s%s",
                          bench->folder, name, more));
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static void a_task_is_trained_examined_and_kept(void **state)
{
    Bench *bench = *state;
    const char *const names[] = {"kback", "copy", "nth", "induction", "sort", "who"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Outcome outcome = train_small(bench, names[i], bench_text(bench, "|--task|%s", names[i]));
        assert_done(outcome);
        assert_contains(outcome.err, bench_text(bench, "task         %s: ", names[i]));
        assert_contains(outcome.out, "exact match");
        assert_contains(outcome.out, "(it knows which symbols there are, but not their order)\n");
        const char *exam = bench_read(bench, file_of(bench, names[i], "exam.csv"));
        assert_contains(exam, "length,tokens,trained,sequences,loss,exact_match\n");
        /* The answers of eval are those of train. */
        Outcome again = run_posgpt(bench, NULL, "eval|%s|--csv",
                                   file_of(bench, names[i], "checkpoint.safetensors"));
        assert_done(again);
        assert_string_equal(again.out, exam);
    }
    assert_int_equal(count_lines(bench_read(bench, file_of(bench, "who", "exam.csv"))), 2);
}

static void a_task_without_order_is_half_right_exactly(void **state)
{
    Bench *bench = *state;
    assert_done(train_small(bench, "bag", "|--task|who|--pos|none|--causal|no"));
    const char *exam = bench_read(bench, file_of(bench, "bag", "exam.csv"));
    const char *last = strrchr(exam, ',');
    assert_non_null(last);
    double exact = strtod(last + 1, NULL);
    assert_true(exact >= 0 && exact <= 0.5); /* one of two twins, or neither */
}

static void a_length_without_positions_is_a_row_that_says_so(void **state)
{
    Bench *bench = *state;
    assert_done(train_small(bench, "short", "|--task|kback|--pos|learned|--learned-length|20"));
    const char *exam = bench_read(bench, file_of(bench, "short", "exam.csv"));
    assert_contains(exam, "\n20,20,yes,");
    assert_contains(exam, "\n40,40,no,0,nan,nan\n");
}

static void a_finished_task_is_examined_again(void **state)
{
    Bench *bench = *state;
    Outcome first = train_small(bench, "twice", "|--task|nth");
    assert_done(first);
    Outcome second = train_small(bench, "twice", "|--task|nth");
    assert_done(second);
    assert_contains(second.err, "is finished");
    assert_string_equal(second.out, first.out);
}

static void what_makes_no_task_is_refused_by_its_key(void **state)
{
    Bench *bench = *state;
    const struct {
        const char *more, *message;
    } cases[] = {
        {"|--task|who|--batch-size|3", "posgpt: --batch-size = 3: expected an even number"},
        {"|--task|kback|--block-size|8", "posgpt: --block-size = 8: task = kback takes 20"},
        {"|--task|copi", "did you mean \"copy\"?"},
        {"|--task|induction|--task-symbols|10", "posgpt: --task-symbols = 10: expected at least"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Outcome outcome = train_small(bench, "no", cases[i].more);
        assert_int_equal(outcome.code, 2);
        assert_contains(outcome.err, cases[i].message);
        assert_int_equal(count_lines(outcome.err), 1);
    }
    assert_done(train_small(bench, "task", "|--task|sort"));
    Outcome outcome = run_posgpt(bench, NULL, "eval|%s|--data|data/fables.txt",
                                 file_of(bench, "task", "checkpoint.safetensors"));
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "expected no text");
    outcome = run_posgpt(bench, NULL, "eval|%s|--context|64",
                         file_of(bench, "task", "checkpoint.safetensors"));
    assert_int_equal(outcome.code, 2);
    assert_contains(outcome.err, "--context, --by-position: the model has learned task = sort");
}

/* Of a text it is said how many of its words the corpus has. A task has no corpus, and the words of
 * a grammar's file are not those of its language. */
static void samples_of_no_corpus_are_not_held_against_one(void **state)
{
    Bench *bench = *state;
    const char *grammar = bench_write(bench, "cats.grammar", "sentence = \"cat\" | \"cow \"\n");
    const char *text = bench_path(bench, "text.txt");
    assert_done(run_posgpt(bench, NULL, "data|generate|--grammar|%s|--out|%s", grammar, text));
    assert_int_equal(remove(bench_path(bench, "text.grammar")), 0);
    const char *const more[] = {bench_text(bench, "|--data|%s|--task|who", text),
                                bench_text(bench, "|--data|%s|--block-size|8", grammar),
                                bench_text(bench, "|--data|%s|--block-size|8", text)};
    for (size_t i = 0; i < COUNT_OF(more); i++) {
        const char *name = bench_text(bench, "s%zu", i);
        assert_done(train_small(bench, name, more[i]));
        Outcome sample = run_posgpt(bench, NULL, "sample|%s|--length|400",
                                    file_of(bench, name, "best.safetensors"));
        assert_done(sample);
        assert_int_equal(strstr(sample.err, "readable") != NULL, i == 2);
    }
}

static void an_option_of_a_task_without_one_has_no_effect_and_says_so(void **state)
{
    Bench *bench = *state;
    const char *corpus = bench_corpus(bench);
    Outcome outcome = train_small(
        bench, "idle", bench_text(bench, "|--data|%s|--block-size|8|--task-k|2", corpus));
    assert_done(outcome);
    assert_contains(outcome.err, "--task-k has no effect: task = none");
    assert_null(strstr(outcome.err, "--data has no effect"));
}

static void an_option_of_a_text_beside_a_task_has_no_effect_and_says_so(void **state)
{
    Outcome outcome = train_small(*state, "idle", "|--task|sort|--data|no such file|--tokens|word");
    assert_done(outcome);
    assert_contains(outcome.err, "--data has no effect: task = sort");
    assert_contains(outcome.err, "--tokens has no effect: task = sort");
}

/* --- texts whose grammar is known --- */

/* The number behind a label on stderr. */
static double number_behind(const char *text, const char *label)
{
    const char *at = strstr(text, label);
    assert_non_null(at);
    return strtod(at + strlen(label), NULL);
}

/* The text that is made for a run is the one that `data generate` writes, so the floor is too. */
static void a_run_on_a_grammar_shows_its_floor_and_the_gap(void **state)
{
    Bench *bench = *state;
    const char *grammar =
        bench_write(bench, "tiny.grammar", "sentence = \"ab\" | \"ba\" | \"c\"\n");
    Outcome run = train_small(bench, "g", bench_text(bench, "|--block-size|8|--data|%s", grammar));
    assert_done(run);
    double loss = number_behind(run.err, "validation   "),
           floor = number_behind(run.err, "the floor    ");
    assert_close(number_behind(run.err, "the gap      "), loss - floor, 1.1e-4);
    assert_true(floor > 0.3 && floor < loss);

    const char *const texts[] = {"other.txt", "no_ending"};
    for (size_t t = 0; t < COUNT_OF(texts); t++) {
        const char *text = bench_path(bench, texts[t]);
        assert_done(run_posgpt(bench, NULL, "data|generate|--grammar|%s|--out|%s", grammar, text));
        const char *more = bench_text(bench, "|--block-size|8|--data|%s", text);
        Outcome on_text = train_small(bench, bench_text(bench, "t%zu", t), more);
        assert_done(on_text); /* its grammar stands beside it */
        assert_close(number_behind(on_text.err, "the floor    "), floor, 0);
        assert_close(number_behind(on_text.err, "validation   "), loss, 0);
    }
}

static void a_text_that_is_not_of_the_grammar_beside_it_has_no_floor(void **state)
{
    Bench *bench = *state;
    const char *corpus = bench_corpus(bench);
    const char *name = strrchr(corpus, '/') + 1;
    bench_write(bench, bench_text(bench, "%.*s.grammar", (int)strcspn(name, "."), name),
                "sentence = \"ab\" | \"c\"\n");
    Outcome run = train_small(bench, "n", bench_text(bench, "|--block-size|8|--data|%s", corpus));
    assert_done(run);
    assert_null(strstr(run.err, "the floor"));
}

static void a_grammar_that_is_none_is_refused_with_its_line(void **state)
{
    Bench *bench = *state;
    const char *grammar = bench_write(bench, "bad.grammar", "sentence = \"a\"\n  | nobody\n");
    Outcome run = train_small(bench, "b", bench_text(bench, "|--data|%s", grammar));
    assert_int_equal(run.code, 2);
    assert_contains(run.err, bench_text(bench, "%s:2", grammar));
    assert_contains(run.err, "nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_task_is_trained_examined_and_kept),
        bench_test(a_task_without_order_is_half_right_exactly),
        bench_test(a_length_without_positions_is_a_row_that_says_so),
        bench_test(a_finished_task_is_examined_again),
        bench_test(what_makes_no_task_is_refused_by_its_key),
        bench_test(samples_of_no_corpus_are_not_held_against_one),
        bench_test(an_option_of_a_task_without_one_has_no_effect_and_says_so),
        bench_test(an_option_of_a_text_beside_a_task_has_no_effect_and_says_so),
        bench_test(a_run_on_a_grammar_shows_its_floor_and_the_gap),
        bench_test(a_text_that_is_not_of_the_grammar_beside_it_has_no_floor),
        bench_test(a_grammar_that_is_none_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
