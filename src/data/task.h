/* task.h: sequences whose answer needs to know where things stand, instead of a text.
 *
 * A text rewards many skills at once, and position is one of them. A task asks for position alone:
 *
 *     kback       17  4 63  4        which token stood k places back?
 *     nth         17  4 63  4  ?     which token is the n-th?
 *
 * Sequences are made while the model trains, from (seed, step): there is no file to learn by heart.
 * Loss is asked at the answers alone (NO_TARGET elsewhere, see batch.h). The length of a training
 * sequence is drawn from a range; the longer ones, up to task_test_length, are for evaluation, and
 * show whether what was learned goes on. All rows of one batch have the same length, so nothing is
 * ever padded.
 *
 * The "length" of a sequence is the number of symbols that it presents, 4 in both examples. The
 * number of its tokens is larger where questions, or a place for the answers, stand behind these.
 *
 * Tokens are numbered: first the alphabet, whose symbols are written as their numbers, then the
 * task's own marks (a bar, a question mark, words), then, with bos = yes, the token that begins
 * every sequence. The number behind the last one is the mask, for a model that sees both sides
 * (causal = no): it hides the answers from that model's input.
 *
 * Two readers are what a score is held against. A *blind guess* reads nothing, and names one of the
 * possible answers at random. A *reader of bags* sees which tokens there are, how often, and which
 * one it stands at itself, but no order: it is what a model without a positional scheme is if it
 * sees both sides. (A causal model of two layers or more is not quite that, even without a scheme:
 * each token sees only those before it, and how many these are tells its place. Haviv et al. 2022,
 * arXiv 2203.16634.)
 *
 * A task is one file in the folder tasks/, and one row in the list of task.c.
 */
#ifndef DATA_TASK_H
#define DATA_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/keys.h"
#include "base/random.h"
#include "data/batch.h"
#include "math/real.h"

typedef struct TaskOptions {
    int task;       /* index in task_names; 0: no task */
    size_t symbols; /* of the alphabet */
    size_t min_length, max_length, test_length;
    size_t k; /* kback's k, nth's n; 0: the task's own default */
    bool bos; /* does a token of its own begin every sequence? */
} TaskOptions;

extern const ConfigKey task_keys[];
extern const size_t task_key_count;

/* Which sequence is to be made. */
typedef struct TaskItem {
    size_t length;
    bool causal;
    int mask; /* hides an answer where the model is not causal */
    RandomKey key;
    size_t twin; /* 0 ... twins-1 */
} TaskItem;

typedef struct Task {
    const char *name;      /* as in task = kback */
    const char *title;     /* for people: "the token k places back" */
    const char *solved_by; /* which position information solves it */
    const char *unordered; /* what a reader of bags scores, where both sides are seen */

    bool uses_symbols;        /* do symbols 0 ... task_symbols-1 come before the marks? */
    const char *const *marks; /* the texts of the task's own tokens, ended by NULL */
    size_t choices;           /* how many tokens can be an answer; 0: all symbols */

    size_t fixed_length; /* 0: the length is drawn */
    bool distinct;       /* no symbol twice, so the alphabet must not be shorter than a sequence */
    size_t twins;        /* sequences in a row that are one item: 1, or 2 with a swapped twin */
    size_t default_k;    /* 0: task_k has no meaning here */
    size_t least_k;

    /* The fewest symbols a sequence needs; NULL: 1. */
    size_t (*fewest)(size_t k);

    size_t (*tokens)(size_t length, bool causal);
    size_t (*answers)(size_t length, size_t k);

    /* Fills one sequence: `tokens` numbers each; the targets are NO_TARGET before. */
    void (*make)(const TaskOptions *options, const TaskItem *item, int *inputs, int *targets);
} Task;

/* The registry: every task; the names for the key `task`, "none" first, ended by NULL. */
extern const Task *const task_list[];
extern const size_t task_count;
extern const char *const task_names[];

/* The task of the options; NULL for none. All functions below but task_check expect one. */
const Task *task_of(const TaskOptions *options);

/* Refuses options that make no sequences, and a batch that would tear twins apart. *setting is then
 * the key to blame, and the message says what it should be: "expected at least ...". With task =
 * none there is nothing to refuse. */
bool task_check(const TaskOptions *options, size_t batch_size, const char **setting, Error *error);

/* k with the task's default. */
size_t task_k(const TaskOptions *options);

/* Training draws lengths from min ... max; test is the longest that is evaluated. */
typedef struct TaskLengths {
    size_t min, max, test;
} TaskLengths;
TaskLengths task_lengths(const TaskOptions *options);

/* How many tokens a sequence of that length has, and how many of its places ask something. */
size_t task_tokens(const TaskOptions *options, size_t length, bool causal);
size_t task_answers(const TaskOptions *options, size_t length);

/* How many kinds of tokens there are, without the mask, whose number this is. */
size_t task_vocab_size(const TaskOptions *options);

/* Appends a token's text: "17", "?", "Snake", "_" for the mask. No two are the same. */
void task_token_text(const TaskOptions *options, int token, TextBuffer *out);

/* A task as a corpus without a text: its name, and its tokens as a vocabulary. */
bool task_corpus(Arena *arena, const TaskOptions *options, Corpus *corpus, Error *error);

/* --- sequences --- */

/* The length of all sequences of a training batch. */
size_t task_batch_length(const TaskOptions *options, RandomKey key);

/* Fills a batch with the sequences number first ... first + B - 1 of a key, and sets its block_size
 * to the number of their tokens; it was allocated for at least as many. A sequence depends on the
 * options, the length, `causal`, the key and its number alone. Twins are number 2i and 2i+1. */
void task_fill_batch(const TaskOptions *options, size_t length, bool causal, RandomKey key,
                     size_t first, Batch *batch);

/* --- scores --- */

/* The loss of a blind guess in nats per answer, and the probability that all answers of a sequence
 * are right by it: ln c and c^-answers where any of c tokens can be the answer. */
double task_blind_loss(const TaskOptions *options);
double task_blind_exact(const TaskOptions *options, size_t length);

typedef struct TaskScore {
    double loss;    /* nats, summed over the answers */
    double right;   /* how many answers are right */
    double exact;   /* 1 if all answers of the sequence are right, 0 if not */
    size_t answers; /* how many there are */
} TaskScore;

/* The score of one sequence. The model's answer is the token with the largest logit. Where several
 * share the maximum it names one of them at random, and counts by the probability that this is
 * right; so a reader of bags, to whom twins are the same, gets exactly one half of a pair. */
TaskScore task_score(const real *logits, size_t vocab_size, const int *targets, size_t tokens);

#endif
