/* keys.c: text to values and back, by the rows of the tables.
 *
 * A value is reached by its type and its offset in the table's struct. The first half of the file
 * is about one key, the second about all of them together. */
#include "base/keys.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/ini.h"

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

static size_t count_choices(const ConfigKey *key)
{
    size_t count = 0;
    while (key->choices[count] != NULL)
        count++;
    return count;
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

/* What one key can hold, before it is stored. */
typedef union KeyValue {
    size_t size;
    double real;
    bool boolean;
    int choice;
} KeyValue;

/* False if the text has the wrong form or is out of range. */
static bool parse_value(const ConfigKey *key, const char *text, KeyValue *value)
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

/* False only when memory for a text runs out. */
static bool store_value(Arena *arena, const ConfigKey *key, void *values, const char *text,
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

static char with_underscore(char c)
{
    return c == '-' ? '_' : c;
}

bool key_same_name(const char *a, const char *b)
{
    while (*a != '\0' && with_underscore(*a) == with_underscore(*b))
        a++, b++;
    return *a == '\0' && *b == '\0';
}

/* Finds a key, the table it is in, and its place in the order of declaration. */
static const ConfigKey *find_key(const Settings *settings, const char *name, const KeyTable **table,
                                 size_t *index)
{
    size_t place = 0;
    for (size_t t = 0; t < settings->n_tables; t++) {
        *table = &settings->tables[t];
        for (size_t k = 0; k < (*table)->n_keys; k++, place++)
            if (key_same_name((*table)->keys[k].name, name)) {
                if (index != NULL)
                    *index = place;
                return &(*table)->keys[k];
            }
    }
    return NULL;
}

const ConfigKey *settings_find(const Settings *settings, const char *name, size_t *index)
{
    const KeyTable *table = NULL;
    return find_key(settings, name, &table, index);
}

bool settings_add(Settings *settings, KeyTable table, Error *error)
{
    assert(settings->n_tables < MAX_KEY_TABLES);
    assert(settings->n_keys + table.n_keys <= MAX_SETTINGS_KEYS);
    for (size_t k = 0; k < table.n_keys; k++) {
        const ConfigKey *key = &table.keys[k];
        KeyValue value;
        bool legal = parse_value(key, key->value, &value);
        assert(legal);
        if (!legal)
            return fail(error, "%s: its default \"%s\" is not legal", key->name, key->value);
        if (!store_value(&settings->arena, key, table.values, key->value, &value))
            return fail(error, "%s: out of memory", key->name);
    }
    settings->tables[settings->n_tables++] = table;
    settings->n_keys += table.n_keys;
    for (size_t k = 0; k < table.n_keys; k++)
        assert(settings_find(settings, table.keys[k].name, NULL) == &table.keys[k]); /* once */
    return true;
}

void settings_free(Settings *settings)
{
    arena_free(&settings->arena);
    *settings = (Settings){0};
}

static bool fail_unknown(const Settings *settings, const char *name, const char *origin,
                         Error *error)
{
    const char *names[MAX_SETTINGS_KEYS];
    size_t count = 0;
    for (size_t t = 0; t < settings->n_tables; t++)
        for (size_t k = 0; k < settings->tables[t].n_keys; k++)
            names[count++] = settings->tables[t].keys[k].name;
    const char *nearest = text_nearest(name, names, count);
    if (nearest == NULL)
        fail_request(error, "expected one that --help lists");
    else
        fail_request(error, "did you mean \"%s\"?", nearest);
    return fail_within(error, "%s: unknown key \"%s\"", origin, name);
}

/* For a flag `origin` names the key already. */
static bool fail_at(const char *origin, const char *name, const char *value, Error *error)
{
    if (strncmp(origin, "--", 2) == 0)
        return fail_within(error, "%s = %s", origin, value);
    return fail_within(error, "%s: %s = %s", origin, name, value);
}

static bool fail_value(const ConfigKey *key, const char *text, const char *origin, Error *error)
{
    TextBuffer expected = {0};
    if (key->type == KEY_CHOICE) {
        const char *nearest = text_nearest(text, key->choices, count_choices(key));
        if (nearest != NULL)
            text_append_format(&expected, "did you mean \"%s\"? ", nearest);
    }
    text_append_format(&expected, "expected ");
    key_expectation(key, &expected);
    fail_request(error, "%s", expected.failed ? "out of memory" : expected.bytes);
    text_buffer_free(&expected);
    return fail_at(origin, key->name, text, error);
}

bool settings_set(Settings *settings, const char *name, const char *text, const char *origin,
                  Error *error)
{
    const KeyTable *table = NULL;
    size_t index = 0;
    const ConfigKey *key = find_key(settings, name, &table, &index);
    if (key == NULL)
        return fail_unknown(settings, name, origin, error);
    KeyValue value;
    if (!parse_value(key, text, &value))
        return fail_value(key, text, origin, error);
    const char *kept_origin = arena_text(&settings->arena, origin, strlen(origin));
    if (kept_origin == NULL || !store_value(&settings->arena, key, table->values, text, &value))
        return fail(error, "%s: out of memory", origin);
    settings->origin[index] = kept_origin;
    return true;
}

/* One reading of a file: where each key stood, 0 if it has not come yet. */
typedef struct Reading {
    Settings *settings;
    size_t line_of[MAX_SETTINGS_KEYS];
} Reading;

static bool read_line(void *context, const IniLine *line, Error *error)
{
    Reading *reading = context;
    if (line->section[0] != '\0')
        return true;
    size_t index = 0;
    bool known = settings_find(reading->settings, line->key, &index) != NULL;
    if (known && reading->line_of[index] != 0)
        return fail_request(error, "%s:%zu: %s stands twice: it was set in line %zu already",
                            line->file, line->line, line->key, reading->line_of[index]);
    if (known)
        reading->line_of[index] = line->line;
    const char *origin = text_format(&reading->settings->arena, "%s:%zu", line->file, line->line);
    if (origin == NULL)
        return fail(error, "%s: out of memory", line->file);
    return settings_set(reading->settings, line->key, line->value, origin, error);
}

bool settings_read(Settings *settings, const char *path, Error *error)
{
    Reading reading = {.settings = settings};
    return ini_read(path, read_line, &reading, error);
}

bool settings_parse(Settings *settings, const char *name, const char *text, size_t length,
                    Error *error)
{
    Reading reading = {.settings = settings};
    return ini_parse(name, text, length, read_line, &reading, error);
}

bool settings_fail_within(const Settings *settings, const char *name, Error *error)
{
    const KeyTable *table = NULL;
    size_t index = 0;
    const ConfigKey *key = find_key(settings, name, &table, &index);
    assert(key != NULL);
    TextBuffer value = key_text(key, table->values);
    fail_at(settings_origin(settings, name), name, value.failed ? "?" : value.bytes, error);
    text_buffer_free(&value);
    return false;
}

const char *settings_origin(const Settings *settings, const char *name)
{
    size_t index = 0;
    const ConfigKey *key = settings_find(settings, name, &index);
    assert(key != NULL);
    return key != NULL && settings->origin[index] != NULL ? settings->origin[index] : "default";
}
