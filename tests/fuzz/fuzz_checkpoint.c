/* fuzz_checkpoint.c: any bytes as a checkpoint. They are refused with a message that names the file,
 * or they are a model that can be asked for a loss.
 *
 * A change at random rarely leaves a checkpoint that is read to its end. So most files have no
 * checksum, which would notice a change of any number, and most changes are to the header alone,
 * whose length follows, to its digits, or to the numbers behind it. The seeds are made by
 * make_seeds.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "train/checkpoint.h"
#include "train/evaluate.h"

enum { LENGTH_BYTES = 8, N_TOKENS = 8, WINDOW = 3 };

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* The message begins with the file. */
static void check_refusal(const Error *error)
{
    check(error->kind == ERROR_WORK, "refused as a wrong request");
    check(strncmp(error->text, "x: ", 3) == 0, "refused without the file's name");
    check(strchr(error->text, '\n') == NULL, "refused in two lines");
}

static void check_moments(const SavedModel *saved)
{
    Arena arena = {0};
    AdamW adamw;
    Error error = {0};
    check(adamw_init(&adamw, &arena, &saved->gpt.params, 0.9, 0.99, 0.1, &error), "no AdamW");
    if (!saved_model_moments(saved, "x", &adamw, &error))
        check_refusal(&error);
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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    SavedModel saved;
    Error error = {0};
    FileBytes file = {malloc(length + 1), length};
    check(file.bytes != NULL, "out of memory");
    if (length > 0)
        memcpy(file.bytes, bytes, length);
    file.bytes[length] = '\0';
    if (hash_bytes(HASH_START, bytes, length) % 8 != 0)
        drop_checksum(file);
    if (saved_model_parse(&saved, "x", file, &error)) {
        check_moments(&saved);
        check_loss(&saved);
        saved_model_free(&saved);
    } else {
        check_refusal(&error);
    }
    free(file.bytes);
    return 0;
}

/* --- what is changed --- */

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t most, unsigned seed);

/* The header, whose length goes into the 8 bytes before it. The numbers stay. */
static size_t change_header(uint8_t *bytes, size_t length, size_t most, size_t header)
{
    size_t rest = length - LENGTH_BYTES - header, room = most - LENGTH_BYTES - rest;
    uint8_t *changed = malloc(room + 1), *at = bytes + LENGTH_BYTES;
    check(changed != NULL, "out of memory");
    memcpy(changed, at, header);
    uint64_t after = LLVMFuzzerMutate(changed, header, room);
    memmove(at + after, at + header, rest);
    memcpy(at, changed, (size_t)after);
    memcpy(bytes, &after, LENGTH_BYTES);
    free(changed);
    return LENGTH_BYTES + (size_t)after + rest;
}

/* One to three digits of the header: a setting, a shape, a place. */
static void change_digits(uint8_t *header, size_t length, RandomKey key)
{
    for (size_t change = random_below(key, 1, 3); change < 3; change++) {
        size_t at = (size_t)random_below(key, 2 + 2 * change, length);
        while (at < length && (header[at] < '0' || header[at] > '9'))
            at++;
        if (at < length)
            header[at] = (uint8_t)('0' + random_below(key, 3 + 2 * change, 10));
    }
}

/* The whole file in one of four cases; the others keep its outline. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t most, unsigned seed)
{
    RandomKey key = random_seed(seed);
    uint64_t kind = random_below(key, 0, 4), header = 0;
    if (length >= LENGTH_BYTES)
        memcpy(&header, bytes, LENGTH_BYTES);
    if (kind == 0 || header == 0 || header > length - LENGTH_BYTES)
        return LLVMFuzzerMutate(bytes, length, most);
    uint8_t *text = bytes + LENGTH_BYTES, *numbers = text + header;
    size_t rest = length - LENGTH_BYTES - (size_t)header;
    if (kind == 1)
        return change_header(bytes, length, most, (size_t)header);
    if (kind == 2 || rest == 0)
        change_digits(text, (size_t)header, key);
    else
        LLVMFuzzerMutate(numbers, rest, rest);
    return length;
}
