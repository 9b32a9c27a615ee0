/* sort.c: the same symbols in ascending order. The control: the order of what is read does not
 * matter.
 *
 *     causal        inputs    17   4  63   9   |   4   9  17
 *                   targets    .   .   .   .   4   9  17  63
 *
 *     not causal    inputs    17   4  63   9   |   _   _   _   _
 *                   targets    .   .   .   .   .   4   9  17  63
 *
 * No symbol stands twice: what comes next is the smallest one that is larger than the one just
 * said, and a reader needs to know neither where it stood nor how often.
 *
 * Solved without position by a causal model: a scheme can only be in the way. A model that sees
 * both sides needs position for one thing, to tell its hidden places apart: without, it gives the
 * same answer at all of them.
 *
 * A blind guess has one of S symbols right in S, all n of them with probability S^-n, and a loss of
 * ln S. (Knowing that lists ascend is worth something without reading: a guess that uses it has
 * small symbols first.)
 */
#include <stdlib.h>
#include <string.h>

#include "data/tasks/sequence.h"

static int ascending(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void sort_make(const TaskOptions *options, const TaskItem *item, int *inputs, int *targets)
{
    int *sorted = targets + list_answers_at(item);
    draw_distinct_symbols(inputs, item->length, options->symbols, item->key);
    memcpy(sorted, inputs, item->length * sizeof *inputs);
    qsort(sorted, item->length, sizeof *sorted, ascending);
    list_finish(item, (int)options->symbols, inputs, targets);
}

extern const Task task_sort;
const Task task_sort = {
    .name = "sort",
    .title = "the same symbols in ascending order",
    .solved_by = "none, if causal; else the places of the answers alone",
    .unordered = "all, if it knows which answer is asked",
    .uses_symbols = true,
    .marks = (const char *const[]){"|", NULL},
    .distinct = true,
    .twins = 1,
    .tokens = list_tokens,
    .answers = list_answers,
    .make = sort_make,
};
