/* error.h: how a function says that it could not do its work.
 *
 * A function that can fail for a reason outside the program (a file, a flag, a config, memory)
 * returns bool and takes an Error last. On failure it returns fail(...), which writes one line
 * into the Error and is always false:
 *
 *     if (n_embd % n_head != 0)
 *         return fail_request(error, "n_head = %zu: does not divide n_embd = %zu", n_head, n_embd);
 *
 * The line names what was read, where (file:line), what was found and what was expected. It has no
 * newline and no "error:" in front; only src/cli prints it. What only a bug can cause is an
 * assert instead, and exit() is called in src/cli alone.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

/* The value is the exit code of the program. */
typedef enum ErrorKind {
    ERROR_NONE = 0,
    ERROR_WORK = 1,    /* the work failed: a full disk, a damaged file, a loss that became NaN */
    ERROR_REQUEST = 2, /* the request was wrong: an unknown flag, an impossible config */
} ErrorKind;

enum { ERROR_TEXT_SIZE = 1024 };

typedef struct Error {
    ErrorKind kind;
    char text[ERROR_TEXT_SIZE]; /* one line, without its middle ("...") where it would be longer */
} Error;

#if defined(__GNUC__)
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#else
#define PRINTF_LIKE(text, first)
#endif

/* Fills *error (which may be NULL, if nobody asks why) and returns false: with fail() the work
 * failed, with fail_request() the request was wrong. */
bool fail(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);
bool fail_request(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);

/* Puts "prefix: " in front of a message that is already there, where the caller knows more: which
 * file it was, say. Where both are too long for one line, the prefix loses its middle. Returns
 * false. */
bool fail_within(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);

/* Says of a message that is already there that the work failed: what would be a wrong request
 * elsewhere is none where the program itself chose the path, or reads what it wrote. Returns
 * false. */
bool fail_as_work(Error *error);

#endif
