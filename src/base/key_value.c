/* key_value.c: text to a value and back, by the row of its key.
 *
 * A value stands at the key's offset in its table's struct, and the key's type says what is there.
 * Each function is a switch on it: a new type is a case in each, and the compiler names those that
 * lack it. */
#include "base/key_value.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* --- from text --- */

typedef struct BoolWord {
    const char *word;
    bool value;
} BoolWord;

static const BoolWord bool_words[] = {{"yes", true},    {"no", false}, {"true", true},
                                      {"false", false}, {"on", true},  {"off", false},
                                      {"1", true},      {"0", false}};

static bool parse_bool(const char *text, bool *value)
{
    for (size_t w = 0; w < sizeof bool_words / sizeof bool_words[0]; w++)
        if (strcasecmp(text, bool_words[w].word) == 0) {
            *value = bool_words[w].value;
            return true;
        }
    return false;
}

static bool parse_choice(const ConfigKey *key, const char *text, int *value)
{
    for (size_t c = 0; key->choices[c] != NULL; c++)
        if (strcmp(text, key->choices[c]) == 0) {
            *value = (int)c;
            return true;
        }
    return false;
}

static bool in_range(const ConfigKey *key, double number)
{
    return number >= key->min && number <= key->max;
}

bool key_parse(const ConfigKey *key, const char *text, KeyValue *value)
{
    switch (key->type) {
    case KEY_SIZE:
        return text_to_size(text, &value->size) && in_range(key, (double)value->size);
    case KEY_REAL:
        return text_to_real(text, &value->real) && in_range(key, value->real);
    case KEY_BOOL:
        return parse_bool(text, &value->boolean);
    case KEY_CHOICE:
        return parse_choice(key, text, &value->choice);
    case KEY_TEXT:
        break;
    }
    return !key->is_legal || key->is_legal(text);
}

bool key_store(Arena *arena, const ConfigKey *key, void *values, const char *text,
               const KeyValue *value)
{
    void *place = (char *)values + key->offset;
    switch (key->type) {
    case KEY_SIZE:
        *(size_t *)place = value->size;
        break;
    case KEY_REAL:
        *(double *)place = value->real;
        break;
    case KEY_BOOL:
        *(bool *)place = value->boolean;
        break;
    case KEY_CHOICE:
        *(int *)place = value->choice;
        break;
    case KEY_TEXT: {
        const char *copy = arena_text(arena, text, strlen(text));
        if (copy == NULL)
            return false;
        *(const char **)place = copy;
        break;
    }
    }
    return true;
}

/* --- to text --- */

/* The shortest of 15, 16 and 17 digits that is read back as the same double: 17 always are. */
static void append_real(TextBuffer *out, double number)
{
    char digits[32];
    for (int precision = 15; precision <= 17; precision++) {
        double back = 0;
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (text_to_real(digits, &back) && back == number)
            break;
    }
    text_append_format(out, "%s", digits);
}

void key_format(const ConfigKey *key, const void *values, TextBuffer *out)
{
    const void *place = (const char *)values + key->offset;
    switch (key->type) {
    case KEY_SIZE:
        text_append_format(out, "%zu", *(const size_t *)place);
        break;
    case KEY_REAL:
        append_real(out, *(const double *)place);
        break;
    case KEY_BOOL:
        text_append_format(out, "%s", *(const bool *)place ? "yes" : "no");
        break;
    case KEY_CHOICE:
        text_append_format(out, "%s", key->choices[*(const int *)place]);
        break;
    case KEY_TEXT:
        text_append_format(out, "%s", *(const char *const *)place);
        break;
    }
}

TextBuffer key_text(const ConfigKey *key, const void *values)
{
    TextBuffer text = {0};
    text_append(&text, "", 0);
    key_format(key, values, &text);
    return text;
}

void key_expectation(const ConfigKey *key, TextBuffer *out)
{
    switch (key->type) {
    case KEY_SIZE:
    case KEY_REAL:
        text_append_format(out, "a %s from ", key->type == KEY_SIZE ? "whole number" : "number");
        append_real(out, key->min);
        text_append_format(out, " to ");
        append_real(out, key->max);
        break;
    case KEY_BOOL:
        text_append_format(out, "yes or no");
        break;
    case KEY_CHOICE:
        for (size_t c = 0; key->choices[c] != NULL; c++)
            text_append_format(out, "%s%s", c == 0 ? "one of: " : ", ", key->choices[c]);
        break;
    case KEY_TEXT:
        text_append_format(out, "%s", key->form ? key->form : "a text");
        break;
    }
}
