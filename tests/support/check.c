/* check.c: assertions with readable failures, and folders for tests. Nothing here uses src/, so
 * that a mistake there cannot hide itself. */
#include "support/check.h"

#include <dirent.h>
#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A job of a script in the background ignores Ctrl-C, and so does all that it starts. Tests expect
 * what is so at a terminal. */
__attribute__((constructor)) static void heed_interrupts(void)
{
    signal(SIGINT, SIG_DFL);
}

/* Every comparison with a NaN is false, the tolerance's included. */
bool is_close(double actual, double expected, double tolerance)
{
    bool both_finite = isfinite(actual) && isfinite(expected);
    return both_finite ? fabs(actual - expected) <= tolerance : actual == expected;
}

void check_close(double actual, double expected, double tolerance, const char *expression,
                 const char *file, int line)
{
    if (is_close(actual, expected, tolerance))
        return;
    print_error("%s = %.17g: expected %.17g to within %.3g\n", expression, actual, expected,
                tolerance);
    _fail(file, line);
}

/* Numbers from 2^(e-1) to 2^e stand 2^(e - digits) apart; below the least normal number, 2^least,
 * as closely as just above it, and no closer. */
static double ulps(double actual, long double expected, int digits, int least)
{
    if (isinf(expected) && actual == (double)expected)
        return 0;
    if (!isfinite(actual) || !isfinite(expected))
        return INFINITY;
    int exponent;
    frexpl(expected, &exponent);
    if (expected == 0 || exponent < least)
        exponent = least;
    return (double)ldexpl(fabsl((long double)actual - expected), digits - exponent);
}

double float_ulp_error(float actual, long double expected)
{
    return ulps((double)actual, expected, FLT_MANT_DIG, FLT_MIN_EXP);
}

double double_ulp_error(double actual, long double expected)
{
    return ulps(actual, expected, DBL_MANT_DIG, DBL_MIN_EXP);
}

void check_ulp(double error, double bound, double actual, double expected, const char *expression,
               const char *file, int line)
{
    if (error <= bound)
        return;
    print_error("%s = %.17g: expected %.17g to within %.3g ulp, not %.3g\n", expression, actual,
                expected, bound, error);
    _fail(file, line);
}

void check_contains(const char *text, const char *piece, const char *file, int line)
{
    if (strstr(text, piece) != NULL)
        return;
    print_error("\"%s\"\ndoes not contain \"%s\"\n", text, piece);
    _fail(file, line);
}

char *test_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    assert_non_null(path);
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

char *make_test_folder(void)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] == '\0')
        parent = "/tmp";
    char *folder = test_path(parent, "posgpt-test-XXXXXX");
    if (mkdtemp(folder) == NULL)
        fail_msg("%s: cannot be made", folder);
    return folder;
}

/* lstat, not stat: a link is removed, and what it points to is left alone. */
static void remove_tree(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        fail_msg("%s: is gone already", path);
    if (!S_ISDIR(status.st_mode)) {
        assert_int_equal(unlink(path), 0);
        return;
    }
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *inner = test_path(path, entry->d_name);
        remove_tree(inner);
        free(inner);
    }
    closedir(folder);
    assert_int_equal(rmdir(path), 0);
}

void remove_test_folder(char *folder)
{
    remove_tree(folder);
    free(folder);
}

void write_test_file(const char *path, const void *bytes, size_t length)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

void check_file(const char *path, const void *bytes, size_t length, const char *file, int line)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        fail_msg("%s: cannot be read", path);
        return; /* cmocka does not come back; analysers cannot know */
    }
    char *found = malloc(length + 1); /* a byte more, if there is one */
    assert_non_null(found);
    size_t n_found = fread(found, 1, length + 1, stream);
    fclose(stream);
    bool same = n_found == length && memcmp(found, bytes, length) == 0;
    if (!same)
        print_error("%s: holds \"%.*s\"\nexpected \"%.*s\"\n", path, (int)n_found, found,
                    (int)length, (const char *)bytes);
    free(found);
    if (!same)
        _fail(file, line);
}
