/* json_case.c: parses copies. */
#include "support/json_case.h"

#include <stdlib.h>
#include <string.h>

bool parse_json(Arena *arena, const char *text, size_t length, JsonValue **value, Error *error)
{
    char *exact = malloc(length > 0 ? length : 1);
    assert_non_null(exact);
    memcpy(exact, text, length);
    bool ok = json_parse(arena, exact, length, value, error);
    free(exact);
    return ok;
}

JsonValue *json_of(Arena *arena, const char *text)
{
    JsonValue *value = NULL;
    Error error = {0};
    if (!parse_json(arena, text, strlen(text), &value, &error))
        fail_msg("%s: %s", text, error.text);
    return value;
}

void assert_json_refused(const char *text, size_t length, const char *message)
{
    Arena arena = {0};
    JsonValue *value = NULL;
    Error error = {0};
    if (parse_json(&arena, text, length, &value, &error))
        fail_msg("%s: was accepted", text);
    assert_null(value);
    assert_contains(error.text, message);
    arena_free(&arena);
}
