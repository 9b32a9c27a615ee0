/* keys.c: all keys of a program together: finding them by name, setting them, and saying what is
 * wrong. What one of them holds is the business of key_value.c. */
#include "base/keys.h"

#include <assert.h>
#include <string.h>

#include "base/ini.h"
#include "base/key_value.h"

/* --- the tables --- */

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
        bool legal = key_parse(key, key->value, &value);
        assert(legal);
        if (!legal)
            return fail(error, "%s: its default \"%s\" is not legal", key->name, key->value);
        if (!key_store(&settings->arena, key, table.values, key->value, &value))
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

/* --- setting a key --- */

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

static size_t count_choices(const ConfigKey *key)
{
    size_t count = 0;
    while (key->choices[count] != NULL)
        count++;
    return count;
}

static bool fail_value(const ConfigKey *key, const char *text, const char *origin, Error *error)
{
    TextBuffer expected = {0};
    if (key->type == KEY_CHOICE) {
        text_append_choices(&expected, text, key->choices, count_choices(key));
    } else {
        text_append_format(&expected, "expected ");
        key_expectation(key, &expected);
    }
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
    if (!key_parse(key, text, &value))
        return fail_value(key, text, origin, error);
    const char *kept_origin = arena_text(&settings->arena, origin, strlen(origin));
    if (kept_origin == NULL || !key_store(&settings->arena, key, table->values, text, &value))
        return fail(error, "%s: out of memory", origin);
    settings->origin[index] = kept_origin;
    return true;
}

/* --- setting the keys of a file --- */

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

/* --- where values came from --- */

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
