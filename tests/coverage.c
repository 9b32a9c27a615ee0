/* coverage.c: keeps the counts of every process (`make coverage`).
 *
 * A program that is built to count how often each line runs adds its counts to those on the disk
 * when exit() ends it. One that becomes another program, or ends by _exit() as a child does, would
 * take them along; and a child would count once more what its parent did before the fork. The
 * linker (--wrap) sends these calls through here. What a signal ends is not counted.
 *
 * A process that may not write its counts complains on stderr, where a test would take that for the
 * program's own words. So they are written while stderr is turned away. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

void __gcov_dump(void);
void __gcov_reset(void);

pid_t __real_fork(void);
pid_t __wrap_fork(void);
_Noreturn void __real__exit(int code);
_Noreturn void __wrap__exit(int code);
int __real_execv(const char *path, char *const words[]);
int __wrap_execv(const char *path, char *const words[]);
int __real_execvp(const char *name, char *const words[]);
int __wrap_execvp(const char *name, char *const words[]);

static void keep_counts(void)
{
    int usual = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDERR_FILENO);
    if (nowhere != STDERR_FILENO)
        close(nowhere);
    __gcov_dump();
    if (usual < 0) {
        close(STDERR_FILENO);
        return;
    }
    dup2(usual, STDERR_FILENO);
    close(usual);
}

__attribute__((constructor)) static void keep_counts_at_exit(void)
{
    atexit(keep_counts);
}

pid_t __wrap_fork(void)
{
    pid_t child = __real_fork();
    if (child == 0)
        __gcov_reset();
    return child;
}

void __wrap__exit(int code)
{
    keep_counts();
    __real__exit(code);
}

int __wrap_execv(const char *path, char *const words[])
{
    keep_counts();
    int result = __real_execv(path, words);
    __gcov_reset();
    return result;
}

int __wrap_execvp(const char *name, char *const words[])
{
    keep_counts();
    int result = __real_execvp(name, words);
    __gcov_reset();
    return result;
}
