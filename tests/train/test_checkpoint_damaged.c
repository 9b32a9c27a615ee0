/* test_checkpoint_damaged.c: tests of src/train/checkpoint.c on files that are cut short or have a
 * byte changed, or are no model at all; and that none is written which could not be read. */
#include "support/check.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "support/checkpoint_case.h"
#include "support/fixtures.h"

static FileBytes bytes_of(CheckpointCase *m)
{
    FileBytes file;
    write_checkpoint(m, true);
    assert_true(file_read(&m->arena, m->path, SIZE_MAX, &file, NULL));
    return file;
}

static void a_file_that_ends_too_early_is_refused(void **state)
{
    CheckpointCase *m = *state;
    const FileBytes file = bytes_of(m);
    for (size_t length = 0; length < file.length; length += length + 97 < file.length ? 97 : 1) {
        write_test_file(m->path, file.bytes, length);
        assert_refused(m, "");
    }
}

static size_t header_end(const FileBytes *file)
{
    uint64_t length;
    memcpy(&length, file->bytes, sizeof length);
    return sizeof length + (size_t)length;
}

static void a_damaged_number_is_noticed(void **state)
{
    CheckpointCase *m = *state;
    const FileBytes file = bytes_of(m);
    size_t start = header_end(&file);
    for (size_t b = start; b < file.length; b += b + 331 < file.length ? 331 : file.length - b) {
        file.bytes[b] ^= (char)(1 << b % 7);
        write_test_file(m->path, file.bytes, file.length);
        assert_refused(m, "damaged: its contents do not have the checksum");
        file.bytes[b] ^= (char)(1 << b % 7);
    }
    write_test_file(m->path, file.bytes, file.length);
    assert_true(open_saved(m));
}

static void a_damaged_checksum_is_noticed(void **state)
{
    CheckpointCase *m = *state;
    const char *const sums[] = {"", "0", "damage", "0000000000000000"};
    for (size_t s = 0; s < COUNT_OF(sums); s++) {
        write_checkpoint(m, false);
        SafeFile file = contents_of(m);
        *text_named(&file, "checksum") = (SafeText){"checksum", sums[s], strlen(sums[s])};
        write_contents(m, &file);
        assert_refused(m, "damaged: its contents do not have the checksum");
    }
}

/* A run that goes on from another step, or on another text, is not the run that was stopped. */
static void a_damaged_place_in_training_is_noticed(void **state)
{
    CheckpointCase *m = *state;
    static const char *const keys[] = {"corpus_sha256", "step",       "val_loss", "best_loss",
                                       "best_step",     "train_loss", "loss_sum", "loss_count"};
    for (size_t k = 0; k < COUNT_OF(keys); k++) {
        write_checkpoint(m, true);
        SafeFile file = contents_of(m);
        *text_named(&file, keys[k]) = (SafeText){keys[k], "31", 2};
        write_contents(m, &file);
        assert_refused(m, "damaged: its corpus_sha256, step and losses do not have");
        *text_named(&file, "progress_checksum") = (SafeText){"Progress_checksum", "", 0};
        write_contents(m, &file);
        assert_true(open_saved(m)); /* a file without one is taken as it is */
    }
}

/* Wherever a byte of the header changes, the file is refused, or the numbers are what they were. */
static void a_damaged_header_never_gives_other_numbers(void **state)
{
    CheckpointCase *m = *state;
    const FileBytes file = bytes_of(m);
    const ParamList *expected = &m->gpt.params, *actual = &m->saved.gpt.params;
    size_t n_refused = 0;
    for (size_t b = 0; b < header_end(&file); b += 23) {
        file.bytes[b] ^= 1;
        write_test_file(m->path, file.bytes, file.length);
        if (open_saved(m)) {
            assert_int_equal(actual->size, expected->size);
            assert_same_bits(actual->values, expected->values, expected->size);
        } else {
            assert_int_equal(strncmp(m->error.text, m->path, strlen(m->path)), 0);
            n_refused++;
        }
        file.bytes[b] ^= 1;
    }
    assert_true(n_refused > 0);
}

static void what_is_no_model_at_all_is_refused(void **state)
{
    CheckpointCase *m = *state;
    assert_refused(m, "No such file or directory");
    write_test_file(m->path, "a text file", 11);
    assert_refused(m, "");
    const SafeFile empty = {0};
    write_contents(m, &empty);
    assert_refused(m, "metadata \"format\": missing or damaged: expected a file of posgpt 1");
    assert_false(saved_model_open(&m->saved, m->folder, &m->error));
    assert_contains(m->error.text, "is a folder");
    assert_false(saved_model_open(&m->saved, m->folder, NULL));
}

/* A weight, and each of the two moments. */
static void a_number_that_is_none_is_not_written(void **state)
{
    CheckpointCase *m = *state;
    real *const places[] = {m->gpt.params.values, m->adamw.mean, m->adamw.square};
    const double others[] = {NAN, INFINITY, -INFINITY};
    const FileBytes before = bytes_of(m);
    Checkpoint checkpoint = {.config = &m->config,
                             .vocab = &m->vocab,
                             .corpus_sha256 = CHECKPOINT_CASE_SHA,
                             .gpt = &m->gpt,
                             .adamw = &m->adamw};
    for (size_t p = 0; p < COUNT_OF(places); p++) {
        real kept = places[p][0];
        places[p][0] = (real)others[p];
        assert_false(checkpoint_write(m->path, &checkpoint, &m->error));
        assert_contains(m->error.text, ": not written: tensor \"");
        assert_contains(m->error.text, "transformer.wte.weight\": number 1 of ");
        assert_int_equal(m->error.kind, ERROR_WORK);
        assert_file_is(m->path, before.bytes, before.length);
        places[p][0] = kept;
    }
    assert_true(checkpoint_write(m->path, &checkpoint, &m->error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_MODEL(a_file_that_ends_too_early_is_refused),
        WITH_A_MODEL(a_damaged_number_is_noticed),
        WITH_A_MODEL(a_damaged_checksum_is_noticed),
        WITH_A_MODEL(a_damaged_place_in_training_is_noticed),
        WITH_A_MODEL(a_damaged_header_never_gives_other_numbers),
        WITH_A_MODEL(what_is_no_model_at_all_is_refused),
        WITH_A_MODEL(a_number_that_is_none_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
