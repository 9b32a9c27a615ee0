/* test_run_folder.c: tests of src/train/run.c: the folder of a run: claimed, and set aside. */
#include "support/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "support/fixtures.h"
#include "support/place.h"
#include "train/run.h"

/* The run FOLDER/x, with a metrics.csv that says whose it is, unless that is NULL. */
static Run run_x(Place *place, const char *whose)
{
    Run run;
    assert_true(run_in_folder(&place->arena, place->path, &run, NULL));
    if (whose) {
        assert_true(folder_make(run.folder, NULL));
        write_test_file(run.metrics, whose, strlen(whose));
    }
    return run;
}

/* The run is set aside as NAME, in which its file is then. */
static void check_set_aside(Place *place, const char *whose, const char *name)
{
    Run run = run_x(place, whose);
    const char *kept = NULL, *path = place_path(place, name);
    if (!run_set_aside(&place->arena, &run, &kept, &place->error))
        fail_msg("%s", place->error.text);
    assert_string_equal(kept, path);
    assert_false(path_is_taken(run.folder));
    assert_file_is(path_join(&place->arena, kept, "metrics.csv"), whose, strlen(whose));
}

static void a_run_is_set_aside_under_the_first_name_that_is_free(void **state)
{
    Place *place = *state;
    check_set_aside(place, "first", "x-old-1");
    check_set_aside(place, "second", "x-old-2");
    assert_true(folder_make(place_path(place, "x-old-3"), NULL)); /* empty, and yet somebody's */
    write_test_file(place_path(place, "x-old-4"), "", 0);
    assert_int_equal(symlink("nowhere", place_path(place, "x-old-5")), 0);
    check_set_aside(place, "third", "x-old-6");
    assert_file_is(place_path(place, "x-old-1/metrics.csv"), "first", 5);
    assert_file_is(place_path(place, "x-old-2/metrics.csv"), "second", 6);
}

static void nothing_is_set_aside_where_there_is_no_run(void **state)
{
    Place *place = *state;
    Run run = run_x(place, NULL);
    const char *kept = "?";
    assert_true(run_set_aside(&place->arena, &run, &kept, NULL));
    assert_null(kept);
    assert_false(path_is_taken(run.folder));
}

static void a_claimed_run_is_neither_claimed_nor_set_aside(void **state)
{
    Place *place = *state;
    Run run = run_x(place, NULL);
    const char *kept;
    int first, second;
    assert_true(run_claim(&run, &first, NULL)); /* which makes the folder */
    write_test_file(place_path(place, "x/model.1.tmp"), "", 0);
    assert_false(run_claim(&run, &second, &place->error));
    assert_contains(place->error.text, "/x: is in use by another process");
    assert_false(run_set_aside(&place->arena, &run, &kept, &place->error));
    assert_contains(place->error.text, "/x: is in use by another process");
    assert_int_equal(place->error.kind, ERROR_WORK);
    assert_true(folder_exists(run.folder));
    assert_true(file_exists(place_path(place, "x/model.1.tmp"))); /* somebody is writing it */
    folder_unlock(first);
    assert_true(run_claim(&run, &second, NULL));
    assert_false(file_exists(place_path(place, "x/model.1.tmp")));
    folder_unlock(second);
}

/* What cannot be cleared away is not taken over, and stands in nobody's way once it is gone. */
static void a_claim_that_fails_leaves_no_lock(void **state)
{
    Place *place = *state;
    Run run = run_x(place, "x");
    const char *obstacle = path_join(&place->arena, run.folder, "metrics.csv.1.tmp");
    int lock;
    assert_true(folder_make(obstacle, NULL));
    assert_false(run_claim(&run, &lock, &place->error));
    assert_contains(place->error.text, obstacle);
    assert_int_equal(rmdir(obstacle), 0);
    assert_true(run_claim(&run, &lock, NULL));
    folder_unlock(lock);
}

static void the_lock_goes_with_the_folder_and_not_with_its_name(void **state)
{
    Place *place = *state;
    Run run = run_x(place, NULL);
    int first, second;
    assert_true(run_claim(&run, &first, NULL));
    assert_int_equal(rename(run.folder, place_path(place, "elsewhere")), 0);
    assert_true(run_claim(&run, &second, NULL)); /* a new folder */
    folder_unlock(first);
    folder_unlock(second);
}

/* Of all the files of a run. */
static void what_the_end_of_a_run_writes_is_removed_and_nothing_else(void **state)
{
    Place *place = *state;
    Run run = run_x(place, "whose");
    const char *const of_the_end[] = {
        run.samples, run.exam,        run.contexts, run.context_positions,
        run.picture, run.picture_svg, run.result};
    const char *const others[] = {run.config,     run.checkpoint,  run.best,
                                  run.evaluation, run.by_position, run.by_position_picture};
    for (size_t round = 0; round < 2; round++) { /* then with nothing there */
        for (size_t f = 0; f < COUNT_OF(others); f++)
            write_test_file(others[f], "kept", 4);
        for (size_t f = 0; f < COUNT_OF(of_the_end) && round == 0; f++)
            write_test_file(of_the_end[f], "old", 3);
        assert_true(run_remove_end(&run, &place->error));
        for (size_t f = 0; f < COUNT_OF(of_the_end); f++)
            assert_false(path_is_taken(of_the_end[f]));
        for (size_t f = 0; f < COUNT_OF(others); f++)
            assert_file_is(others[f], "kept", 4);
        assert_file_is(run.metrics, "whose", 5);
    }
    assert_true(folder_make(place_path(place, "x/result.csv/full"), NULL));
    assert_false(run_remove_end(&run, &place->error));
    assert_contains(place->error.text, "/x/result.csv: cannot be removed: ");
}

#define IN_A_PLACE(test) place_test(test, "x")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_run_is_set_aside_under_the_first_name_that_is_free),
        IN_A_PLACE(nothing_is_set_aside_where_there_is_no_run),
        IN_A_PLACE(a_claimed_run_is_neither_claimed_nor_set_aside),
        IN_A_PLACE(a_claim_that_fails_leaves_no_lock),
        IN_A_PLACE(the_lock_goes_with_the_folder_and_not_with_its_name),
        IN_A_PLACE(what_the_end_of_a_run_writes_is_removed_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
