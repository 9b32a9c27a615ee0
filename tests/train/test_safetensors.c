/* test_safetensors.c: tests of src/train/safetensors.c: what is written and read. Files that lie
 * are in test_safetensors_hostile.c. */
#include "support/check.h"

#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "support/fixtures.h"
#include "support/place.h"
#include "train/safetensors.h"

static void write_contents(Place *place, const SafeFile *contents)
{
    if (!safetensors_write(place->path, contents, &place->error))
        fail_msg("%s", place->error.text);
}

static SafeFile read_contents(Place *place)
{
    SafeFile contents;
    if (!safetensors_read(&place->arena, place->path, &contents, &place->error))
        fail_msg("%s", place->error.text);
    return contents;
}

/* A file put together by hand from the description of the format. The lines of the header have 41,
 * 55 and 57 bytes; 7 spaces make them 160 = 0xa0. 1.5 is 1.1 in binary, times 2^0: sign 0, exponent
 * 127, fraction .1: 0x3fc00000; -2 is -1.0 times 2^1: 0xc0000000. 258 is 0x0102. */
static const char by_hand[] =
    "\xa0\0\0\0\0\0\0\0"
    "{\"__metadata__\":{\"step\":\"7\",\"by\":\"\\\"\xc3\xa9\"},"
    "\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
    "\"n.h.0\":{\"dtype\":\"I16\",\"shape\":[],\"data_offsets\":[8,10]}}       "
    "\x00\x00\xc0\x3f\x00\x00\x00\xc0"
    "\x02\x01";

static void a_file_made_by_hand_is_read_as_it_says(void **state)
{
    Place *place = *state;
    write_test_file(place->path, by_hand, sizeof by_hand - 1);
    SafeFile contents = read_contents(place);
    assert_int_equal(contents.n_tensors, 2);
    const SafeTensor *w = &contents.tensors[0], *n = &contents.tensors[1];
    assert_string_equal(w->name, "w");
    assert_string_equal(w->dtype, "F32");
    assert_int_equal(w->rank, 2);
    assert_int_equal(w->shape[0], 2);
    assert_int_equal(w->shape[1], 1);
    assert_int_equal(w->bytes, 8);
    float numbers[2];
    memcpy(numbers, w->data, sizeof numbers);
    assert_true(numbers[0] == 1.5f && numbers[1] == -2.0f);
    assert_string_equal(n->name, "n.h.0");
    assert_string_equal(n->dtype, "I16");
    assert_int_equal(n->rank, 0);
    int16_t number;
    assert_int_equal(n->bytes, sizeof number);
    memcpy(&number, n->data, sizeof number);
    assert_int_equal(number, 258);
    assert_int_equal(contents.n_metadata, 2);
    assert_string_equal(contents.metadata[0].key, "step");
    assert_string_equal(contents.metadata[0].value, "7");
    assert_string_equal(contents.metadata[1].key, "by");
    assert_string_equal(contents.metadata[1].value, "\"\xc3\xa9");
    assert_int_equal(contents.metadata[1].value_length, 3);
}

static void what_is_written_is_the_file_made_by_hand(void **state)
{
    Place *place = *state;
    const float numbers[] = {1.5f, -2.0f};
    const int16_t number = 258;
    SafeTensor tensors[] = {
        {.name = "w", .dtype = "F32", .rank = 2, .shape = {2, 1}, .data = numbers, .bytes = 8},
        {.name = "n.h.0", .dtype = "I16", .rank = 0, .data = &number, .bytes = 2},
    };
    SafeText texts[] = {{"step", "7", 1}, {"by", "\"\xc3\xa9", 3}};
    write_contents(place, &(SafeFile){tensors, 2, texts, 2});
    assert_file_is(place->path, by_hand, sizeof by_hand - 1);
}

static void assert_same_tensor(const SafeTensor *actual, const SafeTensor *expected)
{
    assert_string_equal(actual->name, expected->name);
    assert_string_equal(actual->dtype, expected->dtype);
    assert_int_equal(actual->rank, expected->rank);
    for (size_t d = 0; d < expected->rank; d++)
        assert_true(actual->shape[d] == expected->shape[d]);
    assert_int_equal(actual->bytes, expected->bytes);
    if (expected->bytes > 0)
        assert_memory_equal(actual->data, expected->data, expected->bytes);
}

/* Every dtype; NaNs, -0 and a subnormal number by their bits; no numbers, a single one, eight
 * dimensions; names and texts that JSON must quote, and a NUL within a text. */
static void what_is_written_is_read_back(void **state)
{
    Place *place = *state;
    const uint32_t floats[] = {0x7fc00001u, 0xff800000u, 0x80000000u, 0x00000001u, 0x7fa00000u, 1};
    const uint64_t doubles[] = {UINT64_C(0x7ff8000000000123), UINT64_C(0x8000000000000000)};
    const unsigned char bytes[64] = {255, 0, 128, 10, 13, 34};
    SafeTensor tensors[] = {
        {.name = "two", .dtype = "F64", .rank = 1, .shape = {2}, .data = doubles, .bytes = 16},
        {.name = "", .dtype = "I64", .rank = 1, .shape = {1}, .data = bytes, .bytes = 8},
        {.name = "u64", .dtype = "U64", .rank = 0, .data = bytes, .bytes = 8},
        {.name = "\xe0\xae\x85", .dtype = "F32", .rank = 2, .shape = {2, 3}, floats, 24},
        {.name = "none", .dtype = "F32", .rank = 3, .shape = {3, 0, 5}, .data = NULL, .bytes = 0},
        {.name = "no more", .dtype = "F32", .rank = 1, .shape = {0}, .data = NULL, .bytes = 0},
        {.name = "a \"quoted\\\" \n\x01 name",
         .dtype = "I32",
         .rank = 0,
         .data = floats,
         .bytes = 4},
        {.name = "u32", .dtype = "U32", .rank = 8, .shape = {1, 1, 2, 1, 1, 1, 3, 1}, floats, 24},
        {.name = "f16", .dtype = "F16", .rank = 1, .shape = {3}, .data = bytes, .bytes = 6},
        {.name = "bf16", .dtype = "BF16", .rank = 1, .shape = {1}, .data = bytes, .bytes = 2},
        {.name = "i16", .dtype = "I16", .rank = 1, .shape = {1}, .data = bytes, .bytes = 2},
        {.name = "u16", .dtype = "U16", .rank = 1, .shape = {1}, .data = bytes, .bytes = 2},
        {.name = "i8", .dtype = "I8", .rank = 2, .shape = {5, 7}, .data = bytes, .bytes = 35},
        {.name = "u8", .dtype = "U8", .rank = 1, .shape = {1}, .data = bytes, .bytes = 1},
        {.name = "bool", .dtype = "BOOL", .rank = 1, .shape = {2}, .data = bytes, .bytes = 2},
        {.name = "e5m2", .dtype = "F8_E5M2", .rank = 1, .shape = {3}, .data = bytes, .bytes = 3},
        {.name = "e4m3", .dtype = "F8_E4M3", .rank = 1, .shape = {1}, .data = bytes, .bytes = 1},
    };
    SafeText texts[] = {
        {"vocab", "\n !\"'\\\xc3\xa9\xf0\x9f\x98\x80", 12}, {"\"", "", 0}, {"nul", "a\0b", 3}};
    const SafeFile written = {tensors, COUNT_OF(tensors), texts, COUNT_OF(texts)};
    write_contents(place, &written);
    SafeFile contents = read_contents(place);
    assert_int_equal(contents.n_tensors, written.n_tensors);
    for (size_t t = 0; t < written.n_tensors; t++)
        assert_same_tensor(&contents.tensors[t], &tensors[t]);
    assert_int_equal(contents.n_metadata, written.n_metadata);
    for (size_t m = 0; m < written.n_metadata; m++) {
        assert_string_equal(contents.metadata[m].key, texts[m].key);
        assert_int_equal(contents.metadata[m].value_length, texts[m].value_length);
        assert_memory_equal(contents.metadata[m].value, texts[m].value, texts[m].value_length + 1);
    }
}

static void tensors_and_texts_are_found_by_their_whole_name(void **state)
{
    Place *place = *state;
    write_test_file(place->path, by_hand, sizeof by_hand - 1);
    SafeFile contents = read_contents(place);
    assert_ptr_equal(safetensors_find(&contents, "n.h.0"), &contents.tensors[1]);
    assert_null(safetensors_find(&contents, "n.h"));
    assert_null(safetensors_find(&contents, "step"));
    assert_null(safetensors_find(&contents, "__metadata__"));
    assert_ptr_equal(safetensors_text(&contents, "by"), &contents.metadata[1]);
    assert_null(safetensors_text(&contents, "b"));
    assert_null(safetensors_text(&contents, "w"));
}

static void a_file_may_hold_nothing(void **state)
{
    Place *place = *state;
    write_contents(place, &(SafeFile){0});
    assert_file_is(place->path, "\x08\0\0\0\0\0\0\0{}      ", 16);
    SafeFile contents = read_contents(place);
    assert_int_equal(contents.n_tensors, 0);
    assert_int_equal(contents.n_metadata, 0);
    assert_null(safetensors_find(&contents, "w"));
}

/* The header's length decides where the data start, and some lengths end in each remainder of 8. */
static void the_data_start_at_a_multiple_of_8(void **state)
{
    Place *place = *state;
    const double number = 0.1;
    for (size_t length = 1; length <= 16; length++) {
        char name[] = "abcdefghijklmnop";
        name[length] = '\0';
        SafeTensor tensor = {.name = name, .dtype = "F64", .data = &number, .bytes = 8};
        write_contents(place, &(SafeFile){.tensors = &tensor, .n_tensors = 1});
        FileBytes file;
        assert_true(file_read(&place->arena, place->path, SIZE_MAX, &file, NULL));
        assert_int_equal(file.length % 8, 0);
        assert_memory_equal(file.bytes + file.length - 8, &number, 8);
        assert_int_equal((unsigned char)file.bytes[0] + 256 * (unsigned char)file.bytes[1],
                         file.length - 16);
        assert_same_tensor(read_contents(place).tensors, &tensor);
    }
}

static void writing_replaces_the_file_and_leaves_nothing_else(void **state)
{
    Place *place = *state;
    write_test_file(place->path, "old", 3);
    write_contents(place, &(SafeFile){0});
    assert_only_name(place, "x.safetensors");
    assert_int_equal(read_contents(place).n_tensors, 0);
}

static void a_place_that_cannot_be_written_or_read_is_named(void **state)
{
    Place *place = *state;
    const char *path = place_path(place, "no/x.safetensors");
    SafeFile contents;
    assert_false(safetensors_write(path, &(SafeFile){0}, &place->error));
    assert_contains(place->error.text, "no/x.safetensors: cannot be written: No such file");
    assert_false(safetensors_read(&place->arena, path, &contents, &place->error));
    assert_contains(place->error.text, "no/x.safetensors: No such file");
    assert_int_equal(place->error.kind, ERROR_WORK);
    assert_false(safetensors_read(&place->arena, place->folder, &contents, &place->error));
    assert_contains(place->error.text, "is a folder");
}

#define IN_A_PLACE(test) place_test(test, "x.safetensors")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_file_made_by_hand_is_read_as_it_says),
        IN_A_PLACE(what_is_written_is_the_file_made_by_hand),
        IN_A_PLACE(what_is_written_is_read_back),
        IN_A_PLACE(tensors_and_texts_are_found_by_their_whole_name),
        IN_A_PLACE(a_file_may_hold_nothing),
        IN_A_PLACE(the_data_start_at_a_multiple_of_8),
        IN_A_PLACE(writing_replaces_the_file_and_leaves_nothing_else),
        IN_A_PLACE(a_place_that_cannot_be_written_or_read_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
