/* test_folder.c: tests of src/base/folder.c. */
#include "support/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "support/place.h"

static void files_and_folders_are_told_apart(void **state)
{
    Place *place = *state;
    const char *folder = place->folder, *file = place->path, *link = place_path(place, "link"),
               *pipe = place_path(place, "pipe");
    write_test_file(file, "x", 1);
    assert_int_equal(symlink("nowhere", link), 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_true(file_exists(file) && !folder_exists(file));
    assert_true(folder_exists(folder) && !file_exists(folder));
    assert_false(file_exists(link) || folder_exists(link));
    assert_false(file_exists(pipe) || folder_exists(pipe));
    assert_false(file_exists("") || folder_exists(""));
}

static void a_folder_is_made_with_those_above_it(void **state)
{
    Place *place = *state;
    const char *const paths[] = {"a", "a/b/c", "a/b/c", "d//e/", "f/./g", "h/"};
    for (size_t p = 0; p < sizeof paths / sizeof paths[0]; p++) {
        const char *path = place_path(place, paths[p]);
        if (!folder_make(path, &place->error))
            fail_msg("%s", place->error.text);
        assert_true(folder_exists(path));
    }
    assert_true(folder_make("/", NULL));
    assert_true(folder_make(".", NULL));
}

static void a_file_in_the_way_of_a_folder_is_said(void **state)
{
    Place *place = *state;
    const char *file = place->path, *inner = place_path(place, "file/inner");
    write_test_file(file, "x", 1);
    assert_false(folder_make(file, &place->error));
    assert_contains(place->error.text, "/file: cannot be made as a folder: File exists");
    assert_false(folder_make(inner, &place->error));
    assert_contains(place->error.text, "/file: cannot be made as a folder: File exists");
    assert_false(folder_make("", &place->error));
}

static void names_are_listed_in_order(void **state)
{
    Place *place = *state;
    enum { N_FILES = 100 };
    for (int n = 0; n < N_FILES; n++) {
        char name[32];
        snprintf(name, sizeof name, "%03d", n * 37 % N_FILES);
        write_test_file(place_path(place, name), "", 0);
    }
    char **names;
    size_t count;
    assert_true(folder_list(&place->arena, place->folder, &names, &count, NULL));
    assert_int_equal(count, N_FILES);
    for (size_t n = 0; n < count; n++)
        assert_int_equal(atoi(names[n]), n);
}

static void hidden_names_are_listed_but_not_the_folder_itself(void **state)
{
    Place *place = *state;
    write_test_file(place_path(place, ".hidden"), "", 0);
    char **names;
    size_t count;
    assert_true(folder_list(&place->arena, place->folder, &names, &count, NULL));
    assert_int_equal(count, 1);
    assert_string_equal(names[0], ".hidden");
}

static void a_folder_that_is_not_there_has_no_names(void **state)
{
    Place *place = *state;
    const char *absent = place_path(place, "absent");
    char **names;
    size_t count = 7;
    assert_true(folder_list(&place->arena, absent, &names, &count, NULL));
    assert_int_equal(count, 0);
    count = 7;
    assert_true(folder_list(&place->arena, place->folder, &names, &count, NULL));
    assert_int_equal(count, 0);
}

static void a_file_cannot_be_listed(void **state)
{
    Place *place = *state;
    write_test_file(place->path, "", 0);
    char **names;
    size_t count;
    assert_false(folder_list(&place->arena, place->path, &names, &count, &place->error));
    assert_contains(place->error.text, "/file: Not a directory");
}

static void any_name_is_taken_by_what_has_it(void **state)
{
    Place *place = *state;
    const char *file = place->path, *link = place_path(place, "link");
    assert_false(path_is_taken(file));
    write_test_file(file, "", 0);
    assert_int_equal(symlink("nowhere", link), 0);
    assert_true(path_is_taken(file) && path_is_taken(place->folder) && path_is_taken(link));
}

static void a_folder_has_one_lock(void **state)
{
    Place *place = *state;
    int first, second;
    assert_true(folder_lock(place->folder, &first, NULL));
    for (int attempt = 0; attempt < 2; attempt++) { /* the refusal does not take the lock away */
        assert_false(folder_lock(place->folder, &second, &place->error));
        assert_contains(place->error.text, place->folder);
        assert_contains(place->error.text, ": is in use by another process: expected that to end");
        assert_int_equal(place->error.kind, ERROR_WORK);
    }
    assert_true(folder_is_in_use(place->folder));
    folder_unlock(first);
    assert_false(folder_is_in_use(place->folder)); /* and to ask does not take it */
    assert_true(folder_lock(place->folder, &second, NULL));
    folder_unlock(second);
    assert_false(folder_is_in_use(place->path));
    assert_false(folder_lock(place->path, &first, &place->error));
    assert_contains(place->error.text, "/file: cannot be locked: No such file");
}

static void a_lock_ends_with_its_process(void **state)
{
    Place *place = *state;
    int ends[2], lock, status;
    char byte = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool ok = folder_lock(place->folder, &lock, NULL) && write(ends[1], "x", 1) == 1;
        pause();
        _exit(ok);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_false(folder_lock(place->folder, &lock, NULL));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(folder_lock(place->folder, &lock, NULL));
    folder_unlock(lock);
    close(ends[0]);
    close(ends[1]);
}

static void what_killed_writers_left_is_removed_and_nothing_else(void **state)
{
    Place *place = *state;
    const char *const left[] = {"a.csv.1.tmp", "b.123456.tmp", "a.b.c.9.tmp"},
                      *const kept[] = {".1.tmp",   "1.tmp",  "a.1.tm", "a.1.tmp2", "a..tmp",
                                       "a.1x.tmp", "a1.tmp", "a.tmp",  "tmp",      "a.-1.tmp"};
    for (size_t n = 0; n < sizeof left / sizeof *left; n++)
        write_test_file(place_path(place, left[n]), "x", 1);
    for (size_t n = 0; n < sizeof kept / sizeof *kept; n++)
        write_test_file(place_path(place, kept[n]), "x", 1);
    assert_true(folder_remove_temporaries(place->folder, NULL));
    for (size_t n = 0; n < sizeof left / sizeof *left; n++)
        assert_false(path_is_taken(place_path(place, left[n])));
    for (size_t n = 0; n < sizeof kept / sizeof *kept; n++)
        assert_true(path_is_taken(place_path(place, kept[n])));
}

static void what_cannot_be_removed_is_named(void **state)
{
    Place *place = *state;
    assert_true(folder_make(place_path(place, "a.csv.1.tmp"), NULL));
    assert_false(folder_remove_temporaries(place->folder, &place->error));
    assert_contains(place->error.text, place_path(place, "a.csv.1.tmp: cannot be removed: "));
    assert_true(folder_exists(place_path(place, "a.csv.1.tmp")));
}

static void paths_are_joined_with_one_slash(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_string_equal(path_join(&arena, "runs", "a"), "runs/a");
    assert_string_equal(path_join(&arena, "runs/", "a"), "runs/a");
    assert_string_equal(path_join(&arena, "/", "a"), "/a");
    assert_string_equal(path_join(&arena, "", "a"), "a");
    arena_free(&arena);
}

static void a_stem_has_no_folder_and_no_ending(void **state)
{
    (void)state;
    const char *const cases[][2] = {
        {"data/fables.txt", "fables"},
        {"fables.txt", "fables"},
        {"fables", "fables"},
        {"/a.b/c", "c"},
        {"a.tar.gz", "a.tar"},
        {".config", ".config"},
        {"x/.config.ini", ".config"},
        {"runs/a.b/", "a"},
        {"a.", "a"},
        {"..", ".."},
        {"", ""},
        {"/", ""},
    };
    Arena arena = {0};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        assert_string_equal(path_stem(&arena, cases[c][0]), cases[c][1]);
    arena_free(&arena);
}

#define IN_A_PLACE(test) place_test(test, "file")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(files_and_folders_are_told_apart),
        IN_A_PLACE(a_folder_is_made_with_those_above_it),
        IN_A_PLACE(a_file_in_the_way_of_a_folder_is_said),
        IN_A_PLACE(names_are_listed_in_order),
        IN_A_PLACE(hidden_names_are_listed_but_not_the_folder_itself),
        IN_A_PLACE(a_folder_that_is_not_there_has_no_names),
        IN_A_PLACE(a_file_cannot_be_listed),
        IN_A_PLACE(any_name_is_taken_by_what_has_it),
        IN_A_PLACE(a_folder_has_one_lock),
        IN_A_PLACE(a_lock_ends_with_its_process),
        IN_A_PLACE(what_killed_writers_left_is_removed_and_nothing_else),
        IN_A_PLACE(what_cannot_be_removed_is_named),
        cmocka_unit_test(paths_are_joined_with_one_slash),
        cmocka_unit_test(a_stem_has_no_folder_and_no_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
