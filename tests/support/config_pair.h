/* config_pair.h: two configs, and the rows of their tables as one list. A test that needs a pair is
 * listed as WITH_A_PAIR(name) and finds it in *state. */
#ifndef TESTS_SUPPORT_CONFIG_PAIR_H
#define TESTS_SUPPORT_CONFIG_PAIR_H

#include "support/check.h"

#include <stdbool.h>

#include "train/config.h"

/* Both at their defaults. */
typedef struct Pair {
    Config a, b;
    Error error;
} Pair;

int make_pair(void **state);
int free_pair(void **state);

#define WITH_A_PAIR(test) cmocka_unit_test_setup_teardown(test, make_pair, free_pair)

/* Sets a key, which must succeed; sets all keys back to their defaults. */
void set_key(Config *config, const char *key, const char *text);
void reset_keys(Config *config);

/* The rows of all tables, counted on from one to the next. table_at replaces *row by the number of
 * the row within its table. */
size_t n_rows(const Config *config);
const ConfigKey *key_at(const Config *config, size_t row);
const KeyTable *table_at(const Config *config, size_t *row);

/* Is this key the option of another scheme than this one? */
bool is_idle(const char *name, const PosScheme *scheme);

/* A legal value of a key that is not its default. */
void another_value(const ConfigKey *key, char text[64]);

#endif
