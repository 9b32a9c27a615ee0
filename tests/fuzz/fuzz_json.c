/* fuzz_json.c: any bytes as JSON. They are refused with the byte, or the value that was read is
 * read again when it is written. And any bytes can be written as a string. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"

/* --- writing --- */

static void append_value(TextBuffer *out, const JsonValue *value);

static void append_items(TextBuffer *out, const JsonValue *value)
{
    text_append_format(out, "%s", value->type == JSON_ARRAY ? "[" : "{");
    for (const JsonValue *item = value->first; item != NULL; item = item->next) {
        if (value->type == JSON_OBJECT) {
            json_append_string(out, item->key, strlen(item->key));
            text_append_format(out, ":");
        }
        append_value(out, item);
        text_append_format(out, "%s", item->next != NULL ? "," : "");
    }
    text_append_format(out, "%s", value->type == JSON_ARRAY ? "]" : "}");
}

static void append_value(TextBuffer *out, const JsonValue *value)
{
    switch (value->type) {
    case JSON_NULL:
        text_append_format(out, "null");
        break;
    case JSON_BOOL:
        text_append_format(out, "%s", value->boolean ? "true" : "false");
        break;
    case JSON_NUMBER:
        text_append_format(out, "%.17g", value->number);
        break;
    case JSON_STRING:
        json_append_string(out, value->string, value->length);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        append_items(out, value);
        break;
    }
}

/* --- checks --- */

static void check_same(const JsonValue *a, const JsonValue *b)
{
    check(a->type == b->type && a->count == b->count, "another value comes back");
    if (a->type == JSON_BOOL)
        check(a->boolean == b->boolean, "another truth comes back");
    if (a->type == JSON_NUMBER)
        /* NOLINTNEXTLINE(cert-exp42-c,cert-flp37-c,bugprone-suspicious-memory-comparison): bits */
        check(memcmp(&a->number, &b->number, sizeof a->number) == 0, "another number comes back");
    if (a->type == JSON_STRING)
        check(a->length == b->length && memcmp(a->string, b->string, a->length + 1) == 0,
              "another string comes back");
    const JsonValue *y = b->first;
    for (const JsonValue *x = a->first; x != NULL; x = x->next, y = y->next) {
        check(y != NULL, "items are missing");
        if (a->type == JSON_OBJECT)
            check(strcmp(x->key, y->key) == 0, "a member has another name");
        check_same(x, y);
    }
    check(y == NULL, "there are more items");
}

static void check_value(const JsonValue *value, size_t depth)
{
    size_t count = 0, whole;
    check(depth <= JSON_MAX_DEPTH, "deeper than it may be");
    for (const JsonValue *item = value->first; item != NULL; item = item->next, count++) {
        if (value->type == JSON_OBJECT)
            check(json_member(value, item->key) == item, "a member is not found");
        check_value(item, depth + 1);
    }
    check(count == value->count, "counted wrong");
    if (json_to_size(value, &whole))
        check(value->type == JSON_NUMBER && (double)whole == value->number, "another whole number");
    if (value->type == JSON_STRING)
        check(value->string[value->length] == '\0', "a string does not end");
}

static bool is_one_of(char byte, const char *bytes)
{
    return byte != '\0' && strchr(bytes, byte) != NULL;
}

/* In a text that was taken, half of a surrogate pair is escaped only beside the other half. A
 * backslash stands in strings alone, and one that is escaped itself escapes nothing. */
static void check_pairs(const char *text, size_t length)
{
    for (size_t at = 0; at + 1 < length; at += text[at] == '\\' ? 2 : 1) {
        if (text[at] != '\\' || text[at + 1] != 'u')
            continue;
        check(length - at >= 6, "an escape is cut");
        if (!is_one_of(text[at + 2], "dD") || !is_one_of(text[at + 3], "89abcdefABCDEF"))
            continue;
        check(is_one_of(text[at + 3], "89abAB") && length - at >= 12 && text[at + 6] == '\\' &&
                  text[at + 7] == 'u' && is_one_of(text[at + 8], "dD") &&
                  is_one_of(text[at + 9], "cdefCDEF"),
              "half of a pair is taken");
        at += 6;
    }
}

/* "byte N: why", where N is a place in the text or its end. */
static void check_refused(const Error *error, size_t length)
{
    size_t at = 0;
    char name[TEXT_NUMBER_SIZE];
    check(sscanf(error->text, "byte %zu:", &at) == 1 && at <= length, "refused without its byte");
    snprintf(name, sizeof name, "byte %zu", at);
    check_refusal(error, ERROR_WORK, name);
}

static void check_json(const char *text, size_t length)
{
    Arena arena = {0};
    JsonValue *value, *again;
    TextBuffer written = {0};
    Error error = {0};
    if (json_parse(&arena, text, length, &value, &error)) {
        check(value != NULL, "no value");
        check_value(value, 0);
        check_pairs(text, length);
        append_value(&written, value);
        check(!written.failed && json_parse(&arena, written.bytes, written.length, &again, NULL),
              "what was written is refused");
        check_same(value, again);
        text_buffer_free(&written);
    } else {
        check(value == NULL, "a value in spite of an error");
        check_refused(&error, length);
    }
    arena_free(&arena);
}

/* What is not UTF-8 becomes U+FFFD, byte by byte; all else comes back. */
static void check_string(const char *text, size_t length)
{
    Arena arena = {0};
    JsonValue *value = NULL;
    TextBuffer written = {0};
    size_t from = 0, bytes = 0;
    json_append_string(&written, text, length);
    check(!written.failed && json_parse(&arena, written.bytes, written.length, &value, NULL),
          "a string that was written is refused");
    check(value->type == JSON_STRING, "a string is none");
    for (size_t at = 0; at < length; at += bytes) {
        static const char replacement[] = "\xef\xbf\xbd";
        uint32_t character;
        bytes = utf8_decode(text + at, length - at, &character);
        const char *expected = bytes > 0 ? text + at : replacement;
        size_t count = bytes > 0 ? bytes : sizeof replacement - 1;
        check(count <= value->length - from && memcmp(value->string + from, expected, count) == 0,
              "a character is another one");
        from += count;
        bytes = bytes > 0 ? bytes : 1;
    }
    check(from == value->length, "a string is longer than it was");
    text_buffer_free(&written);
    arena_free(&arena);
}

/* The text stands in memory that ends with it. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = malloc(length > 0 ? length : 1);
    check(text != NULL, "out of memory");
    if (length > 0)
        memcpy(text, bytes, length);
    check_json(text, length);
    check_string(text, length);
    free(text);
    return 0;
}
