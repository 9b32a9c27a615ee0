/* replay.c: hands the inputs that are kept in seeds/TARGET to a target, as a test: whatever the
 * fuzzer once found stays found. It is linked with each target: replay_TARGET. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "fuzz/fuzz.h"

enum { MOST_BYTES = 1 << 20 };

static const char *program;

/* Who changes inputs is not called here. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t most)
{
    (void)bytes, (void)most;
    return length;
}

/* "build/.../replay_json" hands out what is in tests/fuzz/seeds/json. */
static char *folder_of_seeds(Arena *arena)
{
    const char *name = strstr(program, "replay_");
    assert_non_null(name);
    return path_join(arena, "tests/fuzz/seeds", name + strlen("replay_"));
}

/* The target's own copy ends where the input does, for the sanitizers. */
static void replay(const char *path)
{
    Arena arena = {0};
    FileBytes file;
    assert_true(file_read(&arena, path, MOST_BYTES, &file, NULL));
    uint8_t *bytes = malloc(file.length > 0 ? file.length : 1);
    assert_non_null(bytes);
    memcpy(bytes, file.bytes, file.length);
    arena_free(&arena);
    assert_int_equal(LLVMFuzzerTestOneInput(bytes, file.length), 0);
    free(bytes);
}

/* The name stands in the log before its input is tried: the last one is that of an abort. */
static void every_kept_input_is_read_or_refused(void **state)
{
    (void)state;
    Arena arena = {0};
    char **names;
    size_t count;
    char *folder = folder_of_seeds(&arena);
    assert_true(folder_list(&arena, folder, &names, &count, NULL));
    assert_true(count > 0);
    for (size_t n = 0; n < count; n++) {
        char *path = path_join(&arena, folder, names[n]);
        printf("%s\n", path);
        fflush(stdout);
        replay(path);
    }
    arena_free(&arena);
}

int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_kept_input_is_read_or_refused)};
    program = argc > 0 ? argv[0] : "";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
