/* test_task_order.c: what a reader scores who does not know the order.
 *
 * A reader of bags sees which tokens there are and which one it stands at, so it says the same for
 * all arrangements of them. At best it is right as often as the likeliest answer, given the bag, is
 * the answer. */
#include "support/check.h"

#include <math.h>

#include "support/task_case.h"

enum { ROWS = 20000, MOST_TOKENS = 9 };

static const RandomKey key = {5};

typedef struct Sample {
    TaskOptions options;
    Batch batch;
    int inputs[ROWS * MOST_TOKENS], targets[ROWS * MOST_TOKENS];
} Sample;

/* 20,000 sequences; too many for the stack. */
static const Sample *sample_of(const char *name, size_t symbols, size_t length, bool causal)
{
    static Sample sample;
    sample.options = task_options(name);
    sample.options.symbols = symbols;
    sample.batch = (Batch){ROWS, MOST_TOKENS, sample.inputs, sample.targets, 0};
    task_fill_batch(&sample.options, length, causal, key, 0, &sample.batch);
    return &sample;
}

/* To within 5 standard deviations of a share of n. */
static void assert_share(size_t hits, size_t n, double p)
{
    assert_close((double)hits / (double)n, p, 5 * sqrt(p * (1 - p) / (double)n));
}

/* Two symbols, and c of the m tokens are a 1: so is the answer, in c of m cases. (m = 4) */
static void nth_is_any_of_the_tokens_to_who_does_not_know_the_order(void **state)
{
    (void)state;
    const Sample *sample = sample_of("nth", 2, 4, false);
    size_t answers[5][2] = {{0}};
    for (size_t row = 0; row < ROWS; row++) {
        const int *x = sample->inputs + row * 5;
        answers[x[0] + x[1] + x[2] + x[3]][sample->targets[row * 5 + 4]]++;
    }
    for (size_t c = 0; c <= 4; c++)
        assert_share(answers[c][1], answers[c][0] + answers[c][1], (double)c / 4);
}

/* The same for the tokens other than the one that asks. (n = 4: three others) */
static void kback_is_any_of_the_other_tokens_to_who_does_not_know_the_order(void **state)
{
    (void)state;
    const Sample *sample = sample_of("kback", 2, 4, false);
    size_t answers[2][4][2] = {{{0}}}; /* by the token that asks, and the sum of the others */
    for (size_t row = 0; row < ROWS; row++) {
        const int *x = sample->inputs + row * 4;
        for (size_t t = 1; t < 4; t++) {
            int others = x[0] + x[1] + x[2] + x[3] - x[t];
            answers[x[t]][others][sample->targets[row * 4 + t]]++;
        }
    }
    for (size_t own = 0; own < 2; own++)
        for (size_t c = 0; c <= 3; c++)
            assert_share(answers[own][c][1], answers[own][c][0] + answers[own][c][1],
                         (double)c / 3);
}

/* How many of the symbols other than the one that asks are below the answer: 0 ... m - 2, equally
 * often, at each question. (m = 5) */
static void induction_is_any_other_symbol_to_who_does_not_know_the_order(void **state)
{
    (void)state;
    const Sample *sample = sample_of("induction", 7, 5, false);
    size_t ranks[9][4] = {{0}};
    for (size_t row = 0; row < ROWS; row++)
        for (size_t t = 5; t < 9; t++) {
            const int *x = sample->inputs + row * 9;
            int answer = sample->targets[row * 9 + t], rank = 0;
            for (size_t i = 0; i < 5; i++)
                rank += x[i] != x[t] && x[i] < answer;
            assert_in_range(rank, 0, 3);
            ranks[t][rank]++;
        }
    for (size_t t = 5; t < 9; t++)
        for (size_t r = 0; r < 4; r++)
            assert_share(ranks[t][r], ROWS, 1.0 / 4);
}

/* The 24 orders of four places. Were one more frequent, there were more to learn than what followed
 * what. */
static void induction_asks_for_the_places_in_each_order_equally_often(void **state)
{
    (void)state;
    const Sample *sample = sample_of("induction", 7, 5, true);
    size_t drawn[256] = {0}, orders = 0;
    for (size_t row = 0; row < ROWS; row++) {
        const int *x = sample->inputs + row * 9;
        size_t order = 0;
        for (size_t t = 5; t < 9; t++)
            for (size_t i = 0; i < 4; i++)
                order += x[i] == x[t] ? i << 2 * (t - 5) : 0;
        drawn[order]++;
    }
    for (size_t order = 0; order < 256; order++)
        if (drawn[order] > 0) {
            orders++;
            assert_share(drawn[order], ROWS, 1.0 / 24);
        }
    assert_int_equal(orders, 24);
}

/* By a reader who knows the token it stands at and the set of those before it. */
static void sort_is_solved_without_order_by_who_sees_what_was_said(void **state)
{
    (void)state;
    const Sample *sample = sample_of("sort", 10, 4, true);
    enum { BAR = 10 };
    for (size_t row = 0; row < ROWS; row++)
        for (size_t t = 4; t < 8; t++) {
            const int *x = sample->inputs + row * 8;
            bool seen[BAR + 1] = {false};
            for (size_t i = 0; i <= t; i++)
                seen[x[i]] = true;
            int next = x[t] == BAR ? 0 : x[t] + 1;
            while (!seen[next])
                next++;
            assert_int_equal(sample->targets[row * 8 + t], next);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nth_is_any_of_the_tokens_to_who_does_not_know_the_order),
        cmocka_unit_test(kback_is_any_of_the_other_tokens_to_who_does_not_know_the_order),
        cmocka_unit_test(induction_is_any_other_symbol_to_who_does_not_know_the_order),
        cmocka_unit_test(induction_asks_for_the_places_in_each_order_equally_often),
        cmocka_unit_test(sort_is_solved_without_order_by_who_sees_what_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
