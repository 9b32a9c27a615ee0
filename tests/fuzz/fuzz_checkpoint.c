/* fuzz_checkpoint.c: any bytes as a checkpoint. They are refused with a message that names the
 * file, or they are a model that can be asked for a loss.
 *
 * Most files lose their checksum, which would notice a change of any number. The seeds that have
 * names are made by make_seeds.sh. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "fuzz/fuzz.h"
#include "fuzz/header.h"
#include "train/checkpoint.h"
#include "train/evaluate.h"

enum { N_TOKENS = 8, WINDOW = 3 };

static void check_moments(const SavedModel *saved)
{
    Arena arena = {0};
    AdamW adamw;
    Error error = {0};
    check(adamw_init(&adamw, &arena, &saved->gpt.params, 0.9, 0.99, 0.1, &error), "no AdamW");
    if (!saved_model_moments(saved, "x", &adamw, &error))
        check_refusal(&error, ERROR_WORK, "x");
    arena_free(&arena);
}

static void check_loss(const SavedModel *saved)
{
    static const int text[N_TOKENS] = {0};
    size_t block = saved->config.block_size;
    Evaluator evaluator;
    Evaluation result;
    check(evaluator_init(&evaluator, &saved->gpt, (Placement){0}, 1,
                         block < WINDOW ? block : WINDOW, NULL),
          "no evaluator");
    check(evaluate(&evaluator, (Tokens){text, N_TOKENS}, 0, &result, NULL), "no loss");
    evaluator_free(&evaluator);
}

/* Seven files of eight lose their checksum: it becomes another key. */
static void drop_checksum(FileBytes file)
{
    static const char key[] = "\"checksum\"";
    for (size_t at = 0; at + sizeof key <= file.length; at++)
        if (memcmp(file.bytes + at, key, sizeof key - 1) == 0)
            file.bytes[at + 1] = 'C';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    SavedModel saved;
    Error error = {0};
    FileBytes file = fuzz_file(bytes, length);
    if (hash_bytes(HASH_START, bytes, length) % 8 != 0)
        drop_checksum(file);
    if (saved_model_parse(&saved, "x", file, &error)) {
        check_moments(&saved);
        check_loss(&saved);
        saved_model_free(&saved);
    } else {
        check_refusal(&error, ERROR_WORK, "x");
    }
    free(file.bytes);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t most, unsigned seed)
{
    return header_mutate(bytes, length, most, seed);
}
