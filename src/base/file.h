/* file.h: whole files in and out, and folders.
 *
 * Reading takes a regular file as a whole. Writing is all or nothing: the bytes go to a temporary
 * file in the same folder, are flushed to the disk, and only then take the name (rename is atomic
 * within a folder). Whoever reads the name sees the old file or the new one, never a half.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

typedef struct FileBytes {
    char *bytes; /* with a 0 behind the last one, which `length` does not count */
    size_t length;
} FileBytes;

/* Refuses what is not a regular file (a folder, a pipe) and what is longer than `max` bytes. */
bool file_read(Arena *arena, const char *path, size_t max, FileBytes *out, Error *error);

/* Its first bytes, `most` or as many as there are, of a regular file of any length. */
bool file_read_start(Arena *arena, const char *path, size_t most, FileBytes *out, Error *error);

/* The same as file_read for a path that a request names: if the path is what is wrong (nothing is
 * there, it may not be read, or one of the above), so is the request. */
bool file_read_named(Arena *arena, const char *path, size_t max, FileBytes *out, Error *error);

/* Replaces the file at `path` at once. */
bool file_write(const char *path, const void *bytes, size_t length, Error *error);

/* The same for contents that are better written piece by piece:
 *
 *     FileWriter writer;
 *     if (!file_writer_open(&writer, path, error)) return false;
 *     file_writer_put(&writer, bytes, n);            any number of times; remembers the first error
 *     return file_writer_close(&writer, error);      flush, rename; on any error the old file stays
 */
typedef struct FileWriter {
    FILE *stream;
    char *path, *temporary;
    int first_errno;
} FileWriter;

bool file_writer_open(FileWriter *writer, const char *path, Error *error);
void file_writer_put(FileWriter *writer, const void *bytes, size_t length);
bool file_writer_close(FileWriter *writer, Error *error);

bool file_exists(const char *path);
bool folder_exists(const char *path);

/* Also true where the system cannot tell, because the disk fails or a folder on the way may not be
 * searched: whoever opens the path then learns what is wrong. For work that would be begun anew, or
 * written over, if it were taken for none. */
bool file_may_exist(const char *path);
bool folder_may_exist(const char *path);

/* Makes a folder and the ones above it; one that is there already is fine. */
bool folder_make(const char *path, Error *error);

/* Claims a folder for this process until folder_unlock, or until the process ends, in whatever way:
 * the system keeps the claim, so nothing of it stays behind. Refused, in words with FOLDER_IN_USE
 * among them, if another process has it. Where a file system has no locks, everybody gets one. */
#define FOLDER_IN_USE "is in use by another process"
bool folder_lock(const char *path, int *lock, Error *error);
void folder_unlock(int lock);

/* Has another process claimed it, as far as can be told? */
bool folder_is_in_use(const char *path);

/* Removes the temporary files of writers that were killed. Nobody else may be writing there. */
bool folder_remove_temporaries(const char *path, Error *error);

/* The names in a folder in alphabetical order, without "." and ".."; the names live in the
 * arena. A folder that is not there has no names. */
bool folder_list(Arena *arena, const char *path, char ***names, size_t *count, Error *error);

/* Is there anything of this name, even a link that leads nowhere? */
bool path_is_taken(const char *path);

/* "runs" and "a" make "runs/a"; NULL when memory runs out. */
char *path_join(Arena *arena, const char *folder, const char *name);

/* The last part of a path without folder and ending: "data/fables.txt" gives "fables". */
char *path_stem(Arena *arena, const char *path);

#endif
