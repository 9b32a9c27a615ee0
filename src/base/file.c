/* file.c: POSIX files, with the care that a lesson's results deserve.
 *
 * A write goes through these steps, so that a full disk, a crash or a pulled plug at any moment
 * leaves the old file whole:
 *
 *     1. write everything to PATH.<process id>.tmp    in the same folder: rename stays in one disk
 *     2. fsync it                                     the bytes are on the disk
 *     3. rename it to PATH                            at once, for everybody
 *     4. fsync the folder                             the new name is on the disk
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { READ_AT_ONCE = 1 << 30 }; /* bytes: macOS refuses a read of 2 GiB and more */

/* Does an errno say that the path is wrong? Others are about the machine: a disk that fails, no
 * more memory, too many open files. */
static bool is_about_path(int number)
{
    return number == ENOENT || number == ENOTDIR || number == EACCES || number == ELOOP ||
           number == ENAMETOOLONG;
}

static bool fail_errno(Error *error, const char *path, int number)
{
    return is_about_path(number) ? fail_request(error, "%s: %s", path, strerror(number))
                                 : fail(error, "%s: %s", path, strerror(number));
}

/* --- reading --- */

static bool check_regular(const char *path, const struct stat *status, Error *error)
{
    if (S_ISDIR(status->st_mode))
        return fail_request(error, "%s: is a folder: expected a file", path);
    if (!S_ISREG(status->st_mode))
        return fail_request(error, "%s: is a pipe or a device: expected a file", path);
    return true;
}

static bool check_length(const char *path, const struct stat *status, size_t max, Error *error)
{
    if (status->st_size >= 0 && (uintmax_t)status->st_size <= max)
        return true;
    return fail_request(error, "%s: has %jd bytes: expected at most %zu", path,
                        (intmax_t)status->st_size, max);
}

/* Reads until the end of the file or until `room` bytes are there; -1 on an error. */
static ssize_t read_fully(int file, char *bytes, size_t room)
{
    size_t length = 0;
    while (length < room) {
        size_t rest = room - length;
        ssize_t got = read(file, bytes + length, rest < READ_AT_ONCE ? rest : READ_AT_ONCE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

/* One byte more than the file is said to have is asked for, to notice one that has grown. */
static bool read_open_file(Arena *arena, int file, const char *path, size_t max, FileBytes *out,
                           Error *error)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return fail_errno(error, path, errno);
    if (!check_regular(path, &status, error) || !check_length(path, &status, max, error))
        return false;
    size_t expected = (size_t)status.st_size;
    char *bytes = expected < SIZE_MAX ? arena_alloc_raw(arena, expected + 1, 1) : NULL;
    if (bytes == NULL)
        return fail(error, "%s: out of memory: it has %zu bytes", path, expected);
    ssize_t length = read_fully(file, bytes, expected + 1);
    if (length < 0)
        return fail_errno(error, path, errno);
    if ((size_t)length != expected)
        return fail(error, "%s: changed while it was read: expected %zu bytes", path, expected);
    bytes[expected] = '\0';
    *out = (FileBytes){bytes, expected};
    return true;
}

/* The kind of file is asked before it is opened, because opening a pipe would wait for a writer,
 * and opening a device can do things; and once more when it is open and cannot be swapped. Returns
 * -1 where it cannot be opened. */
static int open_regular(const char *path, Error *error)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        fail_errno(error, path, errno);
        return -1;
    }
    if (!check_regular(path, &status, error))
        return -1;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        fail_errno(error, path, errno);
    return file;
}

bool file_read_named(Arena *arena, const char *path, size_t max, FileBytes *out, Error *error)
{
    int file = open_regular(path, error);
    if (file < 0)
        return false;
    bool ok = read_open_file(arena, file, path, max, out, error);
    close(file);
    return ok;
}

bool file_read(Arena *arena, const char *path, size_t max, FileBytes *out, Error *error)
{
    return file_read_named(arena, path, max, out, error) || fail_as_work(error);
}

static bool read_start(Arena *arena, int file, const char *path, size_t most, FileBytes *out,
                       Error *error)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return fail_errno(error, path, errno);
    if (!check_regular(path, &status, error))
        return false;
    size_t room = (size_t)status.st_size < most ? (size_t)status.st_size : most;
    char *bytes = arena_alloc_raw(arena, room + 1, 1);
    if (bytes == NULL)
        return fail(error, "%s: out of memory: %zu bytes", path, room);
    ssize_t length = read_fully(file, bytes, room);
    if (length < 0)
        return fail_errno(error, path, errno);
    bytes[length] = '\0';
    *out = (FileBytes){bytes, (size_t)length};
    return true;
}

bool file_read_start(Arena *arena, const char *path, size_t most, FileBytes *out, Error *error)
{
    int file = open_regular(path, error);
    if (file < 0)
        return fail_as_work(error);
    bool ok = read_start(arena, file, path, most, out, error);
    close(file);
    return ok || fail_as_work(error);
}

/* --- writing --- */

static void writer_free(FileWriter *writer)
{
    free(writer->path);
    free(writer->temporary);
    *writer = (FileWriter){0};
}

static bool writer_name_files(FileWriter *writer, const char *path)
{
    TextBuffer temporary = {0};
    text_append_format(&temporary, "%s.%ld.tmp", path, (long)getpid());
    writer->temporary = temporary.bytes;
    writer->path = strdup(path);
    return !temporary.failed && writer->path != NULL;
}

bool file_writer_open(FileWriter *writer, const char *path, Error *error)
{
    *writer = (FileWriter){0};
    struct stat status;
    if (stat(path, &status) == 0 && !check_regular(path, &status, error))
        return fail_as_work(error); /* a rename would put a file in the place of /dev/null */
    if (!writer_name_files(writer, path)) {
        writer_free(writer);
        return fail(error, "%s: out of memory", path);
    }
    int file = open(writer->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    writer->stream = file >= 0 ? fdopen(file, "wb") : NULL;
    if (writer->stream != NULL)
        return true;
    fail(error, "%s: cannot be written: %s", path, strerror(errno));
    if (file >= 0) {
        close(file);
        unlink(writer->temporary);
    }
    writer_free(writer);
    return false;
}

/* The first error is the cause; later ones are its consequences. */
static void writer_note(FileWriter *writer, bool ok)
{
    if (!ok && writer->first_errno == 0)
        writer->first_errno = errno != 0 ? errno : EIO;
}

void file_writer_put(FileWriter *writer, const void *bytes, size_t length)
{
    if (writer->first_errno != 0 || length == 0)
        return;
    errno = 0;
    writer_note(writer, fwrite(bytes, 1, length, writer->stream) == length);
}

/* Makes the folder's new entry last. Some file systems cannot do it, or do not let a folder be
 * opened: then the rename is as durable as it gets, and only a real input/output error counts. */
static bool sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    char *folder = length > 0 ? strndup(path, length) : strdup(".");
    int handle = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    if (handle < 0)
        return true;
    bool ok = fsync(handle) == 0 || errno != EIO;
    int reason = errno;
    close(handle);
    errno = reason;
    return ok;
}

bool file_writer_close(FileWriter *writer, Error *error)
{
    errno = 0;
    writer_note(writer, fflush(writer->stream) == 0);
    if (writer->first_errno == 0)
        writer_note(writer, fsync(fileno(writer->stream)) == 0);
    writer_note(writer, fclose(writer->stream) == 0);
    bool renamed = false;
    if (writer->first_errno == 0) {
        renamed = rename(writer->temporary, writer->path) == 0;
        writer_note(writer, renamed);
    }
    if (renamed)
        writer_note(writer, sync_folder_of(writer->path));
    else
        unlink(writer->temporary);
    bool ok = writer->first_errno == 0;
    if (!ok)
        fail(error, "%s: cannot be written: %s", writer->path, strerror(writer->first_errno));
    writer_free(writer);
    return ok;
}

bool file_write(const char *path, const void *bytes, size_t length, Error *error)
{
    FileWriter writer;
    if (!file_writer_open(&writer, path, error))
        return false;
    file_writer_put(&writer, bytes, length);
    return file_writer_close(&writer, error);
}
