/* test_checkpoint_hostile.c: tests of src/train/checkpoint.c on files that come from elsewhere or
 * lie. Each is refused with one line that names the file and the tensor or the key. Built with
 * SAN=1, memory that is asked for by what a file claims ends the test. */
#include "support/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "support/checkpoint_case.h"
#include "support/fixtures.h"

static void drop_text(SafeFile *file, const char *key)
{
    SafeText *dropped = text_named(file, key);
    *dropped = file->metadata[--file->n_metadata];
}

/* A sound file's contents, without the checksum: a test changes more than one thing. */
static SafeFile unchecked(CheckpointCase *m)
{
    write_checkpoint(m, true);
    SafeFile file = contents_of(m);
    drop_text(&file, "checksum");
    return file;
}

/* A sound file with another text for one key. */
static void write_with_text(CheckpointCase *m, const char *key, const char *value)
{
    SafeFile file = unchecked(m);
    *text_named(&file, key) = (SafeText){key, value, strlen(value)};
    write_contents(m, &file);
}

/* A sound file whose config has another value for one key. */
static void write_with_setting(CheckpointCase *m, const char *key, const char *value)
{
    SafeFile file = unchecked(m);
    SafeText *config = text_named(&file, "config");
    char line[64];
    snprintf(line, sizeof line, "\n%s =", key);
    const char *start = strstr(config->value, line);
    assert_non_null(start);
    const char *end = strchr(start + 1, '\n');
    char *text = text_format(&m->arena, "%.*s\n%s = %s%s", (int)(start - config->value),
                             config->value, key, value, end);
    assert_non_null(text);
    *config = (SafeText){"config", text, strlen(text)};
    write_contents(m, &file);
}

static void a_file_without_checksum_is_accepted(void **state)
{
    CheckpointCase *m = *state;
    const SafeFile file = unchecked(m);
    write_contents(m, &file);
    if (!open_saved(m)) /* so the tests below are refused for what they change */
        fail_msg("%s", m->error.text);
}

/* --- tensors --- */

static void a_missing_tensor_is_named(void **state)
{
    CheckpointCase *m = *state;
    const char *const names[] = {"transformer.wte.weight", "transformer.h.1.mlp.c_fc.bias",
                                 "transformer.ln_f.weight"};
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        char message[128];
        SafeFile file = unchecked(m);
        SafeTensor *dropped = tensor_named(&file, names[n]);
        *dropped = file.tensors[--file.n_tensors];
        write_contents(m, &file);
        snprintf(message, sizeof message, "tensor \"%s\": missing", names[n]);
        assert_refused(m, message);
    }
}

static void a_tensor_too_many_is_named(void **state)
{
    CheckpointCase *m = *state;
    const char *const names[] = {
        "transformer.head",       "transformer.h.2.ln_1.weight",
        "transformer.wpe.weight", /* of another scheme */
        "optimizer.mean.nothing", "optimizer.mean.optimizer.square.transformer.ln_f.weight",
        "optimizer.square.",      "",
    };
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        char message[128];
        SafeFile file = unchecked(m);
        SafeTensor *tensors = arena_alloc(&m->arena, file.n_tensors + 1, sizeof *tensors);
        assert_non_null(tensors);
        memcpy(tensors, file.tensors, file.n_tensors * sizeof *tensors);
        tensors[file.n_tensors] = *tensor_named(&file, "transformer.ln_f.weight");
        tensors[file.n_tensors++].name = names[n];
        file.tensors = tensors;
        write_contents(m, &file);
        snprintf(message, sizeof message, "tensor \"%s\": not part of the model in the config",
                 names[n]);
        assert_refused(m, message);
    }
}

static void a_shape_that_does_not_fit_the_config_is_named(void **state)
{
    CheckpointCase *m = *state;
    const struct {
        size_t rank, shape[4];
        const char *message;
    } cases[] = {
        {2, {8, 6}, "[8, 6]"},       {1, {48}, "[48]"},
        {3, {6, 8, 1}, "[6, 8, 1]"}, {4, {1, 1, 6, 8}, "[1, 1, 6, 8]"},
        {3, {1, 6, 8}, "[1, 6, 8]"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        char message[128];
        SafeFile file = unchecked(m);
        SafeTensor *wte = tensor_named(&file, "transformer.wte.weight");
        wte->rank = cases[c].rank;
        memcpy(wte->shape, cases[c].shape, sizeof cases[c].shape);
        write_contents(m, &file);
        snprintf(message, sizeof message,
                 "tensor \"transformer.wte.weight\": has shape %s: the config expects [6, 8]",
                 cases[c].message);
        assert_refused(m, message);
    }
}

/* 32-bit numbers that are no floats, and 64-bit ones that are no doubles. */
static void a_type_that_is_no_float_is_named(void **state)
{
    CheckpointCase *m = *state;
    const char *const dtypes[] = {sizeof(real) == 8 ? "I64" : "I32",
                                  sizeof(real) == 8 ? "U64" : "U32"};
    for (size_t d = 0; d < COUNT_OF(dtypes); d++) {
        char message[128];
        SafeFile file = unchecked(m);
        tensor_named(&file, "transformer.ln_f.weight")->dtype = dtypes[d];
        write_contents(m, &file);
        snprintf(message, sizeof message,
                 "tensor \"transformer.ln_f.weight\": has dtype %s: expected F32 or F64",
                 dtypes[d]);
        assert_refused(m, message);
    }
}

static void moments_that_do_not_fit_are_refused(void **state)
{
    CheckpointCase *m = *state;
    SafeFile file = unchecked(m);
    const char name[] = "optimizer.square.transformer.wte.weight";
    memcpy(tensor_named(&file, name)->shape, (size_t[]){8, 6}, 2 * sizeof(size_t));
    write_contents(m, &file);
    assert_true(open_saved(m)); /* the model itself can be used */
    assert_false(saved_model_moments(&m->saved, m->path, &m->adamw, &m->error));
    assert_contains(m->error.text, "model.safetensors: tensor \"optimizer.square.transformer.wte."
                                   "weight\": has shape [8, 6]: the config expects [6, 8]");
}

/* --- metadata --- */

static void a_missing_text_is_named(void **state)
{
    CheckpointCase *m = *state;
    const char *const keys[] = {"format",     "config",   "vocabulary", "corpus_sha256",
                                "step",       "val_loss", "best_loss",  "best_step",
                                "train_loss", "loss_sum", "loss_count", "elapsed_s"};
    for (size_t k = 0; k < COUNT_OF(keys); k++) {
        char message[128];
        SafeFile file = unchecked(m);
        drop_text(&file, keys[k]);
        write_contents(m, &file);
        snprintf(message, sizeof message, "metadata \"%s\": missing or damaged", keys[k]);
        assert_refused(m, message);
    }
}

static void a_damaged_text_is_named(void **state)
{
    CheckpointCase *m = *state;
    const struct {
        const char *key, *value, *message;
    } cases[] = {
        {"format", "", "metadata \"format\": missing or damaged: expected a file of posgpt 1"},
        {"format", "pt", "metadata \"format\": "},
        {"format", "posgpt 2", "metadata \"format\": "},
        {"step", "", "metadata \"step\": "},
        {"step", "-1", "metadata \"step\": "},
        {"step", "1.5", "metadata \"step\": "},
        {"step", "99999999999999999999999", "metadata \"step\": "},
        {"best_step", "0x10", "metadata \"best_step\": "},
        {"val_loss", "", "metadata \"val_loss\": "},
        {"val_loss", "low", "metadata \"val_loss\": "},
        {"elapsed_s", "1.5 s", "metadata \"elapsed_s\": "},
        {"vocabulary", "", "vocabulary: empty: expected characters"},
        {"vocabulary", "ba", "vocabulary: U+0061 behind U+0062: expected ascending order"},
        {"vocabulary", "abcdefg", "tensor \"transformer.wte.weight\": has shape [6, 8]"},
        {"tokens", "", "metadata \"tokens\": missing or damaged"},
        {"tokens", "words", "metadata \"tokens\": missing or damaged"},
        {"tokens", "word", "vocabulary: word 1"}, /* of a text of characters */
        {"tokens", "symbol", "vocabulary: word 1"},
        {"config", "n_layer = 2\nn_head = 2\nn_head = 2\n",
         "config:3: n_head stands twice: it was set in line 2 already"},
        {"config", "n_layers = 2\n", "config:1: unknown key \"n_layers\": did you mean"},
        {"config", "[model]\n", "tensor \"transformer.h.0.ln_1.bias\": not part"}, /* bias = no */
        {"config", "lr_decay_iters = 8\n",
         "default: warmup_iters = 100: expected at most lr_decay_iters = 8"},
        {"config", "\1\2\3\n", "config:1: \"???\": expected key = value"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        write_with_text(m, cases[c].key, cases[c].value);
        assert_refused(m, cases[c].message);
    }
}

/* A file need not say what its tokens are. */
static void without_a_word_on_tokens_they_are_characters(void **state)
{
    CheckpointCase *m = *state;
    SafeFile file = unchecked(m);
    drop_text(&file, "tokens");
    write_contents(m, &file);
    if (!open_saved(m))
        fail_msg("%s", m->error.text);
    assert_true(vocab_equal(&m->saved.vocab, &m->vocab));
}

static void a_vocabulary_that_is_none_is_refused(void **state)
{
    CheckpointCase *m = *state;
    static const char *const cases[][3] = {
        {"word", "", "vocabulary: empty: expected words"},
        {"word", "a\nb\nc\nd\ne\nf", "vocabulary: word 6 has no end"},
        {"word", "a\nb\nc\nd\ne e\nf\n", "vocabulary: word 5: expected one word of UTF-8"},
        {"word", "a\nb\nc\nd\n\nf\n", "vocabulary: word 5: expected one word of UTF-8"},
        {"word", "a\nb\nc\nd\nd\nf\n", "vocabulary: word 5: expected ascending order"},
        {"symbol", "a\nb\nc\na\ne\nf\n", "vocabulary: 'a' is there twice"},
        {"symbol", "a\nb\nc\n", "tensor \"transformer.wte.weight\": has shape [6, 8]"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        SafeFile file = unchecked(m);
        *text_named(&file, "tokens") = (SafeText){"tokens", cases[c][0], strlen(cases[c][0])};
        *text_named(&file, "vocabulary") =
            (SafeText){"vocabulary", cases[c][1], strlen(cases[c][1])};
        write_contents(m, &file);
        assert_refused(m, cases[c][2]);
    }
}

/* Its sequences would have tokens that the table has no row for. */
static void a_task_with_the_tokens_of_something_else_is_refused(void **state)
{
    CheckpointCase *m = *state;
    write_with_text(m, "config",
                    "n_layer = 2\nn_head = 2\nn_embd = 8\nblock_size = 7\nbias = yes\n"
                    "task = who\n");
    assert_refused(m, "vocabulary: 6 characters: expected 24, those of task = who");
}

static void a_setting_that_cannot_be_is_named_with_its_line(void **state)
{
    CheckpointCase *m = *state;
    const char *const cases[][3] = {
        {"n_head", "3", "n_head = 3: does not divide n_embd = 8"},
        {"n_head", "0", "n_head = 0: expected a whole number from 1"},
        {"n_layer", "many", "n_layer = many: expected a whole number"},
        {"n_embd", "18446744073709551616", "n_embd = 18446744073709551616: expected"},
        {"learning_rate", "nan", "learning_rate = nan: expected a number"},
        {"min_lr", "7", "min_lr = 7: expected at most learning_rate"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        write_with_setting(m, cases[c][0], cases[c][1]);
        assert_refused(m, "config:");
        assert_contains(m->error.text, cases[c][2]);
    }
    write_with_setting(m, "n_head", "8"); /* which the scheme refuses: one channel makes no pair */
    assert_refused(m, "n_embd / n_head = 1: rotary pairs need an even head size");
}

/* --- size --- */

/* 256 blocks of 65536 channels have 13 million million numbers. */
static void a_claim_far_beyond_the_file_is_refused_without_memory_for_it(void **state)
{
    CheckpointCase *m = *state;
    SafeFile file = unchecked(m);
    const char config[] = "n_layer = 256\nn_head = 2\nn_embd = 65536\nblock_size = 1048576\n";
    for (size_t s = 0; s < pos_scheme_count; s++) {
        char *text = text_format(&m->arena, "pos = %s\n%s", pos_names[s], config);
        assert_non_null(text);
        *text_named(&file, "config") = (SafeText){"config", text, strlen(text)};
        write_contents(m, &file);
        assert_false(open_saved(m));
        assert_contains(m->error.text, "model.safetensors: tensor \"transformer.");
    }
}

static void a_claim_of_more_layers_is_refused(void **state)
{
    CheckpointCase *m = *state;
    write_with_setting(m, "n_layer", "3");
    assert_refused(m, "tensor \"transformer.h.2.ln_1.weight\": missing");
    write_with_setting(m, "n_layer", "1");
    assert_refused(m, "tensor \"transformer.h.1.ln_1.weight\": not part of the model");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_MODEL(a_file_without_checksum_is_accepted),
        WITH_A_MODEL(a_missing_tensor_is_named),
        WITH_A_MODEL(a_tensor_too_many_is_named),
        WITH_A_MODEL(a_shape_that_does_not_fit_the_config_is_named),
        WITH_A_MODEL(a_type_that_is_no_float_is_named),
        WITH_A_MODEL(moments_that_do_not_fit_are_refused),
        WITH_A_MODEL(a_missing_text_is_named),
        WITH_A_MODEL(a_damaged_text_is_named),
        WITH_A_MODEL(without_a_word_on_tokens_they_are_characters),
        WITH_A_MODEL(a_vocabulary_that_is_none_is_refused),
        WITH_A_MODEL(a_task_with_the_tokens_of_something_else_is_refused),
        WITH_A_MODEL(a_setting_that_cannot_be_is_named_with_its_line),
        WITH_A_MODEL(a_claim_far_beyond_the_file_is_refused_without_memory_for_it),
        WITH_A_MODEL(a_claim_of_more_layers_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
