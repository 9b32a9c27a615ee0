/* config.c: the table of settings. */
#include "train/config.h"

#include <string.h>

#include "base/ini.h"
#include "data/vocab.h"

#define AT(field) offsetof(Config, field)

/* Upper bounds of sizes and of steps: large enough for anything that could be meant, small enough
 * that products do not overflow. */
enum { MANY = 1 << 20 };
static const double MANY_STEPS = 1e9;

/* What a text can be taken apart into: the first values of VocabKind. */
static const char *const token_choices[] = {"char", "word", NULL};
_Static_assert(VOCAB_CHARACTERS == 0 && VOCAB_WORDS == 1, "in the order of token_choices");

enum { USUAL_WARMUP = 100 }; /* steps, in a run of ten times as many or more */

/* clang-format off */
static const ConfigKey model_keys[] = {
    {.name = "pos", .type = KEY_CHOICE, .offset = AT(pos), .value = POS_DEFAULT,
     .choices = pos_names, .help = "the positional scheme"},
    {.name = "n_layer", .type = KEY_SIZE, .offset = AT(n_layer), .value = "4", .min = 1, .max = 256,
     .help = "transformer blocks, one behind the other"},
    {.name = "n_head", .type = KEY_SIZE, .offset = AT(n_head), .value = "4", .min = 1, .max = 1024,
     .help = "attention heads in each block; divides n_embd"},
    {.name = "n_embd", .type = KEY_SIZE, .offset = AT(n_embd), .value = "128", .min = 1,
     .max = 65536, .help = "channels: how many numbers stand for a character"},
    {.name = "block_size", .type = KEY_SIZE, .offset = AT(block_size), .value = "64", .min = 1,
     .max = MANY, .help = "characters in a training window: how far the model can look back"},
    {.name = "dropout", .type = KEY_REAL, .offset = AT(dropout), .value = "0", .min = 0,
     .max = 0.99, .help = "share of numbers left out at random in training"},
    {.name = "bias", .type = KEY_BOOL, .offset = AT(bias), .value = "no",
     .help = "yes: linear layers and layer norms have a bias"},
    {.name = "causal", .type = KEY_BOOL, .offset = AT(causal), .value = "yes",
     .help = "yes: predict the next character; no: see both sides and guess hidden characters"},
};

static const ConfigKey data_keys[] = {
    {.name = "data", .type = KEY_TEXT, .offset = AT(data), .value = "data/fables.txt",
     .help = "a text file (UTF-8), or a .grammar; the last 10 % is for validation"},
    {.name = "tokens", .type = KEY_CHOICE, .offset = AT(tokens), .value = "char",
     .choices = token_choices,
     .help = "what the text is cut into; for words, read `word` here wherever it says `character`"},
    {.name = "seed", .type = KEY_SIZE, .offset = AT(seed), .value = "1", .min = 0,
     .max = LARGEST_SEED, .help = "decides every random number of a run"},
    {.name = "task", .type = KEY_CHOICE, .offset = AT(task.task), .value = "none",
     .choices = task_names, .help = "sequences that are made on the fly, in place of a text"},
};

static const ConfigKey training_keys[] = {
    {.name = "init_from", .type = KEY_TEXT, .offset = AT(init_from), .value = "",
     .help = "a .safetensors file whose weights the run starts from; empty: from random ones"},
    {.name = "max_iters", .type = KEY_SIZE, .offset = AT(max_iters), .value = "2000", .min = 1,
     .max = MANY_STEPS,
     .help = "steps: updates of the parameters; a run that is there goes on to a larger number"},
    {.name = "batch_size", .type = KEY_SIZE, .offset = AT(batch_size), .value = "12", .min = 1,
     .max = 65536, .help = "windows in a batch"},
    {.name = "gradient_accumulation_steps", .type = KEY_SIZE,
     .offset = AT(gradient_accumulation_steps), .value = "1", .min = 1, .max = 65536,
     .help = "batches whose gradients are averaged for one step"},
    {.name = "position_offset", .type = KEY_SIZE, .offset = AT(position_offset), .value = "0",
     .min = 0, .max = MANY, .unnamed_default = true,
     .help = "each batch stands at a random position, 0 to this; losses are measured at 0"},
    {.name = "random_positions", .type = KEY_SIZE, .offset = AT(random_positions), .value = "0",
     .min = 0, .max = MANY, .unnamed_default = true,
     .help = "L: tokens stand at random ones of 0 ... L - 1, in order, after training too; 0: off"},
    {.name = "learning_rate", .type = KEY_REAL, .offset = AT(learning_rate), .value = "3e-3",
     .min = 1e-12, .max = 100, .help = "the peak, after the warm-up"},
    {.name = "min_lr", .type = KEY_REAL, .offset = AT(min_lr), .value = "1e-4", .min = 0,
     .max = 100, .help = "the learning rate at the end; at most learning_rate"},
    {.name = "warmup_iters", .type = KEY_SIZE, .offset = AT(warmup_iters), .value = "100",
     .min = 0, .max = MANY_STEPS,
     .help = "steps over which the learning rate rises; unset: 100, or a tenth of a short run"},
    {.name = "lr_decay_iters", .type = KEY_SIZE, .offset = AT(lr_decay_iters), .value = "0",
     .min = 0, .max = MANY_STEPS, .help = "the step at which min_lr is reached; 0: max_iters"},
    {.name = "weight_decay", .type = KEY_REAL, .offset = AT(weight_decay), .value = "0.1",
     .min = 0, .max = 100, .help = "how strongly matrices and embeddings are pulled towards 0"},
    {.name = "beta1", .type = KEY_REAL, .offset = AT(beta1), .value = "0.9", .min = 0,
     .max = 0.999999, .help = "AdamW: share of its mean of gradients that a step keeps"},
    {.name = "beta2", .type = KEY_REAL, .offset = AT(beta2), .value = "0.99", .min = 0,
     .max = 0.999999, .help = "AdamW: the same of its mean of their squares"},
    {.name = "grad_clip", .type = KEY_REAL, .offset = AT(grad_clip), .value = "1", .min = 0,
     .max = 1e9, .help = "a longer gradient is shortened to this length; 0: none is"},
};

/* None of these changes what is computed. */
static const ConfigKey report_keys[] = {
    {.name = "eval_interval", .type = KEY_SIZE, .offset = AT(eval_interval), .value = "250",
     .min = 1, .max = MANY_STEPS, .help = "steps between two looks at the whole validation split"},
    {.name = "log_interval", .type = KEY_SIZE, .offset = AT(log_interval), .value = "10", .min = 1,
     .max = MANY_STEPS, .help = "steps between two rows of metrics.csv"},
    {.name = "by_context", .type = KEY_BOOL, .offset = AT(by_context), .value = "no",
     .help = "yes: at the end, the loss in windows of 1/4 to 8 times block_size: contexts.csv"},
    {.name = "sample_chars", .type = KEY_SIZE, .offset = AT(sample_chars), .value = "600",
     .min = 0, .max = 1e7, .help = "characters of the sample at the end"},
    {.name = "temperature", .type = KEY_REAL, .offset = AT(temperature), .value = "0.8", .min = 0,
     .max = 100, .help = "of the sample: 0 takes the likeliest characters, 1 the model's odds"},
    {.name = "top_k", .type = KEY_SIZE, .offset = AT(top_k), .value = "0", .min = 0, .max = MANY,
     .help = "drawn from the k likeliest characters only; 0: from all"},
    {.name = "name", .type = KEY_TEXT, .offset = AT(name), .value = "",
     .help = "the run's folder in out_dir; empty: made from scheme, corpus, seed and settings"},
    {.name = "out_dir", .type = KEY_TEXT, .offset = AT(out_dir), .value = RUNS_FOLDER,
     .help = "the folder that runs are kept in"},
    {.name = "threads", .type = KEY_SIZE, .offset = AT(threads), .value = "0", .min = 0,
     .max = 1024, .help = "cores to use; 0: all. The result does not depend on it"},
};
/* clang-format on */

#define TABLE(title, keys) ((KeyTable){title, keys, sizeof(keys) / sizeof *(keys), config})

static KeyTable task_table(Config *config)
{
    return (KeyTable){"The task", task_keys, task_key_count, &config->task};
}

bool config_init(Config *config, Error *error)
{
    memset(config, 0, sizeof *config);
    Settings *settings = &config->settings;
    if (settings_add(settings, TABLE("The model", model_keys), error) &&
        settings_add(settings, TABLE("The data", data_keys), error) &&
        settings_add(settings, task_table(config), error) &&
        settings_add(settings, TABLE("Training", training_keys), error) &&
        settings_add(settings, TABLE("What is reported, and where", report_keys), error) &&
        pos_options_add(&config->pos_options, settings, error))
        return true;
    config_free(config);
    return false;
}

void config_free(Config *config)
{
    settings_free(&config->settings);
}

size_t config_decay_end(const Config *config)
{
    return config->lr_decay_iters > 0 ? config->lr_decay_iters : config->max_iters;
}

/* Did nobody set it? */
static bool is_untouched(const Config *config, const char *key)
{
    return strcmp(settings_origin(&config->settings, key), "default") == 0;
}

/* The tokens of a task's longest sequence: in training, or of all that it is tested on. */
static size_t task_longest(const Config *config, bool training)
{
    TaskLengths lengths = task_lengths(&config->task);
    return task_tokens(&config->task, training ? lengths.max : lengths.test, config->causal);
}

static size_t default_warmup(const Config *config)
{
    size_t tenth = config_decay_end(config) / 10;
    return tenth < USUAL_WARMUP ? tenth : USUAL_WARMUP;
}

void config_settle(Config *config)
{
    if (is_untouched(config, "warmup_iters"))
        config->warmup_iters = default_warmup(config);
    if (task_of(&config->task) && is_untouched(config, "block_size"))
        config->block_size = task_longest(config, true);
}

/* Refuses settings of a task that make no sequences, and a block_size that is not theirs. */
static bool check_task(const Config *config, Error *error)
{
    const char *setting;
    if (!task_check(&config->task, config->batch_size, &setting, error))
        return settings_fail_within(&config->settings, setting, error);
    if (!task_of(&config->task) || config->block_size == task_longest(config, true))
        return true;
    fail_request(error, "task = %s takes %zu: expected that, or no block_size",
                 task_of(&config->task)->name, task_longest(config, true));
    return settings_fail_within(&config->settings, "block_size", error);
}

/* Are there enough positions for every sequence of the run, and not two ways to choose them? */
static bool check_random_positions(const Config *config, Error *error)
{
    size_t longest = config->block_size;
    if (task_of(&config->task) && task_longest(config, false) > longest)
        longest = task_longest(config, false);
    if (config->random_positions == 0 ||
        (config->random_positions >= longest && config->position_offset == 0))
        return true;
    if (config->random_positions < longest)
        fail_request(error, "expected at least %zu, the tokens of the longest sequence, or 0",
                     longest);
    else
        fail_request(error, "expected 0, or position_offset = 0");
    return settings_fail_within(&config->settings, "random_positions", error);
}

bool config_check(const Config *config, Error *error)
{
    if (config->data[0] == '\0') {
        fail_request(error, "expected the path of a text file");
        return settings_fail_within(&config->settings, "data", error);
    }
    if (config->n_embd % config->n_head != 0) {
        fail_request(error, "does not divide n_embd = %zu", config->n_embd);
        return settings_fail_within(&config->settings, "n_head", error);
    }
    if (config->min_lr > config->learning_rate) {
        fail_request(error, "expected at most learning_rate = %g", config->learning_rate);
        return settings_fail_within(&config->settings, "min_lr", error);
    }
    if (config->warmup_iters > config_decay_end(config)) {
        fail_request(error, "expected at most %s = %zu",
                     config->lr_decay_iters ? "lr_decay_iters" : "max_iters",
                     config_decay_end(config));
        return settings_fail_within(&config->settings, "warmup_iters", error);
    }
    return check_task(config, error) && check_random_positions(config, error);
}

const PosScheme *config_scheme(const Config *config)
{
    return pos_schemes[config->pos];
}

const void *config_scheme_options(const Config *config)
{
    return pos_options_of(&config->pos_options, config_scheme(config));
}

GptConfig config_gpt(const Config *config, size_t vocab_size)
{
    size_t span = config->random_positions > 0 ? config->random_positions : config->block_size;
    return (GptConfig){
        .n_layer = config->n_layer,
        .n_head = config->n_head,
        .n_embd = config->n_embd,
        .block_size = config->block_size,
        .longest = task_of(&config->task) ? task_longest(config, false) : config->block_size,
        .span = span,
        .shown = span + config->position_offset,
        .vocab_size = vocab_size + (config->causal ? 0 : 1),
        .dropout = config->dropout,
        .bias = config->bias,
        .causal = config->causal,
    };
}

/* The setting because of which nothing in this table has an effect; NULL if it has. */
static const char *table_idle_because(const Config *config, const KeyTable *table)
{
    if (table->values == &config->task)
        return task_of(&config->task) ? NULL : "task";
    return table->values == config || table->values == config_scheme_options(config) ? NULL : "pos";
}

/* Does the table hold settings that a run's numbers depend on? */
static bool decides_numbers(const Config *config, const KeyTable *table)
{
    return !table_idle_because(config, table) && table->keys != report_keys;
}

/* Does the key mean something for a text only? */
static bool is_of_a_text(const char *key)
{
    return strcmp(key, "data") == 0 || strcmp(key, "tokens") == 0 || strcmp(key, "by_context") == 0;
}

const char *config_idle_because(const Config *config, const char *name)
{
    const Settings *settings = &config->settings;
    size_t place;
    if (!settings_find(settings, name, &place))
        return NULL;
    const KeyTable *table = settings->tables;
    for (; place >= table->n_keys; table++)
        place -= table->n_keys;
    if (task_of(&config->task) && is_of_a_text(table->keys[place].name))
        return "task";
    return table_idle_because(config, table);
}

/* Sets one key, and notes what has changed by it. */
static bool change_key(Config *config, const ConfigKey *key, const void *values, const char *origin,
                       TextBuffer *changed, Error *error)
{
    if (config_idle_because(config, key->name))
        return fail_request(error, "%s: pos = %s has no such option", origin,
                            config_scheme(config)->name);
    TextBuffer before = key_text(key, config_scheme_options(config)), now = key_text(key, values);
    bool ok = !before.failed && !now.failed;
    if (ok && strcmp(before.bytes, now.bytes) != 0) {
        text_append_format(changed, "%s%s = %s", changed->length > 0 ? ", " : "", key->name,
                           now.bytes);
        ok = settings_set(&config->settings, key->name, now.bytes, origin, error);
    }
    text_buffer_free(&before);
    text_buffer_free(&now);
    return ok && !changed->failed ? true : fail(error, "%s: out of memory", origin);
}

bool config_change(Config *config, const Settings *changes, TextBuffer *changed, Error *error)
{
    size_t place = 0;
    for (size_t t = 0; t < changes->n_tables; t++) {
        const KeyTable *table = &changes->tables[t];
        for (size_t k = 0; k < table->n_keys; k++, place++)
            if (table->keys[k].after_training && changes->origin[place] &&
                !change_key(config, &table->keys[k], table->values, changes->origin[place], changed,
                            error))
                return false;
    }
    return true;
}

void config_to_text(const Config *config, TextBuffer *out)
{
    for (size_t t = 0; t < config->settings.n_tables; t++) {
        const KeyTable *table = &config->settings.tables[t];
        if (table_idle_because(config, table))
            continue;
        text_append_format(out, "%s# %s\n", t > 0 ? "\n" : "", table->title);
        for (size_t k = 0; k < table->n_keys; k++) {
            TextBuffer value = key_text(&table->keys[k], table->values);
            if (value.failed)
                out->failed = true;
            else
                ini_append(out, table->keys[k].name, value.bytes);
            text_buffer_free(&value);
        }
    }
}

/* May a run go on with another value of this key? */
static bool may_change(const Config *now, const Config *before, const ConfigKey *key)
{
    if (strcmp(key->name, "warmup_iters") == 0)
        return is_untouched(now, key->name) && before->warmup_iters == default_warmup(before);
    return strcmp(key->name, "data") == 0 || strcmp(key->name, "max_iters") == 0;
}

/* Has a key the same value in both? */
static bool compare_values(const ConfigKey *key, const void *a, const void *b, bool *same,
                           Error *error)
{
    TextBuffer of_a = key_text(key, a), of_b = key_text(key, b);
    bool ok = !of_a.failed && !of_b.failed;
    *same = ok && strcmp(of_a.bytes, of_b.bytes) == 0;
    text_buffer_free(&of_a);
    text_buffer_free(&of_b);
    return ok || fail(error, "%s: out of memory", key->name);
}

bool config_difference(const Config *now, const Config *before, const char **name, Error *error)
{
    *name = NULL;
    for (size_t t = 0; t < now->settings.n_tables; t++) {
        const KeyTable *table = &now->settings.tables[t];
        const void *earlier = before->settings.tables[t].values;
        for (size_t k = 0; k < table->n_keys && decides_numbers(now, table); k++) {
            const ConfigKey *key = &table->keys[k];
            bool same;
            if (!compare_values(key, table->values, earlier, &same, error))
                return false;
            if (same || may_change(now, before, key))
                continue;
            *name = key->name;
            return true;
        }
    }
    return true;
}

/* Does the default name of a run say this key itself? */
static bool stands_in_the_name(const char *key)
{
    return strcmp(key, "pos") == 0 || strcmp(key, "data") == 0 || strcmp(key, "seed") == 0;
}

/* Appends "\nkey=value", or nothing for an unnamed default. */
static void append_named(const ConfigKey *key, const void *values, TextBuffer *text)
{
    TextBuffer value = key_text(key, values);
    if (value.failed)
        text->failed = true;
    else if (!key->unnamed_default || strcmp(value.bytes, key->value) != 0)
        text_append_format(text, "\n%s=%s", key->name, value.bytes);
    text_buffer_free(&value);
}

bool config_hash(const Config *config, const char *corpus_sha256, unsigned *hash, Error *error)
{
    TextBuffer text = {0};
    text_append_format(&text, "%s", corpus_sha256);
    for (size_t t = 0; t < config->settings.n_tables; t++) {
        const KeyTable *table = &config->settings.tables[t];
        for (size_t k = 0; k < table->n_keys && decides_numbers(config, table); k++)
            if (!stands_in_the_name(table->keys[k].name))
                append_named(&table->keys[k], table->values, &text);
    }
    bool ok = !text.failed;
    /* The key that random_for makes of a text is a hash of it, of which half is enough. */
    *hash = ok ? (unsigned)(random_for(random_seed(0), text.bytes).value >> 32) : 0;
    text_buffer_free(&text);
    return ok || fail(error, "out of memory: the run's name");
}
