/* test_safetensors_header.c: tests of src/train/safetensors.c on headers: those that cannot be true
 * are refused by name, and those that other programs write are not. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "support/fixtures.h"
#include "support/place.h"
#include "support/tensors_file.h"
#include "train/safetensors.h"

#define U8(name, size, begin, end)                                                                 \
    "\"" name "\":{\"dtype\":\"U8\",\"shape\":[" size "],\"data_offsets\":[" begin "," end "]}"

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
    char header[MOST_FILE_BYTES - 8] = "{\"";
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
        IN_A_PLACE(numbers_that_cannot_be_are_refused),
        IN_A_PLACE(tensors_must_fill_the_data),
        IN_A_PLACE(what_is_not_a_header_is_refused),
        IN_A_PLACE(messages_are_one_line),
        IN_A_PLACE(what_others_write_is_accepted),
        IN_A_PLACE(numbers_are_aligned_wherever_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
