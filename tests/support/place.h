/* place.h: a folder of a test's own, with the path of a file in it.
 *
 * A test that is listed as place_test(name, "x.txt") finds its place in *state:
 *
 *     Place *place = *state;
 *     write_test_file(place->path, "abc", 3);
 *
 * Whether it passes or fails, the folder goes afterwards with everything in it.
 */
#ifndef TESTS_SUPPORT_PLACE_H
#define TESTS_SUPPORT_PLACE_H

#include "support/check.h"

#include "base/arena.h"
#include "base/error.h"

typedef struct Place {
    Arena arena;
    char *folder, *path; /* the path is FOLDER/x.txt, which is not there yet */
    Error error;
} Place;

/* Setup finds the name of the file in *state. */
int place_setup(void **state);
int place_teardown(void **state);

#define place_test(function, file)                                                                 \
    cmocka_unit_test_prestate_setup_teardown(function, place_setup, place_teardown, file)

/* FOLDER/NAME, in the arena. */
char *place_path(Place *place, const char *name);

/* There is one name in the folder, and it is this. */
void assert_only_name(Place *place, const char *name);

#endif
