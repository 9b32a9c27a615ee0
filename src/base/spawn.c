/* spawn.c: fork and exec, with a way to tell a program that failed from one that never started.
 *
 * The child reports through a pipe that exec closes by itself (close-on-exec). What the parent
 * reads from it is therefore a Report if the child could not become the program, and nothing if it
 * could: then only its exit code is left to wait for. */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_FREE_FILE = 3, SIGNALLED = 128 }; /* as a shell counts: 128 + the signal's number */

typedef struct Report {
    bool entered_folder;
    int number; /* errno */
} Report;

/* Moves a file off the numbers 0, 1 and 2, where it would land if this process has closed them, and
 * makes exec close it. -1 with errno on failure. */
static int keep_above_standard(int file)
{
    if (file < 0)
        return -1;
    int moved = fcntl(file, F_DUPFD_CLOEXEC, FIRST_FREE_FILE);
    int reason = errno;
    close(file);
    errno = reason;
    return moved;
}

static bool open_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    ends[0] = keep_above_standard(ends[0]);
    ends[1] = keep_above_standard(ends[1]);
    if (ends[0] >= 0 && ends[1] >= 0)
        return true;
    int reason = errno;
    for (int end = 0; end < 2; end++)
        if (ends[end] >= 0)
            close(ends[end]);
    errno = reason;
    return false;
}

/* In the child, between fork and exec: only calls that are safe after a fork. */
_Noreturn static void become(char *const arguments[], const char *folder, int input, int output,
                             int report)
{
    Report failure = {0};
    if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
        dup2(output, STDERR_FILENO) >= 0 && (folder == NULL || chdir(folder) == 0)) {
        failure.entered_folder = true;
        execvp(arguments[0], arguments);
    }
    failure.number = errno;
    ssize_t written = write(report, &failure, sizeof failure);
    _exit(written == (ssize_t)sizeof failure ? 127 : 126);
}

static bool read_report(int file, Report *report)
{
    ssize_t got;
    do
        got = read(file, report, sizeof *report);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *report;
}

/* A folder of PATH that may not be searched gives EACCES where no other one has the program. */
static bool says_missing(const char *program, int number)
{
    return number == ENOENT || (number == EACCES && strchr(program, '/') == NULL);
}

static bool wait_for(pid_t child, int *status, Error *error)
{
    int raw = 0;
    while (waitpid(child, &raw, 0) < 0)
        if (errno != EINTR)
            return fail(error, "cannot wait for a program: %s", strerror(errno));
    *status = WIFSIGNALED(raw) ? SIGNALLED + WTERMSIG(raw) : WEXITSTATUS(raw);
    return true;
}

static bool run(char *const arguments[], const char *folder, int input, int output, bool *missing,
                int *status, Error *error)
{
    int ends[2];
    if (!open_pipe(ends))
        return fail(error, "%s: cannot be started: %s", arguments[0], strerror(errno));
    pid_t child = fork();
    if (child == 0)
        become(arguments, folder, input, output, ends[1]);
    int reason = errno;
    close(ends[1]);
    Report report;
    bool reported = child > 0 && read_report(ends[0], &report);
    close(ends[0]);
    if (child < 0)
        return fail(error, "%s: cannot be started: %s", arguments[0], strerror(reason));
    if (!wait_for(child, status, error))
        return false;
    if (!reported)
        return true;
    if (!report.entered_folder)
        return fail(error, "%s: cannot be started in the folder %s: %s", arguments[0],
                    folder != NULL ? folder : ".", strerror(report.number));
    *missing = says_missing(arguments[0], report.number);
    return *missing ||
           fail(error, "%s: cannot be started: %s", arguments[0], strerror(report.number));
}

bool spawn_wait(char *const arguments[], const char *folder, const char *log, bool *missing,
                int *status, Error *error)
{
    *missing = false;
    *status = 0;
    const char *log_path = log != NULL ? log : "/dev/null";
    int input = keep_above_standard(open("/dev/null", O_RDONLY | O_CLOEXEC));
    int output =
        keep_above_standard(open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    bool ok = false;
    if (input < 0 || output < 0)
        fail(error, "%s: %s", output < 0 ? log_path : "/dev/null", strerror(errno));
    else
        ok = run(arguments, folder, input, output, missing, status, error);
    if (input >= 0)
        close(input);
    if (output >= 0)
        close(output);
    return ok;
}
