/* spawn.h: runs other programs, without a shell in between, so that no file name is ever taken for
 * a command.
 *
 *     Child child;
 *     spawn_start(arguments, folder, "log.txt", &child, &missing, error);   it runs beside this one
 *     ...
 *     spawn_poll(&child, &ended, &status, error);                           now and then
 */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

typedef struct Child {
    pid_t pid; /* 0: there is none, or it has ended */
} Child;

/* The status of a child that was killed is this + the signal's number, as a shell counts. */
enum { SPAWN_SIGNALLED = 128 };

/* Starts arguments[0], looked up in PATH, with the working directory `folder` (NULL: this one).
 * Its input is empty; its output goes to the end of the file `log` (NULL: nowhere), which several
 * may share. It stays in the process group of this one, so that Ctrl-C reaches both. *missing says
 * that there is no such program. False only when the system could not start it at all. */
bool spawn_start(char *const arguments[], const char *folder, const char *log, Child *child,
                 bool *missing, Error *error);

/* Has it ended? Does not wait. *status is then its exit code, or SPAWN_SIGNALLED + the signal's
 * number, and there is nothing left to ask. */
bool spawn_poll(Child *child, bool *ended, int *status, Error *error);

/* Sends a signal, as SIGTERM, to a child that has not ended. */
void spawn_signal(const Child *child, int number);

/* spawn_start, and waits until it has ended. */
bool spawn_wait(char *const arguments[], const char *folder, const char *log, bool *missing,
                int *status, Error *error);

#endif
