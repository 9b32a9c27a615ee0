/* test_spawn.c: tests of src/base/spawn.c: programs that are waited for. Those that run beside this
 * one are in test_spawn_beside.c. */
#include "support/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/spawn.h"
#include "support/place.h"
#include "support/spawn_case.h"

static void the_exit_code_comes_back(void **state)
{
    Place *place = *state;
    char *const scripts[] = {"exit 0", "exit 1", "exit 7", "exit 127", "exit 255"};
    const int codes[] = {0, 1, 7, 127, 255};
    for (size_t s = 0; s < 5; s++)
        assert_int_equal(run_script(place, scripts[s]), codes[s]);
}

static void a_signal_is_128_and_its_number(void **state)
{
    Place *place = *state;
    assert_int_equal(run_script(place, "kill -TERM $$"), 128 + 15);
}

static void both_outputs_go_to_the_end_of_the_log(void **state)
{
    Place *place = *state;
    run_script(place, "echo out; echo err >&2");
    assert_log_is(place, "out\nerr\n");
    run_script(place, "echo again");
    assert_log_is(place, "out\nerr\nagain\n");
}

static void the_input_is_empty(void **state)
{
    Place *place = *state;
    run_script(place, "cat; echo end");
    assert_log_is(place, "end\n");
}

static void the_program_runs_in_its_folder(void **state)
{
    Place *place = *state;
    char before[4096], after[4096];
    assert_non_null(getcwd(before, sizeof before));
    run_script(place, "echo x > made-here");
    assert_true(file_exists(place_path(place, "made-here")));
    assert_non_null(getcwd(after, sizeof after));
    assert_string_equal(before, after);
}

static void without_folder_and_log_it_runs_here_and_silently(void **state)
{
    (void)state;
    char path[5000] = "";
    assert_non_null(getcwd(path, 4096));
    char *arguments[] = {"sh", "-c", "echo silence; test \"$(pwd -P)\" = \"$1\"", "sh", path, NULL};
    const Ending ending = run_program(arguments, NULL, NULL, NULL);
    assert_true(ending.ok);
    assert_int_equal(ending.status, 0);
}

static void no_shell_reads_the_arguments(void **state)
{
    Place *place = *state;
    char *arguments[] = {"printf", "[%s]", "; touch x", "$HOME `id` *", "a  b", "", "'\"", NULL};
    const Ending ending = run_program(arguments, place->folder, place->path, NULL);
    assert_true(ending.ok);
    assert_log_is(place, "[; touch x][$HOME `id` *][a  b][]['\"]");
}

static void a_missing_program_is_no_error(void **state)
{
    (void)state;
    char *const names[] = {"posgpt-no-such-program", "/no/such/program", "./posgpt-none"};
    for (size_t n = 0; n < 3; n++) {
        char *arguments[] = {names[n], NULL};
        bool missing = false;
        int status = -1;
        assert_true(spawn_wait(arguments, NULL, NULL, &missing, &status, NULL));
        assert_true(missing);
    }
}

static void a_program_that_may_not_run_is_an_error(void **state)
{
    Place *place = *state;
    char *file = place_path(place, "not-executable");
    write_test_file(file, "#!/bin/sh\n", 10);
    assert_int_equal(chmod(file, 0600), 0);
    char *arguments[] = {file, NULL};
    const Ending ending = run_program(arguments, NULL, NULL, &place->error);
    assert_false(ending.ok);
    assert_false(ending.missing);
    assert_contains(place->error.text, "not-executable: cannot be started: Permission denied");
}

static void a_missing_folder_is_an_error(void **state)
{
    Place *place = *state;
    char *arguments[] = {"sh", "-c", "exit 0", NULL};
    const Ending ending = run_program(arguments, "/no/such", NULL, &place->error);
    assert_false(ending.ok);
    assert_false(ending.missing);
    assert_string_equal(place->error.text, "sh: cannot be started in the folder /no/such: No such "
                                           "file or directory");
}

static void a_log_that_cannot_be_written_is_an_error(void **state)
{
    Place *place = *state;
    char *arguments[] = {"sh", "-c", "exit 0", NULL};
    const Ending ending = run_program(arguments, NULL, "/no/such/log", &place->error);
    assert_false(ending.ok);
    assert_string_equal(place->error.text, "/no/such/log: No such file or directory");
}

static int count_open_files(void)
{
    int count = 0;
    for (int file = 0; file < 256; file++)
        count += fcntl(file, F_GETFD) >= 0;
    return count;
}

static void no_file_and_no_child_is_left_behind(void **state)
{
    Place *place = *state;
    int before = count_open_files();
    run_script(place, "exit 0");
    Child child = start_script(place, "exit 0");
    end_of(&child);
    a_missing_program_is_no_error(state);
    a_missing_folder_is_an_error(state);
    a_log_that_cannot_be_written_is_an_error(state);
    assert_int_equal(count_open_files(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* The shell finds open what this process lets through, and nothing that was opened for it. */
static void the_program_gets_no_file_that_is_not_for_it(void **state)
{
    Place *place = *state;
    char expected[32] = "";
    for (int file = 3; file < 10; file++) {
        int flags = fcntl(file, F_GETFD);
        if (flags >= 0 && (flags & FD_CLOEXEC) == 0)
            snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%d\n", file);
    }
    run_script(place, "for f in 3 4 5 6 7 8 9; do (: >&$f) 2>/dev/null && echo $f; done; true");
    assert_log_is(place, expected);
}

/* A process without standard files gets low numbers for the ones it opens itself. The child makes
 * the experiment and gives its result as its exit code. */
static void closed_standard_files_do_no_harm(void **state)
{
    Place *place = *state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (int file = 0; file < 3; file++)
            close(file);
        char *arguments[] = {"sh", "-c", "cat; echo out; echo err >&2; exit 5", NULL};
        const Ending ending = run_program(arguments, NULL, place->path, NULL);
        _exit(ending.ok && !ending.missing && ending.status == 5 ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_log_is(place, "out\nerr\n");
}

#define IN_A_PLACE(test) place_test(test, "log.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(the_exit_code_comes_back),
        IN_A_PLACE(a_signal_is_128_and_its_number),
        IN_A_PLACE(both_outputs_go_to_the_end_of_the_log),
        IN_A_PLACE(the_input_is_empty),
        IN_A_PLACE(the_program_runs_in_its_folder),
        cmocka_unit_test(without_folder_and_log_it_runs_here_and_silently),
        IN_A_PLACE(no_shell_reads_the_arguments),
        cmocka_unit_test(a_missing_program_is_no_error),
        IN_A_PLACE(a_program_that_may_not_run_is_an_error),
        IN_A_PLACE(a_missing_folder_is_an_error),
        IN_A_PLACE(a_log_that_cannot_be_written_is_an_error),
        IN_A_PLACE(no_file_and_no_child_is_left_behind),
        IN_A_PLACE(the_program_gets_no_file_that_is_not_for_it),
        IN_A_PLACE(closed_standard_files_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
