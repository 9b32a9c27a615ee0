/* fixtures.h: what the tests of computations share: tensors to compute with, and comparisons of
 * rows of numbers.
 *
 * A test that needs a tape and some tensors is listed as fixture_test(name) and finds them in
 * *state:
 *
 *     Fixture *f = *state;
 *     Tensor *x = random_tensor(&f->arena, 1, SHAPE(2, 3));
 *     Tensor *y = gelu(&f->tape, x);
 *
 * Expectations are computed by plain loops on double, in a build with float as in one with double,
 * so that both builds are held against the same numbers.
 */
#ifndef TESTS_SUPPORT_FIXTURES_H
#define TESTS_SUPPORT_FIXTURES_H

#include "support/check.h"

#include "autograd/heads.h"
#include "autograd/tape.h"
#include "base/arena.h"

typedef struct Fixture {
    Arena arena; /* inputs and expectations */
    Tape tape;   /* with gradients */
    size_t threads;
} Fixture;

/* Teardown frees both and restores the number of threads. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

#define fixture_test(function)                                                                     \
    cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* SHAPE(2, 3, 4) stands for two arguments, the rank and the shape. */
#define SHAPE(...)                                                                                 \
    sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t), (size_t[])                                   \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

/* Tensors with a gradient (zero), outside of any tape; filled with zeros, with standard normal
 * numbers, or with the numbers given. */
Tensor *new_tensor(Arena *arena, size_t rank, const size_t shape[]);
Tensor *random_tensor(Arena *arena, uint64_t seed, size_t rank, const size_t shape[]);
Tensor *tensor_of(Arena *arena, const double *numbers, size_t rank, const size_t shape[]);

/* A view of all of x [B, H, T, D], where the vectors are sorted by head. */
HeadView sorted_by_head(Tensor *x);

/* Standard normal numbers. */
void fill_random(real *x, size_t n, uint64_t seed);

/* Numbers that a test owns: zero, and random. */
double *new_doubles(Arena *arena, size_t n);
real *random_numbers(Arena *arena, size_t n, uint64_t seed);

/* What a result of this build may differ from the exact one, relative to the largest of its
 * numbers. Some hundred roundings of 6e-8 fit into it, or some thousand of 1e-16. */
#ifdef REAL_IS_DOUBLE
#define REAL_TOLERANCE 1e-12
#else
#define REAL_TOLERANCE 1e-4
#endif

/* |actual[i] - expected[i]| <= REAL_TOLERANCE * (largest |expected|) for each i; never with a NaN.
 */
#define assert_numbers_close(actual, expected, n)                                                  \
    check_numbers_close(actual, expected, n, #actual, __FILE__, __LINE__)
void check_numbers_close(const real *actual, const double *expected, size_t n,
                         const char *expression, const char *file, int line);

/* The same bytes. */
#define assert_same_bits(actual, expected, n)                                                      \
    check_same_bits(actual, expected, n, #actual, __FILE__, __LINE__)
void check_same_bits(const real *actual, const real *expected, size_t n, const char *expression,
                     const char *file, int line);

/* The largest |a[i] - b[i]|. */
double largest_difference(const real *a, const real *b, size_t n);

/* The sum of a[i] b[i]. */
double dot_product(const real *a, const real *b, size_t n);

/* The same numbers as double, to compare with. */
double *as_doubles(Arena *arena, const real *x, size_t n);

#endif
