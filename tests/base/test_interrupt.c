/* test_interrupt.c: tests of src/base/interrupt.c, each in a process of its own: a flag that is up
 * stays up, and some of the signals are meant to kill. */
#include "support/check.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"

/* Raises some signals (0 ends the list) in a child that watches for them, and returns the child's
 * status. Its exit code is what interrupt_signal says at the end; 99: a flag was up before. */
static int status_after(const int signals[])
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        interrupt_watch();
        if (interrupt_signal() != 0)
            _exit(99);
        for (; *signals != 0; signals++)
            raise(*signals);
        _exit(interrupt_signal());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void assert_lives(const int signals[], int expected)
{
    int status = status_after(signals);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), expected);
}

static void assert_killed(const int signals[], int by)
{
    int status = status_after(signals);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), by);
}

static void without_a_signal_no_flag_is_up(void **state)
{
    (void)state;
    assert_lives((int[]){0}, 0);
}

static void the_first_signal_of_a_kind_raises_the_flag(void **state)
{
    (void)state;
    assert_lives((int[]){SIGINT, 0}, SIGINT);
    assert_lives((int[]){SIGTERM, 0}, SIGTERM);
    assert_lives((int[]){SIGHUP, 0}, SIGHUP);
}

/* As under nohup. */
static void a_signal_that_was_ignored_still_is(void **state)
{
    (void)state;
    void (*before)(int) = signal(SIGHUP, SIG_IGN);
    assert_lives((int[]){SIGHUP, SIGHUP, 0}, 0);
    signal(SIGHUP, before);
}

static void a_second_one_of_the_other_kind_does_no_more(void **state)
{
    (void)state;
    assert_lives((int[]){SIGINT, SIGTERM, 0}, SIGTERM);
    assert_lives((int[]){SIGTERM, SIGINT, 0}, SIGINT);
}

static void the_second_signal_of_a_kind_ends_the_program(void **state)
{
    (void)state;
    assert_killed((int[]){SIGINT, SIGINT, 0}, SIGINT);
    assert_killed((int[]){SIGTERM, SIGTERM, 0}, SIGTERM);
    assert_killed((int[]){SIGINT, SIGTERM, SIGINT, 0}, SIGINT);
}

static void other_signals_are_left_alone(void **state)
{
    (void)state;
    assert_killed((int[]){SIGUSR1, 0}, SIGUSR1);
}

/* The child waits in read() when the signal comes; the byte that comes later still reaches it. */
static void a_read_that_a_signal_interrupts_goes_on(void **state)
{
    (void)state;
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char byte = 0;
        pid_t reader = getpid();
        interrupt_watch();
        if (fork() == 0) { /* the one who interrupts, and then writes */
            const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
            nanosleep(&moment, NULL);
            kill(reader, SIGINT);
            nanosleep(&moment, NULL);
            _exit(write(pipe_ends[1], "x", 1) == 1 ? 0 : 1);
        }
        bool got = read(pipe_ends[0], &byte, 1) == 1 && byte == 'x';
        _exit(got && interrupt_signal() == SIGINT ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

/* What is passed on by a child that these signals reach, as its exit code. */
static int passed_on_after(const int reaching[])
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        interrupt_watch();
        for (; *reaching != 0; reaching++)
            raise(*reaching);
        _exit(interrupt_to_pass_on());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void what_is_passed_on_is_of_another_kind_and_not_ignored(void **state)
{
    (void)state;
    void (*before)(int) = signal(SIGINT, SIG_DFL);
    assert_int_equal(passed_on_after((int[]){0}), SIGTERM);
    assert_int_equal(passed_on_after((int[]){SIGINT, 0}), SIGTERM);
    assert_int_equal(passed_on_after((int[]){SIGTERM, 0}), SIGINT);
    signal(SIGINT, SIG_IGN);
    void (*hang_up)(int) = signal(SIGHUP, SIG_DFL);
    assert_int_equal(passed_on_after((int[]){SIGTERM, 0}), SIGHUP);
    signal(SIGHUP, SIG_IGN);
    assert_int_equal(passed_on_after((int[]){SIGTERM, 0}), SIGTERM);
    signal(SIGHUP, hang_up);
    signal(SIGINT, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_signal_no_flag_is_up),
        cmocka_unit_test(the_first_signal_of_a_kind_raises_the_flag),
        cmocka_unit_test(a_signal_that_was_ignored_still_is),
        cmocka_unit_test(a_second_one_of_the_other_kind_does_no_more),
        cmocka_unit_test(the_second_signal_of_a_kind_ends_the_program),
        cmocka_unit_test(other_signals_are_left_alone),
        cmocka_unit_test(a_read_that_a_signal_interrupts_goes_on),
        cmocka_unit_test(what_is_passed_on_is_of_another_kind_and_not_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
