/* copy.c: say it again.
 *
 *     causal        inputs    17   4  63   4   |  17   4  63
 *                   targets    .   .   .   .  17   4  63   4
 *
 *     not causal    inputs    17   4  63   4   |   _   _   _   _
 *                   targets    .   .   .   .   .  17   4  63   4
 *
 * Symbols are random and may stand twice, so a match by content ("find what was just said, and take
 * what followed it there") goes wrong at each repetition: after a 4 comes 63, or the end.
 *
 * Solved by relative or by absolute position, and in both cases with the length: all answers of one
 * sequence are equally far back, n places (n + 1 where both sides are seen), but n is another one
 * in the next sequence, and the bar's place is what tells it.
 *
 * A blind guess has one of S symbols right in S, all n of them with probability S^-n, and a loss of
 * ln S. A reader of bags knows which symbols to say, but not when: if all differ, each of the n is
 * right at one place in n.
 */
#include <string.h>

#include "data/tasks/sequence.h"

static void copy_make(const TaskOptions *options, const TaskItem *item, int *inputs, int *targets)
{
    draw_symbols(inputs, item->length, options->symbols, item->key);
    memcpy(targets + list_answers_at(item), inputs, item->length * sizeof *inputs);
    list_finish(item, (int)options->symbols, inputs, targets);
}

extern const Task task_copy;
const Task task_copy = {
    .name = "copy",
    .title = "the whole sequence once more",
    .solved_by = "relative or absolute position, with the length of the sequence",
    .unordered = "of each answer little more than 1 / length",
    .uses_symbols = true,
    .marks = (const char *const[]){"|", NULL},
    .twins = 1,
    .tokens = list_tokens,
    .answers = list_answers,
    .make = copy_make,
};
