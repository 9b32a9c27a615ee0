/* child.c: another program behind two pipes. While it works this process waits, and while it waits
 * it takes no time from this one. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

/* Between fork and exec. How long threads spin is this program's choice (see main.c), not the
 * child's. */
_Noreturn static void become(char *const arguments[], int input, int output)
{
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    unsetenv("GOMP_SPINCOUNT");
    unsetenv("KMP_BLOCKTIME");
    execvp(arguments[0], arguments);
    _exit(127);
}

/* Both ends are closed by exec, so that no child holds the pipes of another. */
static bool open_pipe(int ends[2])
{
    return pipe(ends) == 0 && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 &&
           fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
}

bool child_start(Child *child, char *const arguments[])
{
    int question[2], answer[2];
    *child = (Child){0};
    if (!open_pipe(question) || !open_pipe(answer))
        return false;
    signal(SIGPIPE, SIG_IGN); /* a child that died is noticed by what it does not say */
    fflush(stdout);
    child->id = fork();
    if (child->id == 0)
        become(arguments, question[0], answer[1]);
    close(question[0]);
    close(answer[1]);
    child->to = fdopen(question[1], "w");
    child->from = fdopen(answer[0], "r");
    return child->id > 0 && child->to && child->from;
}

void child_stop(Child *child)
{
    if (child->to)
        fclose(child->to);
    if (child->from)
        fclose(child->from);
    if (child->id > 0)
        waitpid(child->id, NULL, 0);
    *child = (Child){0};
}
