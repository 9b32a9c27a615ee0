/* help.h: --help, made from the tables that declare the settings. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/keys.h"

/* Prints the settings of a table to stdout: flag with its default, help. */
void help_table(const KeyTable *table);

/* Prints one row of help in the same columns; `value` may be "". */
void help_row(const char *flag, const char *value, const char *text);

#endif
