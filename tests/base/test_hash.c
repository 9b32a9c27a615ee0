/* test_hash.c: tests of src/base/hash.c. */
#include "support/check.h"

#include "base/hash.h"

/* Fewer than 8 bytes are plain FNV-1a; these are from its authors' list of test vectors
 * (http://www.isthe.com/chongo/tech/comp/fnv/). */
static void the_checksum_of_a_few_bytes_is_fnv_1a(void **state)
{
    (void)state;
    assert_true(hash_words(HASH_START, NULL, 0) == 0xcbf29ce484222325u);
    assert_true(hash_words(HASH_START, "a", 1) == 0xaf63dc4c8601ec8cu);
    assert_true(hash_words(HASH_START, "foobar", 6) == 0x85944171f73967e8u);
}

/* A sum is as good as a word's exclusive or with it: s ^ (s ^ 1) = 1, and 1 times the prime 2^40 +
 * 0x1b3 is the prime. Its upper half, 0x100, is mixed into the lower one. */
static void eight_bytes_are_one_little_endian_word(void **state)
{
    (void)state;
    const unsigned char word[] = {0x24, 0x23, 0x22, 0x84, 0xe4, 0x9c, 0xf2, 0xcb};
    assert_true(hash_words(HASH_START, word, 8) == (UINT64_C(1) << 40) + 0xb3);
}

static void the_checksum_is_that_of_a_slow_loop_in_pieces_too(void **state)
{
    (void)state;
    unsigned char bytes[100];
    for (size_t b = 0; b < sizeof bytes; b++)
        bytes[b] = (unsigned char)(b * 37 + 11);
    for (size_t length = 0; length <= sizeof bytes; length++) {
        uint64_t sum = UINT64_C(14695981039346656037), word = 0;
        size_t whole = length / 8 * 8;
        for (size_t b = 0; b < length; b++) {
            word |= (uint64_t)bytes[b] << (b < whole ? 8 * (b % 8) : 0);
            if (b < whole && b % 8 != 7)
                continue;
            sum = (sum ^ word) * UINT64_C(1099511628211);
            sum ^= b < whole ? sum >> 32 : 0;
            word = 0;
        }
        assert_true(hash_words(HASH_START, bytes, length) == sum);
        for (size_t piece = 0; piece <= whole; piece += 8)
            assert_true(hash_words(hash_words(HASH_START, bytes, piece), bytes + piece,
                                   length - piece) == sum);
    }
}

/* The uppermost bits: a multiplication alone would carry them nowhere. */
static void two_changed_signs_do_not_cancel_out(void **state)
{
    (void)state;
    unsigned char bytes[16] = "sixteen letters";
    const uint64_t sum = hash_words(HASH_START, bytes, sizeof bytes);
    bytes[7] ^= 0x80;
    bytes[15] ^= 0x80;
    assert_true(hash_words(HASH_START, bytes, sizeof bytes) != sum);
}

static void by_bytes_it_is_fnv_1a_of_any_length(void **state)
{
    (void)state;
    assert_true(hash_bytes(HASH_START, "", 0) == 0xcbf29ce484222325u);
    assert_true(hash_bytes(HASH_START, "foobar", 6) == 0x85944171f73967e8u);
    assert_true(hash_bytes(hash_bytes(HASH_START, "foo", 3), "bar", 3) == 0x85944171f73967e8u);
}

static void any_changed_bit_changes_the_checksum(void **state)
{
    (void)state;
    unsigned char bytes[27] = "not a multiple of 8 bytes";
    const uint64_t sum = hash_words(HASH_START, bytes, sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_true(hash_words(HASH_START, bytes, sizeof bytes) != sum);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_bytes_it_is_fnv_1a_of_any_length),
        cmocka_unit_test(the_checksum_of_a_few_bytes_is_fnv_1a),
        cmocka_unit_test(eight_bytes_are_one_little_endian_word),
        cmocka_unit_test(the_checksum_is_that_of_a_slow_loop_in_pieces_too),
        cmocka_unit_test(two_changed_signs_do_not_cancel_out),
        cmocka_unit_test(any_changed_bit_changes_the_checksum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
