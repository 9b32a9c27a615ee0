/* place.c: a folder of a test's own. */
#include "support/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

int place_setup(void **state)
{
    Place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    place->folder = make_test_folder();
    place->path = test_path(place->folder, *state);
    *state = place;
    return 0;
}

int place_teardown(void **state)
{
    Place *place = *state;
    arena_free(&place->arena);
    free(place->path);
    remove_test_folder(place->folder);
    free(place);
    return 0;
}

char *place_path(Place *place, const char *name)
{
    char *path = test_path(place->folder, name);
    char *kept = arena_text(&place->arena, path, strlen(path));
    assert_non_null(kept);
    free(path);
    return kept;
}

void assert_only_name(Place *place, const char *name)
{
    char **names;
    size_t count;
    assert_true(folder_list(&place->arena, place->folder, &names, &count, NULL));
    assert_int_equal(count, 1);
    assert_string_equal(names[0], name);
}
