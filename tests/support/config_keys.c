/* config_keys.c: configs by their keys. */
#include "support/config_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void set_key(Config *config, const char *key, const char *text)
{
    Error error;
    if (!settings_set(&config->settings, key, text, "here:1", &error))
        fail_msg("%s", error.text);
}

void reset_keys(Config *config)
{
    config_free(config);
    assert_true(config_init(config, NULL));
}

size_t n_rows(const Config *config)
{
    return config->settings.n_keys;
}

const KeyTable *table_at(const Config *config, size_t *row)
{
    const KeyTable *table = config->settings.tables;
    for (; *row >= table->n_keys; table++)
        *row -= table->n_keys;
    return table;
}

const ConfigKey *key_at(const Config *config, size_t row)
{
    const KeyTable *table = table_at(config, &row);
    return &table->keys[row];
}

/* The scheme whose option a key is; NULL for all other keys. */
static const PosScheme *owner_of(const char *name)
{
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (size_t k = 0; k < pos_schemes[s]->n_keys; k++)
            if (strcmp(pos_schemes[s]->keys[k].name, name) == 0)
                return pos_schemes[s];
    return NULL;
}

bool is_idle(const Config *config, const char *name)
{
    if (strncmp(name, "task_", 5) == 0 || strcmp(name, "bos") == 0)
        return config->task.task == 0;
    return owner_of(name) && owner_of(name) != config_scheme(config);
}

/* Of texts with a form there are few kinds: one value of each that is no default. */
static const char *legal_text(const ConfigKey *key)
{
    static const char *const values[] = {"linear:1000"};
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
        if (key->is_legal(values[v]))
            return values[v];
    fail_msg("%s: no legal value of this key is known here", key->name);
    return key->value;
}

void another_value(const ConfigKey *key, char text[64])
{
    bool at_least = key->type != KEY_TEXT && strtod(key->value, NULL) > key->min;
    double number = at_least ? key->min : key->max;
    if (key->type == KEY_SIZE || key->type == KEY_REAL)
        snprintf(text, 64, key->type == KEY_SIZE ? "%.0f" : "%.17g", number);
    else if (key->type == KEY_BOOL)
        snprintf(text, 64, "%s", strcmp(key->value, "yes") == 0 ? "no" : "yes");
    else if (key->type == KEY_CHOICE)
        snprintf(text, 64, "%s", key->choices[strcmp(key->choices[0], key->value) == 0]);
    else
        snprintf(text, 64, "%s", key->is_legal ? legal_text(key) : "other");
}

void assert_same_settings(const Config *actual, const Config *expected)
{
    TextBuffer of_actual = {0}, of_expected = {0};
    config_to_text(actual, &of_actual);
    config_to_text(expected, &of_expected);
    assert_string_equal(of_actual.bytes, of_expected.bytes);
    text_buffer_free(&of_actual);
    text_buffer_free(&of_expected);
}

void assert_same_value(const Config *config_a, const Config *config_b, size_t row)
{
    const ConfigKey *key = key_at(config_a, row);
    size_t row_a = row, row_b = row;
    const void *a = (const char *)table_at(config_a, &row_a)->values + key->offset;
    const void *b = (const char *)table_at(config_b, &row_b)->values + key->offset;
    bool same = key->type == KEY_SIZE     ? *(const size_t *)a == *(const size_t *)b
                : key->type == KEY_REAL   ? *(const double *)a == *(const double *)b
                : key->type == KEY_BOOL   ? *(const bool *)a == *(const bool *)b
                : key->type == KEY_CHOICE ? *(const int *)a == *(const int *)b
                                          : strcmp(*(char *const *)a, *(char *const *)b) == 0;
    if (!same)
        fail_msg("%s differs", key->name);
}

void assert_same_config(const Config *a, const Config *b)
{
    for (size_t row = 0; row < n_rows(a); row++)
        if (!is_idle(a, key_at(a, row)->name))
            assert_same_value(a, b, row);
}

/* --- a pair --- */

int pair_setup(void **state)
{
    Pair *pair = calloc(1, sizeof *pair);
    assert_non_null(pair);
    assert_true(config_init(&pair->a, NULL) && config_init(&pair->b, NULL));
    *state = pair;
    return 0;
}

int pair_teardown(void **state)
{
    Pair *pair = *state;
    config_free(&pair->a);
    config_free(&pair->b);
    free(pair);
    return 0;
}
