/* faults.h: runs posgpt with the library of tests/faults before it, so that a call fails; and
 * folders as a whole, to see what becomes of them. */
#ifndef TESTS_SUPPORT_FAULTS_H
#define TESTS_SUPPORT_FAULTS_H

#include "support/process.h"

typedef struct Fault {
    const char *kind; /* see interpose.h */
    size_t call;      /* which call of this kind; 0: none */
    bool rest;        /* and those after it */
    int number;       /* errno, or seconds */
} Fault;

typedef struct Faulted {
    Outcome outcome;
    const char *report; /* "": the program did not come to its end */
} Faulted;

/* Leaves the test where the library is not made. */
void only_with_faults(void);

/* The PATH leads to bench_path("programs"). A program that does not come to its end in time is
 * ended, and the test with it: where one hangs, a thousand more may. */
Faulted run_with_fault(Bench *bench, Fault fault, const char *words);

/* A number of the report, such as "hits". */
size_t in_report(const Faulted *faulted, const char *name);

/* All files below a folder, sorted by path. */
typedef struct TreeFile {
    const char *path, *bytes;
    size_t length;
} TreeFile;

typedef struct Tree {
    TreeFile *files;
    size_t count;
} Tree;

Tree tree_read(Arena *arena, const char *folder);
void tree_write(const Tree *tree, const char *folder);
const TreeFile *tree_find(const Tree *tree, const char *path);
void tree_remove(const char *folder);

#endif
