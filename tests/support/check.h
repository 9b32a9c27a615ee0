/* check.h: what every test file includes first: cmocka, and what it lacks.
 *
 * cmocka.h needs four standard headers before it; they are included here once. Its macro fail()
 * would stand in the way of fail() in base/error.h, so it goes: a test says fail_msg("...").
 */
#ifndef TESTS_SUPPORT_CHECK_H
#define TESTS_SUPPORT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail
#undef fail_msg /* which used it */
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* |actual - expected| <= tolerance. NaN is close to nothing, and an infinity only to itself.
 * (cmocka 1.1.5's own assert_float_equal accepts NaN.) */
#define assert_close(actual, expected, tolerance)                                                  \
    check_close((double)(actual), (double)(expected), (double)(tolerance), #actual, __FILE__,      \
                __LINE__)

bool is_close(double actual, double expected, double tolerance);
void check_close(double actual, double expected, double tolerance, const char *expression,
                 const char *file, int line);

/* |actual - expected| in ulp, units in the last place: in distances between two neighbours among
 * the numbers of actual's type (float or double) where `expected` lies. A number that is rounded
 * correctly is within 1/2. Infinite for a NaN, and for an infinity that is not expected. */
#define ulp_error(actual, expected)                                                                \
    _Generic((actual), float : float_ulp_error, double : double_ulp_error)(actual, expected)

double float_ulp_error(float actual, long double expected);
double double_ulp_error(double actual, long double expected);

/* ulp_error(actual, expected) <= bound. */
#define assert_within_ulp(actual, expected, bound)                                                 \
    check_ulp(ulp_error(actual, expected), bound, (double)(actual), (double)(expected), #actual,   \
              __FILE__, __LINE__)

void check_ulp(double error, double bound, double actual, double expected, const char *expression,
               const char *file, int line);

/* The text holds the piece; the failure shows both. */
#define assert_contains(text, piece) check_contains(text, piece, __FILE__, __LINE__)

void check_contains(const char *text, const char *piece, const char *file, int line);

/* A new empty folder under $TMPDIR or /tmp, and its removal with everything in it. The name is
 * malloc'd; remove_test_folder frees it. Both fail the test if they cannot do their work. */
char *make_test_folder(void);
void remove_test_folder(char *folder);

/* FOLDER/NAME, to be freed by the caller. */
char *test_path(const char *folder, const char *name);

/* Writes a file with plain stdio, independently of src/base/file.c. */
void write_test_file(const char *path, const void *bytes, size_t length);

/* The file holds these bytes and no others; it is read with plain stdio, too. */
#define assert_file_is(path, bytes, length) check_file(path, bytes, length, __FILE__, __LINE__)

void check_file(const char *path, const void *bytes, size_t length, const char *file, int line);

#endif
