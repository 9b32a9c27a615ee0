/* nth.c: which token is the n-th from the start?
 *
 *     n = 2    inputs    17   4  63   4   ?
 *              targets    .   .   .   .   4
 *
 * n is task_k. It is never 1: a causal model finds the first token by what it has become, since it
 * is the only one that has seen no other.
 *
 * Solved by absolute position: place n is place n. Relative position alone does not lead there: the
 * question is at another distance from place n at each length. It takes a second step, from the
 * start (a token of its own with bos = yes) to the token n - 1 or n behind it, which then knows
 * that it is the one.
 *
 * A blind guess has one of S symbols right in S, and a loss of ln S. A reader of bags best names
 * the symbol that stands there most often: right with probability c / m if c of m tokens are it.
 */
#include "data/tasks/sequence.h"

static size_t nth_fewest(size_t k)
{
    return k;
}

static void nth_make(const TaskOptions *options, const TaskItem *item, int *inputs, int *targets)
{
    draw_symbols(inputs, item->length, options->symbols, item->key);
    inputs[item->length] = (int)options->symbols;
    targets[item->length] = inputs[task_k(options) - 1];
}

extern const Task task_nth;
const Task task_nth = {
    .name = "nth",
    .title = "the n-th token from the start",
    .solved_by = "absolute position; relative to the start in a second step",
    .unordered = "little more than 1 / length",
    .uses_symbols = true,
    .marks = (const char *const[]){"?", NULL},
    .twins = 1,
    .default_k = 2,
    .least_k = 2,
    .fewest = nth_fewest,
    .tokens = question_tokens,
    .answers = question_answers,
    .make = nth_make,
};
