/* task.c: the list of all tasks, their settings, and what can be done with any of them. */
#include "data/task.h"

#include <assert.h>
#include <string.h>

/* One row for each task: NAME stands for the object task_NAME at the end of its file. (How a list
 * is read three times is said in pos/registry.c, which is made in the same way.) */
#define TASKS(ROW)                                                                                 \
    ROW(kback)                                                                                     \
    ROW(copy)                                                                                      \
    ROW(nth)                                                                                       \
    ROW(induction)                                                                                 \
    ROW(sort)                                                                                      \
    ROW(who)

#define DECLARE(name) extern const Task task_##name;
#define ADDRESS(name) &task_##name,
#define NAME(name)    #name,

TASKS(DECLARE)
const Task *const task_list[] = {TASKS(ADDRESS)};
const size_t task_count = sizeof task_list / sizeof *task_list;
const char *const task_names[] = {"none", TASKS(NAME) NULL};

#define AT(field) offsetof(TaskOptions, field)

/* A list of the longest length has twice as many tokens, and attention compares each with each. */
enum { LONGEST = 4096 };

/* clang-format off */
const ConfigKey task_keys[] = {
    {.name = "task_symbols", .type = KEY_SIZE, .offset = AT(symbols), .value = "64", .min = 2,
     .max = 65536, .help = "symbols in the alphabet of a task"},
    {.name = "task_min_length", .type = KEY_SIZE, .offset = AT(min_length), .value = "2", .min = 1,
     .max = LONGEST, .help = "symbols in the shortest sequence in training"},
    {.name = "task_max_length", .type = KEY_SIZE, .offset = AT(max_length), .value = "20",
     .min = 1, .max = LONGEST, .help = "symbols in the longest sequence in training"},
    {.name = "task_test_length", .type = KEY_SIZE, .offset = AT(test_length), .value = "40",
     .min = 1, .max = LONGEST, .help = "symbols in the longest sequence that is evaluated"},
    {.name = "task_k", .type = KEY_SIZE, .offset = AT(k), .value = "0", .min = 0, .max = LONGEST,
     .help = "kback: how far back the answer stands; nth: at which place; 0: 1 and 2"},
    {.name = "bos", .type = KEY_BOOL, .offset = AT(bos), .value = "no",
     .help = "does a token of its own begin every sequence of a task?"},
};
/* clang-format on */
const size_t task_key_count = sizeof task_keys / sizeof *task_keys;

const Task *task_of(const TaskOptions *options)
{
    assert(options->task >= 0 && (size_t)options->task <= task_count);
    return options->task > 0 ? task_list[options->task - 1] : NULL;
}

/* Where there must be one. */
static const Task *the_task(const TaskOptions *options)
{
    const Task *task = task_of(options);
    assert(task != NULL);
    return task;
}

size_t task_k(const TaskOptions *options)
{
    size_t default_k = the_task(options)->default_k;
    return options->k > 0 && default_k > 0 ? options->k : default_k;
}

/* --- what is refused --- */

static bool check_lengths(const TaskOptions *options, const char **setting, Error *error)
{
    const Task *task = the_task(options);
    size_t k = task_k(options), fewest = task->fewest ? task->fewest(k) : 1;
    if (options->min_length < fewest) {
        *setting = "task_min_length";
        return task->default_k > 0
                   ? fail_request(error, "expected at least %zu, for task = %s with task_k = %zu",
                                  fewest, task->name, k)
                   : fail_request(error, "expected at least %zu, for task = %s", fewest,
                                  task->name);
    }
    if (options->max_length < options->min_length) {
        *setting = "task_max_length";
        return fail_request(error, "expected at least task_min_length = %zu", options->min_length);
    }
    if (options->test_length < options->max_length) {
        *setting = "task_test_length";
        return fail_request(error, "expected at least task_max_length = %zu", options->max_length);
    }
    return true;
}

bool task_check(const TaskOptions *options, size_t batch_size, const char **setting, Error *error)
{
    const Task *task = task_of(options);
    if (task == NULL)
        return true;
    if (batch_size % task->twins != 0) {
        *setting = "batch_size";
        return fail_request(error, "expected an even number: task = %s comes in pairs", task->name);
    }
    if (task->fixed_length > 0)
        return true;
    if (task_k(options) < task->least_k) {
        *setting = "task_k";
        return fail_request(error, "expected at least %zu, for task = %s", task->least_k,
                            task->name);
    }
    if (!check_lengths(options, setting, error))
        return false;
    if (task->distinct && options->symbols < options->test_length) {
        *setting = "task_symbols";
        return fail_request(error,
                            "expected at least task_test_length = %zu: in task = %s no symbol "
                            "stands twice",
                            options->test_length, task->name);
    }
    return true;
}

/* --- lengths and tokens --- */

TaskLengths task_lengths(const TaskOptions *options)
{
    size_t fixed = the_task(options)->fixed_length;
    if (fixed > 0)
        return (TaskLengths){fixed, fixed, fixed};
    return (TaskLengths){options->min_length, options->max_length, options->test_length};
}

size_t task_tokens(const TaskOptions *options, size_t length, bool causal)
{
    return the_task(options)->tokens(length, causal) + options->bos;
}

size_t task_answers(const TaskOptions *options, size_t length)
{
    return the_task(options)->answers(length, task_k(options));
}

static size_t count_symbols(const TaskOptions *options)
{
    return the_task(options)->uses_symbols ? options->symbols : 0;
}

static size_t count_marks(const TaskOptions *options)
{
    size_t count = 0;
    while (the_task(options)->marks[count] != NULL)
        count++;
    return count;
}

/* The token that begins every sequence, where there is one. */
static int bos_token(const TaskOptions *options)
{
    return (int)(count_symbols(options) + count_marks(options));
}

size_t task_vocab_size(const TaskOptions *options)
{
    return (size_t)bos_token(options) + options->bos;
}

void task_token_text(const TaskOptions *options, int token, TextBuffer *out)
{
    int symbols = (int)count_symbols(options), mask = (int)task_vocab_size(options);
    assert(token >= 0 && token <= mask);
    if (token < symbols)
        text_append_format(out, "%d", token);
    else if (token < bos_token(options))
        text_append_format(out, "%s", the_task(options)->marks[token - symbols]);
    else
        text_append_format(out, "%s", token == mask ? "_" : "BOS");
}

bool task_corpus(Arena *arena, const TaskOptions *options, Corpus *corpus, Error *error)
{
    const char *name = the_task(options)->name;
    size_t count = task_vocab_size(options);
    const char **words = arena_alloc(arena, count, sizeof *words);
    *corpus = (Corpus){.path = name, .name = name};
    sha256_hex(name, strlen(name), corpus->sha256); /* what else it is, its settings say */
    for (size_t token = 0; words && token < count; token++) {
        TextBuffer text = {0};
        task_token_text(options, (int)token, &text);
        words[token] = text.failed ? NULL : arena_text(arena, text.bytes, text.length);
        text_buffer_free(&text);
        if (!words[token])
            words = NULL;
    }
    return words ? vocab_of_words(arena, words, count, &corpus->vocab, error)
                 : fail(error, "out of memory: task %s", name);
}

/* --- sequences --- */

size_t task_batch_length(const TaskOptions *options, RandomKey key)
{
    TaskLengths lengths = task_lengths(options);
    return lengths.min +
           (size_t)random_below(random_for(key, "length"), 0, lengths.max - lengths.min + 1);
}

void task_fill_batch(const TaskOptions *options, size_t length, bool causal, RandomKey key,
                     size_t first, Batch *batch)
{
    const Task *task = the_task(options);
    size_t T = task_tokens(options, length, causal);
    batch->block_size = T;
    batch->first_window = first;
    for (size_t row = 0; row < batch->batch_size; row++) {
        size_t number = first + row;
        int *inputs = batch->inputs + row * T, *targets = batch->targets + row * T;
        TaskItem item = {.length = length,
                         .causal = causal,
                         .mask = (int)task_vocab_size(options),
                         .key = random_at(key, number / task->twins),
                         .twin = number % task->twins};
        for (size_t t = 0; t < T; t++)
            targets[t] = NO_TARGET;
        if (options->bos)
            inputs[0] = bos_token(options);
        task->make(options, &item, inputs + options->bos, targets + options->bos);
    }
}

/* --- scores --- */

static double count_choices(const TaskOptions *options)
{
    size_t choices = the_task(options)->choices;
    return (double)(choices > 0 ? choices : options->symbols);
}

double task_blind_loss(const TaskOptions *options)
{
    return log(count_choices(options));
}

double task_blind_exact(const TaskOptions *options, size_t length)
{
    return pow(count_choices(options), -(double)task_answers(options, length));
}

TaskScore task_score(const real *logits, size_t vocab_size, const int *targets, size_t tokens)
{
    TaskScore score = {.exact = 1};
    for (size_t t = 0; t < tokens; t++) {
        if (targets[t] == NO_TARGET)
            continue;
        const real *x = logits + t * vocab_size;
        double most = -INFINITY, sum = 0, of_target = (double)x[targets[t]];
        size_t tied = 0;
        for (size_t v = 0; v < vocab_size; v++)
            most = fmax(most, (double)x[v]);
        for (size_t v = 0; v < vocab_size; v++) {
            tied += (double)x[v] == most;
            sum += exp((double)x[v] - most);
        }
        double right = of_target == most ? 1 / (double)tied : 0;
        score.loss += most + log(sum) - of_target;
        score.right += right;
        score.exact *= right;
        score.answers++;
    }
    return score;
}
