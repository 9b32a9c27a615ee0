/* fuzz_safetensors.c: any bytes as a file of tensors. They are refused, or every tensor is a part
 * of the file, all of them are the whole file, and the file that is written of them holds the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/header.h"
#include "train/weights.h"

/* --- what was read --- */

static size_t size_of_number(const SafeTensor *tensor)
{
    return strstr(tensor->dtype, "64")   ? 8
           : strstr(tensor->dtype, "32") ? 4
           : strstr(tensor->dtype, "16") ? 2
                                         : 1;
}

static bool is_inside(const SafeTensor *tensor, FileBytes file)
{
    const char *data = tensor->data;
    return data >= file.bytes && data <= file.bytes + file.length;
}

/* The data of a tensor are bytes of the file, or a copy where they may stand as numbers. */
static void check_data(const SafeTensor *tensor, FileBytes file)
{
    const char *data = tensor->data;
    if (is_inside(tensor, file))
        check(tensor->bytes <= (size_t)(file.bytes + file.length - data), "a tensor is too long");
    check((uintptr_t)data % size_of_number(tensor) == 0, "numbers across their alignment");
}

/* No byte of the file is part of two tensors. */
static void check_apart(const SafeTensor *a, const SafeTensor *b, FileBytes file)
{
    const char *x = a->data, *y = b->data;
    if (a->bytes > 0 && b->bytes > 0 && is_inside(a, file) && is_inside(b, file))
        check(x + a->bytes <= y || y + b->bytes <= x, "two tensors overlap");
}

static void check_contents(const SafeFile *contents, FileBytes file)
{
    size_t bytes = 0;
    uint64_t header;
    memcpy(&header, file.bytes, sizeof header);
    for (size_t t = 0; t < contents->n_tensors; t++) {
        const SafeTensor *tensor = &contents->tensors[t];
        check(tensor->rank <= SAFETENSORS_MAX_RANK, "too many dimensions");
        check(safetensors_find(contents, tensor->name) == tensor, "a tensor is not found");
        check_data(tensor, file);
        for (size_t before = 0; before < t; before++)
            check_apart(&contents->tensors[before], tensor, file);
        bytes += tensor->bytes;
    }
    check(bytes == file.length - sizeof header - header, "the tensors are not the whole file");
    for (size_t m = 0; m < contents->n_metadata; m++) {
        const SafeText *text = &contents->metadata[m];
        check(text->value[text->value_length] == '\0', "a text does not end");
        check(safetensors_text(contents, text->key) == text, "a text is not found");
    }
}

/* Readers that do not name the file say why they refuse it. */
static void check_reason(bool ok, Error *error)
{
    if (!ok) {
        fail_within(error, "x");
        check_refusal(error, ERROR_WORK, "x");
    }
    *error = (Error){0};
}

/* Who else looks at such a file. */
static void check_use(Arena *arena, const SafeFile *contents)
{
    const char *lacks;
    Vocab vocab;
    Error error = {0};
    check_reason(weights_verify(contents, &lacks, &error), &error);
    if (safetensors_text(contents, "vocabulary"))
        check_reason(weights_vocabulary(arena, contents, &vocab, &error), &error);
    for (size_t t = 0; t < contents->n_tensors; t++)
        check_reason(weights_check_numbers(&contents->tensors[t], &error), &error);
}

/* --- the same as another file --- */

/* Larger numbers first, as the writer wants them; of equal ones the order stays. */
static void sort_for_writing(SafeTensor *tensors, size_t count)
{
    for (size_t t = 1; t < count; t++)
        for (size_t u = t; u > 0 && size_of_number(&tensors[u - 1]) < size_of_number(&tensors[u]);
             u--) {
            SafeTensor moved = tensors[u];
            tensors[u] = tensors[u - 1];
            tensors[u - 1] = moved;
        }
}

static void check_equal(const SafeFile *a, const SafeFile *b)
{
    check(a->n_tensors == b->n_tensors && a->n_metadata == b->n_metadata, "another number of them");
    for (size_t t = 0; t < a->n_tensors; t++) {
        const SafeTensor *x = &a->tensors[t], *y = &b->tensors[t];
        check(strcmp(x->name, y->name) == 0 && strcmp(x->dtype, y->dtype) == 0 &&
                  x->rank == y->rank && memcmp(x->shape, y->shape, x->rank * sizeof *x->shape) == 0,
              "another tensor comes back");
        check(x->bytes == y->bytes && memcmp(x->data, y->data, x->bytes) == 0,
              "other numbers come back");
    }
    for (size_t m = 0; m < a->n_metadata; m++) {
        const SafeText *x = &a->metadata[m], *y = &b->metadata[m];
        check(strcmp(x->key, y->key) == 0 && x->value_length == y->value_length &&
                  memcmp(x->value, y->value, x->value_length) == 0,
              "another text comes back");
    }
}

static void check_again(Arena *arena, SafeFile *contents)
{
    SafeFile again;
    const char *path = fuzz_path("safetensors");
    sort_for_writing(contents->tensors, contents->n_tensors);
    check(safetensors_write(path, contents, NULL), "the file cannot be written");
    check(safetensors_read(arena, path, &again, NULL), "what was written is refused");
    check_equal(contents, &again);
    check(weights_checksum(contents) == weights_checksum(&again), "another checksum");
    remove(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena arena = {0};
    SafeFile contents;
    Error error = {0};
    FileBytes file = fuzz_file(bytes, length);
    if (safetensors_parse(&arena, file, &contents, &error)) {
        check_contents(&contents, file);
        check_use(&arena, &contents);
        check_again(&arena, &contents);
    } else {
        check(contents.n_tensors == 0 && contents.n_metadata == 0, "contents in spite of an error");
        check_reason(false, &error);
    }
    free(file.bytes);
    arena_free(&arena);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t most, unsigned seed)
{
    return header_mutate(bytes, length, most, seed);
}
