/* test_safetensors_hostile.c: tests of src/train/safetensors.c on files that are damaged: cut,
 * longer, or with another byte. Headers that lie are in test_safetensors_header.c. */
#include "support/check.h"

#include <stdio.h>

#include "support/fixtures.h"
#include "support/place.h"
#include "support/tensors_file.h"
#include "train/safetensors.h"

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
    TensorsFile file = tensors_file(GOOD_HEADER, good_header, GOOD_DATA);
    while (file.length-- > 0)
        assert_file_refused(place, &file, "expected");
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
    TensorsFile file = tensors_file(GOOD_HEADER, good_header, GOOD_DATA);
    size_t n_accepted = 0;
    for (size_t at = 0; at < 8 + GOOD_HEADER; at++)
        for (size_t change = 0; change < 8 + sizeof characters; change++) {
            const unsigned char before = file.at[at];
            SafeFile contents;
            file.at[at] = (unsigned char)(change < 8 ? before ^ 1u << change
                                                     : (unsigned char)characters[change - 8]);
            if (file.at[at] != before && read_tensors(place, &file, &contents)) {
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
        const TensorsFile file = tensors_file(lengths[i], "{}", 0);
        char piece[64];
        snprintf(piece, sizeof piece, "header of %llu bytes: expected at most 2",
                 (unsigned long long)lengths[i]);
        assert_file_refused(place, &file, piece);
    }
    const TensorsFile whole = tensors_file(2, "{}", 0), none = tensors_file(0, "{}", 0);
    SafeFile contents;
    assert_true(read_tensors(place, &whole, &contents));
    assert_file_refused(place, &none, "header: byte 0: the text ends");
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
