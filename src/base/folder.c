/* folder.c: the part of file.h that is about folders and about paths as text. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

/* --- what is there --- */

bool file_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool folder_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* After a stat that failed: can there be something all the same? */
static bool may_be_there(int number)
{
    return number != ENOENT && number != ENOTDIR && number != ELOOP && number != ENAMETOOLONG;
}

bool file_may_exist(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? S_ISREG(status.st_mode) : may_be_there(errno);
}

bool folder_may_exist(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? S_ISDIR(status.st_mode) : may_be_there(errno);
}

bool path_is_taken(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* --- making a folder --- */

/* Another process may make the folder between the question and the attempt, which is fine. */
static bool make_one(const char *path, Error *error)
{
    struct stat status;
    if (folder_exists(path) || mkdir(path, 0777) == 0)
        return true;
    int reason = errno;
    bool found = stat(path, &status) == 0;
    if (found && S_ISDIR(status.st_mode))
        return true;
    if (!found && may_be_there(errno))
        reason = errno; /* why it was not found before */
    return fail(error, "%s: cannot be made as a folder: %s", path, strerror(reason));
}

/* For "a/b/c": makes "a", "a/b" and "a/b/c", by ending the text at each '/' in turn. */
bool folder_make(const char *path, Error *error)
{
    char *part = strdup(path);
    if (part == NULL)
        return fail(error, "%s: out of memory", path);
    bool ok = true;
    for (char *at = part; ok && *at != '\0'; at++)
        if (*at == '/' && at > part) {
            *at = '\0';
            ok = make_one(part, error);
            *at = '/';
        }
    ok = ok && make_one(path, error);
    free(part);
    return ok;
}

/* --- claiming one --- */

/* Does the path still lead to the folder that was opened? It may have got another name meanwhile,
 * and then somebody is at work with it. */
static bool check_same(const char *path, int folder, bool *same, Error *error)
{
    struct stat named, opened;
    *same = false;
    if (fstat(folder, &opened) != 0 || stat(path, &named) != 0)
        return errno == ENOENT || fail(error, "%s: cannot be locked: %s", path, strerror(errno));
    *same = named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
    return true;
}

/* *taken: another process has it, and *lock is none. False where that cannot be told. */
static bool try_lock(const char *path, int *lock, bool *taken, Error *error)
{
    *lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0)
        return fail(error, "%s: cannot be locked: %s", path, strerror(errno));
    bool busy = flock(*lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK, same = false;
    bool ok = busy || check_same(path, *lock, &same, error);
    *taken = ok && !same;
    if (!ok || *taken)
        folder_unlock(*lock);
    return ok;
}

bool folder_lock(const char *path, int *lock, Error *error)
{
    bool taken;
    return try_lock(path, lock, &taken, error) &&
           (!taken || fail(error, "%s: " FOLDER_IN_USE ": expected that to end first", path));
}

bool folder_is_in_use(const char *path)
{
    int lock;
    bool taken;
    if (!try_lock(path, &lock, &taken, NULL))
        return false;
    if (!taken)
        folder_unlock(lock);
    return taken;
}

void folder_unlock(int lock)
{
    close(lock);
}

/* --- what is in it --- */

/* Is it NAME.<process id>.tmp, as file.c calls them? */
static bool is_temporary(const char *name)
{
    const char *ending = strrchr(name, '.'), *number = ending;
    if (ending == NULL || strcmp(ending, ".tmp") != 0)
        return false;
    while (number > name && number[-1] >= '0' && number[-1] <= '9')
        number--;
    return number < ending && number - name >= 2 && number[-1] == '.';
}

bool folder_remove_temporaries(const char *path, Error *error)
{
    Arena arena = {0};
    char **names;
    size_t count;
    bool ok = folder_list(&arena, path, &names, &count, error);
    for (size_t n = 0; ok && n < count; n++) {
        if (!is_temporary(names[n]))
            continue;
        const char *file = path_join(&arena, path, names[n]);
        if (file == NULL)
            ok = fail(error, "%s: out of memory", path);
        else if (unlink(file) != 0)
            ok = fail(error, "%s: cannot be removed: %s", file, strerror(errno));
    }
    arena_free(&arena);
    return ok;
}

/* A list of names that grows in an arena. */
typedef struct NameList {
    char **names;
    size_t count, capacity;
} NameList;

static bool add_name(Arena *arena, NameList *list, const char *name)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 16 : 2 * list->capacity;
        char **names = arena_alloc_raw(arena, capacity, sizeof *names);
        if (names == NULL)
            return false;
        for (size_t n = 0; n < list->count; n++)
            names[n] = list->names[n];
        list->names = names;
        list->capacity = capacity;
    }
    char *copy = arena_text(arena, name, strlen(name));
    if (copy == NULL)
        return false;
    list->names[list->count++] = copy;
    return true;
}

static bool read_names(Arena *arena, DIR *folder, const char *path, NameList *list, Error *error)
{
    for (;;) {
        errno = 0; /* readdir's NULL means the end, or an error if it sets errno */
        const struct dirent *entry = readdir(folder);
        if (entry == NULL)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!add_name(arena, list, entry->d_name))
            return fail(error, "%s: out of memory", path);
    }
    if (errno != 0)
        return fail(error, "%s: %s", path, strerror(errno));
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool folder_list(Arena *arena, const char *path, char ***names, size_t *count, Error *error)
{
    *names = NULL;
    *count = 0;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno == ENOENT || fail(error, "%s: %s", path, strerror(errno));
    NameList list = {0};
    bool ok = read_names(arena, folder, path, &list, error);
    closedir(folder);
    if (!ok)
        return false;
    if (list.count > 0)
        qsort(list.names, list.count, sizeof list.names[0], compare_names);
    *names = list.names;
    *count = list.count;
    return true;
}

/* --- paths as text --- */

char *path_join(Arena *arena, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    bool separated = length == 0 || folder[length - 1] == '/';
    return text_format(arena, "%s%s%s", folder, separated ? "" : "/", name);
}

/* Dots at the start of a name do not begin an ending: ".config" is a whole name. */
char *path_stem(Arena *arena, const char *path)
{
    const char *end = path + strlen(path);
    while (end > path && end[-1] == '/')
        end--;
    const char *start = end;
    while (start > path && start[-1] != '/')
        start--;
    const char *first = start;
    while (first < end && *first == '.')
        first++;
    const char *ending = end;
    for (const char *at = first; at < end; at++)
        if (*at == '.')
            ending = at;
    return arena_text(arena, start, (size_t)(ending - start));
}
