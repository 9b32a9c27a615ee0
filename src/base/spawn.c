/* spawn.c: fork and exec, with a way to tell a program that failed from one that never started.
 *
 * The child reports through a pipe that exec closes by itself (close-on-exec). What the parent
 * reads from it is therefore a Report if the child could not become the program, and nothing if it
 * could: then only its exit code is left to wait for. */
#include "base/spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_FREE_FILE = 3 };

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

/* In the child, between fork and exec: only calls that are safe after a fork. The exit code matters
 * only where the report was lost: 126, as a shell says of what it found and could not run. */
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

/* Takes the exit code of a child that has ended; without WNOHANG, waits until it has. The system
 * then forgets the child and may give its number to another one, so the number goes. */
static bool reap(Child *child, int options, bool *ended, int *status, Error *error)
{
    int raw = 0;
    pid_t found;
    do
        found = waitpid(child->pid, &raw, options);
    while (found < 0 && errno == EINTR);
    if (found < 0)
        return fail(error, "cannot wait for a program: %s", strerror(errno));
    *ended = found > 0;
    if (*ended) {
        *status = WIFSIGNALED(raw) ? SPAWN_SIGNALLED + WTERMSIG(raw) : WEXITSTATUS(raw);
        child->pid = 0;
    }
    return true;
}

/* Says why a child could not become the program. */
static bool explain(const Report *report, const char *program, const char *folder, bool *missing,
                    Error *error)
{
    if (!report->entered_folder)
        return fail(error, "%s: cannot be started in the folder %s: %s", program,
                    folder != NULL ? folder : ".", strerror(report->number));
    *missing = says_missing(program, report->number);
    return *missing || fail(error, "%s: cannot be started: %s", program, strerror(report->number));
}

static bool start(char *const arguments[], const char *folder, int input, int output, Child *child,
                  bool *missing, Error *error)
{
    int ends[2];
    if (!open_pipe(ends))
        return fail(error, "%s: cannot be started: %s", arguments[0], strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        become(arguments, folder, input, output, ends[1]);
    int reason = errno;
    close(ends[1]);
    Report report;
    bool reported = pid > 0 && read_report(ends[0], &report);
    close(ends[0]);
    if (pid < 0)
        return fail(error, "%s: cannot be started: %s", arguments[0], strerror(reason));
    child->pid = pid;
    if (!reported)
        return true;
    bool ended;
    int status;
    return reap(child, 0, &ended, &status, error) &&
           explain(&report, arguments[0], folder, missing, error);
}

bool spawn_start(char *const arguments[], const char *folder, const char *log, Child *child,
                 bool *missing, Error *error)
{
    *missing = false;
    *child = (Child){0};
    const char *log_path = log != NULL ? log : "/dev/null";
    int input = keep_above_standard(open("/dev/null", O_RDONLY | O_CLOEXEC));
    int output =
        keep_above_standard(open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    bool ok = false;
    if (input < 0 || output < 0)
        fail(error, "%s: %s", output < 0 ? log_path : "/dev/null", strerror(errno));
    else
        ok = start(arguments, folder, input, output, child, missing, error);
    if (input >= 0)
        close(input);
    if (output >= 0)
        close(output);
    return ok;
}

bool spawn_poll(Child *child, bool *ended, int *status, Error *error)
{
    assert(child->pid > 0);
    return reap(child, WNOHANG, ended, status, error);
}

void spawn_signal(const Child *child, int number)
{
    if (child->pid > 0)
        (void)kill(child->pid, number); /* one that has ended, but was not asked, takes no harm */
}

bool spawn_wait(char *const arguments[], const char *folder, const char *log, bool *missing,
                int *status, Error *error)
{
    Child child;
    bool ended;
    *status = 0;
    return spawn_start(arguments, folder, log, &child, missing, error) &&
           (*missing || reap(&child, 0, &ended, status, error));
}
