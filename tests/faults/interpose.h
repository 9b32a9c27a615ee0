/* interpose.h: a library that stands between posgpt and the C library, and lets calls fail.
 *
 * It is loaded before the program (LD_PRELOAD) and takes its orders from the environment:
 *
 *     FAULT=KIND,CALL,REST,NUMBER,REPORT
 *
 * Of the calls of this KIND (below), the CALL-th, counted from 1, fails with NUMBER as its errno;
 * if REST is 1, so do those after it. The clock does not fail: it is NUMBER seconds off from that
 * call on. CALL = 0 only counts. When the program ends by itself, the file REPORT says what
 * happened:
 *
 *     hits 1                    calls that failed
 *     blocks 3                  of memory that are not freed
 *     files 4                   that are open, beyond stdin, stdout and stderr
 *     allocate 214              calls of each kind
 *     ...
 *     block posgpt+0x1f2a4      who allocated what is not freed (for addr2line)
 *
 * Some things are not as usual, fault or no fault, so that all runs are alike and quick: the clock
 * stands still, fsync does not wait for the disk, and nobody sleeps for longer than a millisecond.
 * In the programs that this one starts nothing else changes (FAULT=none).
 *
 * It needs glibc, and a program without sanitizers, which replace the same functions. It is for
 * programs of one thread. */
#ifndef TESTS_FAULTS_INTERPOSE_H
#define TESTS_FAULTS_INTERPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum FaultKind {
    FAULT_ALLOCATE, /* malloc, calloc, realloc */
    FAULT_OPEN,     /* open, fopen, fdopen, opendir */
    FAULT_READ,     /* read, readdir, and what a FILE reads at once */
    FAULT_WRITE,    /* write, and what a FILE writes at once: half of it is written */
    FAULT_CLOSE,    /* close, and that of a FILE: it is closed all the same */
    FAULT_SYNC,     /* fsync */
    FAULT_RENAME,   /* rename */
    FAULT_MAKE,     /* mkdir */
    FAULT_REMOVE,   /* unlink, remove */
    FAULT_LOCK,     /* flock */
    FAULT_LOOK,     /* stat, lstat, fstat, realpath */
    FAULT_SPAWN,    /* pipe, fork, dup2, fcntl, chdir, execvp, waitpid */
    FAULT_CLOCK,    /* clock_gettime */
    N_FAULT_KINDS
} FaultKind;

/* Counts a call; true, with errno, if it is one that fails. */
bool fault_hits(FaultKind kind);

/* Is anything asked for? By how many seconds is the clock off? */
bool fault_is_on(void);
long fault_clock_shift(void);

/* Stores the function of this name that would be called without this library. */
void fault_find(const char *name, void *function);

/* A function that fails, or calls the one behind it. */
#define FAULT_DOOR(kind, failure, type, name, parameters, arguments)                               \
    type name parameters                                                                           \
    {                                                                                              \
        /* NOLINTNEXTLINE(bugprone-macro-parentheses): these bring their own */                    \
        static type(*behind) parameters;                                                           \
        if (!behind)                                                                               \
            fault_find(#name, &behind);                                                            \
        return fault_hits(kind) ? (failure) : behind arguments;                                    \
    }

/* Makes a stream of a file, whose reads and writes come through this library. */
FILE *fault_stream(int file, const char *mode);

/* How many blocks of memory there are, and who allocated one. */
size_t fault_count_blocks(void);
const char *fault_caller_of_block(size_t block);

#endif
