/* spawn_case.h: programs that POSIX promises, and scripts of the shell, run in the folder of a
 * place; their output goes to the place's file, the log. */
#ifndef TESTS_SUPPORT_SPAWN_CASE_H
#define TESTS_SUPPORT_SPAWN_CASE_H

#include "base/spawn.h"
#include "support/place.h"

/* What spawn_wait says; it starts out wrong, so that saying nothing is noticed. */
typedef struct Ending {
    bool ok, missing;
    int status;
} Ending;

Ending run_program(char *const arguments[], const char *folder, const char *log, Error *error);

/* Runs a script and returns its exit code. */
int run_script(Place *place, char *script);

void assert_log_is(const Place *place, const char *expected);

/* Starts a script beside this process, as run_script runs it. */
Child start_script(Place *place, char *script);

/* Asks once; and until it has ended, for ten seconds at most, for the exit code. */
bool has_ended(Child *child, int *status);
int end_of(Child *child);

#endif
