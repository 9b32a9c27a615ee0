/* test_spawn_beside.c: tests of src/base/spawn.c: programs that run beside this one, are asked
 * after, and are sent signals. */
#include "support/check.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/spawn.h"
#include "support/place.h"
#include "support/spawn_case.h"

/* A pipe with a name. A script that reads it waits until somebody writes there. */
static char *make_gate(Place *place, const char *name)
{
    char *gate = place_path(place, name);
    assert_int_equal(mkfifo(gate, 0600), 0);
    return gate;
}

static void a_started_program_runs_beside_this_one(void **state)
{
    Place *place = *state;
    char *gate = make_gate(place, "gate");
    Child child = start_script(place, "cat; read code < gate; exit $code");
    int status = -1;
    assert_false(has_ended(&child, &status));
    assert_int_equal(status, -1);
    assert_int_equal(getpgid(child.pid), getpgrp()); /* whom Ctrl-C reaches */
    write_test_file(gate, "7\n", 2);
    assert_int_equal(end_of(&child), 7);
}

static void programs_that_run_at_once_are_told_apart(void **state)
{
    Place *place = *state;
    char *gate = make_gate(place, "gate");
    Child first = start_script(place, "read code < gate; exit $code");
    Child second = start_script(place, "exit 2");
    siginfo_t ignored; /* waits for the end of the second one, and leaves it to be asked */
    assert_int_equal(waitid(P_PID, (id_t)second.pid, &ignored, WEXITED | WNOWAIT), 0);
    int status;
    assert_false(has_ended(&first, &status));
    assert_true(has_ended(&second, &status));
    assert_int_equal(status, 2);
    write_test_file(gate, "1\n", 2);
    assert_int_equal(end_of(&first), 1);
}

/* The first one goes on where the second one's output ends, not over it. */
static void programs_may_share_a_log(void **state)
{
    Place *place = *state;
    char *gate = make_gate(place, "gate");
    write_test_file(place->path, "was there\n", 10);
    Child first = start_script(place, "read line < gate; echo $line");
    Child second = start_script(place, "echo second");
    assert_int_equal(end_of(&second), 0);
    write_test_file(gate, "first\n", 6);
    assert_int_equal(end_of(&first), 0);
    assert_log_is(place, "was there\nsecond\nfirst\n");
}

static void a_signal_reaches_a_program_until_it_has_ended(void **state)
{
    Place *place = *state;
    make_gate(place, "gate");
    Child child = start_script(place, "read line < gate");
    spawn_signal(&child, SIGTERM);
    assert_int_equal(end_of(&child), 128 + SIGTERM);
    spawn_signal(&child, SIGTERM); /* to number 0 it would reach this process and all around it */
}

static void what_does_not_start_is_no_child(void **state)
{
    Place *place = *state;
    char *nobody[] = {"posgpt-no-such-program", NULL};
    Child child = {.pid = -1};
    bool missing = false;
    assert_true(spawn_start(nobody, NULL, NULL, &child, &missing, NULL));
    assert_true(missing);
    assert_int_equal(child.pid, 0);
    char *somebody[] = {"sh", "-c", "exit 0", NULL};
    child.pid = -1;
    assert_false(spawn_start(somebody, "/no/such", NULL, &child, &missing, &place->error));
    assert_false(missing);
    assert_int_equal(child.pid, 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

#define IN_A_PLACE(test) place_test(test, "log.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_started_program_runs_beside_this_one),
        IN_A_PLACE(programs_that_run_at_once_are_told_apart),
        IN_A_PLACE(programs_may_share_a_log),
        IN_A_PLACE(a_signal_reaches_a_program_until_it_has_ended),
        IN_A_PLACE(what_does_not_start_is_no_child),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
