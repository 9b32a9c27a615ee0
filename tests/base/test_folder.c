/* test_folder.c: tests of src/base/folder.c. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
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
        cmocka_unit_test(paths_are_joined_with_one_slash),
        cmocka_unit_test(a_stem_has_no_folder_and_no_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
