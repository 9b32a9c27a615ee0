/* test_random_configs.c: whatever a config says, a run keeps its promises: it is refused with a
 * reason, or it trains, is saved, goes on, is evaluated and asked for text, with the same bits on
 * one thread as on two.
 *
 * Small configs are drawn over all keys: CONFIGS in the environment says how many; `make
 * check-long` asks for 500. The number of each is printed; CONFIG=17 tests that one alone and shows
 * its settings. */
#include "support/training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "math/parallel.h"
#include "train/sampler.h"

enum { USUAL_CONFIGS = 40, STEPS = 3, SAMPLE = 12 };

/* --- drawing a config --- */

typedef struct Draws {
    RandomKey key;
    size_t used;
} Draws;

static size_t draw_below(Draws *draws, size_t n)
{
    return (size_t)random_below(draws->key, draws->used++, n);
}

/* Sizes that would make a model large, or that must fit others. The rest of the sizes are at most
 * 15 more than their least. */
static const struct {
    const char *key;
    size_t least, most;
} small_sizes[] = {
    {"n_layer", 1, 2},         {"block_size", 1, 12},
    {"batch_size", 1, 3},      {"max_iters", 3, 3},
    {"warmup_iters", 0, 3},    {"lr_decay_iters", 3, 6},
    {"position_offset", 0, 5}, {"gradient_accumulation_steps", 1, 2},
};

static size_t draw_size(Draws *draws, const ConfigKey *key)
{
    size_t least = (size_t)key->min, most = least + 15;
    if (strcmp(key->name, "random_positions") == 0) /* for any sequence here, or none */
        return draw_below(draws, 8) == 0 ? 64 : 0;
    for (size_t s = 0; s < COUNT_OF(small_sizes); s++)
        if (strcmp(key->name, small_sizes[s].key) == 0)
            least = small_sizes[s].least, most = small_sizes[s].most;
    if ((double)most > key->max)
        most = (size_t)key->max;
    return least + draw_below(draws, most - least + 1);
}

/* One of the ends, the default, or anything between. */
static void append_real(TextBuffer *text, Draws *draws, const ConfigKey *key)
{
    double share = random_uniform(draws->key, draws->used++);
    switch (draw_below(draws, 4)) {
    case 0:
        text_append_format(text, "%.17g\n", draw_below(draws, 2) ? key->min : key->max);
        break;
    case 1:
        text_append_format(text, "%.17g\n", key->min + share * (key->max - key->min));
        break;
    default:
        text_append_format(text, "%s\n", key->value);
    }
}

static void append_value(TextBuffer *text, Draws *draws, const ConfigKey *key)
{
    size_t count = 0;
    switch (key->type) {
    case KEY_SIZE:
        text_append_format(text, "%zu\n", draw_size(draws, key));
        break;
    case KEY_REAL:
        append_real(text, draws, key);
        break;
    case KEY_BOOL:
        text_append_format(text, "%s\n", draw_below(draws, 2) ? "yes" : "no");
        break;
    case KEY_CHOICE:
        while (key->choices[count] != NULL)
            count++;
        text_append_format(text, "%s\n", key->choices[draw_below(draws, count)]);
        break;
    case KEY_TEXT:
        break;
    }
}

/* Drawn together below, or no matter here; a text in most of the configs, else a task. */
static bool is_left_out(const char *key, bool has_task)
{
    static const char *const keys[] = {"n_head", "n_embd",    "learning_rate", "min_lr", "threads",
                                       "data",   "init_from", "name",          "out_dir"};
    for (size_t k = 0; k < COUNT_OF(keys); k++)
        if (strcmp(key, keys[k]) == 0)
            return true;
    return strcmp(key, "task") == 0 ? !has_task : has_task && strcmp(key, "block_size") == 0;
}

/* Lines "key = value" for all keys. */
static void draw_config(Draws *draws, const Settings *keys, TextBuffer *text)
{
    bool has_task = draw_below(draws, 4) == 0;
    size_t n_head = 1 + draw_below(draws, 3), head_size = 1 + draw_below(draws, 6);
    double rate = pow(10, -6 + 5.5 * random_uniform(draws->key, draws->used++));
    text_append_format(text, "n_head = %zu\nn_embd = %zu\n", n_head, n_head * head_size);
    text_append_format(text, "learning_rate = %.17g\nmin_lr = %.17g\n", rate,
                       draw_below(draws, 2) ? 0 : rate);
    for (size_t t = 0; t < keys->n_tables; t++)
        for (size_t k = 0; k < keys->tables[t].n_keys; k++) {
            const ConfigKey *key = &keys->tables[t].keys[k];
            if (is_left_out(key->name, has_task) || key->type == KEY_TEXT)
                continue;
            text_append_format(text, "%s = ", key->name);
            append_value(text, draws, key);
        }
    assert_false(text->failed);
}

/* --- a run of it --- */

typedef struct Subject {
    Arena arena;
    Config config;
    Corpus corpus;
    Trainer trainer;
    int sample[SAMPLE];
    size_t n_sample;
} Subject;

/* False where the config is refused. */
static bool subject_open(Subject *s, const char *path, const char *settings, Error *error)
{
    memset(s, 0, sizeof *s);
    assert_true(config_init(&s->config, NULL));
    Settings *all = &s->config.settings;
    if (settings_set(all, "data", path, "test", error) &&
        settings_parse(all, "drawn", settings, strlen(settings), error)) {
        config_settle(&s->config);
        if (config_check(&s->config, error) &&
            run_corpus(&s->arena, &s->config, &s->corpus, error) &&
            trainer_init(&s->trainer, &s->config, &s->corpus, error))
            return true;
    }
    config_free(&s->config);
    arena_free(&s->arena);
    return false;
}

static void subject_close(Subject *s)
{
    trainer_free(&s->trainer);
    config_free(&s->config);
    arena_free(&s->arena);
}

static bool take_token(void *context, int token)
{
    Subject *s = context;
    s->sample[s->n_sample++] = token;
    return true;
}

/* What a trained model is asked; what it cannot do is refused with the same words everywhere. */
typedef struct Answers {
    Error loss, sample;
} Answers;

static Answers ask(Subject *s)
{
    Answers answers = {0};
    int first = 0;
    const Config *config = &s->config;
    Placement placement = placement_of(config);
    SampleOptions options = {.temperature = config->temperature,
                             .top_k = config->top_k,
                             .past = sample_past_for(&s->trainer.gpt, placement),
                             .placement = placement,
                             .key = random_seed(config->seed)};
    trainer_evaluate(&s->trainer, &answers.loss);
    sample(&s->trainer.gpt, &first, 1, SAMPLE, &options, take_token, s, &answers.sample);
    return answers;
}

static void check_same(Subject *a, Subject *b)
{
    const Small of_a = {.trainer = a->trainer}, of_b = {.trainer = b->trainer};
    assert_same_state(&of_a, &of_b);
    Answers answers_a = ask(a);
    parallel_set_threads(2);
    Answers answers_b = ask(b);
    assert_string_equal(answers_a.loss.text, answers_b.loss.text);
    assert_string_equal(answers_a.sample.text, answers_b.sample.text);
    assert_memory_equal(&a->trainer.progress.val_loss, &b->trainer.progress.val_loss,
                        sizeof(double));
    assert_int_equal(a->n_sample, b->n_sample);
    assert_memory_equal(a->sample, b->sample, a->n_sample * sizeof *a->sample);
    assert_true(answers_a.loss.kind != ERROR_NONE || isfinite(a->trainer.progress.val_loss));
    assert_true(answers_a.sample.kind != ERROR_NONE || a->n_sample == SAMPLE);
}

/* Steps up to `last`; false, with the reason, where there are no numbers any more. */
static bool go_to(Subject *s, size_t last, Error *error)
{
    while (s->trainer.progress.step < last)
        if (!trainer_step(&s->trainer, error))
            return false;
    return true;
}

/* Saves what stands after some steps, and goes on from it in a new trainer with two threads. */
static void check_config(Training *training, const char *settings, size_t *trained)
{
    const char *path = training->corpus.path;
    char *checkpoint = test_path(training->folder, "checkpoint.safetensors");
    Subject whole, part, rest;
    Error error = {0}, again = {0};
    if (!subject_open(&whole, path, settings, &error)) {
        assert_int_equal(error.kind, ERROR_REQUEST);
        assert_contains(error.text, ": ");
        free(checkpoint);
        return;
    }
    assert_true(subject_open(&part, path, settings, NULL));
    assert_true(subject_open(&rest, path, settings, NULL));
    parallel_set_threads(1);
    bool done = go_to(&whole, STEPS, &error);
    parallel_set_threads(2);
    bool same = go_to(&part, STEPS - 1, &again) &&
                trainer_save(&part.trainer, checkpoint, true, &again) &&
                trainer_resume(&rest.trainer, checkpoint, &again) && go_to(&rest, STEPS, &again);
    parallel_set_threads(1);
    assert_string_equal(error.text, again.text);
    assert_int_equal(done, same);
    if (done)
        check_same(&whole, &rest);
    parallel_set_threads(1);
    *trained += done;
    subject_close(&whole);
    subject_close(&part);
    subject_close(&rest);
    free(checkpoint);
}

static size_t number_asked_for(const char *name, size_t usual)
{
    const char *text = getenv(name);
    size_t number = usual;
    assert_true(text == NULL || text_to_size(text, &number));
    return number;
}

static void a_config_is_refused_or_trains_the_same_on_any_number_of_threads(void **state)
{
    Training *training = *state;
    Config keys;
    size_t alone = number_asked_for("CONFIG", SIZE_MAX), trained = 0;
    size_t first = alone < SIZE_MAX ? alone : 0;
    size_t end = alone < SIZE_MAX ? alone + 1 : number_asked_for("CONFIGS", USUAL_CONFIGS);
    assert_true(config_init(&keys, NULL));
    for (size_t n = first; n < end; n++) {
        Draws draws = {random_at(random_for(random_seed(1), "configs"), n), 0};
        TextBuffer settings = {0};
        draw_config(&draws, &keys.settings, &settings);
        print_message("config %zu\n", n);
        if (alone == n)
            puts(settings.bytes);
        check_config(training, settings.bytes, &trained);
        text_buffer_free(&settings);
    }
    config_free(&keys);
    print_message("%zu of %zu trained\n", trained, end - first);
    assert_true(alone < SIZE_MAX || trained >= end / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(a_config_is_refused_or_trains_the_same_on_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
