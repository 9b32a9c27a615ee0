/* test_task_who.c: tests of src/data/tasks/who.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/task_case.h"

static const RandomKey key = {4};

/* Appends the texts of a sequence, with a blank behind each. */
static void append_texts(const TaskOptions *options, const int *tokens, size_t count,
                         TextBuffer *out)
{
    for (size_t t = 0; t < count; t++) {
        task_token_text(options, tokens[t], out);
        text_append(out, " ", 1);
    }
}

/* 500 pairs, read as text. */
static void who_makes_a_sentence_and_the_same_with_nouns_swapped(void **state)
{
    (void)state;
    TaskOptions options = task_options("who");
    int inputs[1000 * 8], targets[1000 * 8];
    Batch batch = {1000, 8, inputs, targets, 0};
    for (int causal = 0; causal < 2; causal++) {
        task_fill_batch(&options, 6, causal, key, 0, &batch);
        size_t T = batch.block_size;
        for (size_t row = 0; row < 1000; row += 2) {
            const int *a = inputs + row * T, *b = a + T;
            TextBuffer text = {0}, swapped = {0}, expected = {0};
            char who[16], verb[16], whom[16];
            append_texts(&options, a, T, &text);
            assert_int_equal(
                sscanf(text.bytes, "The %15s %15s from the %15s who?", who, verb, whom), 3);
            const char *hidden = causal ? "" : "_ ";
            text_append_format(&expected, "The %s %s from the %s who? %s", who, verb, whom, hidden);
            assert_string_equal(text.bytes, expected.bytes);
            assert_string_not_equal(who, whom);

            expected.length = 0;
            text_append_format(&expected, "The %s %s from the %s who? %s", whom, verb, who, hidden);
            append_texts(&options, b, T, &swapped);
            assert_string_equal(swapped.bytes, expected.bytes);

            for (size_t t = 0; t < T; t++) {
                assert_int_equal(targets[row * T + t], t == T - 1 ? a[1] : NO_TARGET);
                assert_int_equal(targets[(row + 1) * T + t], t == T - 1 ? b[1] : NO_TARGET);
            }
            text_buffer_free(&text);
            text_buffer_free(&swapped);
            text_buffer_free(&expected);
        }
    }
}

/* Also with a beginning, and in later batches of an evaluation. */
static void who_twins_have_the_same_words_and_other_answers(void **state)
{
    (void)state;
    TaskOptions options = task_options("who");
    options.bos = true;
    int inputs[100 * 9], targets[100 * 9];
    Batch batch = {100, 9, inputs, targets, 0};
    for (size_t first = 0; first < 300; first += 100) {
        task_fill_batch(&options, 6, false, key, first, &batch);
        for (size_t row = 0; row < 100; row += 2) {
            int *a = inputs + row * 9, *b = a + 9;
            assert_memory_not_equal(a, b, 9 * sizeof *a);
            assert_int_not_equal(targets[row * 9 + 8], targets[row * 9 + 17]);
            sort_numbers(a, 9);
            sort_numbers(b, 9);
            assert_memory_equal(a, b, 9 * sizeof *a);
        }
    }
}

/* In 40,000 pairs a given sentence is missing with probability exp(-40000 / 1056) = 4e-17. */
static void who_makes_1056_sentences_of_12_nouns_and_8_verbs(void **state)
{
    (void)state;
    TaskOptions options = task_options("who");
    static int inputs[2000 * 7], targets[2000 * 7];
    static bool seen[24][24][24];
    bool is_noun[24] = {false}, is_verb[24] = {false};
    Batch batch = {2000, 7, inputs, targets, 0};
    size_t sentences = 0, nouns = 0, verbs = 0;
    assert_int_equal(task_vocab_size(&options), 24);
    for (uint64_t b = 0; b < 40; b++) {
        task_fill_batch(&options, 6, true, random_at(key, b), 0, &batch);
        for (size_t row = 0; row < 2000; row++) {
            const int *s = inputs + row * 7;
            sentences += !seen[s[1]][s[2]][s[5]];
            nouns += !is_noun[s[1]];
            verbs += !is_verb[s[2]];
            seen[s[1]][s[2]][s[5]] = is_noun[s[1]] = is_verb[s[2]] = true;
        }
    }
    assert_int_equal(sentences, 1056);
    assert_int_equal(nouns, 12);
    assert_int_equal(verbs, 8);
}

/* A reader of bags: its logits come from the sorted tokens. It prefers those that it has read to
 * those that it has not, and nouns (the first 12 tokens) to all others. Between the nouns it cannot
 * decide, or has a taste of its own. */
static void read_bag(const int *inputs, size_t count, bool has_taste, real *logits, size_t V)
{
    int bag[8];
    memcpy(bag, inputs, count * sizeof *bag);
    sort_numbers(bag, count);
    RandomKey taste = random_seed(0);
    for (size_t i = 0; i < count; i++)
        taste = random_at(taste, (uint64_t)bag[i]);
    for (size_t v = 0; v < V; v++)
        logits[v] = 0;
    for (size_t i = 0; i < count; i++)
        if (bag[i] < 12)
            logits[bag[i]] = (real)(9 + (has_taste ? random_uniform(taste, i) : 0));
}

static void who_is_one_half_exactly_to_a_reader_of_bags(void **state)
{
    (void)state;
    enum { T = 8, V = 25, PAIRS = 5000 };
    TaskOptions options = task_options("who");
    static int inputs[PAIRS * 2 * T], targets[PAIRS * 2 * T];
    Batch batch = {2 * PAIRS, T, inputs, targets, 0};
    assert_int_equal(task_vocab_size(&options) + 1, V);
    task_fill_batch(&options, 6, false, key, 0, &batch);
    for (int has_taste = 0; has_taste < 2; has_taste++) {
        double loss = 0, exact = 0;
        for (size_t row = 0; row < 2 * PAIRS; row++) {
            real logits[T * V] = {0};
            read_bag(inputs + row * T, T, has_taste, logits + (T - 1) * V, V);
            TaskScore score = task_score(logits, V, targets + row * T, T);
            assert_int_equal(score.answers, 1);
            loss += score.loss;
            exact += score.exact;
        }
        assert_true(exact == (double)PAIRS);
        assert_true(loss / (2 * PAIRS) >= log(2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_makes_a_sentence_and_the_same_with_nouns_swapped),
        cmocka_unit_test(who_twins_have_the_same_words_and_other_answers),
        cmocka_unit_test(who_makes_1056_sentences_of_12_nouns_and_8_verbs),
        cmocka_unit_test(who_is_one_half_exactly_to_a_reader_of_bags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
