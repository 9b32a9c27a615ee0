/* fixtures.c: tensors to compute with, and comparisons of rows of numbers. */
#include "support/fixtures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "math/parallel.h"

int fixture_setup(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    if (f == NULL || !tape_init(&f->tape, true, NULL))
        return -1;
    f->threads = parallel_threads();
    *state = f;
    return 0;
}

int fixture_teardown(void **state)
{
    Fixture *f = *state;
    parallel_set_threads(f->threads);
    tape_free(&f->tape);
    arena_free(&f->arena);
    free(f);
    return 0;
}

void fill_random(real *x, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (real)random_normal(random_seed(seed), i);
}

static real *new_reals(Arena *arena, size_t n)
{
    real *numbers = arena_alloc(arena, n, sizeof *numbers);
    assert_non_null(numbers);
    return numbers;
}

double *new_doubles(Arena *arena, size_t n)
{
    double *numbers = arena_alloc(arena, n, sizeof *numbers);
    assert_non_null(numbers);
    return numbers;
}

real *random_numbers(Arena *arena, size_t n, uint64_t seed)
{
    real *numbers = new_reals(arena, n);
    fill_random(numbers, n, seed);
    return numbers;
}

Tensor *new_tensor(Arena *arena, size_t rank, const size_t shape[])
{
    assert_true(rank >= 1 && rank <= MAX_RANK);
    Tensor *x = arena_alloc(arena, 1, sizeof *x);
    assert_non_null(x);
    x->rank = rank;
    memcpy(x->shape, shape, rank * sizeof *shape);
    x->data = new_reals(arena, tensor_size(x));
    x->grad = new_reals(arena, tensor_size(x));
    return x;
}

Tensor *random_tensor(Arena *arena, uint64_t seed, size_t rank, const size_t shape[])
{
    Tensor *x = new_tensor(arena, rank, shape);
    fill_random(x->data, tensor_size(x), seed);
    return x;
}

Tensor *tensor_of(Arena *arena, const double *numbers, size_t rank, const size_t shape[])
{
    Tensor *x = new_tensor(arena, rank, shape);
    for (size_t i = 0; i < tensor_size(x); i++)
        x->data[i] = (real)numbers[i];
    return x;
}

HeadView sorted_by_head(Tensor *x)
{
    size_t H = x->shape[1], T = x->shape[2], D = x->shape[3];
    assert_int_equal(x->rank, 4);
    return (HeadView){.x = x,
                      .batch = x->shape[0],
                      .n_head = H,
                      .length = T,
                      .head_size = D,
                      .batch_stride = H * T * D,
                      .head_stride = T * D,
                      .token_stride = D};
}

void check_numbers_close(const real *actual, const double *expected, size_t n,
                         const char *expression, const char *file, int line)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(expected[i]));
    for (size_t i = 0; i < n; i++) {
        double error = fabs((double)actual[i] - expected[i]);
        if (error <= REAL_TOLERANCE * largest) /* false with a NaN */
            continue;
        print_error("%s[%zu] = %.17g: expected %.17g (the largest is %.3g)\n", expression, i,
                    (double)actual[i], expected[i], largest);
        _fail(file, line);
    }
}

void check_same_bits(const real *actual, const real *expected, size_t n, const char *expression,
                     const char *file, int line)
{
    for (size_t i = 0; i < n; i++) {
        /* NOLINTNEXTLINE(cert-exp42-c,cert-flp37-c,bugprone-suspicious-memory-comparison): the bits */
        if (memcmp(actual + i, expected + i, sizeof *actual) == 0)
            continue;
        print_error("%s[%zu] = %.17g: expected the same bits as %.17g\n", expression, i,
                    (double)actual[i], (double)expected[i]);
        _fail(file, line);
    }
}

double largest_difference(const real *a, const real *b, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs((double)a[i] - (double)b[i]));
    return largest;
}

double dot_product(const real *a, const real *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

double *as_doubles(Arena *arena, const real *x, size_t n)
{
    double *numbers = new_doubles(arena, n);
    for (size_t i = 0; i < n; i++)
        numbers[i] = (double)x[i];
    return numbers;
}
