/* test_json_hostile.c: tests of src/base/json.c: what is no JSON is refused with its place, and no
 * text, however long or deep or damaged, does harm. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "support/json_case.h"

static void what_is_not_json_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *text, *message;
    } cases[] = {
        {"", "byte 0: the text ends: expected a value"},
        {"  ", "byte 2: the text ends: expected a value"},
        {"nul", "byte 0: expected null"},
        {"True", "byte 0: expected a value"},
        {"truex", "byte 4: expected nothing more behind the value"},
        {"1 2", "byte 2: expected nothing more behind the value"},
        {"\xef\xbb\xbf"
         "1",
         "byte 0: expected a value"},
        {"'a'", "byte 0: expected a value"},
        {"-", "byte 1: the text ends: expected a value"},
        {"+1", "byte 0: expected a value"},
        {".5", "byte 0: expected a value"},
        {"01", "byte 1: expected nothing more"},
        {"-01", "byte 2: expected nothing more"},
        {"1.", "byte 2: the text ends: expected a digit"},
        {"1.e5", "byte 2: expected a digit"},
        {"1e", "byte 2: the text ends: expected a digit"},
        {"1e+-5", "byte 3: expected a digit"},
        {"0x10", "byte 1: expected nothing more"},
        {"NaN", "byte 0: expected a value"},
        {"-Infinity", "byte 1: expected a value"},
        {"[1e999]", "byte 1: expected a number that a double can hold"},
        {"[1,]", "byte 3: expected a value"},
        {"[,1]", "byte 1: expected a value"},
        {"[1 2]", "byte 3: expected ',' or ']'"},
        {"[1}", "byte 2: expected ',' or ']'"},
        {"{1:2}", "byte 1: expected a string in double quotes"},
        {"{a:2}", "byte 1: expected a string in double quotes"},
        {"{\"a\" 2}", "byte 5: expected ':'"},
        {"{\"a\":}", "byte 5: expected a value"},
        {"{\"a\":1,}", "byte 7: expected a string in double quotes"},
        {"{\"a\":1]", "byte 6: expected ',' or '}'"},
        {"\"a", "byte 2: the text ends: expected UTF-8"},
        {"\"a\n\"", "byte 2: expected UTF-8 without control characters"},
        {"\"\xff\"", "byte 1: expected UTF-8"},
        {"\"\xc0\x80\"", "byte 1: expected UTF-8"},
        {"\"\xed\xa0\x80\"", "byte 1: expected UTF-8"},
        {"\"\xc3\"", "byte 1: expected UTF-8"},
        {"\"\\x41\"", "byte 2: expected one of"},
        {"\"\\", "byte 2: the text ends: expected one of"},
        {"\"\\u12g4\"", "byte 5: expected four hexadecimal digits"},
        {"\"\\u12", "byte 5: the text ends: expected four hexadecimal digits"},
        {"\"\\ud800\"", "byte 7: expected the second half of a surrogate pair"},
        {"\"\\ud800\\n\"", "byte 7: expected the second half of a surrogate pair"},
        {"\"\\ud800\\u0041\"", "expected the second half of a surrogate pair"},
        {"\"\\ud800\\ud800\"", "expected the second half of a surrogate pair"},
        {"\"\\udc00\"", "expected the first half of this surrogate pair"},
        {"{\"a\\u0000b\":1}", "expected a name without a NUL character"},
        {"/* c */ 1", "byte 0: expected a value"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        assert_json_refused(cases[c].text, strlen(cases[c].text), cases[c].message);
    assert_json_refused("1\0", 2, "byte 1: expected nothing more");
    assert_json_refused("\"a\0\"", 4, "byte 2: expected UTF-8");
    assert_json_refused("[\0]", 3, "byte 1: expected a value");
}

static void a_name_that_stands_twice_is_refused(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"\\u0061\":3}",
                                 "[{\"x\":{\"a\":1,\"b\":2,\"c\":3,\"a\":4}}]"};
    for (size_t t = 0; t < 3; t++)
        assert_json_refused(texts[t], strlen(texts[t]), "has \"a\" twice");
    Arena arena = {0};
    assert_int_equal(json_of(&arena, "{\"a\":{\"a\":1},\"b\":{\"a\":1},\"A\":1}")->count, 3);
    arena_free(&arena);
}

static void a_hostile_number_of_names_is_checked_quickly(void **state)
{
    (void)state;
    TextBuffer text = {0};
    for (int n = 0; n < 100000; n++)
        text_append_format(&text, "%c\"%d\":0", n == 0 ? '{' : ',', n);
    text_append(&text, "}", 1);
    Arena arena = {0};
    assert_int_equal(json_of(&arena, text.bytes)->count, 100000);
    arena_free(&arena);
    text.bytes[text.length - 1] = ',';
    text_append_format(&text, "\"77\":0}");
    assert_json_refused(text.bytes, text.length, "has \"77\" twice");
    text_buffer_free(&text);
}

static void depth_is_limited(void **state)
{
    (void)state;
    char text[2 * JSON_MAX_DEPTH + 3];
    memset(text, '[', JSON_MAX_DEPTH);
    memset(text + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
    text[2 * JSON_MAX_DEPTH] = '\0';
    Arena arena = {0};
    assert_int_equal(json_of(&arena, text)->type, JSON_ARRAY);
    const char *side_by_side = "[[[]],[[]],[[]],[[]],[[]],[[]],[[]],[[]],[[]],[[]],[{},{},{},{}]]";
    assert_int_equal(json_of(&arena, side_by_side)->count, 11);
    arena_free(&arena);
    memset(text, '[', JSON_MAX_DEPTH + 1);
    memset(text + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
    assert_json_refused(text, 2 * JSON_MAX_DEPTH + 2, "byte 16: more than 16 levels of [ and {");
}

/* A million opening brackets need neither the stack nor memory: the sixteenth is the last. */
static void hostile_depth_costs_nothing(void **state)
{
    (void)state;
    enum { MILLION = 1000000 };
    char *text = malloc(MILLION);
    assert_non_null(text);
    memset(text, '[', MILLION);
    Arena arena = {0};
    JsonValue *value;
    assert_false(json_parse(&arena, text, MILLION, &value, NULL));
    assert_true(arena.peak < 2 * MILLION);
    arena_free(&arena);
    for (size_t at = 0; at + 5 <= MILLION; at += 5)
        memcpy(text + at, "{\"\":[", 5);
    assert_json_refused(text, MILLION, "more than 16 levels");
    free(text);
}

static const char header[] =
    "{\"__metadata__\":{\"format\":\"pt\",\"note\":\"\\u00e9\xc3\xa9\\ud83d\\ude00\"},"
    "\"transformer.wte.weight\":{\"dtype\":\"F32\",\"shape\":[65,128],"
    "\"data_offsets\":[0,33280]},\"x\":[true,false,null,-1.5e+3]}";

static void a_text_cut_at_any_byte_is_refused(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_int_equal(json_of(&arena, header)->count, 3);
    for (size_t length = 0; length < strlen(header); length++)
        assert_json_refused(header, length, "byte ");
    arena_free(&arena);
}

/* Whatever a changed byte does, the verdict is a value or an error, and no sanitizer objects. */
static void any_changed_byte_is_survived(void **state)
{
    (void)state;
    size_t accepted = 0, refused = 0;
    for (size_t at = 0; at < strlen(header); at++)
        for (int byte = 0; byte < 256; byte++) {
            char text[sizeof header];
            memcpy(text, header, sizeof header);
            text[at] = (char)byte;
            Arena arena = {0};
            JsonValue *value = NULL;
            Error error = {0};
            bool ok = parse_json(&arena, text, sizeof header - 1, &value, &error);
            assert_true(ok == (value != NULL) && ok == (error.kind == ERROR_NONE));
            accepted += ok;
            refused += !ok;
            arena_free(&arena);
        }
    assert_true(accepted > strlen(header)); /* each byte unchanged, at least */
    assert_true(refused > accepted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_json_is_refused),
        cmocka_unit_test(a_name_that_stands_twice_is_refused),
        cmocka_unit_test(a_hostile_number_of_names_is_checked_quickly),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(hostile_depth_costs_nothing),
        cmocka_unit_test(a_text_cut_at_any_byte_is_refused),
        cmocka_unit_test(any_changed_byte_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
