/* run_home.c: goes to an empty folder, and back. */
#include "support/run_home.h"

#include <stdlib.h>
#include <unistd.h>

int run_home_setup(void **state)
{
    RunHome *home = calloc(1, sizeof *home);
    assert_non_null(home);
    assert_non_null(getcwd(home->before, sizeof home->before));
    home->folder = make_test_folder();
    assert_int_equal(chdir(home->folder), 0);
    assert_true(config_init(&home->config, NULL));
    home->corpus = (Corpus){.path = "data/fables.txt", .name = "fables", .sha256 = RUN_HOME_SHA};
    *state = home;
    return 0;
}

int run_home_teardown(void **state)
{
    RunHome *home = *state;
    assert_int_equal(chdir(home->before), 0);
    config_free(&home->config);
    arena_free(&home->arena);
    remove_test_folder(home->folder);
    free(home);
    return 0;
}

const Run *run_of(RunHome *home)
{
    if (!run_of_config(&home->arena, &home->config, &home->corpus, &home->run, &home->error))
        fail_msg("%s", home->error.text);
    return &home->run;
}
