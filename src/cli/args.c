/* args.c: from argv to flags and operands. */
#include "cli/args.h"

#include <string.h>

#include "base/text.h"

/* Is the flag "--n-layer" the key "n_layer"? */
static bool names(const char *origin, const char *key)
{
    return key_same_name(origin + strlen("--"), key);
}

static bool is_switch(const char *origin, const char *const switches[])
{
    for (size_t s = 0; switches[s]; s++)
        if (names(origin, switches[s]))
            return true;
    return false;
}

/* Reads the flag at argv[*at], and moves *at to its last word. */
static bool parse_flag(Arena *arena, int argc, char *const argv[], int *at,
                       const char *const switches[], Flag *flag, Error *error)
{
    const char *word = argv[*at], *equals = strchr(word, '=');
    flag->origin = equals ? arena_text(arena, word, (size_t)(equals - word)) : word;
    if (!flag->origin)
        return fail(error, "out of memory: command line");
    bool takes_value = !is_switch(flag->origin, switches);
    if (!takes_value && equals)
        return fail_request(error, "%s: takes no value", flag->origin);
    if (!takes_value)
        return true;
    if (equals)
        flag->value = equals + 1;
    else if (*at + 1 < argc)
        flag->value = argv[++*at];
    else
        return fail_request(error, "%s: expected a value behind it", flag->origin);
    return true;
}

bool args_parse(Arena *arena, int argc, char *const argv[], const char *const switches[],
                Args *args, Error *error)
{
    *args = (Args){0};
    args->flags = arena_alloc(arena, (size_t)argc + 1, sizeof *args->flags);
    args->operands = arena_alloc(arena, (size_t)argc + 1, sizeof *args->operands);
    if (!args->flags || !args->operands)
        return fail(error, "out of memory: command line");
    bool flags_end = false;
    for (int at = 0; at < argc; at++) {
        const char *word = argv[at];
        if (flags_end || word[0] != '-' || word[1] == '\0') {
            args->operands[args->n_operands++] = word;
        } else if (strcmp(word, "--") == 0) {
            flags_end = true;
        } else if (word[1] != '-') {
            return fail_request(error, "%s: expected a flag with two dashes, such as --help", word);
        } else if (!parse_flag(arena, argc, argv, &at, switches, &args->flags[args->n_flags++],
                               error)) {
            return false;
        }
    }
    return true;
}

bool args_has(const Args *args, const char *name)
{
    for (size_t f = 0; f < args->n_flags; f++)
        if (!args->flags[f].value && names(args->flags[f].origin, name))
            return true;
    return false;
}

const char *args_value(const Args *args, const char *name)
{
    for (size_t f = args->n_flags; f-- > 0;)
        if (args->flags[f].value && names(args->flags[f].origin, name))
            return args->flags[f].value;
    return NULL;
}

bool args_apply(const Args *args, Settings *settings, const char *but, Error *error)
{
    for (size_t f = 0; f < args->n_flags; f++) {
        const Flag *flag = &args->flags[f];
        if (!flag->value || (but && names(flag->origin, but)))
            continue;
        if (!settings_set(settings, flag->origin + strlen("--"), flag->value, flag->origin, error))
            return false;
    }
    return true;
}

bool args_read_config(const Args *args, Config *config, Error *error)
{
    const char *file = args_value(args, "config");
    if (file && file[0] == '\0')
        return fail_request(error, "--config = : expected the path of a file of settings");
    if (file && !settings_read(&config->settings, file, error))
        return false;
    if (!args_apply(args, &config->settings, "config", error))
        return false;
    config_settle(config);
    return config_check(config, error);
}

const char *args_repeated(const Args *args, Arena *arena, const char *command, const char *but)
{
    TextBuffer text = {0};
    text_append_format(&text, "%s %s", args->program, command);
    for (size_t f = 0; f < args->n_flags; f++) {
        const Flag *flag = &args->flags[f];
        if (!flag->value || (but && names(flag->origin, but)))
            continue;
        text_append_format(&text, " %s ", flag->origin);
        text_append_quoted(&text, flag->value);
    }
    const char *repeated = text.failed ? NULL : arena_text(arena, text.bytes, text.length);
    text_buffer_free(&text);
    return repeated;
}

bool args_expect(const Args *args, size_t least, size_t most, const char *what, Error *error)
{
    for (size_t o = 0; o < args->n_operands; o++)
        if (args->operands[o][0] == '\0') /* as of a variable of the shell that is not set */
            return fail_request(error, "\"\": expected %s", most == 0 ? "flags only" : what);
    if (args->n_operands < least)
        return fail_request(error, "expected %s", what);
    if (args->n_operands > most)
        return fail_request(error, "\"%s\": expected %s", args->operands[most],
                            most == 0 ? "flags only" : what);
    return true;
}
