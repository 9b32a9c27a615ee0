/* weights_case.c: changes files, and loads them. */
#include "support/weights_case.h"

#include <stdio.h>
#include <string.h>

#include "support/fixtures.h"
#include "train/weights.h"

SafeFile bare_contents(CheckpointCase *m)
{
    write_checkpoint(m, false);
    SafeFile file = contents_of(m);
    SafeTensor *tensors = arena_alloc(&m->arena, file.n_tensors + 8, sizeof *tensors);
    assert_non_null(tensors);
    memcpy(tensors, file.tensors, file.n_tensors * sizeof *tensors);
    return (SafeFile){.tensors = tensors, .n_tensors = file.n_tensors};
}

void set_number(CheckpointCase *m, SafeFile *file, const char *name, size_t i, double value)
{
    SafeTensor *tensor = tensor_named(file, name);
    real *numbers = arena_alloc(&m->arena, tensor->bytes, 1);
    assert_non_null(numbers);
    tensor->data = memcpy(numbers, tensor->data, tensor->bytes);
    numbers[i] = (real)value;
}

/* All numbers of a new model, before they are loaded. */
static const real UNTOUCHED = 7;

bool load_weights(CheckpointCase *m, Gpt *into, const char **lacks)
{
    GptConfig shape = config_gpt(&m->config, m->vocab.size);
    m->error = (Error){0};
    assert_true(
        gpt_init(into, &shape, config_scheme(&m->config), config_scheme_options(&m->config), NULL));
    assert_true(gpt_allocate(into, NULL));
    for (size_t i = 0; i < into->params.size; i++)
        into->params.values[i] = UNTOUCHED;
    return weights_load(m->path, &m->vocab, &into->params, lacks, &m->error);
}

void assert_loads(CheckpointCase *m, const char *expected)
{
    Gpt gpt;
    const char *lacks = "?";
    if (!load_weights(m, &gpt, &lacks))
        fail_msg("%s", m->error.text);
    for (const Param *p = m->gpt.params.first; p; p = p->next)
        assert_same_bits(param_find(&gpt.params, p->name)->tensor.data, p->tensor.data,
                         tensor_size(&p->tensor));
    if (expected == NULL)
        assert_null(lacks);
    else
        assert_string_equal(lacks, expected);
    gpt_free(&gpt);
}

void assert_not_loaded(CheckpointCase *m, ErrorKind kind, const char *piece)
{
    Gpt gpt;
    const char *lacks;
    char expected[512];
    snprintf(expected, sizeof expected, "%s: %s", m->path, piece);
    if (load_weights(m, &gpt, &lacks))
        fail_msg("loaded: expected \"%s\"", expected);
    if (strncmp(m->error.text, expected, strlen(expected)) != 0)
        fail_msg("\"%s\"\ndoes not begin with \"%s\"", m->error.text, expected);
    assert_int_equal(m->error.kind, kind);
    for (size_t i = 0; i < gpt.params.size; i++)
        assert_true(gpt.params.values[i] == UNTOUCHED);
    gpt_free(&gpt);
}
