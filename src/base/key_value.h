/* key_value.h: the value of one key, for keys.c: from a text to a place in a struct. */
#ifndef BASE_KEY_VALUE_H
#define BASE_KEY_VALUE_H

#include "base/keys.h"

/* What was read and not stored yet. A KEY_TEXT has nothing here: it is its own value. */
typedef union KeyValue {
    size_t size;
    double real;
    bool boolean;
    int choice;
} KeyValue;

/* False if the text has the wrong form or is out of range. */
bool key_parse(const ConfigKey *key, const char *text, KeyValue *value);

/* Puts a text that was parsed to `value` into the struct `values`. False only when memory for a
 * KEY_TEXT runs out. */
bool key_store(Arena *arena, const ConfigKey *key, void *values, const char *text,
               const KeyValue *value);

#endif
