/* fuzz_config.c: any bytes as a file of settings. They are refused with the line, or what was read
 * is read again when it is written: as keys and values, and as the settings of a run. A small model
 * with such settings gets its positional scheme, or a reason why not. */
#include <string.h>

#include "base/ini.h"
#include "fuzz/fuzz.h"
#include "train/config.h"

/* --- keys and values --- */

typedef struct Seen {
    TextBuffer ini;   /* all of it, written again */
    TextBuffer plain; /* all of it, to compare */
} Seen;

static bool see(void *context, const IniLine *line, Error *error)
{
    Seen *seen = context;
    (void)error;
    check(line->key[0] != '\0', "a key without a name");
    text_append_format(&seen->ini, "[%s]\n", line->section);
    ini_append(&seen->ini, line->key, line->value);
    text_append_format(&seen->plain, "%s|%s|%s\n", line->section, line->key, line->value);
    return true;
}

static void check_ini(const uint8_t *bytes, size_t length)
{
    Seen first = {0}, again = {0};
    Error error = {0};
    if (!ini_parse("x", (const char *)bytes, length, see, &first, &error)) {
        check_refused_line(&error, ERROR_REQUEST, "x", bytes, length);
    } else if (first.ini.length > 0) {
        check(!memchr(bytes, '\0', length), "a NUL is taken");
        check(ini_parse("y", first.ini.bytes, first.ini.length, see, &again, NULL),
              "what was written is refused");
        check(!first.plain.failed && !again.plain.failed &&
                  strcmp(first.plain.bytes, again.plain.bytes) == 0,
              "other keys or values come back");
        check(strcmp(first.ini.bytes, again.ini.bytes) == 0, "it is written otherwise");
    }
    text_buffer_free(&first.ini);
    text_buffer_free(&first.plain);
    text_buffer_free(&again.ini);
    text_buffer_free(&again.plain);
}

/* --- the settings of a run --- */

/* Two configs that are written the same have the same numbers, to the last bit. What has no effect
 * is not written. */
static void check_numbers(const Config *a, const Config *b)
{
    for (size_t t = 0; t < a->settings.n_tables; t++) {
        const KeyTable *of_a = &a->settings.tables[t], *of_b = &b->settings.tables[t];
        for (size_t k = 0; k < of_a->n_keys; k++) {
            const ConfigKey *key = &of_a->keys[k];
            if (key->type == KEY_REAL && !config_idle_because(a, key->name))
                check(memcmp((const char *)of_a->values + key->offset,
                             (const char *)of_b->values + key->offset, sizeof(double)) == 0,
                      "another number comes back");
        }
    }
}

/* The config as a text gives the same config. */
static void check_again(const Config *config, bool is_possible)
{
    Config again;
    TextBuffer text = {0}, text_again = {0};
    check(config_init(&again, NULL), "no config");
    config_to_text(config, &text);
    check(!text.failed && settings_parse(&again.settings, "y", text.bytes, text.length, NULL),
          "a config that was written is refused");
    config_settle(&again);
    config_to_text(&again, &text_again);
    check(!text_again.failed && strcmp(text.bytes, text_again.bytes) == 0,
          "another config comes back");
    check_numbers(config, &again);
    check(config_check(&again, NULL) == is_possible, "the same config is judged otherwise");
    const char *key;
    unsigned hash, hash_again;
    check(config_difference(&again, config, &key, NULL) && key == NULL, "the same config differs");
    check(config_hash(&again, "", &hash_again, NULL) && config_hash(config, "", &hash, NULL) &&
              hash_again == hash,
          "the same config has another hash");
    text_buffer_free(&text);
    text_buffer_free(&text_again);
    config_free(&again);
}

/* So small that the largest table of a scheme takes no time. */
static bool is_small(const GptConfig *gpt)
{
    return gpt->n_layer <= 4 && gpt->n_head <= 8 && gpt->n_embd <= 64 && gpt->longest <= 256 &&
           gpt->shown <= 256;
}

static void check_scheme(const Config *config)
{
    Pos pos;
    ParamList params;
    Error error = {0};
    TextBuffer text = {0};
    GptConfig gpt = config_gpt(config, 3);
    if (!is_small(&gpt))
        return;
    if (gpt_scheme_alone(&pos, &params, &gpt, config_scheme(config), config_scheme_options(config),
                         random_seed(1), &error)) {
        if (pos.scheme->describe)
            pos.scheme->describe(&pos, &text);
        check(!text.failed && !(text.bytes && strchr(text.bytes, '\n')), "not described in a line");
        text_buffer_free(&text);
    } else {
        check(error.kind == ERROR_REQUEST, "a scheme that is refused as another kind of error");
        check_message(error.text);
    }
    pos_free(&pos);
    param_list_free(&params);
}

static void check_config(const uint8_t *bytes, size_t length)
{
    Config config;
    Error error = {0};
    check(config_init(&config, NULL), "no config");
    if (settings_parse(&config.settings, "x", (const char *)bytes, length, &error)) {
        config_settle(&config);
        bool is_possible = config_check(&config, &error);
        if (!is_possible)
            check_refusal(&error, ERROR_REQUEST, error.text[0] == 'x' ? "x" : "default");
        check_again(&config, is_possible);
        if (is_possible)
            check_scheme(&config);
    } else {
        check_refused_line(&error, ERROR_REQUEST, "x", bytes, length);
    }
    config_free(&config);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    check_ini(bytes, length);
    check_config(bytes, length);
    return 0;
}
