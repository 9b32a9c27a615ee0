/* spawn.h: runs another program, without a shell in between, so that no file name is ever taken
 * for a command. */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>

#include "base/error.h"

/* Runs arguments[0], looked up in PATH, with the working directory `folder` (NULL: this one) and
 * waits. Its output goes to the file `log` (NULL: /dev/null). *missing says that there is no such
 * program; *status is its exit code. False only when the system could not start it at all. */
bool spawn_wait(char *const arguments[], const char *folder, const char *log, bool *missing,
                int *status, Error *error);

#endif
