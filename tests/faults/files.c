/* files.c: files, folders, programs and time.
 *
 * The C library writes the bytes of a FILE by calls that cannot be replaced. So each stream that
 * the program opens, and stdout and stderr, becomes one of fopencookie, whose reads and writes are
 * functions of this file. */
#define _GNU_SOURCE
#include "faults/interpose.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- streams --- */

/* The file behind each stream that is open. */
enum { MAX_STREAMS = 64 };
static struct {
    FILE *stream;
    int file;
} streams[MAX_STREAMS];

/* The cookie of a stream is its file's number. */
static int file_of(void *cookie)
{
    return (int)(intptr_t)cookie;
}

static ssize_t stream_read(void *cookie, char *bytes, size_t count)
{
    return read(file_of(cookie), bytes, count);
}

/* All of it or, as the function of a cookie says that it failed, 0. */
static ssize_t stream_write(void *cookie, const char *bytes, size_t count)
{
    for (size_t written = 0; written < count;) {
        ssize_t more = write(file_of(cookie), bytes + written, count - written);
        if (more < 0)
            return 0;
        written += (size_t)more;
    }
    return (ssize_t)count;
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
    off_t at = lseek(file_of(cookie), (off_t)*offset, whence);
    *offset = at;
    return at < 0 ? -1 : 0;
}

static int stream_close(void *cookie)
{
    for (size_t s = 0; s < MAX_STREAMS; s++)
        if (streams[s].stream && streams[s].file == file_of(cookie))
            streams[s].stream = NULL;
    return close(file_of(cookie));
}

FILE *fault_stream(int file, const char *mode)
{
    const cookie_io_functions_t functions = {stream_read, stream_write, stream_seek, stream_close};
    FILE *stream = fopencookie((void *)(intptr_t)file, mode, functions);
    for (size_t s = 0; stream && s < MAX_STREAMS; s++)
        if (!streams[s].stream) {
            streams[s].stream = stream;
            streams[s].file = file;
            break;
        }
    return stream;
}

int fileno(FILE *stream)
{
    static int (*behind)(FILE *);
    for (size_t s = 0; s < MAX_STREAMS; s++)
        if (streams[s].stream == stream)
            return streams[s].file;
    if (!behind)
        fault_find("fileno", &behind);
    return behind(stream);
}

FILE *fdopen(int file, const char *mode)
{
    return fault_hits(FAULT_OPEN) ? NULL : fault_stream(file, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    int how = mode[0] == 'r' ? O_RDONLY : O_WRONLY | O_CREAT;
    how |= mode[0] == 'w' ? O_TRUNC : mode[0] == 'a' ? O_APPEND : 0;
    int file = open(path, how, 0666);
    FILE *stream = file >= 0 ? fault_stream(file, mode) : NULL;
    if (file >= 0 && !stream)
        close(file);
    return stream;
}

/* --- files and folders --- */

int open(const char *path, int how, ...)
{
    static int (*behind)(const char *, int, ...);
    va_list arguments;
    va_start(arguments, how);
    mode_t mode = how & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (!behind)
        fault_find("open", &behind);
    return fault_hits(FAULT_OPEN) ? -1 : behind(path, how, mode);
}

ssize_t write(int file, const void *bytes, size_t count)
{
    static ssize_t (*behind)(int, const void *, size_t);
    if (!behind)
        fault_find("write", &behind);
    if (!fault_hits(FAULT_WRITE))
        return behind(file, bytes, count);
    int reason = errno;
    ssize_t half = behind(file, bytes, count / 2);
    if (half >= 0)
        errno = reason;
    return -1;
}

int close(int file)
{
    static int (*behind)(int);
    if (!behind)
        fault_find("close", &behind);
    bool hit = fault_hits(FAULT_CLOSE);
    int reason = errno, result = behind(file);
    if (!hit)
        return result;
    errno = reason;
    return -1;
}

int fsync(int file)
{
    (void)file;
    return fault_hits(FAULT_SYNC) ? -1 : 0;
}

FAULT_DOOR(FAULT_OPEN, NULL, DIR *, opendir, (const char *path), (path))
FAULT_DOOR(FAULT_READ, -1, ssize_t, read, (int file, void *to, size_t count), (file, to, count))
FAULT_DOOR(FAULT_READ, NULL, struct dirent *, readdir, (DIR * folder), (folder))
FAULT_DOOR(FAULT_RENAME, -1, int, rename, (const char *from, const char *to), (from, to))
FAULT_DOOR(FAULT_MAKE, -1, int, mkdir, (const char *path, mode_t mode), (path, mode))
FAULT_DOOR(FAULT_REMOVE, -1, int, unlink, (const char *path), (path))
FAULT_DOOR(FAULT_REMOVE, -1, int, remove, (const char *path), (path))
FAULT_DOOR(FAULT_LOCK, -1, int, flock, (int file, int how), (file, how))
FAULT_DOOR(FAULT_LOOK, -1, int, stat, (const char *path, struct stat *out), (path, out))
FAULT_DOOR(FAULT_LOOK, -1, int, lstat, (const char *path, struct stat *out), (path, out))
FAULT_DOOR(FAULT_LOOK, -1, int, fstat, (int file, struct stat *out), (file, out))
FAULT_DOOR(FAULT_LOOK, NULL, char *, realpath, (const char *path, char *out), (path, out))

/* --- programs --- */

int fcntl(int file, int command, ...)
{
    static int (*behind)(int, int, ...);
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *); /* as the C library takes any of them */
    va_end(arguments);
    if (!behind)
        fault_find("fcntl", &behind);
    return fault_hits(FAULT_SPAWN) ? -1 : behind(file, command, argument);
}

FAULT_DOOR(FAULT_SPAWN, -1, int, pipe, (int ends[2]), (ends))
FAULT_DOOR(FAULT_SPAWN, -1, pid_t, fork, (void), ())
FAULT_DOOR(FAULT_SPAWN, -1, int, dup2, (int from, int to), (from, to))
FAULT_DOOR(FAULT_SPAWN, -1, int, chdir, (const char *path), (path))
FAULT_DOOR(FAULT_SPAWN, -1, int, execvp, (const char *file, char *const words[]), (file, words))
FAULT_DOOR(FAULT_SPAWN, -1, pid_t, waitpid, (pid_t id, int *status, int how), (id, status, how))

/* --- time --- */

/* Ten days after the start of the machine, or what is asked for. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    *now = (struct timespec){.tv_sec = 10 * 86400 + fault_clock_shift()};
    return 0;
}

/* A program that waits for others sleeps until one of them has ended, which it still has to find
 * out; so it looks at them the same number of times in every run. */
int nanosleep(const struct timespec *time, struct timespec *rest)
{
    static int (*behind)(const struct timespec *, struct timespec *);
    const struct timespec millisecond = {.tv_nsec = 1000000};
    siginfo_t ended;
    if (!behind)
        fault_find("nanosleep", &behind);
    if (waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) == 0)
        return 0;
    bool is_short = time->tv_sec == 0 && time->tv_nsec < millisecond.tv_nsec;
    return behind(is_short ? time : &millisecond, rest);
}
