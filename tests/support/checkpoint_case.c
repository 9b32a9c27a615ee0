/* checkpoint_case.c: a model of 2 layers with all that a checkpoint holds, and a file for it. */
#include "support/checkpoint_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/random_gpt.h"

void remake(CheckpointCase *m)
{
    gpt_free(&m->gpt);
    GptConfig shape = config_gpt(&m->config, m->vocab.size);
    random_gpt(&m->gpt, &shape, config_scheme(&m->config), config_scheme_options(&m->config));
    if (!adamw_init(&m->adamw, &m->arena, &m->gpt.params, 0.9, 0.99, 0.1, &m->error))
        fail_msg("%s", m->error.text);
    ParamList *params = &m->gpt.params;
    for (Param *p = params->first; p; p = p->next) {
        size_t start = (size_t)(p->tensor.data - params->values), size = tensor_size(&p->tensor);
        fill_random(m->adamw.mean + start, size, 2 * start);
        fill_random(m->adamw.square + start, size, 2 * start + 1);
    }
}

int checkpoint_case_setup(void **state)
{
    static const char text[] = "a é\nத😀";
    static const char *const settings[][2] = {
        {"n_layer", "2"}, {"n_head", "2"}, {"n_embd", "8"}, {"block_size", "8"}, {"bias", "yes"}};
    CheckpointCase *m = calloc(1, sizeof *m);
    size_t count;
    assert_non_null(m);
    m->folder = make_test_folder();
    m->path = test_path(m->folder, "model.safetensors");
    assert_true(config_init(&m->config, NULL));
    assert_true(vocab_build(&m->arena, VOCAB_CHARACTERS, "text", text, strlen(text), &m->vocab,
                            &count, NULL));
    for (size_t s = 0; s < COUNT_OF(settings); s++)
        set_key(&m->config, settings[s][0], settings[s][1]);
    m->progress = (Progress){.step = 1750, .val_loss = 1.5, .best_loss = 1.25, .best_step = 1500};
    remake(m);
    *state = m;
    return 0;
}

int checkpoint_case_teardown(void **state)
{
    CheckpointCase *m = *state;
    saved_model_free(&m->saved);
    gpt_free(&m->gpt);
    config_free(&m->config);
    arena_free(&m->arena);
    free(m->path);
    remove_test_folder(m->folder);
    free(m);
    return 0;
}

void write_checkpoint(CheckpointCase *m, bool with_moments)
{
    Checkpoint checkpoint = {.config = &m->config,
                             .vocab = &m->vocab,
                             .corpus_sha256 = CHECKPOINT_CASE_SHA,
                             .gpt = &m->gpt,
                             .adamw = with_moments ? &m->adamw : NULL,
                             .progress = m->progress};
    if (!checkpoint_write(m->path, &checkpoint, &m->error))
        fail_msg("%s", m->error.text);
}

bool open_saved(CheckpointCase *m)
{
    saved_model_free(&m->saved);
    m->error = (Error){0};
    return saved_model_open(&m->saved, m->path, &m->error);
}

void assert_refused(CheckpointCase *m, const char *piece)
{
    char expected[512];
    snprintf(expected, sizeof expected, "%s: %s", m->path, piece);
    if (open_saved(m))
        fail_msg("accepted: expected \"%s\"", expected);
    if (strncmp(m->error.text, expected, strlen(expected)) != 0)
        fail_msg("\"%s\"\ndoes not begin with \"%s\"", m->error.text, expected);
    assert_int_equal(m->error.kind, ERROR_WORK);
    assert_true(m->saved.gpt.params.values == NULL && m->saved.arena.blocks == NULL);
}

SafeFile contents_of(CheckpointCase *m)
{
    SafeFile contents;
    if (!safetensors_read(&m->arena, m->path, &contents, &m->error))
        fail_msg("%s", m->error.text);
    return contents;
}

void write_contents(CheckpointCase *m, const SafeFile *contents)
{
    if (!safetensors_write(m->path, contents, &m->error))
        fail_msg("%s", m->error.text);
}

SafeText *text_named(const SafeFile *contents, const char *key)
{
    for (size_t t = 0; t < contents->n_metadata; t++)
        if (strcmp(contents->metadata[t].key, key) == 0)
            return &contents->metadata[t];
    fail_msg("%s: not in the file", key);
    return NULL;
}

SafeTensor *tensor_named(const SafeFile *contents, const char *name)
{
    for (size_t t = 0; t < contents->n_tensors; t++)
        if (strcmp(contents->tensors[t].name, name) == 0)
            return &contents->tensors[t];
    fail_msg("%s: not in the file", name);
    return NULL;
}
