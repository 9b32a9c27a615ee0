/* sequence.c: random symbols, and the two forms that most sequences have. */
#include "data/tasks/sequence.h"

#include <assert.h>
#include <string.h>

void draw_symbols(int *out, size_t count, size_t alphabet, RandomKey key)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (int)random_below(key, i, alphabet);
}

/* Floyd's algorithm (Bentley and Floyd, "A sample of brilliance", CACM 30(9), 1987), mirrored. With
 * i symbols placed, all of them below `last`, it draws one of 0 ... last. A new one goes to the
 * end. One that is there already stands for `last`, which is put in front of it. For 3 of 4
 * symbols:
 *
 *     i = 0    last = 1    drawn 1    1
 *     i = 1    last = 2    drawn 1    2 1        1 is there: 2 goes in front of it
 *     i = 2    last = 3    drawn 0    2 1 0
 *
 * Other draws make another sequence, as each can be told from it: the last one was the symbol
 * behind `last`, if there is one, or else that at the end; without it, so was the one before. And
 * there are as many ways to draw, 2 * 3 * 4, as sequences of 3 out of 4 symbols, 4 * 3 * 2. So each
 * sequence is made in exactly one way. */
void draw_distinct_symbols(int *out, size_t count, size_t alphabet, RandomKey key)
{
    assert(count <= alphabet);
    for (size_t i = 0; i < count; i++) {
        int last = (int)(alphabet - count + i), drawn = (int)random_below(key, i, (size_t)last + 1);
        size_t place = 0; /* where it is already; i: nowhere */
        while (place < i && out[place] != drawn)
            place++;
        memmove(out + place + 1, out + place, (i - place) * sizeof *out);
        out[place] = place < i ? last : drawn;
    }
}

size_t list_tokens(size_t length, bool causal)
{
    return causal ? 2 * length : 2 * length + 1;
}

size_t list_answers(size_t length, size_t k)
{
    (void)k;
    return length;
}

size_t list_answers_at(const TaskItem *item)
{
    return item->causal ? item->length : item->length + 1;
}

void list_finish(const TaskItem *item, int bar, int *inputs, const int *targets)
{
    const int *answers = targets + list_answers_at(item);
    int *behind_bar = inputs + item->length + 1;
    inputs[item->length] = bar;
    if (item->causal)
        memcpy(behind_bar, answers, (item->length - 1) * sizeof *answers);
    for (size_t i = 0; i < item->length && !item->causal; i++)
        behind_bar[i] = item->mask;
}

size_t question_tokens(size_t length, bool causal)
{
    (void)causal;
    return length + 1;
}

size_t question_answers(size_t length, size_t k)
{
    (void)length, (void)k;
    return 1;
}
