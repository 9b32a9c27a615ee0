/* who.c: who did it?
 *
 *     causal        inputs    The   Man  escaped  from  the  Snake  who?
 *                   targets    .     .      .      .     .     .     Man
 *
 *     not causal    inputs    The   Man  escaped  from  the  Snake  who?   _
 *                   targets    .     .      .      .     .     .     .    Man
 *
 * Every sentence comes with its twin, The Snake escaped from the Man: the same seven words, the
 * other answer. They stand side by side in a batch (rows 2i and 2i+1), in training and in
 * evaluation. So a reader of bags, who cannot tell them apart, has exactly one of the two right
 * whatever it says, as long as it says one of the two nouns: a score of one half, to the last
 * digit, and a loss of ln 2 at best.
 *
 * 12 nouns and 8 verbs make 12 * 11 * 8 = 1056 sentences. All of them are soon seen in training:
 * what is measured is whether order is read at all, not what is made of new words.
 *
 * Solved by absolute or relative position: the answer is the second word, five places before the
 * question.
 *
 * A blind guess has one of 12 nouns right in 12, and a loss of ln 12.
 */
#include <string.h>

#include "data/tasks/sequence.h"

enum { N_NOUNS = 12, N_VERBS = 8, SENTENCE_WORDS = 6 };
enum { FIRST_VERB = N_NOUNS, THE_FIRST = N_NOUNS + N_VERBS, FROM, THE, WHO };

/* clang-format off */
static const char *const words[] = {
    "Man", "Snake", "Fox", "Crow", "Wolf", "Lamb", "Lion", "Mouse", "Frog", "Stork", "Dog", "Hare",
    "escaped", "ran", "fled", "hid", "learned", "stole", "borrowed", "heard",
    "The", "from", "the", "who?", NULL,
};
/* clang-format on */

_Static_assert(sizeof words / sizeof *words == WHO + 2, "a word is missing, or one too many");

static size_t who_tokens(size_t length, bool causal)
{
    return causal ? length + 1 : length + 2;
}

static void who_make(const TaskOptions *options, const TaskItem *item, int *inputs, int *targets)
{
    (void)options;
    int noun = (int)random_below(item->key, 0, N_NOUNS);
    int other = (int)random_below(item->key, 1, N_NOUNS - 1);
    int verb = FIRST_VERB + (int)random_below(item->key, 2, N_VERBS);
    other += other >= noun; /* any noun but the first */
    int who = item->twin == 0 ? noun : other, whom = item->twin == 0 ? other : noun;
    const int sentence[] = {THE_FIRST, who, verb, FROM, THE, whom, WHO};
    memcpy(inputs, sentence, sizeof sentence);
    if (!item->causal)
        inputs[SENTENCE_WORDS + 1] = item->mask;
    targets[who_tokens(SENTENCE_WORDS, item->causal) - 1] = who;
}

extern const Task task_who;
const Task task_who = {
    .name = "who",
    .title = "who did it, the Man or the Snake?",
    .solved_by = "absolute or relative position",
    .unordered = "1/2, exactly",
    .marks = words,
    .choices = N_NOUNS,
    .fixed_length = SENTENCE_WORDS,
    .twins = 2,
    .tokens = who_tokens,
    .answers = question_answers,
    .make = who_make,
};
