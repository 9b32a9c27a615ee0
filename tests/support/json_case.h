/* json_case.h: texts that are JSON, and texts that are not. */
#ifndef TESTS_SUPPORT_JSON_CASE_H
#define TESTS_SUPPORT_JSON_CASE_H

#include "support/check.h"

#include "base/json.h"

/* json_parse on a copy that has exactly `length` bytes and no 0 behind them, so that
 * AddressSanitizer sees a parser that reads past the end. */
bool parse_json(Arena *arena, const char *text, size_t length, JsonValue **value, Error *error);

/* What the text says; the test fails if it is refused. */
JsonValue *json_of(Arena *arena, const char *text);

/* It is refused, with a message that holds this. */
void assert_json_refused(const char *text, size_t length, const char *message);

#endif
