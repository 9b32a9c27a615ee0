/* tensors_file.c: writes and reads files that may lie. */
#include "support/tensors_file.h"

#include <string.h>

TensorsFile tensors_file(uint64_t n, const char *header, size_t data)
{
    TensorsFile file = {.length = 8 + strlen(header) + data};
    assert_true(file.length <= MOST_FILE_BYTES);
    for (size_t b = 0; b < 8; b++)
        file.at[b] = (unsigned char)(n >> 8 * b);
    memcpy(file.at + 8, header, strlen(header));
    for (size_t b = 0; b < data; b++)
        file.at[8 + strlen(header) + b] = (unsigned char)(b + 1);
    return file;
}

bool read_tensors(Place *place, const TensorsFile *file, SafeFile *contents)
{
    arena_reset(&place->arena);
    write_test_file(place->path, file->at, file->length);
    return safetensors_read(&place->arena, place->path, contents, &place->error);
}

void assert_file_refused(Place *place, const TensorsFile *file, const char *piece)
{
    SafeFile contents = {.n_tensors = 7};
    if (read_tensors(place, file, &contents))
        fail_msg("accepted: %.*s: expected \"%s\"", (int)file->length - 8,
                 (const char *)file->at + 8, piece);
    assert_contains(place->error.text, piece);
    assert_int_equal(strncmp(place->error.text, place->path, strlen(place->path)), 0);
    assert_int_equal(place->error.kind, ERROR_WORK);
    assert_true(contents.n_tensors == 0 && !contents.tensors && !contents.metadata);
}

void assert_header_refused(Place *place, const char *header, size_t data, const char *piece)
{
    const TensorsFile file = tensors_file(strlen(header), header, data);
    assert_file_refused(place, &file, piece);
}

SafeFile accepted(Place *place, const char *header, size_t data)
{
    const TensorsFile file = tensors_file(strlen(header), header, data);
    SafeFile contents;
    if (!read_tensors(place, &file, &contents))
        fail_msg("%s", place->error.text);
    return contents;
}

void assert_claims_are_true(const SafeFile *contents, size_t data)
{
    size_t sum = 0, looked_at = 0;
    for (size_t t = 0; t < contents->n_tensors; t++) {
        const SafeTensor *tensor = &contents->tensors[t];
        const unsigned char *bytes = tensor->data;
        looked_at += strlen(tensor->name) + strlen(tensor->dtype);
        assert_true(tensor->rank <= SAFETENSORS_MAX_RANK);
        size_t numbers = 1;
        for (size_t d = 0; d < tensor->rank; d++)
            numbers *= tensor->shape[d];
        assert_true(numbers == 0 ? tensor->bytes == 0 : tensor->bytes % numbers == 0);
        for (size_t b = 0; b < tensor->bytes; b++)
            looked_at += bytes[b] + 1u;
        sum += tensor->bytes;
    }
    for (size_t m = 0; m < contents->n_metadata; m++)
        assert_true(strlen(contents->metadata[m].value) <= contents->metadata[m].value_length);
    assert_int_equal(sum, data);
    assert_true(looked_at >= sum);
}
