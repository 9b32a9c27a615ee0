/* help.c: settings in two columns on 80. */
#include "cli/help.h"

#include <stdio.h>

#include "cli/wrap.h"

enum { TEXT_COLUMN = 29, TEXT_WIDTH = 50 };

void help_row(const char *flag, const char *value, const char *text)
{
    int used = printf("  %s%s%s", flag, value[0] != '\0' ? " " : "", value);
    if (used >= TEXT_COLUMN) {
        putchar('\n');
        used = 0;
    }
    printf("%*s", TEXT_COLUMN - used, "");
    print_wrapped(stdout, text, TEXT_COLUMN, TEXT_WIDTH);
}

static void print_key(const ConfigKey *key)
{
    TextBuffer flag = {0}, text = {0};
    text_append_format(&flag, "--%s", key->name);
    for (size_t at = 0; !flag.failed && at < flag.length; at++)
        if (flag.bytes[at] == '_')
            flag.bytes[at] = '-';
    text_append_format(&text, "%s", key->help);
    if (key->type == KEY_CHOICE) {
        text_append_format(&text, " (");
        key_expectation(key, &text);
        text_append_format(&text, ")");
    }
    if (!flag.failed && !text.failed)
        help_row(flag.bytes, key->value[0] != '\0' ? key->value : "...", text.bytes);
    text_buffer_free(&flag);
    text_buffer_free(&text);
}

void help_table(const KeyTable *table)
{
    printf("\n%s\n", table->title);
    for (size_t k = 0; k < table->n_keys; k++)
        print_key(&table->keys[k]);
}
