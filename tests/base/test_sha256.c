/* test_sha256.c: tests of src/base/sha256.c. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

static void assert_digest(const void *bytes, size_t length, const char *expected)
{
    char hex[SHA256_HEX_SIZE];
    memset(hex, 'x', sizeof hex);
    sha256_hex(bytes, length, hex);
    assert_string_equal(hex, expected);
}

/* The examples of FIPS 180-2, appendix B, and of NIST's "Secure Hash Standard Validation System".
 */
static void published_examples_hold(void **state)
{
    (void)state;
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    const char *long_block = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                             "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
    assert_digest("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_digest("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest(two_blocks, 56,
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_digest(long_block, 112,
                  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    assert_digest("\xbd", 1, "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
}

static void a_million_letters_have_their_published_digest(void **state)
{
    (void)state;
    enum { MILLION = 1000000 };
    char *letters = malloc(MILLION);
    assert_non_null(letters);
    memset(letters, 'a', MILLION);
    assert_digest(letters, MILLION,
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

/* All lengths around one block and two, folded into one digest; Python's hashlib says the same:
 *     h = lambda b: hashlib.sha256(b).hexdigest()
 *     h("".join(h(b"a" * n) for n in range(131)).encode()) */
static void every_length_of_padding_is_right(void **state)
{
    (void)state;
    char letters[131], digests[131 * 64 + 1] = "";
    memset(letters, 'a', sizeof letters);
    for (size_t length = 0; length <= 130; length++)
        sha256_hex(letters, length, digests + 64 * length);
    assert_digest(digests, 131 * 64,
                  "5eee4c50e1b5ec4f1a47f34c25ca988850b49da7904f5ab1b3abc5cc0ae66ef9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples_hold),
        cmocka_unit_test(a_million_letters_have_their_published_digest),
        cmocka_unit_test(every_length_of_padding_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
