/* small_model.c: a model of 2 layers with all that a checkpoint holds, and a file for it. */
#include "support/small_model.h"

#include <stdlib.h>
#include <string.h>

#include "support/fixtures.h"

void model_set(SmallModel *m, const char *key, const char *text)
{
    if (!settings_set(&m->config.settings, key, text, "here:1", &m->error))
        fail_msg("%s", m->error.text);
}

void remake(SmallModel *m)
{
    gpt_free(&m->gpt);
    GptConfig shape = config_gpt(&m->config, m->vocab.size);
    if (!gpt_init(&m->gpt, &shape, config_scheme(&m->config), config_scheme_options(&m->config),
                  &m->error) ||
        !gpt_allocate(&m->gpt, &m->error) ||
        !adamw_init(&m->adamw, &m->arena, &m->gpt.params, 0.9, 0.99, 0.1, &m->error))
        fail_msg("%s", m->error.text);
    ParamList *params = &m->gpt.params;
    for (Param *p = params->first; p; p = p->next) {
        size_t start = (size_t)(p->tensor.data - params->values), size = tensor_size(&p->tensor);
        fill_random(p->tensor.data, size, 3 * start);
        fill_random(m->adamw.mean + start, size, 3 * start + 1);
        fill_random(m->adamw.square + start, size, 3 * start + 2);
    }
}

int small_model_setup(void **state)
{
    static const char text[] = "a é\nத😀";
    static const char *const settings[][2] = {
        {"n_layer", "2"}, {"n_head", "2"}, {"n_embd", "8"}, {"block_size", "8"}, {"bias", "yes"}};
    SmallModel *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->folder = make_test_folder();
    m->path = test_path(m->folder, "model.safetensors");
    assert_true(config_init(&m->config, NULL));
    assert_true(vocab_build(&m->arena, "text", text, strlen(text), &m->vocab, NULL));
    for (size_t s = 0; s < COUNT_OF(settings); s++)
        model_set(m, settings[s][0], settings[s][1]);
    m->progress = (Progress){.step = 1750, .val_loss = 1.5, .best_loss = 1.25, .best_step = 1500};
    remake(m);
    *state = m;
    return 0;
}

int small_model_teardown(void **state)
{
    SmallModel *m = *state;
    saved_model_free(&m->saved);
    gpt_free(&m->gpt);
    config_free(&m->config);
    arena_free(&m->arena);
    free(m->path);
    remove_test_folder(m->folder);
    free(m);
    return 0;
}

void write_checkpoint(SmallModel *m, bool with_moments)
{
    Checkpoint checkpoint = {.config = &m->config,
                             .vocab = &m->vocab,
                             .corpus_sha256 = SMALL_MODEL_SHA,
                             .gpt = &m->gpt,
                             .adamw = with_moments ? &m->adamw : NULL,
                             .progress = m->progress};
    if (!checkpoint_write(m->path, &checkpoint, &m->error))
        fail_msg("%s", m->error.text);
}

bool open_saved(SmallModel *m)
{
    saved_model_free(&m->saved);
    m->error = (Error){0};
    return saved_model_open(&m->saved, m->path, &m->error);
}

SafeFile contents_of(SmallModel *m)
{
    SafeFile contents;
    if (!safetensors_read(&m->arena, m->path, &contents, &m->error))
        fail_msg("%s", m->error.text);
    return contents;
}

void write_contents(SmallModel *m, const SafeFile *contents)
{
    if (!safetensors_write(m->path, contents, &m->error))
        fail_msg("%s", m->error.text);
}
