/* keys.h: the table that declares each setting once.
 *
 * A setting is a row: its name, its type, where its value lives in a struct, its default, its range
 * and one line of help. The config file's parser, the command line's flags, --help and the saved
 * config.ini all read the same rows, so they cannot disagree, and adding a setting is adding a row.
 *
 *     typedef struct SampleSettings { double temperature; } SampleSettings;
 *     static const ConfigKey sample_keys[] = {
 *         {.name = "temperature", .type = KEY_REAL,
 *          .offset = offsetof(SampleSettings, temperature), .value = "0.8", .min = 0, .max = 100,
 *          .help = "0: always the likeliest character"},
 *     };
 *
 * Several tables, each with its own struct, together form the settings of a program. */
#ifndef BASE_KEYS_H
#define BASE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef enum KeyType {
    KEY_SIZE,   /* size_t: a whole number, 0 or more */
    KEY_REAL,   /* double */
    KEY_BOOL,   /* bool: yes or no (true/false, on/off, 1/0 are read too) */
    KEY_CHOICE, /* int: the index of one of the names in `choices` */
    KEY_TEXT,   /* const char *: kept in the settings' arena */
} KeyType;

typedef struct ConfigKey {
    const char *name; /* as in nanoGPT where there is one: n_layer, learning_rate */
    KeyType type;
    size_t offset;                      /* of the value in the table's struct */
    const char *value;                  /* the default, as a person would write it */
    double min, max;                    /* of a number, both included; finite */
    const char *const *choices;         /* of KEY_CHOICE, ended by NULL */
    bool (*is_legal)(const char *text); /* of KEY_TEXT: NULL where any text is */
    const char *form;                   /* of KEY_TEXT: the legal ones, in words */
    const char *help;                   /* one line, no full stop */
    bool unnamed_default; /* at its default it is left out of what a run's name is made from */
    bool after_training;  /* a model that is trained may be used with another value, too */
} ConfigKey;

typedef struct KeyTable {
    const char *title; /* a heading for --help: "The model" */
    const ConfigKey *keys;
    size_t n_keys;
    void *values; /* the struct that the offsets are in */
} KeyTable;

enum { MAX_KEY_TABLES = 32, MAX_SETTINGS_KEYS = 256 };

typedef struct Settings {
    Arena arena; /* texts, and the notes of where each value came from */
    KeyTable tables[MAX_KEY_TABLES];
    size_t n_tables, n_keys;               /* n_keys: of all tables together */
    const char *origin[MAX_SETTINGS_KEYS]; /* by key in order of declaration: "file:line" or
                                              "--flag" of the last value; NULL: the default */
} Settings;

/* Adds a table and gives each of its keys its default (which must be a legal value: assert). */
bool settings_add(Settings *settings, KeyTable table, Error *error);
void settings_free(Settings *settings);

/* Do two texts name the same key? '-' and '_' are the same: "n-head" is n_head. */
bool key_same_name(const char *a, const char *b);

/* The key of this name, or NULL; *index (if asked for) is its place in `origin`. */
const ConfigKey *settings_find(const Settings *settings, const char *name, size_t *index);

/* Sets a key from text. `origin` says where the text stood and starts the message if the name is
 * unknown (the nearest one is suggested), the value has the wrong form or is out of range:
 *     configs/x.ini:7: batch_size = 0: expected a whole number from 1 to 65536               */
bool settings_set(Settings *settings, const char *name, const char *text, const char *origin,
                  Error *error);

/* Sets every key of an INI file. A key that stands twice is an error; sections other than ""
 * are left alone. */
bool settings_read(Settings *settings, const char *path, Error *error);

/* The same on text that is in memory already; `name` stands for the file in messages. */
bool settings_parse(Settings *settings, const char *name, const char *text, size_t length,
                    Error *error);

/* Where the value of a key came from: "configs/x.ini:7" or "--n-head"; "default" where nothing
 * set it. */
const char *settings_origin(const Settings *settings, const char *name);

/* Puts a setting, with its value and where that came from, in front of a message that is there:
 * "configs/x.ini:7: n_head = 5: ...", or for a flag, which names the key already, "--n-head = 5:
 * ...". Returns false. */
bool settings_fail_within(const Settings *settings, const char *name, Error *error);

/* The value of a key as text that settings_set would read back to the very same value (reals
 * as "%.17g", shortened where that loses nothing). */
void key_format(const ConfigKey *key, const void *values, TextBuffer *out);

/* The same in a buffer of its own, to be freed. An empty value is an empty text. */
TextBuffer key_text(const ConfigKey *key, const void *values);

/* What may stand behind the '=': "a whole number from 1 to 256", "one of: a, b, c". */
void key_expectation(const ConfigKey *key, TextBuffer *out);

#endif
