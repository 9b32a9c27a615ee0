/* json.c: a recursive descent parser: one function for each rule of the grammar (RFC 8259).
 *
 *     value  =  "[" [ value { "," value } ] "]"                             an array
 *            |  "{" [ string ":" value { "," string ":" value } ] "}"       an object
 *            |  string  |  number  |  "true"  |  "false"  |  "null"
 *     string =  '"' { character | escape } '"'
 *     number =  [ "-" ] ( "0" | digits ) [ "." digits ] [ ( "e" | "E" ) [ "+" | "-" ] digits ]
 *
 * [..] may be missing, {..} may stand any number of times, and white space may stand around values
 * and around the signs of arrays and objects. A function named take_... moves over what it is asked
 * for, if that is there; one named parse_... fails if it is not.
 *
 * The parser holds a position that only moves forward. The strings of all values lie one behind the
 * other in `pool`, which is as long as the text: a string with its escapes resolved and a 0 behind
 * it is always shorter than it was with its two quotes. */
#include "base/json.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define MAX_WHOLE 9007199254740991.0 /* 2^53 - 1: from 2^53 on a double skips whole numbers */

typedef struct Parser {
    Arena *arena;
    const char *text;
    size_t length, at;
    size_t depth; /* of open arrays and objects */
    char *pool;   /* the next free byte for strings */
    Error *error;
} Parser;

static bool fail_at(Parser *parser, const char *expected)
{
    if (parser->at >= parser->length)
        return fail(parser->error, "byte %zu: the text ends: expected %s", parser->at, expected);
    return fail(parser->error, "byte %zu: expected %s", parser->at, expected);
}

/* The next byte; 0 at the end (a 0 in the text is legal nowhere, so the two need no difference). */
static char peek(const Parser *parser)
{
    return parser->at < parser->length ? parser->text[parser->at] : '\0';
}

static bool take(Parser *parser, char c)
{
    if (parser->at >= parser->length || parser->text[parser->at] != c)
        return false;
    parser->at++;
    return true;
}

static void skip_space(Parser *parser)
{
    while (take(parser, ' ') || take(parser, '\t') || take(parser, '\n') || take(parser, '\r'))
        continue;
}

static bool take_word(Parser *parser, const char *word)
{
    size_t length = strlen(word);
    if (parser->length - parser->at < length ||
        memcmp(parser->text + parser->at, word, length) != 0)
        return false;
    parser->at += length;
    return true;
}

static bool take_digits(Parser *parser)
{
    size_t start = parser->at;
    while (peek(parser) >= '0' && peek(parser) <= '9')
        parser->at++;
    return parser->at > start;
}

/* --- numbers --- */

/* The pool lends its space to give strtod a text that ends. */
static bool parse_number(Parser *parser, JsonValue *value)
{
    size_t start = parser->at;
    take(parser, '-');
    if (!take(parser, '0') && !take_digits(parser))
        return fail_at(parser, "a value");
    if (take(parser, '.') && !take_digits(parser))
        return fail_at(parser, "a digit");
    if (take(parser, 'e') || take(parser, 'E')) {
        if (!take(parser, '+'))
            take(parser, '-');
        if (!take_digits(parser))
            return fail_at(parser, "a digit");
    }
    size_t length = parser->at - start;
    memcpy(parser->pool, parser->text + start, length);
    parser->pool[length] = '\0';
    value->type = JSON_NUMBER;
    value->number = strtod(parser->pool, NULL);
    if (isfinite(value->number))
        return true;
    parser->at = start;
    return fail_at(parser, "a number that a double can hold");
}

/* --- strings --- */

static bool parse_hex4(Parser *parser, uint32_t *value)
{
    *value = 0;
    for (int digit = 0; digit < 4; digit++) {
        char c = peek(parser);
        uint32_t nibble;
        if (c >= '0' && c <= '9')
            nibble = (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            nibble = (uint32_t)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            nibble = (uint32_t)(c - 'A') + 10;
        else
            return fail_at(parser, "four hexadecimal digits");
        *value = *value << 4 | nibble;
        parser->at++;
    }
    return true;
}

/* Behind "\u". Code points from U+10000 on are written as two halves (surrogates) of ten bits each:
 * \uD800 ... \uDBFF and then \uDC00 ... \uDFFF. A half alone is no character. */
static bool parse_unicode_escape(Parser *parser)
{
    uint32_t code_point, low;
    if (!parse_hex4(parser, &code_point))
        return false;
    if (code_point >= 0xdc00 && code_point <= 0xdfff)
        return fail_at(parser, "the first half of this surrogate pair before it");
    if (code_point >= 0xd800 && code_point <= 0xdbff) {
        if (!take_word(parser, "\\u"))
            return fail_at(parser, "the second half of a surrogate pair");
        if (!parse_hex4(parser, &low))
            return false;
        if (low < 0xdc00 || low > 0xdfff)
            return fail_at(parser, "the second half of a surrogate pair");
        code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
    }
    parser->pool += utf8_encode(code_point, parser->pool);
    return true;
}

/* Behind a backslash. */
static bool parse_escape(Parser *parser)
{
    static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    if (take(parser, 'u'))
        return parse_unicode_escape(parser);
    const char *letter = peek(parser) != '\0' ? strchr(letters, peek(parser)) : NULL;
    if (letter == NULL)
        return fail_at(parser, "one of \" \\ / b f n r t u behind the backslash");
    *parser->pool++ = bytes[letter - letters];
    parser->at++;
    return true;
}

static bool parse_string(Parser *parser, const char **string, size_t *length)
{
    if (!take(parser, '"'))
        return fail_at(parser, "a string in double quotes");
    char *start = parser->pool;
    while (!take(parser, '"')) {
        if (take(parser, '\\')) {
            if (!parse_escape(parser))
                return false;
            continue;
        }
        const char *next = parser->text + parser->at;
        uint32_t code_point = 0;
        size_t bytes = utf8_decode(next, parser->length - parser->at, &code_point);
        if (bytes == 0 || code_point < 0x20)
            return fail_at(parser, "UTF-8 without control characters, up to a closing '\"'");
        memcpy(parser->pool, next, bytes);
        parser->pool += bytes;
        parser->at += bytes;
    }
    *string = start;
    *length = (size_t)(parser->pool - start);
    *parser->pool++ = '\0';
    return true;
}

/* --- arrays and objects, and with them all values --- */

static bool parse_value(Parser *parser, JsonValue **out);

static bool parse_key(Parser *parser, const char **key)
{
    size_t length = 0;
    if (!parse_string(parser, key, &length))
        return false;
    if (strlen(*key) != length)
        return fail_at(parser, "a name without a NUL character before this");
    skip_space(parser);
    if (!take(parser, ':'))
        return fail_at(parser, "':'");
    skip_space(parser);
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp((*(const JsonValue *const *)a)->key, (*(const JsonValue *const *)b)->key);
}

/* Sorted by name, equal ones are neighbours: n log n steps, however hostile the object is. */
static bool check_keys_differ(Parser *parser, const JsonValue *object)
{
    if (object->count < 2)
        return true;
    const JsonValue **members = arena_alloc_raw(parser->arena, object->count, sizeof *members);
    if (members == NULL)
        return fail(parser->error, "out of memory");
    size_t n = 0;
    for (const JsonValue *member = object->first; member != NULL; member = member->next)
        members[n++] = member;
    qsort(members, n, sizeof *members, compare_keys);
    for (size_t m = 1; m < n; m++)
        if (strcmp(members[m - 1]->key, members[m]->key) == 0)
            return fail(parser->error, "byte %zu: the object that ends here has \"%s\" twice",
                        parser->at, members[m]->key);
    return true;
}

/* Behind '[' or '{': the elements, or members with their keys, and the closing bracket. */
static bool parse_items(Parser *parser, JsonValue *value, char closing)
{
    JsonValue **link = &value->first;
    skip_space(parser);
    if (take(parser, closing))
        return true;
    for (;;) {
        const char *key = NULL;
        skip_space(parser);
        if (value->type == JSON_OBJECT && !parse_key(parser, &key))
            return false;
        if (!parse_value(parser, link))
            return false;
        (*link)->key = key;
        link = &(*link)->next;
        value->count++;
        skip_space(parser);
        if (take(parser, closing))
            return true;
        if (!take(parser, ','))
            return fail_at(parser, closing == ']' ? "',' or ']'" : "',' or '}'");
    }
}

static bool parse_container(Parser *parser, JsonValue *value)
{
    bool is_array = peek(parser) == '[';
    value->type = is_array ? JSON_ARRAY : JSON_OBJECT;
    parser->at++;
    if (parser->depth == JSON_MAX_DEPTH)
        return fail(parser->error, "byte %zu: more than %d levels of [ and {", parser->at - 1,
                    JSON_MAX_DEPTH);
    parser->depth++;
    bool ok = parse_items(parser, value, is_array ? ']' : '}');
    parser->depth--;
    return ok && (is_array || check_keys_differ(parser, value));
}

static bool parse_value(Parser *parser, JsonValue **out)
{
    JsonValue *value = arena_alloc(parser->arena, 1, sizeof *value);
    *out = value;
    if (value == NULL)
        return fail(parser->error, "out of memory");
    switch (peek(parser)) {
    case '[':
    case '{':
        return parse_container(parser, value);
    case '"':
        value->type = JSON_STRING;
        return parse_string(parser, &value->string, &value->length);
    case 'n':
        value->type = JSON_NULL;
        return take_word(parser, "null") || fail_at(parser, "null");
    case 't':
        value->type = JSON_BOOL;
        value->boolean = true;
        return take_word(parser, "true") || fail_at(parser, "true");
    case 'f':
        value->type = JSON_BOOL;
        return take_word(parser, "false") || fail_at(parser, "false");
    default:
        return parse_number(parser, value);
    }
}

/* --- the whole --- */

bool json_parse(Arena *arena, const char *text, size_t length, JsonValue **out, Error *error)
{
    Parser parser = {.arena = arena, .text = text, .length = length, .error = error};
    *out = NULL;
    parser.pool = length < SIZE_MAX ? arena_alloc_raw(arena, length + 1, 1) : NULL;
    if (parser.pool == NULL)
        return fail(error, "out of memory");
    JsonValue *value = NULL;
    skip_space(&parser);
    if (!parse_value(&parser, &value))
        return false;
    skip_space(&parser);
    if (parser.at < length)
        return fail_at(&parser, "nothing more behind the value");
    *out = value;
    return true;
}

const JsonValue *json_member(const JsonValue *object, const char *key)
{
    if (object == NULL || object->type != JSON_OBJECT)
        return NULL;
    for (const JsonValue *member = object->first; member != NULL; member = member->next)
        if (strcmp(member->key, key) == 0)
            return member;
    return NULL;
}

bool json_to_size(const JsonValue *value, size_t *out)
{
    if (value == NULL || value->type != JSON_NUMBER || signbit(value->number))
        return false;
    double number = value->number;
    if (number > MAX_WHOLE || number > (double)SIZE_MAX || number != floor(number))
        return false;
    *out = (size_t)number;
    return true;
}

/* --- writing --- */

static void append_escape(TextBuffer *out, uint32_t code_point)
{
    static const char letters[] = "\"\\bfnrt", bytes[] = "\"\\\b\f\n\r\t";
    const char *byte = code_point != 0 ? strchr(bytes, (int)code_point) : NULL;
    if (byte != NULL)
        text_append_format(out, "\\%c", letters[byte - bytes]);
    else
        text_append_format(out, "\\u%04x", (unsigned)code_point);
}

void json_append_string(TextBuffer *out, const char *text, size_t length)
{
    text_append(out, "\"", 1);
    size_t bytes = 0;
    for (size_t at = 0; at < length; at += bytes) {
        uint32_t code_point = 0xfffd; /* the replacement character, for what is not UTF-8 */
        bytes = utf8_decode(text + at, length - at, &code_point);
        if (bytes == 0 || code_point < 0x20 || code_point == '"' || code_point == '\\')
            append_escape(out, code_point);
        else
            text_append(out, text + at, bytes);
        bytes = bytes > 0 ? bytes : 1;
    }
    text_append(out, "\"", 1);
}
