/* induction.c: what came next, the last time?
 *
 *     inputs    17   4  63   9   4
 *     targets    .   .   .   .  63
 *
 * All symbols differ, until one of them (not the last one) is said again. Its successor is the
 * answer. Two steps lead there, in two layers: each token learns what stood before it, then the
 * last one looks for the token that has its own symbol before it (Olsson et al. 2022, arXiv
 * 2209.11895). Text is full of it: a name, once begun, goes on as it did before.
 *
 * Solved by relative position, one place back, for the first step; by absolute position too, up to
 * the lengths seen in training. The second step goes by content.
 *
 * A blind guess has one of S symbols right in S, and a loss of ln S. A reader of bags sees which
 * symbol is there twice, and that each of the other m - 1 follows it equally often: it is right
 * once in m - 1, exactly.
 */
#include "data/tasks/sequence.h"

static size_t induction_fewest(size_t k)
{
    (void)k;
    return 2;
}

static void induction_make(const TaskOptions *options, const TaskItem *item, int *inputs,
                           int *targets)
{
    size_t m = item->length;
    draw_distinct_symbols(inputs, m, options->symbols, item->key);
    size_t asked = (size_t)random_below(item->key, m, m - 1);
    inputs[m] = inputs[asked];
    targets[m] = inputs[asked + 1];
}

extern const Task task_induction;
const Task task_induction = {
    .name = "induction",
    .title = "what followed this token before",
    .solved_by = "relative position, then content; absolute up to trained lengths",
    .unordered = "1 / (length - 1)",
    .uses_symbols = true,
    .marks = (const char *const[]){NULL},
    .distinct = true,
    .twins = 1,
    .fewest = induction_fewest,
    .tokens = question_tokens,
    .answers = question_answers,
    .make = induction_make,
};
