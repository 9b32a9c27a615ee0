/* test_checkpoint.c: tests of src/train/checkpoint.c: what is written and read. Files that are
 * damaged are in test_checkpoint_damaged.c, those that lie in test_checkpoint_hostile.c. */
#include "support/check.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "support/checkpoint_case.h"
#include "support/fixtures.h"

static void open_or_fail(CheckpointCase *m)
{
    if (!open_saved(m))
        fail_msg("%s", m->error.text);
}

/* Each parameter of one list is in the other, by name, with the same shape and the same bits. */
static void assert_same_parameters(const ParamList *actual, const ParamList *expected)
{
    assert_int_equal(actual->count, expected->count);
    for (const Param *p = expected->first; p; p = p->next) {
        const Param *found = param_find(actual, p->name);
        assert_non_null(found);
        assert_int_equal(found->tensor.rank, p->tensor.rank);
        assert_memory_equal(found->tensor.shape, p->tensor.shape,
                            p->tensor.rank * sizeof *p->tensor.shape);
        assert_same_bits(found->tensor.data, p->tensor.data, tensor_size(&p->tensor));
    }
}

static void a_model_comes_back_with_the_same_bits_whatever_its_scheme(void **state)
{
    CheckpointCase *m = *state;
    const char *const bias[] = {"yes", "no"};
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (size_t b = 0; b < 2; b++) {
            set_key(&m->config, "pos", pos_names[s]);
            set_key(&m->config, "bias", bias[b]);
            remake(m);
            write_checkpoint(m, true);
            open_or_fail(m);
            assert_same_parameters(&m->saved.gpt.params, &m->gpt.params);
            assert_same_settings(&m->saved.config, &m->config);
            assert_ptr_equal(m->saved.gpt.pos.scheme, pos_schemes[s]);
        }
}

static void a_config_comes_back_whole(void **state)
{
    CheckpointCase *m = *state;
    const char *const settings[][2] = {{"rope_base", "500"},
                                       {"rope_pairing", "half"},
                                       {"learning_rate", "0.30000000000000004"},
                                       {"data", "my files/\"a\" # b.txt"},
                                       {"seed", "9007199254740992"},
                                       {"dropout", "0.1"},
                                       {"name", "été"}};
    for (size_t s = 0; s < COUNT_OF(settings); s++)
        set_key(&m->config, settings[s][0], settings[s][1]);
    remake(m);
    write_checkpoint(m, false);
    open_or_fail(m);
    assert_same_settings(&m->saved.config, &m->config);
    assert_string_equal(m->saved.config.data, "my files/\"a\" # b.txt");
    assert_string_equal(m->saved.corpus_sha256, CHECKPOINT_CASE_SHA);
}

static void a_model_with_a_mask_has_a_row_for_it(void **state)
{
    CheckpointCase *m = *state;
    set_key(&m->config, "causal", "no");
    remake(m);
    write_checkpoint(m, false);
    open_or_fail(m);
    assert_int_equal(m->saved.vocab.size, 6);
    assert_int_equal(m->saved.gpt.wte->shape[0], 7);
}

static void the_vocabulary_comes_back_in_any_script(void **state)
{
    CheckpointCase *m = *state;
    const uint32_t expected[] = {'\n', ' ', 'a', 0xe9, 0xba4, 0x1f600};
    write_checkpoint(m, false);
    open_or_fail(m);
    assert_int_equal(m->saved.vocab.size, 6);
    assert_memory_equal(m->saved.vocab.characters, expected, sizeof expected);
    const SafeFile file = contents_of(m);
    assert_string_equal(text_named(&file, "vocabulary")->value, "\n aéத😀");
}

static void a_vocabulary_of_words_comes_back_as_one(void **state)
{
    CheckpointCase *m = *state;
    static const char text[] = "the été\nthe fox, it's"; /* six words, as many as the model has */
    static const char *const symbols[] = {"b", "a", "=>", "10", "don't", "é"};
    size_t count;
    for (VocabKind kind = VOCAB_WORDS; kind <= VOCAB_SYMBOLS; kind++) {
        if (kind == VOCAB_WORDS)
            assert_true(
                vocab_build(&m->arena, kind, "text", text, strlen(text), &m->vocab, &count, NULL));
        else
            assert_true(vocab_of_words(&m->arena, symbols, COUNT_OF(symbols), &m->vocab, NULL));
        remake(m);
        write_checkpoint(m, false);
        open_or_fail(m);
        assert_int_equal(m->saved.vocab.kind, kind);
        assert_true(vocab_equal(&m->saved.vocab, &m->vocab));
        const SafeFile file = contents_of(m);
        assert_string_equal(text_named(&file, "tokens")->value,
                            kind == VOCAB_WORDS ? "word" : "symbol");
    }
}

static void assert_same_number(double actual, double expected)
{
    assert_true(isnan(expected) ? isnan(actual) : actual == expected);
}

static void progress_comes_back_whatever_it_is(void **state)
{
    CheckpointCase *m = *state;
    const Progress cases[] = {
        {0, NAN, INFINITY, 0, NAN, 0, 0, 0},
        {2000, 1.5, 0.1 + 0.2, 1750, 1.0 / 3, 12.345678901234567, 9, 1e-300},
        {SIZE_MAX, -INFINITY, copysign(NAN, -1), SIZE_MAX - 1, 5e-324, 1e308, SIZE_MAX, 86400.5},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        m->progress = cases[c];
        write_checkpoint(m, false);
        open_or_fail(m);
        const Progress *back = &m->saved.progress;
        assert_true(back->step == cases[c].step && back->best_step == cases[c].best_step &&
                    back->loss_count == cases[c].loss_count);
        assert_same_number(back->val_loss, cases[c].val_loss);
        assert_same_number(back->best_loss, cases[c].best_loss);
        assert_same_number(back->train_loss, cases[c].train_loss);
        assert_same_number(back->loss_sum, cases[c].loss_sum);
        assert_same_number(back->elapsed_s, cases[c].elapsed_s);
    }
}

/* Of a file that ends behind its header, and of one that ends in it. */
static void progress_is_read_from_the_head_of_a_file_alone(void **state)
{
    CheckpointCase *m = *state;
    Progress progress = {0};
    FileBytes file;
    m->progress = (Progress){.step = 94, .val_loss = 2.5};
    write_checkpoint(m, true);
    assert_true(file_read(&m->arena, m->path, SIZE_MAX, &file, NULL));
    uint64_t header;
    memcpy(&header, file.bytes, sizeof header);
    write_test_file(m->path, file.bytes, sizeof header + header);
    assert_true(checkpoint_progress(m->path, &progress, &m->error));
    assert_int_equal(progress.step, 94);
    assert_true(progress.val_loss == 2.5);
    for (size_t length = 0; length < sizeof header + header; length += 1 + length) {
        write_test_file(m->path, file.bytes, length);
        assert_false(checkpoint_progress(m->path, &progress, &m->error));
        assert_int_equal(strncmp(m->error.text, m->path, strlen(m->path)), 0);
    }
}

/* What another program wrote says nothing of training. */
static void a_file_without_progress_has_none(void **state)
{
    CheckpointCase *m = *state;
    Progress progress;
    write_checkpoint(m, false);
    SafeFile contents = contents_of(m);
    contents.n_metadata = 0;
    write_contents(m, &contents);
    assert_false(checkpoint_progress(m->path, &progress, &m->error));
    assert_contains(m->error.text, "metadata \"step\": missing or damaged");
}

static void moments_come_back_with_the_same_bits(void **state)
{
    CheckpointCase *m = *state;
    AdamW adamw;
    write_checkpoint(m, true);
    open_or_fail(m);
    assert_true(adamw_init(&adamw, &m->arena, &m->gpt.params, 0.9, 0.99, 0.1, NULL));
    if (!saved_model_moments(&m->saved, m->path, &adamw, &m->error))
        fail_msg("%s", m->error.text);
    assert_same_bits(adamw.mean, m->adamw.mean, m->adamw.size); /* the gaps, too */
    assert_same_bits(adamw.square, m->adamw.square, m->adamw.size);
    assert_int_equal(adamw.steps, 1750);
}

static void a_file_of_weights_has_no_moments_and_opens(void **state)
{
    CheckpointCase *m = *state;
    AdamW adamw;
    write_checkpoint(m, false);
    const SafeFile file = contents_of(m);
    assert_int_equal(file.n_tensors, m->gpt.params.count);
    for (size_t t = 0; t < file.n_tensors; t++)
        assert_null(strstr(file.tensors[t].name, "optimizer"));
    open_or_fail(m);
    assert_same_parameters(&m->saved.gpt.params, &m->gpt.params);
    assert_true(adamw_init(&adamw, &m->arena, &m->gpt.params, 0.9, 0.99, 0.1, NULL));
    assert_false(saved_model_moments(&m->saved, m->path, &adamw, &m->error));
    assert_contains(m->error.text, "model.safetensors: tensor "
                                   "\"optimizer.mean.transformer.wte.weight\": missing");
}

typedef struct Expected {
    const char *name;
    size_t rank, shape[2];
} Expected;

static void assert_tensor(const SafeFile *file, const char *prefix, const Expected *expected)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s", prefix, expected->name);
    const SafeTensor *found = tensor_named(file, name);
    assert_int_equal(found->rank, expected->rank);
    assert_memory_equal(found->shape, expected->shape, expected->rank * sizeof(size_t));
    assert_string_equal(found->dtype, sizeof(real) == 8 ? "F64" : "F32");
}

/* The state dict of nanoGPT's GPT with one layer, 8 channels, 6 symbols and 8 positions, without
 * biases; its lm_head.weight is transformer.wte.weight. */
static void tensors_have_the_names_and_shapes_of_nanogpt(void **state)
{
    CheckpointCase *m = *state;
    const Expected expected[] = {
        {"transformer.wte.weight", 2, {6, 8}},
        {"transformer.wpe.weight", 2, {8, 8}},
        {"transformer.h.0.ln_1.weight", 1, {8}},
        {"transformer.h.0.attn.c_attn.weight", 2, {24, 8}},
        {"transformer.h.0.attn.c_proj.weight", 2, {8, 8}},
        {"transformer.h.0.ln_2.weight", 1, {8}},
        {"transformer.h.0.mlp.c_fc.weight", 2, {32, 8}},
        {"transformer.h.0.mlp.c_proj.weight", 2, {8, 32}},
        {"transformer.ln_f.weight", 1, {8}},
    };
    set_key(&m->config, "pos", "learned");
    set_key(&m->config, "n_layer", "1");
    set_key(&m->config, "bias", "no");
    remake(m);
    write_checkpoint(m, true);
    const SafeFile file = contents_of(m);
    assert_int_equal(file.n_tensors, 3 * COUNT_OF(expected));
    for (size_t t = 0; t < COUNT_OF(expected); t++) {
        assert_tensor(&file, "", &expected[t]);
        assert_tensor(&file, "optimizer.mean.", &expected[t]);
        assert_tensor(&file, "optimizer.square.", &expected[t]);
    }
}

static void biases_have_their_names_too(void **state)
{
    CheckpointCase *m = *state;
    const Expected expected[] = {
        {"transformer.h.1.ln_1.bias", 1, {8}},
        {"transformer.h.1.attn.c_attn.bias", 1, {24}},
        {"transformer.h.1.attn.c_proj.bias", 1, {8}},
        {"transformer.h.1.ln_2.bias", 1, {8}},
        {"transformer.h.1.mlp.c_fc.bias", 1, {32}},
        {"transformer.h.1.mlp.c_proj.bias", 1, {8}},
        {"transformer.ln_f.bias", 1, {8}},
    };
    write_checkpoint(m, false);
    const SafeFile file = contents_of(m);
    for (size_t t = 0; t < COUNT_OF(expected); t++)
        assert_tensor(&file, "", &expected[t]);
}

/* The type that `real` is not in this build. */
#ifdef REAL_IS_DOUBLE
typedef float Other;
#define OTHER_DTYPE "F32"
#else
typedef double Other;
#define OTHER_DTYPE "F64"
#endif

static void numbers_of_the_other_precision_are_read(void **state)
{
    CheckpointCase *m = *state;
    AdamW adamw;
    write_checkpoint(m, true);
    SafeFile file = contents_of(m);
    for (size_t t = 0; t < file.n_tensors; t++) {
        SafeTensor *tensor = &file.tensors[t];
        size_t count = tensor->bytes / sizeof(real);
        Other *numbers = arena_alloc(&m->arena, count, sizeof *numbers);
        assert_non_null(numbers);
        for (size_t i = 0; i < count; i++)
            numbers[i] = (Other)((const real *)tensor->data)[i];
        tensor->dtype = OTHER_DTYPE;
        tensor->data = numbers;
        tensor->bytes = count * sizeof *numbers;
    }
    text_named(&file, "checksum")->key = "checksum of other bytes";
    write_contents(m, &file);
    open_or_fail(m);
    assert_true(adamw_init(&adamw, &m->arena, &m->gpt.params, 0.9, 0.99, 0.1, NULL));
    assert_true(saved_model_moments(&m->saved, m->path, &adamw, NULL));
    for (size_t i = 0; i < m->gpt.params.size; i++) {
        assert_true(m->saved.gpt.params.values[i] == (real)(Other)m->gpt.params.values[i]);
        assert_true(adamw.mean[i] == (real)(Other)m->adamw.mean[i]);
        assert_true(adamw.square[i] == (real)(Other)m->adamw.square[i]);
    }
}

static void a_file_in_memory_is_read_as_one_on_the_disk(void **state)
{
    CheckpointCase *m = *state;
    FileBytes file;
    write_checkpoint(m, true);
    assert_true(file_read(&m->arena, m->path, 1 << 20, &file, NULL));
    if (!saved_model_parse(&m->saved, "x", file, &m->error))
        fail_msg("%s", m->error.text);
    assert_same_parameters(&m->saved.gpt.params, &m->gpt.params);
    assert_same_settings(&m->saved.config, &m->config);
    saved_model_free(&m->saved);

    file.length--;
    assert_false(saved_model_parse(&m->saved, "x", file, &m->error));
    assert_int_equal(strncmp(m->error.text, "x: ", 3), 0);
    assert_int_equal(m->error.kind, ERROR_WORK);
}

static void a_file_that_cannot_be_written_is_said(void **state)
{
    CheckpointCase *m = *state;
    char *deep = test_path(m->folder, "no/folder");
    Checkpoint checkpoint = {.config = &m->config,
                             .vocab = &m->vocab,
                             .corpus_sha256 = CHECKPOINT_CASE_SHA,
                             .gpt = &m->gpt};
    assert_false(checkpoint_write(deep, &checkpoint, &m->error));
    assert_contains(m->error.text, "no/folder: cannot be written");
    assert_int_equal(m->error.kind, ERROR_WORK);
    free(deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_MODEL(a_model_comes_back_with_the_same_bits_whatever_its_scheme),
        WITH_A_MODEL(a_config_comes_back_whole),
        WITH_A_MODEL(a_model_with_a_mask_has_a_row_for_it),
        WITH_A_MODEL(the_vocabulary_comes_back_in_any_script),
        WITH_A_MODEL(a_vocabulary_of_words_comes_back_as_one),
        WITH_A_MODEL(progress_comes_back_whatever_it_is),
        WITH_A_MODEL(progress_is_read_from_the_head_of_a_file_alone),
        WITH_A_MODEL(a_file_without_progress_has_none),
        WITH_A_MODEL(moments_come_back_with_the_same_bits),
        WITH_A_MODEL(a_file_of_weights_has_no_moments_and_opens),
        WITH_A_MODEL(tensors_have_the_names_and_shapes_of_nanogpt),
        WITH_A_MODEL(biases_have_their_names_too),
        WITH_A_MODEL(numbers_of_the_other_precision_are_read),
        WITH_A_MODEL(a_file_in_memory_is_read_as_one_on_the_disk),
        WITH_A_MODEL(a_file_that_cannot_be_written_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
