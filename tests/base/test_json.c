/* test_json.c: tests of src/base/json.c. */
#include "support/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/random.h"

/* The copy has exactly `length` bytes and no 0 behind them, so that AddressSanitizer sees a parser
 * that reads past the end. */
static bool parse_bytes(Arena *arena, const char *text, size_t length, JsonValue **value,
                        Error *error)
{
    char *exact = malloc(length > 0 ? length : 1);
    assert_non_null(exact);
    memcpy(exact, text, length);
    bool ok = json_parse(arena, exact, length, value, error);
    free(exact);
    return ok;
}

static JsonValue *parse(Arena *arena, const char *text)
{
    JsonValue *value = NULL;
    Error error = {0};
    if (!parse_bytes(arena, text, strlen(text), &value, &error))
        fail_msg("%s: %s", text, error.text);
    return value;
}

static void assert_refused(const char *text, size_t length, const char *message)
{
    Arena arena = {0};
    JsonValue *value = NULL;
    Error error = {0};
    if (parse_bytes(&arena, text, length, &value, &error))
        fail_msg("%s: was accepted", text);
    assert_null(value);
    assert_contains(error.text, message);
    arena_free(&arena);
}

static void plain_values_are_read(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_int_equal(parse(&arena, "null")->type, JSON_NULL);
    const JsonValue *yes = parse(&arena, " true "), *no = parse(&arena, "\t\r\nfalse\n");
    assert_true(yes->type == JSON_BOOL && yes->boolean);
    assert_true(no->type == JSON_BOOL && !no->boolean);
    const JsonValue *text = parse(&arena, "\"a b\"");
    assert_int_equal(text->type, JSON_STRING);
    assert_string_equal(text->string, "a b");
    assert_int_equal(text->length, 3);
    assert_null(text->key);
    arena_free(&arena);
}

static void numbers_are_read(void **state)
{
    (void)state;
    const struct {
        const char *text;
        double number;
    } cases[] = {{"0", 0},
                 {"-0", 0},
                 {"12", 12},
                 {"-3.25", -3.25},
                 {"1e3", 1000},
                 {"1E+2", 100},
                 {"25e-2", 0.25},
                 {"0.5", 0.5},
                 {"1e-999", 0},
                 {"5e-324", 0x1p-1074},
                 {"9007199254740993", 0x1p53}};
    Arena arena = {0};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const JsonValue *value = parse(&arena, cases[c].text);
        assert_int_equal(value->type, JSON_NUMBER);
        assert_close(value->number, cases[c].number, 0);
    }
    arena_free(&arena);
}

static void a_number_is_read_however_many_digits_it_has(void **state)
{
    (void)state;
    char text[10001];
    memset(text, '3', sizeof text - 1);
    text[1] = '.';
    text[sizeof text - 1] = '\0';
    Arena arena = {0};
    assert_close(parse(&arena, text)->number, 10.0 / 3, 1e-15);
    arena_free(&arena);
}

static void arrays_and_objects_keep_their_order(void **state)
{
    (void)state;
    Arena arena = {0};
    const JsonValue *object =
        parse(&arena, "{\"b\": [1, [], {\"x\": null}, \"\"], \"a\":{} ,\"\" : true}");
    assert_int_equal(object->type, JSON_OBJECT);
    assert_int_equal(object->count, 3);
    const JsonValue *b = object->first, *a = b->next, *empty = a->next;
    assert_string_equal(b->key, "b");
    assert_string_equal(a->key, "a");
    assert_string_equal(empty->key, "");
    assert_null(empty->next);
    assert_int_equal(a->count, 0);
    assert_null(a->first);
    assert_int_equal(b->type, JSON_ARRAY);
    assert_int_equal(b->count, 4);
    assert_close(b->first->number, 1, 0);
    assert_int_equal(b->first->next->type, JSON_ARRAY);
    assert_null(b->first->next->key);
    assert_string_equal(b->first->next->next->first->key, "x");
    assert_string_equal(b->first->next->next->next->string, "");
    arena_free(&arena);
}

static void members_are_found_by_name(void **state)
{
    (void)state;
    Arena arena = {0};
    const JsonValue *object = parse(&arena, "{\"a\":1,\"b\\u0062\":2}");
    assert_close(json_member(object, "a")->number, 1, 0);
    assert_close(json_member(object, "bb")->number, 2, 0);
    assert_null(json_member(object, "b"));
    assert_null(json_member(parse(&arena, "[1]"), "a"));
    assert_null(json_member(NULL, "a"));
    arena_free(&arena);
}

static void escapes_are_resolved(void **state)
{
    (void)state;
    Arena arena = {0};
    const JsonValue *value =
        parse(&arena, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\uDE00\"");
    assert_string_equal(value->string, "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    const JsonValue *zero = parse(&arena, "\"a\\u0000b\"");
    assert_int_equal(zero->length, 3);
    assert_memory_equal(zero->string, "a\0b", 4);
    assert_string_equal(parse(&arena, "\"\xc3\xa9\x7f\"")->string, "\xc3\xa9\x7f");
    arena_free(&arena);
}

static void strings_do_not_disturb_each_other(void **state)
{
    (void)state;
    Arena arena = {0};
    const JsonValue *value =
        parse(&arena, "[\"\",\"a\",12345,\"b\",{\"k\":\"v\",\"\":\"\"},-1e5,\"z\"]");
    const JsonValue *a = value->first->next, *b = a->next->next, *object = b->next;
    assert_string_equal(value->first->string, "");
    assert_string_equal(a->string, "a");
    assert_string_equal(b->string, "b");
    assert_string_equal(object->first->key, "k");
    assert_string_equal(object->first->string, "v");
    assert_string_equal(object->first->next->key, "");
    assert_string_equal(object->next->next->string, "z");
    arena_free(&arena);
}

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
        assert_refused(cases[c].text, strlen(cases[c].text), cases[c].message);
    assert_refused("1\0", 2, "byte 1: expected nothing more");
    assert_refused("\"a\0\"", 4, "byte 2: expected UTF-8");
    assert_refused("[\0]", 3, "byte 1: expected a value");
}

static void a_name_that_stands_twice_is_refused(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"\\u0061\":3}",
                                 "[{\"x\":{\"a\":1,\"b\":2,\"c\":3,\"a\":4}}]"};
    for (size_t t = 0; t < 3; t++)
        assert_refused(texts[t], strlen(texts[t]), "has \"a\" twice");
    Arena arena = {0};
    assert_int_equal(parse(&arena, "{\"a\":{\"a\":1},\"b\":{\"a\":1},\"A\":1}")->count, 3);
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
    assert_int_equal(parse(&arena, text.bytes)->count, 100000);
    arena_free(&arena);
    text.bytes[text.length - 1] = ',';
    text_append_format(&text, "\"77\":0}");
    assert_refused(text.bytes, text.length, "has \"77\" twice");
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
    assert_int_equal(parse(&arena, text)->type, JSON_ARRAY);
    const char *side_by_side = "[[[]],[[]],[[]],[[]],[[]],[[]],[[]],[[]],[[]],[[]],[{},{},{},{}]]";
    assert_int_equal(parse(&arena, side_by_side)->count, 11);
    arena_free(&arena);
    memset(text, '[', JSON_MAX_DEPTH + 1);
    memset(text + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
    assert_refused(text, 2 * JSON_MAX_DEPTH + 2, "byte 16: more than 16 levels of [ and {");
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
    assert_refused(text, MILLION, "more than 16 levels");
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
    assert_int_equal(parse(&arena, header)->count, 3);
    for (size_t length = 0; length < strlen(header); length++)
        assert_refused(header, length, "byte ");
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
            bool ok = parse_bytes(&arena, text, sizeof header - 1, &value, &error);
            assert_true(ok == (value != NULL) && ok == (error.kind == ERROR_NONE));
            accepted += ok;
            refused += !ok;
            arena_free(&arena);
        }
    assert_true(accepted > strlen(header)); /* each byte unchanged, at least */
    assert_true(refused > accepted);
}

static void whole_numbers_become_sizes(void **state)
{
    (void)state;
    Arena arena = {0};
    size_t size = 7;
    assert_true(json_to_size(parse(&arena, "0"), &size) && size == 0);
    assert_true(json_to_size(parse(&arena, "1e3"), &size) && size == 1000);
    assert_true(json_to_size(parse(&arena, "9007199254740991"), &size));
    assert_true((uint64_t)size == (UINT64_C(1) << 53) - 1);
    size = 7;
    const char *const wrong[] = {
        "-1",   "-0",  "0.5", "9007199254740992", "9007199254740993", "1e300", "\"1\"", "true",
        "null", "[1]", "{}"};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_false(json_to_size(parse(&arena, wrong[w]), &size));
    assert_false(json_to_size(NULL, &size));
    assert_int_equal(size, 7);
    arena_free(&arena);
}

static void strings_are_quoted(void **state)
{
    (void)state;
    TextBuffer out = {0};
    json_append_string(&out, "a\"b\\c/\b\f\n\r\t\x01\x1f\0\x7f\xc3\xa9", 17);
    assert_string_equal(out.bytes,
                        "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000\x7f\xc3\xa9\"");
    out.length = 0;
    json_append_string(&out, "x\xffy\xc3", 4);
    assert_string_equal(out.bytes, "\"x\\ufffdy\\ufffd\"");
    out.length = 0;
    json_append_string(&out, "", 0);
    assert_string_equal(out.bytes, "\"\"");
    text_buffer_free(&out);
}

/* Texts of valid UTF-8 from every range of code points, the controls among them. */
static void what_is_quoted_is_read_back(void **state)
{
    (void)state;
    const char *const pieces[] = {"\x01",
                                  "\n",
                                  "\"",
                                  "\\",
                                  "/",
                                  "a",
                                  "u0041",
                                  "\x7f",
                                  "\xc3\xa9",
                                  "\xe2\x82\xac",
                                  "\xf0\x9f\x98\x80"};
    const size_t n_pieces = sizeof pieces / sizeof pieces[0];
    for (uint64_t t = 0; t < 5000; t++) {
        TextBuffer text = {0}, quoted = {0};
        RandomKey key = random_at(random_seed(0), t);
        for (uint64_t p = 0; p < 8; p++) {
            const char *piece = pieces[random_below(key, p, n_pieces)];
            text_append(&text, piece, strlen(piece) + (p == 5)); /* a NUL in the middle */
        }
        json_append_string(&quoted, text.bytes, text.length);
        Arena arena = {0};
        const JsonValue *value = parse(&arena, quoted.bytes);
        assert_int_equal(value->length, text.length);
        assert_memory_equal(value->string, text.bytes, text.length);
        arena_free(&arena);
        text_buffer_free(&text);
        text_buffer_free(&quoted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_values_are_read),
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(a_number_is_read_however_many_digits_it_has),
        cmocka_unit_test(arrays_and_objects_keep_their_order),
        cmocka_unit_test(members_are_found_by_name),
        cmocka_unit_test(escapes_are_resolved),
        cmocka_unit_test(strings_do_not_disturb_each_other),
        cmocka_unit_test(what_is_not_json_is_refused),
        cmocka_unit_test(a_name_that_stands_twice_is_refused),
        cmocka_unit_test(a_hostile_number_of_names_is_checked_quickly),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(hostile_depth_costs_nothing),
        cmocka_unit_test(a_text_cut_at_any_byte_is_refused),
        cmocka_unit_test(any_changed_byte_is_survived),
        cmocka_unit_test(whole_numbers_become_sizes),
        cmocka_unit_test(strings_are_quoted),
        cmocka_unit_test(what_is_quoted_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
