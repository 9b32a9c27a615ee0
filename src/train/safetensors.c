/* safetensors.c: a header in JSON, and bytes behind it.
 *
 * Reading goes from the outside in, and a number of the file is used only after it was held against
 * what is already known to be true:
 *
 *     N                  <= the file's length - 8
 *     begin <= end       <= the file's length - 8 - N = L
 *     end - begin        =  product of the shape * size of the dtype, computed without overflow
 *     sorted by begin    the first begin = 0, each next one = the end before it, the last end = L
 */
#include "train/safetensors.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

/* Numbers go between memory and file as they are. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "safetensors.c: the format is little-endian, and so must the machine be"
#endif

enum { LENGTH_BYTES = 8, MAX_HEADER = 100 * 1000 * 1000 /* the format's own limit */ };

static const char metadata_name[] = "__metadata__";

/* The bytes of one number; 0 for a dtype that the format does not know. */
static size_t dtype_size(const char *name)
{
    static const struct {
        const char *name;
        size_t size;
    } known[] = {
        {"F64", 8}, {"I64", 8}, {"U64", 8},  {"F32", 4},     {"I32", 4},
        {"U32", 4}, {"F16", 2}, {"BF16", 2}, {"I16", 2},     {"U16", 2},
        {"I8", 1},  {"U8", 1},  {"BOOL", 1}, {"F8_E5M2", 1}, {"F8_E4M3", 1},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(known[k].name, name) == 0)
            return known[k].size;
    return 0;
}

/* The bytes that a tensor of this dtype and shape takes; SIZE_MAX, which none has, on overflow. */
static size_t shape_bytes(const SafeTensor *tensor)
{
    size_t bytes = dtype_size(tensor->dtype);
    for (size_t d = 0; d < tensor->rank; d++) {
        if (tensor->shape[d] > 0 && bytes > SIZE_MAX / tensor->shape[d])
            return SIZE_MAX;
        bytes *= tensor->shape[d];
    }
    return bytes;
}

static void append_metadata(TextBuffer *header, const SafeFile *contents)
{
    text_append_format(header, "\"%s\":{", metadata_name);
    for (size_t m = 0; m < contents->n_metadata; m++) {
        const SafeText *text = &contents->metadata[m];
        text_append_format(header, "%s", m > 0 ? "," : "");
        json_append_string(header, text->key, strlen(text->key));
        text_append_format(header, ":");
        json_append_string(header, text->value, text->value_length);
    }
    text_append_format(header, "}");
}

static void append_tensor(TextBuffer *header, const SafeTensor *tensor, size_t begin)
{
    assert(strcmp(tensor->name, metadata_name) != 0 && tensor->rank <= SAFETENSORS_MAX_RANK &&
           dtype_size(tensor->dtype) > 0 && shape_bytes(tensor) == tensor->bytes);
    json_append_string(header, tensor->name, strlen(tensor->name));
    text_append_format(header, ":{\"dtype\":\"%s\",\"shape\":[", tensor->dtype);
    for (size_t d = 0; d < tensor->rank; d++)
        text_append_format(header, "%s%zu", d > 0 ? "," : "", tensor->shape[d]);
    text_append_format(header, "],\"data_offsets\":[%zu,%zu]}", begin, begin + tensor->bytes);
}

/* Spaces behind it bring the data to a multiple of 8 bytes. */
static void append_header(TextBuffer *header, const SafeFile *contents)
{
    text_append_format(header, "{");
    if (contents->n_metadata > 0)
        append_metadata(header, contents);
    size_t begin = 0;
    for (size_t t = 0; t < contents->n_tensors; t++) {
        const SafeTensor *tensor = &contents->tensors[t];
        assert(t == 0 || dtype_size(tensor->dtype) <= dtype_size(tensor[-1].dtype));
        text_append_format(header, "%s", t > 0 || contents->n_metadata > 0 ? "," : "");
        append_tensor(header, tensor, begin);
        begin += tensor->bytes;
    }
    text_append_format(header, "}");
    while (header->length % 8 != 0 && !header->failed)
        text_append_format(header, " ");
}

bool safetensors_write(const char *path, const SafeFile *contents, Error *error)
{
    TextBuffer header = {0};
    append_header(&header, contents);
    FileWriter writer;
    bool ready = header.failed ? fail(error, "%s: out of memory", path)
                               : file_writer_open(&writer, path, error);
    if (ready) {
        uint64_t length = header.length;
        file_writer_put(&writer, &length, sizeof length);
        file_writer_put(&writer, header.bytes, header.length);
        for (size_t t = 0; t < contents->n_tensors; t++)
            file_writer_put(&writer, contents->tensors[t].data, contents->tensors[t].bytes);
        ready = file_writer_close(&writer, error);
    }
    text_buffer_free(&header);
    return ready;
}

static bool is_type(const JsonValue *value, JsonType type)
{
    return value != NULL && value->type == type;
}

static bool read_dtype(const JsonValue *value, SafeTensor *tensor, Error *error)
{
    tensor->dtype = value->string;
    return (dtype_size(value->string) > 0 && strlen(value->string) == value->length) ||
           fail(error, "dtype \"%s\": expected one of the format's, such as F32", value->string);
}

static bool read_shape(const JsonValue *array, SafeTensor *tensor, Error *error)
{
    if (array->count > SAFETENSORS_MAX_RANK)
        return fail(error, "shape of %zu dimensions: expected at most %d", array->count,
                    SAFETENSORS_MAX_RANK);
    for (const JsonValue *item = array->first; item != NULL; item = item->next)
        if (!json_to_size(item, &tensor->shape[tensor->rank++]))
            return fail(error, "shape, dimension %zu: expected a whole number from 0 to 2^53 - 1",
                        tensor->rank - 1);
    return true;
}

/* `data` is the part of the file behind the header. */
static bool read_offsets(const JsonValue *array, FileBytes data, SafeTensor *tensor, Error *error)
{
    size_t begin, end;
    if (array->count != 2 || !json_to_size(array->first, &begin) ||
        !json_to_size(array->first->next, &end))
        return fail(error, "data_offsets: expected two whole numbers from 0 to 2^53 - 1");
    if (begin > end || end > data.length)
        return fail(error, "data_offsets [%zu, %zu]: expected a part of the file's %zu bytes",
                    begin, end, data.length);
    tensor->data = data.bytes + begin;
    tensor->bytes = end - begin;
    return true;
}

static bool read_tensor(const JsonValue *value, FileBytes data, SafeTensor *tensor, Error *error)
{
    const JsonValue *dtype = json_member(value, "dtype"), *shape = json_member(value, "shape"),
                    *offsets = json_member(value, "data_offsets");
    if (!is_type(dtype, JSON_STRING) || !is_type(shape, JSON_ARRAY) ||
        !is_type(offsets, JSON_ARRAY))
        return fail(error, "not a tensor: expected {\"dtype\": text, \"shape\": [...], "
                           "\"data_offsets\": [begin, end]}");
    tensor->name = value->key;
    if (!read_dtype(dtype, tensor, error) || !read_shape(shape, tensor, error) ||
        !read_offsets(offsets, data, tensor, error))
        return false;
    if (shape_bytes(tensor) == tensor->bytes)
        return true;
    return fail(error, "has %zu bytes: expected the %zu that dtype and shape take", tensor->bytes,
                shape_bytes(tensor));
}

static bool read_metadata(Arena *arena, const JsonValue *object, SafeFile *contents, Error *error)
{
    if (object->type != JSON_OBJECT)
        return fail(error, "not an object: expected {\"key\": \"text\", ...}");
    contents->metadata = arena_alloc(arena, object->count, sizeof *contents->metadata);
    if (contents->metadata == NULL)
        return fail(error, "out of memory");
    for (const JsonValue *item = object->first; item != NULL; item = item->next) {
        if (item->type != JSON_STRING)
            return fail(error, "\"%s\" is not a text: expected one", item->key);
        contents->metadata[contents->n_metadata++] =
            (SafeText){.key = item->key, .value = item->string, .value_length = item->length};
    }
    return true;
}

/* By place in the file. An empty tensor may begin where another one does; then it comes first. */
static int compare_places(const void *a, const void *b)
{
    const SafeTensor *x = *(const SafeTensor *const *)a, *y = *(const SafeTensor *const *)b;
    const char *x_begin = x->data, *y_begin = y->data;
    if (x_begin != y_begin)
        return x_begin < y_begin ? -1 : 1;
    return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* In order of their places, the tensors fill the data without a hole or an overlap. */
static bool check_places(Arena *arena, FileBytes data, const SafeFile *contents, Error *error)
{
    size_t n = contents->n_tensors, end = 0;
    const SafeTensor **sorted = arena_alloc(arena, n, sizeof *sorted);
    if (sorted == NULL)
        return fail(error, "out of memory");
    for (size_t t = 0; t < n; t++)
        sorted[t] = &contents->tensors[t];
    qsort(sorted, n, sizeof *sorted, compare_places);
    for (size_t t = 0; t < n; t++) {
        size_t begin = (size_t)((const char *)sorted[t]->data - data.bytes);
        if (begin != end)
            return fail(error, "tensor \"%s\": begins at %zu: expected %zu: no overlap, no hole",
                        sorted[t]->name, begin, end);
        end += sorted[t]->bytes;
    }
    if (end != data.length)
        return fail(error, "%zu bytes of data: expected the header's %zu", data.length, end);
    return true;
}

/* Where a tensor's numbers do not stand at multiples of their size, they are copied to where they
 * do. */
static bool align_data(Arena *arena, SafeTensor *tensor, Error *error)
{
    if ((uintptr_t)tensor->data % dtype_size(tensor->dtype) == 0)
        return true;
    void *copy = arena_alloc_raw(arena, tensor->bytes, 1);
    if (copy == NULL)
        return fail(error, "out of memory: tensor \"%s\"", tensor->name);
    tensor->data = memcpy(copy, tensor->data, tensor->bytes);
    return true;
}

/* Every tensor and the metadata; then what can be said of all tensors together. */
static bool read_header(Arena *arena, const JsonValue *header, FileBytes data, SafeFile *contents,
                        Error *error)
{
    assert(header != NULL);
    contents->tensors = arena_alloc(arena, header->count, sizeof *contents->tensors);
    if (contents->tensors == NULL)
        return fail(error, "out of memory");
    for (const JsonValue *item = header->first; item != NULL; item = item->next) {
        if (strcmp(item->key, metadata_name) == 0) {
            if (!read_metadata(arena, item, contents, error))
                return fail_within(error, "%s", metadata_name);
        } else if (!read_tensor(item, data, &contents->tensors[contents->n_tensors++], error)) {
            return fail_within(error, "tensor \"%s\"", item->key);
        }
    }
    bool ok = check_places(arena, data, contents, error);
    for (size_t t = 0; ok && t < contents->n_tensors; t++)
        ok = align_data(arena, &contents->tensors[t], error);
    return ok;
}

/* Cuts the file in two behind its length field: the header, parsed, and the data. */
static bool split_file(Arena *arena, FileBytes file, JsonValue **header, FileBytes *data,
                       Error *error)
{
    uint64_t length;
    if (file.length < LENGTH_BYTES)
        return fail(error, "has %zu bytes: expected the 8 that say how long the header is",
                    file.length);
    memcpy(&length, file.bytes, LENGTH_BYTES);
    size_t rest = file.length - LENGTH_BYTES;
    if (length > rest || length > MAX_HEADER)
        return fail(error, "header of %llu bytes: expected at most %zu", (unsigned long long)length,
                    rest < MAX_HEADER ? rest : MAX_HEADER);
    char *text = file.bytes + LENGTH_BYTES;
    *data = (FileBytes){text + length, rest - (size_t)length};
    if (text[0] != '{') /* with nothing behind the length, this is the 0 behind the file */
        return fail(error, "header: expected '{' at its start");
    return json_parse(arena, text, (size_t)length, header, error) || fail_within(error, "header");
}

bool safetensors_parse(Arena *arena, FileBytes file, SafeFile *contents, Error *error)
{
    FileBytes data = {0};
    JsonValue *header = NULL;
    SafeFile found = {0};
    *contents = found;
    if (!split_file(arena, file, &header, &data, error) ||
        !read_header(arena, header, data, &found, error))
        return false;
    *contents = found;
    return true;
}

bool safetensors_read(Arena *arena, const char *path, SafeFile *contents, Error *error)
{
    FileBytes file;
    *contents = (SafeFile){0};
    return file_read(arena, path, SIZE_MAX, &file, error) &&
           (safetensors_parse(arena, file, contents, error) || fail_within(error, "%s", path));
}

/* As split_file, of a header whose data stay where they are. */
static bool read_head(Arena *arena, const char *path, JsonValue **header, Error *error)
{
    FileBytes head, data;
    uint64_t length = 0;
    if (!file_read_start(arena, path, LENGTH_BYTES, &head, error))
        return false;
    memcpy(&length, head.bytes, head.length);
    size_t rest = length < MAX_HEADER ? (size_t)length : MAX_HEADER;
    return file_read_start(arena, path, LENGTH_BYTES + rest, &head, error) &&
           (split_file(arena, head, header, &data, error) || fail_within(error, "%s", path));
}

bool safetensors_read_metadata(Arena *arena, const char *path, SafeFile *contents, Error *error)
{
    JsonValue *header = NULL;
    *contents = (SafeFile){0};
    if (!read_head(arena, path, &header, error))
        return false;
    const JsonValue *metadata = json_member(header, metadata_name);
    return !metadata || read_metadata(arena, metadata, contents, error) ||
           fail_within(error, "%s: %s", path, metadata_name);
}

const SafeTensor *safetensors_find(const SafeFile *contents, const char *name)
{
    for (size_t t = 0; t < contents->n_tensors; t++)
        if (strcmp(contents->tensors[t].name, name) == 0)
            return &contents->tensors[t];
    return NULL;
}

const SafeText *safetensors_text(const SafeFile *contents, const char *key)
{
    for (size_t m = 0; m < contents->n_metadata; m++)
        if (strcmp(contents->metadata[m].key, key) == 0)
            return &contents->metadata[m];
    return NULL;
}
