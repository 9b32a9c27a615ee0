/* process.h: runs posgpt as a person does, and keeps what it says.
 *
 * A command line is one text whose words are parted by '|', so that a word may hold spaces:
 *
 *     Outcome outcome = run_posgpt(bench, NULL, "train|--pos|rope|--name|%s", "my run");
 *     assert_int_equal(outcome.code, 0);
 *
 * The program is the one that was built beside the test (POSGPT). It starts in the working
 * directory of the tests, the root of the tree.
 */
#ifndef TESTS_SUPPORT_PROCESS_H
#define TESTS_SUPPORT_PROCESS_H

#include "support/check.h"

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"

/* Where a test keeps its files; all of it is gone after the test. */
typedef struct Bench {
    Arena arena;
    char *folder;
} Bench;

/* Both as cmocka calls them. */
int bench_setup(void **state);
int bench_teardown(void **state);

#define bench_test(function) cmocka_unit_test_setup_teardown(function, bench_setup, bench_teardown)

/* printf into the bench's arena. */
const char *bench_text(Bench *bench, const char *format, ...) PRINTF_LIKE(2, 3);

/* A file in the bench's folder: its path, what is in it ("" where there is none), a new one. */
const char *bench_path(Bench *bench, const char *name);
const char *bench_read(Bench *bench, const char *path);
const char *bench_write(Bench *bench, const char *name, const char *text);

typedef struct Outcome {
    int code; /* the exit code; 128 + n where signal n ended it */
    const char *out, *err;
} Outcome;

/* What is not as usual; NULL stands for nothing. */
typedef struct Setting {
    const char *stdout_path; /* stdout goes there and is not kept */
    const char *programs;    /* PATH */
    size_t file_limit;       /* bytes: no file may grow beyond (ulimit -f) */
    const char *program;     /* in place of posgpt; looked up in PATH */
    const char *stdin_path;  /* where stdin comes from */
    const char *environment; /* "NAME=value|NAME": set and unset, before the program starts */
    const char *closed;      /* "12": these of the streams 0, 1 and 2 are closed */
    unsigned seconds;        /* whoever takes longer is ended by SIGALRM */
} Setting;

Outcome run_posgpt(Bench *bench, const Setting *setting, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same in two steps. */
typedef struct Process {
    pid_t id;
    const char *out, *err; /* paths */
} Process;

Process start_posgpt(Bench *bench, const Setting *setting, const char *words);
Outcome finish_posgpt(Bench *bench, Process process);

/* Does the last line of a text start with this? */
bool is_last_line(const char *text, const char *start);

/* The bytes of its longest line. */
size_t longest_line(const char *text);

#endif
