/* json.h: a small, strict reader of JSON (RFC 8259), and the one piece of a writer that is hard
 * to get right: quoting. Used for the headers of safetensors files, which may be hostile, so:
 * depth is limited, duplicate keys are refused, and memory stays proportional to the text. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef enum JsonType {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
} JsonType;

typedef struct JsonValue {
    JsonType type;
    bool boolean;
    double number;
    const char *string;      /* UTF-8, escapes resolved, ends in 0 */
    size_t length;           /* of the string in bytes: it may hold a 0 itself */
    const char *key;         /* its name, if it is a member of an object (NUL inside is refused) */
    struct JsonValue *first; /* of an array's elements or an object's members, in order */
    struct JsonValue *next;  /* in the same array or object */
    size_t count;            /* how many it has */
} JsonValue;

enum { JSON_MAX_DEPTH = 16 };

/* Parses exactly one value with white space around it. Errors say "byte N: ..." */
bool json_parse(Arena *arena, const char *text, size_t length, JsonValue **out, Error *error);

/* The member of an object with this name, or NULL. */
const JsonValue *json_member(const JsonValue *object, const char *key);

/* A number that is a whole one in 0 ... 2^53 - 1, where each double is one whole number only; false
 * for any other value, NULL included. */
bool json_to_size(const JsonValue *value, size_t *out);

/* Appends text in quotes, with what must be escaped escaped. */
void json_append_string(TextBuffer *out, const char *text, size_t length);

#endif
