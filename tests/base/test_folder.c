/* test_folder.c: tests of src/base/folder.c. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static void files_and_folders_are_told_apart(void **state)
{
    (void)state;
    char *folder = make_test_folder(), *file = test_path(folder, "file"),
         *link = test_path(folder, "link"), *pipe = test_path(folder, "pipe");
    write_test_file(file, "x", 1);
    assert_int_equal(symlink("nowhere", link), 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_true(file_exists(file) && !folder_exists(file));
    assert_true(folder_exists(folder) && !file_exists(folder));
    assert_false(file_exists(link) || folder_exists(link));
    assert_false(file_exists(pipe) || folder_exists(pipe));
    assert_false(file_exists("") || folder_exists(""));
    free(file);
    free(link);
    free(pipe);
    remove_test_folder(folder);
}

static void a_folder_is_made_with_those_above_it(void **state)
{
    (void)state;
    char *folder = make_test_folder();
    const char *const paths[] = {"a", "a/b/c", "a/b/c", "d//e/", "f/./g", "h/"};
    for (size_t p = 0; p < sizeof paths / sizeof paths[0]; p++) {
        char *path = test_path(folder, paths[p]);
        Error error = {0};
        if (!folder_make(path, &error))
            fail_msg("%s", error.text);
        assert_true(folder_exists(path));
        free(path);
    }
    assert_true(folder_make("/", NULL));
    assert_true(folder_make(".", NULL));
    remove_test_folder(folder);
}

static void a_file_in_the_way_of_a_folder_is_said(void **state)
{
    (void)state;
    char *folder = make_test_folder(), *file = test_path(folder, "file"),
         *inner = test_path(folder, "file/inner");
    write_test_file(file, "x", 1);
    Error error = {0};
    assert_false(folder_make(file, &error));
    assert_contains(error.text, "/file: cannot be made as a folder: File exists");
    assert_false(folder_make(inner, &error));
    assert_contains(error.text, "/file: cannot be made as a folder: File exists");
    assert_false(folder_make("", &error));
    free(file);
    free(inner);
    remove_test_folder(folder);
}

static void names_are_listed_in_order(void **state)
{
    (void)state;
    enum { N_FILES = 100 };
    char *folder = make_test_folder();
    for (int n = 0; n < N_FILES; n++) {
        char name[32];
        snprintf(name, sizeof name, "%03d", n * 37 % N_FILES);
        char *path = test_path(folder, name);
        write_test_file(path, "", 0);
        free(path);
    }
    Arena arena = {0};
    char **names;
    size_t count;
    assert_true(folder_list(&arena, folder, &names, &count, NULL));
    assert_int_equal(count, N_FILES);
    for (size_t n = 0; n < count; n++)
        assert_int_equal(atoi(names[n]), n);
    arena_free(&arena);
    remove_test_folder(folder);
}

static void hidden_names_are_listed_but_not_the_folder_itself(void **state)
{
    (void)state;
    char *folder = make_test_folder(), *hidden = test_path(folder, ".hidden");
    write_test_file(hidden, "", 0);
    Arena arena = {0};
    char **names;
    size_t count;
    assert_true(folder_list(&arena, folder, &names, &count, NULL));
    assert_int_equal(count, 1);
    assert_string_equal(names[0], ".hidden");
    arena_free(&arena);
    free(hidden);
    remove_test_folder(folder);
}

static void a_folder_that_is_not_there_has_no_names(void **state)
{
    (void)state;
    char *folder = make_test_folder(), *absent = test_path(folder, "absent");
    Arena arena = {0};
    char **names;
    size_t count = 7;
    assert_true(folder_list(&arena, absent, &names, &count, NULL));
    assert_int_equal(count, 0);
    count = 7;
    assert_true(folder_list(&arena, folder, &names, &count, NULL));
    assert_int_equal(count, 0);
    arena_free(&arena);
    free(absent);
    remove_test_folder(folder);
}

static void a_file_cannot_be_listed(void **state)
{
    (void)state;
    char *folder = make_test_folder(), *file = test_path(folder, "file");
    write_test_file(file, "", 0);
    Arena arena = {0};
    char **names;
    size_t count;
    Error error = {0};
    assert_false(folder_list(&arena, file, &names, &count, &error));
    assert_contains(error.text, "/file: Not a directory");
    arena_free(&arena);
    free(file);
    remove_test_folder(folder);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_and_folders_are_told_apart),
        cmocka_unit_test(a_folder_is_made_with_those_above_it),
        cmocka_unit_test(a_file_in_the_way_of_a_folder_is_said),
        cmocka_unit_test(names_are_listed_in_order),
        cmocka_unit_test(hidden_names_are_listed_but_not_the_folder_itself),
        cmocka_unit_test(a_folder_that_is_not_there_has_no_names),
        cmocka_unit_test(a_file_cannot_be_listed),
        cmocka_unit_test(paths_are_joined_with_one_slash),
        cmocka_unit_test(a_stem_has_no_folder_and_no_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
