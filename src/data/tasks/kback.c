/* kback.c: which token stood k places back?
 *
 *     k = 1    inputs    17   4  63   4   9
 *              targets    .  17   4  63   4
 *
 * Symbols are random, so nothing but the distance leads to the answer, and every place behind the
 * k-th asks. It is the quickest test of a scheme, and the sharpest: one head that always looks k
 * places back is all it takes.
 *
 * Solved by relative position: the answer is at the same distance everywhere, at any length. By
 * absolute position too, place by place: from "I am at 7" to "look at 6"; that ends with the
 * longest place seen in training. A bias that only falls with distance has its peak at the token
 * itself, and reaches its neighbour by being steep.
 *
 * A blind guess has one of S symbols right in S, all n - k of them with probability S^-(n-k), and a
 * loss of ln S. A reader of bags knows that the answer is one of the n - 1 other tokens, all of
 * them equally likely.
 */
#include "data/tasks/sequence.h"

static size_t kback_fewest(size_t k)
{
    return k + 1;
}

static size_t kback_tokens(size_t length, bool causal)
{
    (void)causal;
    return length;
}

static size_t kback_answers(size_t length, size_t k)
{
    return length - k;
}

static void kback_make(const TaskOptions *options, const TaskItem *item, int *inputs, int *targets)
{
    size_t k = task_k(options);
    draw_symbols(inputs, item->length, options->symbols, item->key);
    for (size_t t = k; t < item->length; t++)
        targets[t] = inputs[t - k];
}

extern const Task task_kback;
const Task task_kback = {
    .name = "kback",
    .title = "the token k places back",
    .solved_by = "relative position; absolute up to the lengths of training",
    .unordered = "of each answer little more than 1 / (length - 1)",
    .uses_symbols = true,
    .marks = (const char *const[]){NULL},
    .twins = 1,
    .default_k = 1,
    .least_k = 1,
    .fewest = kback_fewest,
    .tokens = kback_tokens,
    .answers = kback_answers,
    .make = kback_make,
};
