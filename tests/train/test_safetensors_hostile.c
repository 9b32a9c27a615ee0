/* test_safetensors_hostile.c: tests of src/train/safetensors.c on files that are damaged or lie.
 *
 * Whatever a file says, it is either refused with a line that names it, or everything it claims
 * lies inside of it. Built with SAN=1, a step outside is an error by itself. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "support/fixtures.h"
#include "support/place.h"
#include "train/safetensors.h"

enum { MOST_BYTES = 1024 };

typedef struct Bytes {
    unsigned char at[MOST_BYTES];
    size_t length;
} Bytes;

/* N, a header and as many bytes of data, numbered from 1. */
static Bytes file_of(uint64_t n, const char *header, size_t data)
{
    Bytes file = {.length = 8 + strlen(header) + data};
    assert_true(file.length <= MOST_BYTES);
    for (size_t b = 0; b < 8; b++)
        file.at[b] = (unsigned char)(n >> 8 * b);
    memcpy(file.at + 8, header, strlen(header));
    for (size_t b = 0; b < data; b++)
        file.at[8 + strlen(header) + b] = (unsigned char)(b + 1);
    return file;
}

static bool read_bytes(Place *place, const Bytes *file, SafeFile *contents)
{
    arena_reset(&place->arena);
    write_test_file(place->path, file->at, file->length);
    return safetensors_read(&place->arena, place->path, contents, &place->error);
}

/* The message is "path: ... piece ..."; the contents are empty. */
static void assert_refused(Place *place, const Bytes *file, const char *piece)
{
    SafeFile contents = {.n_tensors = 7};
    if (read_bytes(place, file, &contents))
        fail_msg("accepted: %.*s: expected \"%s\"", (int)file->length - 8,
                 (const char *)file->at + 8, piece);
    assert_contains(place->error.text, piece);
    assert_int_equal(strncmp(place->error.text, place->path, strlen(place->path)), 0);
    assert_int_equal(place->error.kind, ERROR_WORK);
    assert_true(contents.n_tensors == 0 && !contents.tensors && !contents.metadata);
}

static void assert_header_refused(Place *place, const char *header, size_t data, const char *piece)
{
    const Bytes file = file_of(strlen(header), header, data);
    assert_refused(place, &file, piece);
}

static SafeFile accepted(Place *place, const char *header, size_t data)
{
    const Bytes file = file_of(strlen(header), header, data);
    SafeFile contents;
    if (!read_bytes(place, &file, &contents))
        fail_msg("%s", place->error.text);
    return contents;
}

/* The tensors' bytes are all of the data; each one can be looked at. */
static void assert_claims_are_true(const SafeFile *contents, size_t data)
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

static const char good_header[] = "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
                                  "\"__metadata__\":{\"k\":\"\\u00e9\"},"
                                  "\"b\":{\"shape\":[],\"data_offsets\":[3,5],\"dtype\":\"F16\"}} ";
enum { GOOD_DATA = 5, GOOD_HEADER = sizeof good_header - 1 };

static void the_file_that_is_damaged_below_is_right(void **state)
{
    Place *place = *state;
    SafeFile contents = accepted(place, good_header, GOOD_DATA);
    assert_claims_are_true(&contents, GOOD_DATA);
    assert_memory_equal(contents.tensors[0].data, "\1\2\3", 3);
    assert_memory_equal(contents.tensors[1].data, "\4\5", 2);
}

static void a_file_cut_at_any_byte_is_refused(void **state)
{
    Place *place = *state;
    Bytes file = file_of(GOOD_HEADER, good_header, GOOD_DATA);
    while (file.length-- > 0)
        assert_refused(place, &file, "expected");
}

static void a_byte_more_at_the_end_is_refused(void **state)
{
    Place *place = *state;
    assert_header_refused(place, good_header, GOOD_DATA + 1,
                          "6 bytes of data: expected the header's 5");
    assert_header_refused(place, "{}", 1, "1 bytes of data: expected the header's 0");
}

/* Every byte of N and of the header has each of its bits flipped, and becomes each character that
 * means something in JSON. */
static void a_changed_byte_is_refused_or_harmless(void **state)
{
    Place *place = *state;
    static const char characters[] = "\"\\{}[],:-.0129eE \xff"; /* and the 0 behind them */
    Bytes file = file_of(GOOD_HEADER, good_header, GOOD_DATA);
    size_t n_accepted = 0;
    for (size_t at = 0; at < 8 + GOOD_HEADER; at++)
        for (size_t change = 0; change < 8 + sizeof characters; change++) {
            const unsigned char before = file.at[at];
            SafeFile contents;
            file.at[at] = (unsigned char)(change < 8 ? before ^ 1u << change
                                                     : (unsigned char)characters[change - 8]);
            if (file.at[at] != before && read_bytes(place, &file, &contents)) {
                n_accepted++;
                assert_claims_are_true(&contents, file.length - 8 - file.at[0]);
            }
            file.at[at] = before;
        }
    assert_true(n_accepted > 0); /* names and texts may be any */
}

static void a_header_longer_than_the_file_is_refused(void **state)
{
    Place *place = *state;
    const uint64_t lengths[] = {3,
                                4,
                                1000,
                                UINT32_MAX,
                                UINT64_C(1) << 32,
                                UINT64_C(1) << 63,
                                UINT64_MAX - 8,
                                UINT64_MAX - 7,
                                UINT64_MAX};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        const Bytes file = file_of(lengths[i], "{}", 0);
        char piece[64];
        snprintf(piece, sizeof piece, "header of %llu bytes: expected at most 2",
                 (unsigned long long)lengths[i]);
        assert_refused(place, &file, piece);
    }
    const Bytes whole = file_of(2, "{}", 0), none = file_of(0, "{}", 0);
    SafeFile contents;
    assert_true(read_bytes(place, &whole, &contents));
    assert_refused(place, &none, "header: byte 0: the text ends");
}

/* What goes into {"t":{"dtype":"F32","shape":SHAPE,"data_offsets":OFFSETS}} with 8 bytes. */
static void numbers_that_cannot_be_are_refused(void **state)
{
    Place *place = *state;
    const struct {
        const char *shape, *offsets, *piece;
    } cases[] = {
        {"[2]", "[0,-8]", "data_offsets: expected two whole numbers"},
        {"[2]", "[-0,8]", "data_offsets: expected two whole numbers"},
        {"[2]", "[0,8.5]", "data_offsets: expected two whole numbers"},
        {"[2]", "[0,9007199254740992]", "data_offsets: expected two whole numbers"},
        {"[2]", "[0,18446744073709551624]", "data_offsets: expected two whole numbers"},
        {"[2]", "[0,\"8\"]", "data_offsets: expected two whole numbers"},
        {"[2]", "[0]", "data_offsets: expected two whole numbers"},
        {"[2]", "[]", "data_offsets: expected two whole numbers"},
        {"[2]", "[0,8,8]", "data_offsets: expected two whole numbers"},
        {"[2]", "{\"0\":0,\"1\":8}", "not a tensor"},
        {"[2]", "[8,0]", "data_offsets [8, 0]: expected a part of the file's 8 bytes"},
        {"[2]", "[1,9]", "data_offsets [1, 9]: expected a part of the file's 8 bytes"},
        {"[2]", "[0,9007199254740991]", "data_offsets [0, 9007199254740991]: expected a part"},
        {"[-2]", "[0,8]", "shape, dimension 0: expected a whole number"},
        {"[1,2.5]", "[0,8]", "shape, dimension 1: expected a whole number"},
        {"[9007199254740992]", "[0,8]", "shape, dimension 0: expected a whole number"},
        {"[null]", "[0,8]", "shape, dimension 0: expected a whole number"},
        {"2", "[0,8]", "not a tensor"},
        {"[3]", "[0,8]", "has 8 bytes: expected the 12 that dtype and shape take"},
        {"[1]", "[0,8]", "has 8 bytes: expected the 4"},
        {"[]", "[0,8]", "has 8 bytes: expected the 4"},
        {"[2,0]", "[0,8]", "has 8 bytes: expected the 0"},
        {"[2]", "[0,0]", "has 0 bytes: expected the 8"},
        /* 2^32 * 2^32 and 2^62 * 4 are 0 in 64 bits; 4 * (2^62 + 2) is 8 */
        {"[4294967296,4294967296]", "[0,0]", "has 0 bytes"},
        {"[2147483648,2147483648]", "[0,0]", "has 0 bytes"},
        {"[2305843009213693953,2]", "[0,8]", "shape, dimension 0"},
        {"[4194304,1099511627776,1]", "[0,0]", "has 0 bytes"},
        {"[1,1,1,1,1,1,1,1,2]", "[0,8]", "shape of 9 dimensions: expected at most 8"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        char header[512], piece[256];
        snprintf(header, sizeof header,
                 "{\"t\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}", cases[c].shape,
                 cases[c].offsets);
        snprintf(piece, sizeof piece, "tensor \"t\": %s", cases[c].piece);
        assert_header_refused(place, header, 8, piece);
    }
}

#define U8(name, size, begin, end)                                                                 \
    "\"" name "\":{\"dtype\":\"U8\",\"shape\":[" size "],\"data_offsets\":[" begin "," end "]}"

static void tensors_must_fill_the_data(void **state)
{
    Place *place = *state;
    const struct {
        const char *header, *piece;
    } cases[] = {
        {"{" U8("a", "4", "0", "4") "," U8("b", "5", "3", "8") "}",
         "\"b\": begins at 3: expected 4"},
        {"{" U8("a", "4", "0", "4") "," U8("b", "3", "5", "8") "}",
         "\"b\": begins at 5: expected 4"},
        {"{" U8("a", "7", "1", "8") "}", "\"a\": begins at 1: expected 0"},
        {"{" U8("a", "8", "0", "8") "," U8("b", "8", "0", "8") "}", ": begins at 0: expected 8"},
        {"{" U8("a", "8", "0", "8") "," U8("b", "2", "4", "6") "}",
         "\"b\": begins at 4: expected 8"},
        {"{" U8("a", "8", "0", "8") "," U8("b", "0", "4", "4") "}",
         "\"b\": begins at 4: expected 8"},
        {"{" U8("a", "4", "4", "8") "," U8("b", "3", "0", "3") "}",
         "\"a\": begins at 4: expected 3"},
        {"{" U8("a", "7", "0", "7") "}", "8 bytes of data: expected the header's 7"},
        {"{}", "8 bytes of data: expected the header's 0"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        assert_header_refused(place, cases[c].header, 8, cases[c].piece);
}

static void what_is_not_a_header_is_refused(void **state)
{
    Place *place = *state;
    const struct {
        const char *header, *piece;
    } cases[] = {
        {"[]", "header: expected '{'"},
        {" {}", "header: expected '{'"},
        {"{} x", "header: byte 3"},
        {"{\"a\":1}", "tensor \"a\": not a tensor"},
        {"{\"a\":{}}", "tensor \"a\": not a tensor"},
        {"{\"a\":{\"dtype\":\"U8\",\"shape\":[0]}}", "tensor \"a\": not a tensor"},
        {"{\"a\":{\"dtype\":8,\"shape\":[0],\"data_offsets\":[0,0]}}",
         "tensor \"a\": not a tensor"},
        {"{\"a\":{\"dtype\":\"F31\",\"shape\":[0],\"data_offsets\":[0,0]}}",
         "tensor \"a\": dtype \"F31\": expected one of the format's"},
        {"{\"a\":{\"dtype\":\"f32\",\"shape\":[0],\"data_offsets\":[0,0]}}", "dtype \"f32\""},
        {"{\"a\":{\"dtype\":\"\",\"shape\":[0],\"data_offsets\":[0,0]}}", "dtype \"\""},
        {"{\"a\":{\"dtype\":\"F32\\u0000\",\"shape\":[0],\"data_offsets\":[0,0]}}", "dtype"},
        {"{" U8("a", "0", "0", "0") "," U8("a", "0", "0", "0") "}", "has \"a\" twice"},
        {"{" U8("a", "0", "0", "0") "," U8("\\u0061", "0", "0", "0") "}", "has \"a\" twice"},
        {"{\"__metadata__\":{},\"__metadata__\":{}}", "has \"__metadata__\" twice"},
        {"{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", "has \"k\" twice"},
        {"{\"__metadata__\":{\"k\":1}}", "__metadata__: \"k\" is not a text"},
        {"{\"__metadata__\":{\"k\":null}}", "__metadata__: \"k\" is not a text"},
        {"{\"__metadata__\":[\"k\"]}", "__metadata__: not an object"},
        {"{\"__metadata__\":\"k\"}", "__metadata__: not an object"},
        {"{\"a\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}", "more than 16 levels"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        assert_header_refused(place, cases[c].header, 0, cases[c].piece);
}

/* What a message quotes cannot disturb a terminal, and a long name does not overflow it. */
static void messages_are_one_line(void **state)
{
    Place *place = *state;
    assert_header_refused(place, "{\"\\n\\u001b[2J\":1}", 0, "tensor \"??[2J\": not a tensor");
    char header[MOST_BYTES - 8] = "{\"";
    memset(header + 2, 'n', sizeof header - 7);
    memcpy(header + sizeof header - 5, "\":1}", 5);
    assert_header_refused(place, header, 0, "tensor \"nnn");
    assert_true(strlen(place->error.text) < ERROR_TEXT_SIZE);
}

/* Others write in another order, without padding, with white space between, with empty tensors
 * anywhere and tensors of no dimension. */
static void what_others_write_is_accepted(void **state)
{
    Place *place = *state;
    SafeFile contents =
        accepted(place, "{ " U8("last", "3", "2", "5") " ,\n" U8("first", "2", "0", "2") "}", 5);
    assert_claims_are_true(&contents, 5);
    assert_string_equal(contents.tensors[0].name, "last");
    assert_memory_equal(contents.tensors[0].data, "\3\4\5", 3);
    assert_memory_equal(contents.tensors[1].data, "\1\2", 2);

    contents = accepted(
        place,
        "{" U8("a", "0", "3", "3") "," U8("b", "2,2", "3", "7") "," U8("c", "", "7", "8") "," U8(
            "d", "3", "0", "3") "," U8("e", "9007199254740991,0", "0", "0") "," U8("f", "0", "8",
                                                                                   "8") "}",
        8);
    assert_claims_are_true(&contents, 8);
    assert_int_equal(contents.n_tensors, 6);
    assert_int_equal(contents.tensors[2].rank, 0);
    assert_int_equal(contents.tensors[0].bytes, 0);

    contents = accepted(place, "{" U8("a", "1,1,1,2,1,1,1,1", "0", "2") "}", 2);
    assert_int_equal(contents.tensors[0].rank, 8);
    contents = accepted(place, "{\"__metadata__\":{}}", 0);
    assert_int_equal(contents.n_metadata, 0);
}

/* A header of each length: the numbers stand at each remainder of 8 in the file. */
static void numbers_are_aligned_wherever_they_stand(void **state)
{
    Place *place = *state;
    for (size_t spaces = 0; spaces < 8; spaces++) {
        char header[256];
        snprintf(header, sizeof header,
                 "{\"a\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[3,11]},"
                 "\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
                 "\"c\":{\"dtype\":\"U16\",\"shape\":[2],\"data_offsets\":[11,15]}}%*s",
                 (int)spaces, "");
        SafeFile contents = accepted(place, header, 15);
        assert_claims_are_true(&contents, 15);
        const uint64_t *a = contents.tensors[0].data;
        const uint16_t *c = contents.tensors[2].data;
        assert_int_equal((uintptr_t)a % 8, 0);
        assert_int_equal((uintptr_t)c % 2, 0);
        assert_true(*a == UINT64_C(0x0b0a090807060504));
        assert_memory_equal(contents.tensors[1].data, "\1\2\3", 3);
        assert_true(c[0] == 0x0d0c && c[1] == 0x0f0e);
    }
}

#define IN_A_PLACE(test) place_test(test, "x.safetensors")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(the_file_that_is_damaged_below_is_right),
        IN_A_PLACE(a_file_cut_at_any_byte_is_refused),
        IN_A_PLACE(a_byte_more_at_the_end_is_refused),
        IN_A_PLACE(a_changed_byte_is_refused_or_harmless),
        IN_A_PLACE(a_header_longer_than_the_file_is_refused),
        IN_A_PLACE(numbers_that_cannot_be_are_refused),
        IN_A_PLACE(tensors_must_fill_the_data),
        IN_A_PLACE(what_is_not_a_header_is_refused),
        IN_A_PLACE(messages_are_one_line),
        IN_A_PLACE(what_others_write_is_accepted),
        IN_A_PLACE(numbers_are_aligned_wherever_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
