/* key_tables.c: the tables and their default values. */
#include "support/key_tables.h"

#include <stdlib.h>
#include <string.h>

static const char *const pos_names[] = {"none", "learned", "rope", NULL};

const ConfigKey lesson_keys[N_LESSON_KEYS] = {
    {.name = "batch_size",
     .type = KEY_SIZE,
     .offset = offsetof(LessonOptions, batch_size),
     .value = "12",
     .min = 1,
     .max = 65536,
     .help = "sequences in a batch"},
    {.name = "learning_rate",
     .type = KEY_REAL,
     .offset = offsetof(LessonOptions, learning_rate),
     .value = "6e-4",
     .min = 0,
     .max = 1.5,
     .help = "step size"},
    {.name = "bias",
     .type = KEY_BOOL,
     .offset = offsetof(LessonOptions, bias),
     .value = "no",
     .help = "biases in linear layers"},
    {.name = "pos",
     .type = KEY_CHOICE,
     .offset = offsetof(LessonOptions, pos),
     .value = "learned",
     .choices = pos_names,
     .help = "positional scheme"},
    {.name = "data",
     .type = KEY_TEXT,
     .offset = offsetof(LessonOptions, data),
     .value = "",
     .help = "a text file"},
};

static bool is_red_or_blue(const char *text)
{
    return strcmp(text, "red") == 0 || strcmp(text, "blue") == 0;
}

const ConfigKey turn_keys[N_TURN_KEYS] = {
    {.name = "rope_base",
     .type = KEY_REAL,
     .offset = offsetof(TurnOptions, rope_base),
     .value = "10000",
     .min = -1e300,
     .max = 1e300,
     .help = "base of the angles"},
    {.name = "colour",
     .type = KEY_TEXT,
     .offset = offsetof(TurnOptions, colour),
     .value = "red",
     .is_legal = is_red_or_blue,
     .form = "red or blue",
     .help = "a text with a form"},
};

int key_tables_setup(void **state)
{
    KeyTables *tables = calloc(1, sizeof *tables);
    assert_non_null(tables);
    tables->lesson.bias = true; /* so that the default is seen to be written */
    assert_true(settings_add(&tables->settings,
                             (KeyTable){"Training", lesson_keys, N_LESSON_KEYS, &tables->lesson},
                             NULL));
    assert_true(settings_add(&tables->settings,
                             (KeyTable){"RoPE", turn_keys, N_TURN_KEYS, &tables->turn}, NULL));
    *state = tables;
    return 0;
}

int key_tables_teardown(void **state)
{
    KeyTables *tables = *state;
    settings_free(&tables->settings);
    free(tables);
    return 0;
}

bool set_value(KeyTables *tables, const char *name, const char *text)
{
    return settings_set(&tables->settings, name, text, "x.ini:7", &tables->error);
}

void assert_defaults(const KeyTables *tables)
{
    assert_int_equal(tables->lesson.batch_size, 12);
    assert_close(tables->lesson.learning_rate, 6e-4, 0);
    assert_false(tables->lesson.bias);
    assert_int_equal(tables->lesson.pos, 1);
    assert_string_equal(tables->lesson.data, "");
    assert_close(tables->turn.rope_base, 10000, 0);
    assert_string_equal(settings_origin(&tables->settings, "pos"), "default");
}
