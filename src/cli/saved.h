/* saved.h: what the subcommands that ask a trained model have in common: one operand, the run; a
 * table of their own settings; and the settings that all of them take. */
#ifndef CLI_SAVED_H
#define CLI_SAVED_H

#include "cli/args.h"
#include "train/checkpoint.h"

/* The work itself; `values` is the struct of the table. */
typedef bool (*SavedFunction)(Arena *arena, const SavedModel *saved, const void *values,
                              const Args *args, Error *error);

/* Fills the table's struct from the flags, reads the model that the operand names, and calls
 * `run`. */
bool with_saved_model(Arena *arena, const Args *args, KeyTable table, SavedFunction run,
                      Error *error);

/* A line on stderr about what a file does not have; none where `lacks` is NULL. */
void say_lacks(const char *path, const char *lacks);

/* The last part of such a command's --help: the settings that all of them take. */
void saved_model_help(void);

#endif
