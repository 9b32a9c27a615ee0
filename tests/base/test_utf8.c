/* test_utf8.c: tests of src/base/utf8.c. */
#include "support/check.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static size_t decode(const char *bytes, size_t length)
{
    uint32_t code_point;
    return utf8_decode(bytes, length, &code_point);
}

/* The examples of RFC 3629, section 7, and one of each length. */
static void known_characters_decode_and_encode(void **state)
{
    (void)state;
    const struct {
        const char *bytes;
        uint32_t code_point;
    } cases[] = {
        {"A", 0x41},
        {"\x7f", 0x7f},
        {"\xc2\x80", 0x80},
        {"\xc3\xa9", 0xe9},
        {"\xdf\xbf", 0x7ff},
        {"\xe0\xa0\x80", 0x800},
        {"\xe2\x89\xa2", 0x2262},
        {"\xed\x95\x9c", 0xd55c},
        {"\xe6\x97\xa5", 0x65e5},
        {"\xed\x9f\xbf", 0xd7ff},
        {"\xee\x80\x80", 0xe000},
        {"\xef\xbb\xbf", 0xfeff},
        {"\xef\xbf\xbf", 0xffff},
        {"\xf0\x90\x80\x80", 0x10000},
        {"\xf0\xa3\x8e\xb4", 0x233b4},
        {"\xf4\x8f\xbf\xbf", 0x10ffff},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        size_t length = strlen(cases[c].bytes);
        uint32_t code_point = 0;
        char bytes[UTF8_MAX_BYTES];
        assert_int_equal(utf8_decode(cases[c].bytes, length, &code_point), length);
        assert_int_equal(code_point, cases[c].code_point);
        assert_int_equal(utf8_encode(cases[c].code_point, bytes), length);
        assert_memory_equal(bytes, cases[c].bytes, length);
    }
}

static void every_code_point_comes_back(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x10ffff; code_point++) {
        if (code_point >= 0xd800 && code_point <= 0xdfff)
            continue;
        char bytes[UTF8_MAX_BYTES];
        uint32_t back = 0;
        size_t length = utf8_encode(code_point, bytes);
        size_t expected = code_point < 0x80      ? 1
                          : code_point < 0x800   ? 2
                          : code_point < 0x10000 ? 3
                                                 : 4;
        if (length != expected || utf8_decode(bytes, length, &back) != length || back != code_point)
            fail_msg("U+%04X comes back as U+%04X", (unsigned)code_point, (unsigned)back);
    }
}

/* With 128, 1920, 61440 and 1048576 code points of 1 to 4 bytes, and each of them coming back,
 * there is no room for a second form of any. A 4-byte sequence's last two bytes are independent of
 * the rest, so there all pairs of the first two are tried, with continuations behind them. */
static void nothing_else_decodes(void **state)
{
    (void)state;
    size_t valid[UTF8_MAX_BYTES + 1] = {0};
    char bytes[UTF8_MAX_BYTES];
    for (unsigned a = 0; a < 256; a++) {
        bytes[0] = (char)a;
        valid[1] += decode(bytes, 1) == 1;
        for (unsigned b = 0; b < 256; b++) {
            bytes[1] = (char)b;
            valid[2] += decode(bytes, 2) == 2;
            for (unsigned c = 0; c < 256; c++) {
                bytes[2] = (char)c;
                valid[3] += decode(bytes, 3) == 3;
                bytes[3] = (char)0x80;
                valid[4] += decode(bytes, 4) == 4;
            }
        }
    }
    assert_int_equal(valid[1], 128);
    assert_int_equal(valid[2], 1920);
    assert_int_equal(valid[3], 61440);
    assert_int_equal(valid[4], 1048576 / 64);
}

static void malformed_bytes_are_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {
        "\x80",             /* a continuation alone */
        "\xc0\x80",         /* overlong NUL */
        "\xc1\xbf",         /* overlong U+007F */
        "\xe0\x9f\xbf",     /* overlong U+07FF */
        "\xf0\x8f\xbf\xbf", /* overlong U+FFFF */
        "\xed\xa0\x80",     /* the first surrogate */
        "\xed\xbf\xbf",     /* the last surrogate */
        "\xf4\x90\x80\x80", /* U+110000 */
        "\xf5\x80\x80\x80", /* larger still */
        "\xf8\x88\x80\x80\x80",
        "\xfe",
        "\xff",
        "\xc3(",
        "\xe2\x82(",
        "\xf0\x9f\x98(", /* a continuation missing */
    };
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_int_equal(decode(wrong[w], strlen(wrong[w])), 0);
}

static void truncated_characters_are_refused(void **state)
{
    (void)state;
    const char *const characters[] = {"A", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    for (size_t c = 0; c < 4; c++) {
        for (size_t length = 0; length <= c; length++)
            assert_int_equal(decode(characters[c], length), 0);
        assert_int_equal(decode(characters[c], c + 1), c + 1);
    }
}

static void what_follows_a_character_is_not_looked_at(void **state)
{
    (void)state;
    assert_int_equal(decode("\xc3\xa9\xff\xff", 4), 2);
    assert_int_equal(decode("A\x80", 2), 1);
    assert_int_equal(decode("\0A", 2), 1);
}

static void controls_are_two_blocks_and_delete(void **state)
{
    (void)state;
    size_t count = 0;
    for (uint32_t code_point = 0; code_point <= 0x10ffff; code_point++)
        count += utf8_is_control(code_point);
    assert_int_equal(count, 32 + 1 + 32); /* C0, DEL, C1 */
    const uint32_t controls[] = {0, '\n', 0x1b, 0x1f, 0x7f, 0x80, 0x9b, 0x9f};
    for (size_t c = 0; c < sizeof controls / sizeof controls[0]; c++)
        assert_true(utf8_is_control(controls[c]));
}

static void a_cut_never_splits_a_character(void **state)
{
    (void)state;
    static const char text[] = "aéb😀c";
    static const size_t left[] = {0, 1, 1, 3, 4, 4, 4, 4, 8, 9, 9, 9};
    for (size_t most = 0; most < sizeof left / sizeof left[0]; most++)
        assert_int_equal(utf8_cut(text, sizeof text - 1, most), left[most]);
    assert_int_equal(utf8_cut("", 0, 0), 0);
    assert_int_equal(utf8_cut("", 0, 5), 0);
}

/* What has no characters is cut all the same, and something of it stays. */
static void what_is_no_utf_8_is_cut_too(void **state)
{
    (void)state;
    const char *text = "\x80\x80\x80\x80\x80\x80\x80\x80";
    for (size_t most = 4; most < 8; most++)
        assert_in_range(utf8_cut(text, 8, most), 1, most);
    assert_int_equal(utf8_cut(text, 8, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_characters_decode_and_encode),
        cmocka_unit_test(every_code_point_comes_back),
        cmocka_unit_test(nothing_else_decodes),
        cmocka_unit_test(malformed_bytes_are_refused),
        cmocka_unit_test(truncated_characters_are_refused),
        cmocka_unit_test(what_follows_a_character_is_not_looked_at),
        cmocka_unit_test(controls_are_two_blocks_and_delete),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(what_is_no_utf_8_is_cut_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
