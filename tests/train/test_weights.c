/* test_weights.c: tests of src/train/weights.c: files of weights, of this program and of others. */
#include "support/check.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "support/checkpoint_case.h"
#include "support/fixtures.h"
#include "train/weights.h"

#define TABLE "transformer.wte.weight"

/* The tensors of m->gpt and nothing else, with room for more. */
static SafeFile bare_contents(CheckpointCase *m)
{
    write_checkpoint(m, false);
    SafeFile file = contents_of(m);
    SafeTensor *tensors = arena_alloc(&m->arena, file.n_tensors + 8, sizeof *tensors);
    assert_non_null(tensors);
    memcpy(tensors, file.tensors, file.n_tensors * sizeof *tensors);
    return (SafeFile){.tensors = tensors, .n_tensors = file.n_tensors};
}

/* The numbers of one tensor of the contents once more, under another name. */
static SafeTensor *add_copy(CheckpointCase *m, SafeFile *file, const char *of, const char *name)
{
    SafeTensor *copy = &file->tensors[file->n_tensors++];
    *copy = *tensor_named(file, of);
    void *bytes = arena_alloc(&m->arena, copy->bytes, 1);
    assert_non_null(bytes);
    copy->data = memcpy(bytes, copy->data, copy->bytes);
    copy->name = name;
    return copy;
}

/* Sets a number of a tensor of the contents. */
static void set_number(CheckpointCase *m, SafeFile *file, const char *name, size_t i, double value)
{
    SafeTensor *tensor = tensor_named(file, name);
    real *numbers = arena_alloc(&m->arena, tensor->bytes, 1);
    assert_non_null(numbers);
    tensor->data = memcpy(numbers, tensor->data, tensor->bytes);
    numbers[i] = (real)value;
}

/* --- loading --- */

static const real UNTOUCHED = 7;

/* Loads m->path into a model of the same config, all of whose numbers are UNTOUCHED before. */
static bool load(CheckpointCase *m, Gpt *into, const char **lacks)
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

/* The file holds the weights of m->gpt, bit for bit, and lacks that. */
static void assert_loads(CheckpointCase *m, const char *expected)
{
    Gpt gpt;
    const char *lacks = "?";
    if (!load(m, &gpt, &lacks))
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

/* The message is "PATH: piece...", and no number has changed. */
static void assert_not_loaded(CheckpointCase *m, ErrorKind kind, const char *piece)
{
    Gpt gpt;
    const char *lacks;
    char expected[512];
    snprintf(expected, sizeof expected, "%s: %s", m->path, piece);
    if (load(m, &gpt, &lacks))
        fail_msg("loaded: expected \"%s\"", expected);
    if (strncmp(m->error.text, expected, strlen(expected)) != 0)
        fail_msg("\"%s\"\ndoes not begin with \"%s\"", m->error.text, expected);
    assert_int_equal(m->error.kind, kind);
    for (size_t i = 0; i < gpt.params.size; i++)
        assert_true(gpt.params.values[i] == UNTOUCHED);
    gpt_free(&gpt);
}

static void a_checkpoint_is_a_file_of_weights_whatever_its_scheme(void **state)
{
    CheckpointCase *m = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        set_key(&m->config, "pos", pos_names[s]);
        remake(m);
        write_checkpoint(m, s % 2 == 0); /* with moments, and without */
        assert_loads(m, NULL);
    }
}

static void weights_need_no_metadata(void **state)
{
    CheckpointCase *m = *state;
    const SafeFile file = bare_contents(m);
    write_contents(m, &file);
    assert_loads(m, "no checksum, no vocabulary");
}

static void what_the_metadata_lack_is_said(void **state)
{
    CheckpointCase *m = *state;
    write_checkpoint(m, false);
    SafeFile file = contents_of(m);
    text_named(&file, "checksum")->key = "another program's";
    write_contents(m, &file);
    assert_loads(m, "no checksum");
    assert_true(open_saved(m));
    assert_string_equal(m->saved.lacks, "no checksum");

    char sum[17];
    SafeFile bare = bare_contents(m);
    snprintf(sum, sizeof sum, "%016llx", (unsigned long long)weights_checksum(&bare));
    bare.metadata = &(SafeText){"checksum", sum, 16};
    bare.n_metadata = 1;
    write_contents(m, &bare);
    assert_loads(m, "no vocabulary");
}

/* All that makes of the numbers a model: its settings, and what its tokens stand for. */
static void the_checksum_is_that_of_numbers_and_texts(void **state)
{
    CheckpointCase *m = *state;
    write_checkpoint(m, false);
    const SafeFile file = contents_of(m);
    const char *const texts[] = {"config", "vocabulary", "tokens"};
    uint64_t sum = weights_checksum(&file);
    for (size_t t = 0; t < COUNT_OF(texts); t++) {
        SafeText *text = text_named(&file, texts[t]), before = *text;
        text->value_length--;
        assert_true(weights_checksum(&file) != sum);
        *text = before;
    }
    for (size_t t = 0; t < file.n_tensors; t++) {
        const void *before = file.tensors[t].data;
        file.tensors[t].data = arena_alloc(&m->arena, file.tensors[t].bytes, 1);
        assert_non_null(file.tensors[t].data);
        assert_true(weights_checksum(&file) != sum);
        file.tensors[t].data = before;
    }
    assert_true(weights_checksum(&file) == sum);
}

static void a_wrong_checksum_is_noticed(void **state)
{
    CheckpointCase *m = *state;
    write_checkpoint(m, false);
    SafeFile file = contents_of(m);
    set_number(m, &file, TABLE, 3, 0.5);
    write_contents(m, &file);
    assert_not_loaded(m, ERROR_WORK, "damaged: its contents do not have the checksum");
}

/* --- tensors beside the parameters --- */

static void a_head_is_the_table_bit_for_bit(void **state)
{
    CheckpointCase *m = *state;
    const char message[] = "tensor \"lm_head.weight\": differs from \"transformer.wte.weight\"";
    SafeFile file = bare_contents(m);
    SafeTensor *head = add_copy(m, &file, TABLE, "lm_head.weight");
    write_contents(m, &file);
    assert_loads(m, "no checksum, no vocabulary");

    ((unsigned char *)head->data)[head->bytes - sizeof(real)] ^= 1;
    write_contents(m, &file);
    assert_not_loaded(m, ERROR_REQUEST, message);

    head->data = tensor_named(&file, TABLE)->data;
    memcpy(head->shape, (size_t[]){8, 6}, 2 * sizeof(size_t));
    write_contents(m, &file);
    assert_not_loaded(m, ERROR_REQUEST, message);
    memcpy(head->shape, (size_t[]){6, 8}, 2 * sizeof(size_t));
    head->dtype = sizeof(real) == 8 ? "I64" : "I32";
    write_contents(m, &file);
    assert_not_loaded(m, ERROR_REQUEST, message);
}

static void a_head_alone_is_the_table(void **state)
{
    CheckpointCase *m = *state;
    SafeFile file = bare_contents(m);
    tensor_named(&file, TABLE)->name = "lm_head.weight";
    write_contents(m, &file);
    assert_loads(m, "no checksum, no vocabulary");
}

static void masks_and_another_optimiser_are_left_alone(void **state)
{
    CheckpointCase *m = *state;
    const char *const names[] = {"transformer.h.0.attn.bias", "transformer.h.1.attn.masked_bias",
                                 "optimizer.", "optimizer.state.0.exp_avg"};
    SafeFile file = bare_contents(m);
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        SafeTensor *other = add_copy(m, &file, TABLE, names[n]);
        other->dtype = sizeof(real) == 8 ? "I64" : "I32";
    }
    write_contents(m, &file);
    assert_loads(m, "no checksum, no vocabulary");
}

static void any_other_tensor_is_refused_by_name(void **state)
{
    CheckpointCase *m = *state;
    const char *const names[] = {
        "transformer.h.2.attn.bias", /* of a layer too many */
        "transformer.h.0.attn.mask",
        ".attn.bias",
        "attn.bias",
        "transformer.wpe.weight", /* of another scheme */
        "lm_head.bias",
        "optimizer",
        "",
        "transformer.h.1.ln_1.weight.transformer.h.1.ln_1.weight.transformer.h.1.attn.bias",
    };
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        char message[256];
        SafeFile file = bare_contents(m);
        add_copy(m, &file, TABLE, names[n]);
        write_contents(m, &file);
        snprintf(message, sizeof message, "tensor \"%s\": not part of the model in the config",
                 names[n]);
        assert_not_loaded(m, ERROR_REQUEST, message);
    }
}

/* --- what does not fit --- */

static void every_parameter_must_be_there(void **state)
{
    CheckpointCase *m = *state;
    for (const Param *p = m->gpt.params.first; p; p = p->next) {
        char message[128];
        SafeFile file = bare_contents(m);
        *tensor_named(&file, p->name) = file.tensors[file.n_tensors - 1];
        file.n_tensors--;
        write_contents(m, &file);
        snprintf(message, sizeof message, "tensor \"%s\": missing", p->name);
        assert_not_loaded(m, ERROR_REQUEST, message);
    }
}

static void a_shape_that_does_not_fit_is_named(void **state)
{
    CheckpointCase *m = *state;
    SafeFile file = bare_contents(m);
    memcpy(tensor_named(&file, "transformer.h.1.mlp.c_fc.weight")->shape, (size_t[]){8, 32},
           2 * sizeof(size_t));
    write_contents(m, &file);
    assert_not_loaded(m, ERROR_REQUEST,
                      "tensor \"transformer.h.1.mlp.c_fc.weight\": has shape [8, 32]: the config "
                      "expects [32, 8]");
}

static void a_number_that_is_none_is_named(void **state)
{
    CheckpointCase *m = *state;
    const struct {
        size_t i;
        double value;
        const char *message;
    } cases[] = {
        {0, NAN, "number 1 of 48 is nan: expected finite numbers"},
        {47, INFINITY, "number 48 of 48 is inf: expected finite numbers"},
        {13, -INFINITY, "number 14 of 48 is -inf: expected finite numbers"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        char message[128];
        write_checkpoint(m, true);
        SafeFile file = contents_of(m);
        set_number(m, &file, TABLE, cases[c].i, cases[c].value);
        text_named(&file, "checksum")->key = "checksum of other bytes";
        write_contents(m, &file);
        snprintf(message, sizeof message, "tensor \"" TABLE "\": %s", cases[c].message);
        assert_not_loaded(m, ERROR_WORK, message);
        assert_refused(m, message); /* as a model to be asked, too */
    }
}

static void a_moment_that_is_no_number_is_named(void **state)
{
    CheckpointCase *m = *state;
    const char name[] = "optimizer.square.transformer.ln_f.weight";
    write_checkpoint(m, true);
    SafeFile file = contents_of(m);
    set_number(m, &file, name, 2, NAN);
    text_named(&file, "checksum")->key = "checksum of other bytes";
    write_contents(m, &file);
    assert_loads(m, "no checksum");
    assert_true(open_saved(m));
    assert_false(saved_model_moments(&m->saved, m->path, &m->adamw, &m->error));
    assert_contains(m->error.text, name);
    assert_contains(m->error.text, "number 3 of 8 is nan");
    assert_int_equal(m->error.kind, ERROR_WORK);
}

/* What is finite in the file and not here is no number either. */
static void a_number_too_large_for_this_build_is_named(void **state)
{
    CheckpointCase *m = *state;
    SafeFile file = bare_contents(m);
    double numbers[8] = {1, 2, 1e300, 4, 5, 6, 7, 8};
    SafeTensor *ln_f = tensor_named(&file, "transformer.ln_f.weight"), first = file.tensors[0];
    *ln_f = (SafeTensor){ln_f->name, "F64", 1, {8}, numbers, sizeof numbers};
    file.tensors[0] = *ln_f; /* larger numbers come first */
    *ln_f = first;
    write_contents(m, &file);
    if (sizeof(real) == 4) {
        assert_not_loaded(m, ERROR_WORK,
                          "tensor \"transformer.ln_f.weight\": number 3 of 8 is inf");
        return;
    }
    Gpt gpt;
    const char *lacks;
    assert_true(load(m, &gpt, &lacks));
    assert_true((double)gpt.ln_f_weight->data[2] == 1e300);
    gpt_free(&gpt);
}

static void another_vocabulary_is_refused(void **state)
{
    CheckpointCase *m = *state; /* \n, space, a, é, த, 😀 */
    const struct {
        const char *tokens, *text, *message;
        ErrorKind kind;
    } cases[] = {
        {"char", "\n aéத", "vocabulary: 5 characters: expected 6 characters, as in the corpus",
         ERROR_REQUEST},
        {"char", "\n aéத😀😁", "vocabulary: 7 characters: expected 6 characters", ERROR_REQUEST},
        {"char", "\n abத😀", "vocabulary: character 4 is 'b': expected 'é', as in the corpus",
         ERROR_REQUEST},
        {"char", "\n aéத😁", "vocabulary: character 6 is '😁': expected '😀'", ERROR_REQUEST},
        {"word", "a\nb\nc\nd\ne\nf\n", "vocabulary: 6 words: expected 6 characters", ERROR_REQUEST},
        {"char", "ba", "vocabulary: U+0061 behind U+0062: expected ascending order", ERROR_WORK},
        {"bytes", "ab", "metadata \"tokens\": missing or damaged", ERROR_WORK},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        SafeFile file = bare_contents(m);
        SafeText texts[] = {{"vocabulary", cases[c].text, strlen(cases[c].text)},
                            {"tokens", cases[c].tokens, strlen(cases[c].tokens)}};
        file.metadata = texts;
        file.n_metadata = 2;
        write_contents(m, &file);
        assert_not_loaded(m, cases[c].kind, cases[c].message);
    }
}

/* In messages they look alike. */
static void words_with_the_same_long_beginning_are_told_apart(void **state)
{
#define LONG "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
    CheckpointCase *m = *state;
    static const char own[] = "a\nb\nc\nd\ne\nf" LONG "y\n";
    SafeFile file = bare_contents(m);
    SafeText texts[] = {{"vocabulary", own, strlen(own)}, {"tokens", "symbol", 6}};
    file.metadata = texts;
    file.n_metadata = 2;
    write_contents(m, &file);
    for (size_t same = 0; same < 2; same++) {
        const char *const words[] = {"a", "b", "c", "d", "e", same ? "f" LONG "y" : "f" LONG "z"};
        assert_true(vocab_of_words(&m->arena, words, COUNT_OF(words), &m->vocab, NULL));
        if (same)
            assert_loads(m, "no checksum");
        else
            assert_not_loaded(m, ERROR_REQUEST, "vocabulary: symbol 6 is 'fabc");
    }
#undef LONG
}

static void what_is_no_file_of_tensors_is_refused(void **state)
{
    CheckpointCase *m = *state;
    assert_not_loaded(m, ERROR_WORK, "No such file or directory");
    write_test_file(m->path, "a text file", 11);
    assert_not_loaded(m, ERROR_WORK, "header of ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_MODEL(a_checkpoint_is_a_file_of_weights_whatever_its_scheme),
        WITH_A_MODEL(weights_need_no_metadata),
        WITH_A_MODEL(what_the_metadata_lack_is_said),
        WITH_A_MODEL(the_checksum_is_that_of_numbers_and_texts),
        WITH_A_MODEL(a_wrong_checksum_is_noticed),
        WITH_A_MODEL(a_head_is_the_table_bit_for_bit),
        WITH_A_MODEL(a_head_alone_is_the_table),
        WITH_A_MODEL(masks_and_another_optimiser_are_left_alone),
        WITH_A_MODEL(any_other_tensor_is_refused_by_name),
        WITH_A_MODEL(every_parameter_must_be_there),
        WITH_A_MODEL(a_shape_that_does_not_fit_is_named),
        WITH_A_MODEL(a_number_that_is_none_is_named),
        WITH_A_MODEL(a_moment_that_is_no_number_is_named),
        WITH_A_MODEL(a_number_too_large_for_this_build_is_named),
        WITH_A_MODEL(another_vocabulary_is_refused),
        WITH_A_MODEL(words_with_the_same_long_beginning_are_told_apart),
        WITH_A_MODEL(what_is_no_file_of_tensors_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
