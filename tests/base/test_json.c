/* test_json.c: tests of src/base/json.c: what a text says, and texts that are written. What is no
 * JSON is in test_json_hostile.c. */
#include "support/check.h"

#include <string.h>

#include "base/json.h"
#include "base/random.h"
#include "support/json_case.h"

static void plain_values_are_read(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_int_equal(json_of(&arena, "null")->type, JSON_NULL);
    const JsonValue *yes = json_of(&arena, " true "), *no = json_of(&arena, "\t\r\nfalse\n");
    assert_true(yes->type == JSON_BOOL && yes->boolean);
    assert_true(no->type == JSON_BOOL && !no->boolean);
    const JsonValue *text = json_of(&arena, "\"a b\"");
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
        const JsonValue *value = json_of(&arena, cases[c].text);
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
    assert_close(json_of(&arena, text)->number, 10.0 / 3, 1e-15);
    arena_free(&arena);
}

static void arrays_and_objects_keep_their_order(void **state)
{
    (void)state;
    Arena arena = {0};
    const JsonValue *object =
        json_of(&arena, "{\"b\": [1, [], {\"x\": null}, \"\"], \"a\":{} ,\"\" : true}");
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
    const JsonValue *object = json_of(&arena, "{\"a\":1,\"b\\u0062\":2}");
    assert_close(json_member(object, "a")->number, 1, 0);
    assert_close(json_member(object, "bb")->number, 2, 0);
    assert_null(json_member(object, "b"));
    assert_null(json_member(json_of(&arena, "[1]"), "a"));
    assert_null(json_member(NULL, "a"));
    arena_free(&arena);
}

static void escapes_are_resolved(void **state)
{
    (void)state;
    Arena arena = {0};
    const JsonValue *value =
        json_of(&arena, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\uDE00\"");
    assert_string_equal(value->string, "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    const JsonValue *zero = json_of(&arena, "\"a\\u0000b\"");
    assert_int_equal(zero->length, 3);
    assert_memory_equal(zero->string, "a\0b", 4);
    assert_string_equal(json_of(&arena, "\"\xc3\xa9\x7f\"")->string, "\xc3\xa9\x7f");
    arena_free(&arena);
}

static void strings_do_not_disturb_each_other(void **state)
{
    (void)state;
    Arena arena = {0};
    const JsonValue *value =
        json_of(&arena, "[\"\",\"a\",12345,\"b\",{\"k\":\"v\",\"\":\"\"},-1e5,\"z\"]");
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

static void whole_numbers_become_sizes(void **state)
{
    (void)state;
    Arena arena = {0};
    size_t size = 7;
    assert_true(json_to_size(json_of(&arena, "0"), &size) && size == 0);
    assert_true(json_to_size(json_of(&arena, "1e3"), &size) && size == 1000);
    assert_true(json_to_size(json_of(&arena, "9007199254740991"), &size));
    assert_true((uint64_t)size == (UINT64_C(1) << 53) - 1);
    size = 7;
    const char *const wrong[] = {
        "-1",   "-0",  "0.5", "9007199254740992", "9007199254740993", "1e300", "\"1\"", "true",
        "null", "[1]", "{}"};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_false(json_to_size(json_of(&arena, wrong[w]), &size));
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
        const JsonValue *value = json_of(&arena, quoted.bytes);
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
        cmocka_unit_test(whole_numbers_become_sizes),
        cmocka_unit_test(strings_are_quoted),
        cmocka_unit_test(what_is_quoted_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
