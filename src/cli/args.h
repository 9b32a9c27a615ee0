/* args.h: the command line as flags and operands.
 *
 *     posgpt train --n-head 2 --n-layer=2 --config configs/default.ini
 *     posgpt runs a b --csv
 *
 * A flag is --key value or --key=value; a few (--csv, --help) are switches and take no value. What
 * is no flag is an operand, and so is everything behind a lone "--".
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/keys.h"
#include "train/config.h"

typedef struct Flag {
    const char *origin; /* as it was typed, for messages: "--n-layer" */
    const char *value;  /* NULL: a switch */
} Flag;

typedef struct Args {
    const char *program; /* as it was called */
    Flag *flags;
    const char **operands;
    size_t n_flags, n_operands;
} Args;

/* Takes the words of a command line apart. `switches` are the names that take no value, ended by
 * NULL. The texts are those of argv. */
bool args_parse(Arena *arena, int argc, char *const argv[], const char *const switches[],
                Args *args, Error *error);

/* Is this switch there? */
bool args_has(const Args *args, const char *name);

/* The value of the last flag of this name ('-' and '_' are the same), or NULL. */
const char *args_value(const Args *args, const char *name);

/* Sets every flag that takes a value as a key of the settings, except the one named `but`. */
bool args_apply(const Args *args, Settings *settings, const char *but, Error *error);

/* Fills a config that was initialised: first from the file that --config names, then from the
 * flags, which win. Then it is settled and checked (config_settle, config_check). */
bool args_read_config(const Args *args, Config *config, Error *error);

/* "PROGRAM COMMAND --key value ...": the command line that a person could type to set the same
 * flags, but for switches and the one named `but`; in the arena, NULL for lack of memory. */
const char *args_repeated(const Args *args, Arena *arena, const char *command, const char *but);

/* Refuses more or fewer operands; `what` names them for the message: "one run". */
bool args_expect(const Args *args, size_t least, size_t most, const char *what, Error *error);

#endif
