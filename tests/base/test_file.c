/* test_file.c: tests of src/base/file.c. */
#include "support/check.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "support/fixtures.h"
#include "support/place.h"

enum { LARGE = 3 * 1024 * 1024 };

static void assert_file_holds(Place *place, const char *path, const char *bytes, size_t length)
{
    FileBytes file;
    if (!file_read(&place->arena, path, SIZE_MAX, &file, &place->error))
        fail_msg("%s", place->error.text);
    assert_int_equal(file.length, length);
    assert_memory_equal(file.bytes, bytes, length);
}

static void a_file_is_read_as_a_whole(void **state)
{
    Place *place = *state;
    const char bytes[] = "a\0b\r\n\xff";
    write_test_file(place->path, bytes, sizeof bytes - 1);
    FileBytes file;
    assert_true(file_read(&place->arena, place->path, 6, &file, NULL));
    assert_int_equal(file.length, 6);
    assert_memory_equal(file.bytes, bytes, 7); /* with the 0 behind */
}

static void an_empty_file_is_an_empty_text(void **state)
{
    Place *place = *state;
    write_test_file(place->path, "", 0);
    FileBytes file;
    assert_true(file_read(&place->arena, place->path, 0, &file, NULL));
    assert_int_equal(file.length, 0);
    assert_string_equal(file.bytes, "");
}

static void a_file_longer_than_the_limit_is_refused(void **state)
{
    Place *place = *state;
    write_test_file(place->path, "1234567890", 10);
    FileBytes file;
    assert_true(file_read(&place->arena, place->path, 10, &file, NULL));
    assert_false(file_read(&place->arena, place->path, 9, &file, &place->error));
    assert_contains(place->error.text, "file.txt: has 10 bytes: expected at most 9");
}

static void the_start_of_a_file_is_read_whatever_its_length(void **state)
{
    Place *place = *state;
    write_test_file(place->path, "1234567890", 10);
    const struct {
        size_t most;
        const char *start;
    } rows[] = {
        {0, ""}, {3, "123"}, {10, "1234567890"}, {11, "1234567890"}, {SIZE_MAX, "1234567890"}};
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        FileBytes file;
        assert_true(file_read_start(&place->arena, place->path, rows[r].most, &file, NULL));
        assert_int_equal(file.length, strlen(rows[r].start));
        assert_string_equal(file.bytes, rows[r].start);
    }
}

static void what_is_not_there_is_said(void **state)
{
    Place *place = *state;
    FileBytes file;
    assert_false(file_read(&place->arena, place->path, 9, &file, &place->error));
    assert_contains(place->error.text, "file.txt: No such file or directory");
    assert_false(file_read_start(&place->arena, place->path, 9, &file, &place->error));
    assert_contains(place->error.text, "file.txt: No such file or directory");
    assert_int_equal(symlink("nowhere", place->path), 0);
    assert_false(file_read(&place->arena, place->path, 9, &file, &place->error));
    assert_contains(place->error.text, "file.txt: No such file or directory");
}

static void a_folder_is_not_read(void **state)
{
    Place *place = *state;
    FileBytes file;
    assert_false(file_read(&place->arena, place->folder, SIZE_MAX, &file, &place->error));
    assert_contains(place->error.text, "is a folder");
    assert_false(file_read_start(&place->arena, place->folder, 1, &file, &place->error));
    assert_contains(place->error.text, "is a folder");
    assert_int_equal(place->error.kind, ERROR_WORK);
}

static void a_pipe_and_a_device_are_refused_without_waiting(void **state)
{
    Place *place = *state;
    FileBytes file;
    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_false(file_read(&place->arena, place->path, SIZE_MAX, &file, &place->error));
    assert_contains(place->error.text, "file.txt: is a pipe or a device");
    assert_false(file_read(&place->arena, "/dev/zero", SIZE_MAX, &file, &place->error));
    assert_contains(place->error.text, "/dev/zero: is a pipe or a device");
}

/* The files of Linux' /proc say that they have 0 bytes, and then have more: exactly what a file
 * looks like that grows between the question and the answer. */
static void a_file_that_grows_while_it_is_read_is_refused(void **state)
{
    Place *place = *state;
    if (!file_exists("/proc/self/stat"))
        skip();
    FileBytes file;
    assert_false(file_read(&place->arena, "/proc/self/stat", SIZE_MAX, &file, &place->error));
    assert_contains(place->error.text, "changed while it was read");
}

static void what_was_written_is_read(void **state)
{
    Place *place = *state;
    char *bytes = malloc(LARGE);
    assert_non_null(bytes);
    for (size_t b = 0; b < LARGE; b++)
        bytes[b] = (char)(b * b >> 3);
    const size_t lengths[] = {0, 1, 4096, LARGE};
    for (size_t n = 0; n < 4; n++) {
        assert_true(file_write(place->path, bytes, lengths[n], NULL));
        assert_file_holds(place, place->path, bytes, lengths[n]);
        assert_only_name(place, "file.txt");
    }
    free(bytes);
}

static void pieces_come_one_behind_the_other(void **state)
{
    Place *place = *state;
    FileWriter writer;
    assert_true(file_writer_open(&writer, place->path, NULL));
    file_writer_put(&writer, "ab", 2);
    file_writer_put(&writer, NULL, 0);
    file_writer_put(&writer, "\0c", 2);
    assert_true(file_writer_close(&writer, NULL));
    assert_file_holds(place, place->path, "ab\0c", 4);
}

static void the_old_file_stands_until_the_writer_closes(void **state)
{
    Place *place = *state;
    write_test_file(place->path, "old", 3);
    FileWriter writer;
    assert_true(file_writer_open(&writer, place->path, NULL));
    file_writer_put(&writer, "new one", 7);
    fflush(writer.stream);
    assert_file_holds(place, place->path, "old", 3);
    assert_true(file_writer_close(&writer, NULL));
    assert_file_holds(place, place->path, "new one", 7);
}

static void a_name_without_a_folder_is_written_here(void **state)
{
    Place *place = *state;
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(place->folder), 0);
    bool ok = file_write("plain.txt", "x", 1, NULL);
    assert_int_equal(chdir(here), 0);
    assert_true(ok);
    assert_only_name(place, "plain.txt");
}

/* A limit on the size of files makes write fail in the middle, as a full disk does. */
static bool write_under_a_limit(Place *place, size_t length, rlim_t limit)
{
    char *bytes = calloc(length, 1);
    assert_non_null(bytes);
    struct rlimit before, tight;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = limit;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN); /* which would end the process */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    bool ok = file_write(place->path, bytes, length, &place->error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    free(bytes);
    return ok;
}

static void a_failing_write_keeps_the_old_file(void **state)
{
    Place *place = *state;
    const size_t lengths[] = {1001, 4096, 5000, 100000}; /* seen by put, and by close only */
    write_test_file(place->path, "old", 3);
    for (size_t n = 0; n < 4; n++) {
        assert_false(write_under_a_limit(place, lengths[n], 1000));
        assert_contains(place->error.text, "file.txt: cannot be written: File too large");
        assert_int_equal(place->error.kind, ERROR_WORK);
        assert_file_holds(place, place->path, "old", 3);
        assert_only_name(place, "file.txt");
    }
    assert_true(write_under_a_limit(place, 1000, 1000));
}

static void a_failing_write_leaves_no_new_file(void **state)
{
    Place *place = *state;
    assert_false(write_under_a_limit(place, 5000, 1000));
    char **names;
    size_t count;
    assert_true(folder_list(&place->arena, place->folder, &names, &count, NULL));
    assert_int_equal(count, 0);
}

/* A writer closes with the error that it met first, whatever works afterwards. */
static void the_first_error_is_the_one_that_is_said(void **state)
{
    Place *place = *state;
    write_test_file(place->path, "old", 3);
    FileWriter writer;
    assert_true(file_writer_open(&writer, place->path, NULL));
    file_writer_put(&writer, "a", 1);
    writer.first_errno = ENOSPC;
    file_writer_put(&writer, "b", 1);
    assert_false(file_writer_close(&writer, &place->error));
    assert_contains(place->error.text, strerror(ENOSPC));
    assert_file_holds(place, place->path, "old", 3);
    assert_only_name(place, "file.txt");
}

static void a_process_that_dies_while_writing_keeps_the_old_file(void **state)
{
    Place *place = *state;
    write_test_file(place->path, "old", 3);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        FileWriter writer;
        if (file_writer_open(&writer, place->path, NULL)) {
            file_writer_put(&writer, "half of it", 10);
            fflush(writer.stream);
            raise(SIGKILL);
        }
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_file_holds(place, place->path, "old", 3);
    assert_true(file_write(place->path, "new", 3, NULL));
    assert_file_holds(place, place->path, "new", 3);
}

static void a_missing_folder_is_said(void **state)
{
    Place *place = *state;
    assert_false(file_write(place_path(place, "no/file.txt"), "x", 1, &place->error));
    assert_contains(place->error.text, "no/file.txt: cannot be written: No such file or directory");
}

static void only_a_file_is_replaced(void **state)
{
    Place *place = *state;
    assert_false(file_write(place->folder, "x", 1, &place->error));
    assert_contains(place->error.text, "is a folder");
    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_false(file_write(place->path, "x", 1, &place->error));
    assert_contains(place->error.text, "is a pipe or a device");
    struct stat status;
    assert_int_equal(stat(place->path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_only_name(place, "file.txt");
}

#define IN_A_PLACE(test) place_test(test, "file.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_file_is_read_as_a_whole),
        IN_A_PLACE(an_empty_file_is_an_empty_text),
        IN_A_PLACE(a_file_longer_than_the_limit_is_refused),
        IN_A_PLACE(the_start_of_a_file_is_read_whatever_its_length),
        IN_A_PLACE(what_is_not_there_is_said),
        IN_A_PLACE(a_folder_is_not_read),
        IN_A_PLACE(a_pipe_and_a_device_are_refused_without_waiting),
        IN_A_PLACE(a_file_that_grows_while_it_is_read_is_refused),
        IN_A_PLACE(what_was_written_is_read),
        IN_A_PLACE(pieces_come_one_behind_the_other),
        IN_A_PLACE(the_old_file_stands_until_the_writer_closes),
        IN_A_PLACE(a_name_without_a_folder_is_written_here),
        IN_A_PLACE(a_failing_write_keeps_the_old_file),
        IN_A_PLACE(a_failing_write_leaves_no_new_file),
        IN_A_PLACE(the_first_error_is_the_one_that_is_said),
        IN_A_PLACE(a_process_that_dies_while_writing_keeps_the_old_file),
        IN_A_PLACE(a_missing_folder_is_said),
        IN_A_PLACE(only_a_file_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
