/* run_home.h: an empty folder to work in, so that runs/ is the test's own, and what makes a run. A
 * test that is listed as AT_HOME(name) finds a RunHome in *state. */
#ifndef TESTS_SUPPORT_RUN_HOME_H
#define TESTS_SUPPORT_RUN_HOME_H

#include "support/config_keys.h"
#include "train/run.h"

#define RUN_HOME_SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

typedef struct RunHome {
    Arena arena;
    char *folder;
    char before[4096]; /* the folder to come back to */
    Config config;
    Corpus corpus; /* data/fables.txt by name, with that hash; it is not there */
    Run run;
    Error error;
} RunHome;

int run_home_setup(void **state);
int run_home_teardown(void **state);

#define AT_HOME(test) cmocka_unit_test_setup_teardown(test, run_home_setup, run_home_teardown)

/* The run of the config; the test fails if there is none. */
const Run *run_of(RunHome *home);

#endif
