/* test_weights.c: tests of src/train/weights.c: files of weights, of this program and of others.
 * What does not fit the model is in test_weights_refused.c. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "support/checkpoint_case.h"
#include "support/fixtures.h"
#include "support/weights_case.h"
#include "train/weights.h"

/* --- loading --- */

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
    set_number(m, &file, TOKEN_TABLE, 3, 0.5);
    write_contents(m, &file);
    assert_not_loaded(m, ERROR_WORK, "damaged: its contents do not have the checksum");
}

/* --- tensors beside the parameters --- */

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

static void a_head_is_the_table_bit_for_bit(void **state)
{
    CheckpointCase *m = *state;
    const char message[] = "tensor \"lm_head.weight\": differs from \"transformer.wte.weight\"";
    SafeFile file = bare_contents(m);
    SafeTensor *head = add_copy(m, &file, TOKEN_TABLE, "lm_head.weight");
    write_contents(m, &file);
    assert_loads(m, "no checksum, no vocabulary");

    ((unsigned char *)head->data)[head->bytes - sizeof(real)] ^= 1;
    write_contents(m, &file);
    assert_not_loaded(m, ERROR_REQUEST, message);

    head->data = tensor_named(&file, TOKEN_TABLE)->data;
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
    tensor_named(&file, TOKEN_TABLE)->name = "lm_head.weight";
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
        SafeTensor *other = add_copy(m, &file, TOKEN_TABLE, names[n]);
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
        add_copy(m, &file, TOKEN_TABLE, names[n]);
        write_contents(m, &file);
        snprintf(message, sizeof message, "tensor \"%s\": not part of the model in the config",
                 names[n]);
        assert_not_loaded(m, ERROR_REQUEST, message);
    }
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
