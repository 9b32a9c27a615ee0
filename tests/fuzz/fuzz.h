/* fuzz.h: what the targets of the fuzzer share.
 *
 * A target is a file fuzz_TARGET.c with one function that is given bytes. It hands them to a reader
 * and checks what comes of them: they are refused, with a message that says where; or what was read
 * keeps its promises. Where it does not, the target aborts, and the fuzzer keeps the bytes.
 *
 * seeds/TARGET holds inputs to begin with: some made by hand, which have names, and those that
 * `make fuzz` found and keep.sh kept, because they reach code that no other does. replay.c hands
 * them to the targets without a fuzzer, in `make check`. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/file.h"

/* What a target defines. The number that it returns is 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* What the fuzzer defines: changes the bytes at random, and says how many there are then. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t most);

/* Aborts with these words unless it holds. As a macro, like assert: an analyser that looks at one
 * function at a time knows that it holds from here on. */
#define check(holds, what) ((holds) ? (void)0 : fuzz_abort(what))
_Noreturn void fuzz_abort(const char *what);

/* A message is one line that a terminal can print. */
void check_message(const char *text);

/* A refusal is of that kind, and says "NAME: why". */
void check_refusal(const Error *error, ErrorKind kind, const char *name);

/* It says "NAME:LINE: why", and the text has that line. */
void check_refused_line(const Error *error, ErrorKind kind, const char *name, const uint8_t *text,
                        size_t length);

/* The same to the nine digits that tables have, or both none. */
bool same_number(double a, double b);

/* The bytes as if they had been read from a file, for whoever frees them (file.bytes). */
FileBytes fuzz_file(const uint8_t *bytes, size_t length);

/* The path of a file that is this process' own, in memory where the system has a folder for that.
 * The text is valid for ever; the same word gives the same path. At most FUZZ_PATHS words. */
enum { FUZZ_PATHS = 4 };
const char *fuzz_path(const char *word);

/* Makes that file anew. */
void fuzz_write(const char *path, const void *bytes, size_t length);

#endif
