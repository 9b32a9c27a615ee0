/* key_tables.h: two small tables of keys, with a key of every type between them, and the structs
 * that hold their values. A test that is listed as WITH_TABLES(name) finds a KeyTables in
 * *state. */
#ifndef TESTS_SUPPORT_KEY_TABLES_H
#define TESTS_SUPPORT_KEY_TABLES_H

#include "support/check.h"

#include "base/keys.h"

enum { N_LESSON_KEYS = 5, N_TURN_KEYS = 2 };

typedef struct LessonOptions {
    size_t batch_size;    /* 1 ... 65536; 12 */
    double learning_rate; /* 0 ... 1.5; 6e-4 */
    bool bias;            /* no */
    int pos;              /* none, learned, rope; learned */
    const char *data;     /* any text; "" */
} LessonOptions;

typedef struct TurnOptions {
    int unused;
    double rope_base;   /* -1e300 ... 1e300; 10000 */
    const char *colour; /* red or blue; red */
} TurnOptions;

/* In the order of the structs. */
extern const ConfigKey lesson_keys[N_LESSON_KEYS], turn_keys[N_TURN_KEYS];

typedef struct KeyTables {
    Settings settings;
    LessonOptions lesson;
    TurnOptions turn;
    Error error;
} KeyTables;

int key_tables_setup(void **state);
int key_tables_teardown(void **state);

#define WITH_TABLES(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, key_tables_setup, key_tables_teardown)

/* Sets a key, as line 7 of x.ini would. */
bool set_value(KeyTables *tables, const char *name, const char *text);

/* Every value is its default, and so is where `pos` is said to come from. */
void assert_defaults(const KeyTables *tables);

#endif
