/* spawn_case.c: runs programs, and waits for them. */
#include "support/spawn_case.h"

#include <string.h>
#include <time.h>

Ending run_program(char *const arguments[], const char *folder, const char *log, Error *error)
{
    Ending ending = {.missing = true, .status = -1};
    ending.ok = spawn_wait(arguments, folder, log, &ending.missing, &ending.status, error);
    return ending;
}

int run_script(Place *place, char *script)
{
    char *arguments[] = {"sh", "-c", script, NULL};
    Ending ending = run_program(arguments, place->folder, place->path, &place->error);
    if (!ending.ok)
        fail_msg("%s", place->error.text);
    assert_false(ending.missing);
    return ending.status;
}

void assert_log_is(const Place *place, const char *expected)
{
    assert_file_is(place->path, expected, strlen(expected));
}

Child start_script(Place *place, char *script)
{
    char *arguments[] = {"sh", "-c", script, NULL};
    Child child = {.pid = -1};
    bool missing = true;
    if (!spawn_start(arguments, place->folder, place->path, &child, &missing, &place->error))
        fail_msg("%s", place->error.text);
    assert_false(missing);
    assert_true(child.pid > 0);
    return child;
}

bool has_ended(Child *child, int *status)
{
    bool ended = true;
    assert_true(spawn_poll(child, &ended, status, NULL));
    return ended;
}

int end_of(Child *child)
{
    int status = -1;
    for (int n = 0; n < 10000 && !has_ended(child, &status); n++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_int_equal(child->pid, 0);
    return status;
}
