/* config_keys.h: configs by their keys: one key is set, or the rows of all tables are gone through
 * as one list; and a pair of configs to compare. */
#ifndef TESTS_SUPPORT_CONFIG_KEYS_H
#define TESTS_SUPPORT_CONFIG_KEYS_H

#include "support/check.h"

#include <stdbool.h>

#include "train/config.h"

/* Sets a key, which must succeed; sets all keys back to their defaults. */
void set_key(Config *config, const char *key, const char *text);
void reset_keys(Config *config);

/* The rows of all tables, counted on from one to the next. table_at replaces *row by the number of
 * the row within its table. */
size_t n_rows(const Config *config);
const ConfigKey *key_at(const Config *config, size_t row);
const KeyTable *table_at(const Config *config, size_t *row);

/* Is this key an option of another scheme than the one in use, or of a task where there is none? */
bool is_idle(const Config *config, const char *name);

/* A legal value of a key that is not its default. */
void another_value(const ConfigKey *key, char text[64]);

/* Both have the same text (config_to_text). */
void assert_same_settings(const Config *actual, const Config *expected);

/* The key of this row has the same value in both; and so has every key but the idle ones. */
void assert_same_value(const Config *a, const Config *b, size_t row);
void assert_same_config(const Config *a, const Config *b);

/* --- a pair --- */

/* Both at their defaults. A test that is listed as WITH_A_PAIR(name) finds them in *state. */
typedef struct Pair {
    Config a, b;
    Error error;
} Pair;

int pair_setup(void **state);
int pair_teardown(void **state);

#define WITH_A_PAIR(test) cmocka_unit_test_setup_teardown(test, pair_setup, pair_teardown)

#endif
