/* induction.c: what came next, the first time?
 *
 *     inputs    17   4  63   9   4  17  63
 *     targets    .   .   .   .  63   4   9
 *
 * All symbols differ, until each of them but the last is said again, in any order. What followed it
 * the first time is the answer; what follows it now means nothing. Two steps lead there, in two
 * layers: each token learns what stood before it, then the one that asks looks for the token that
 * has its own symbol before it (Olsson et al. 2022, arXiv 2209.11895). Text is full of it: a name,
 * once begun, goes on as it did before. To ask about every place (as Arora et al. 2023, arXiv
 * 2312.04927) is not another task, only much quicker to learn: neither step is of use without the
 * other, and one question in a sequence is too rare a hint of both.
 *
 * Solved by relative position, one place back, for the first step. By absolute position too, place
 * by place, up to the lengths seen in training: what follows the last place but one is asked in the
 * longest sequences alone, and is learned last. The second step goes by content, at any distance.
 *
 * A blind guess has one of S symbols right in S, all m - 1 of them with probability S^-(m-1), and a
 * loss of ln S. A reader of bags sees which symbols are there twice, and that each of the other
 * m - 1 follows one of these equally often: it is right once in m - 1, exactly.
 */
#include "data/tasks/sequence.h"

static size_t induction_fewest(size_t k)
{
    (void)k;
    return 2;
}

static size_t induction_tokens(size_t length, bool causal)
{
    (void)causal;
    return 2 * length - 1;
}

static size_t induction_answers(size_t length, size_t k)
{
    (void)k;
    return length - 1;
}

/* The questions are drawn as places, 0 ... m - 2 in any order; each gives way to its symbol. */
static void induction_make(const TaskOptions *options, const TaskItem *item, int *inputs,
                           int *targets)
{
    size_t m = item->length;
    draw_distinct_symbols(inputs, m, options->symbols, item->key);
    draw_distinct_symbols(inputs + m, m - 1, m - 1, random_for(item->key, "questions"));
    for (size_t t = m; t < 2 * m - 1; t++) {
        int place = inputs[t];
        inputs[t] = inputs[place];
        targets[t] = inputs[place + 1];
    }
}

extern const Task task_induction;
const Task task_induction = {
    .name = "induction",
    .title = "what followed this token before",
    .solved_by = "relative position, then content; absolute up to trained lengths",
    .unordered = "of each answer 1 / (length - 1)",
    .uses_symbols = true,
    .marks = (const char *const[]){NULL},
    .distinct = true,
    .twins = 1,
    .fewest = induction_fewest,
    .tokens = induction_tokens,
    .answers = induction_answers,
    .make = induction_make,
};
