/* test_gemm.c: tests of src/math/gemm.c against three loops on double. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "math/gemm.h"
#include "math/parallel.h"
#include "support/fixtures.h"

/* How the numbers of A and B lie: the three products of a linear layer, and the fourth way. */
typedef enum Form { FORWARD, GRADIENT_OF_X, GRADIENT_OF_W, BOTH_TRANSPOSED, N_FORMS } Form;

enum { GAP = 3 }; /* numbers between the rows of C, and after the last */

typedef struct Product {
    size_t m, n, k;
    Form form;
    real *a_numbers, *b_numbers;
    Matrix a, b;
} Product;

static Product product_of(Arena *arena, size_t m, size_t n, size_t k, Form form)
{
    Product p = {.m = m, .n = n, .k = k, .form = form};
    p.a_numbers = random_numbers(arena, m * k, 100 * m + k);
    p.b_numbers = random_numbers(arena, k * n, 200 * n + k);
    bool a_across = form == GRADIENT_OF_W || form == BOTH_TRANSPOSED;
    bool b_across = form == FORWARD || form == BOTH_TRANSPOSED;
    p.a = a_across ? matrix_transposed(p.a_numbers, m) : matrix(p.a_numbers, k);
    p.b = b_across ? matrix_transposed(p.b_numbers, k) : matrix(p.b_numbers, n);
    return p;
}

/* Element (i, j) of A or B, found without the strides. */
static real a_at(const Product *p, size_t i, size_t k)
{
    bool across = p->form == GRADIENT_OF_W || p->form == BOTH_TRANSPOSED;
    return across ? p->a_numbers[k * p->m + i] : p->a_numbers[i * p->k + k];
}

static real b_at(const Product *p, size_t k, size_t j)
{
    bool across = p->form == FORWARD || p->form == BOTH_TRANSPOSED;
    return across ? p->b_numbers[j * p->k + k] : p->b_numbers[k * p->n + j];
}

static size_t c_size(const Product *p)
{
    return p->m * (p->n + GAP);
}

/* A random C, as left by others, with numbers in the gaps. */
static real *old_c(Arena *arena, const Product *p)
{
    return random_numbers(arena, c_size(p), 5);
}

static void check_product(Fixture *f, size_t m, size_t n, size_t k, Form form, GemmMode mode)
{
    Product p = product_of(&f->arena, m, n, k, form);
    real *c = old_c(&f->arena, &p), *old = old_c(&f->arena, &p);
    double *expected = new_doubles(&f->arena, m * n);
    size_t c_stride = n + GAP;
    gemm(m, n, k, p.a, p.b, mode, c, c_stride);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = mode == GEMM_ADD ? (double)old[i * c_stride + j] : 0;
            for (size_t depth = 0; depth < k; depth++)
                sum += (double)a_at(&p, i, depth) * (double)b_at(&p, depth, j);
            expected[i * n + j] = sum;
        }
        assert_same_bits(c + i * c_stride + n, old + i * c_stride + n, GAP);
        memmove(c + i * n, c + i * c_stride, n * sizeof *c);
    }
    assert_numbers_close(c, expected, m * n);
    arena_reset(&f->arena);
}

static void check_both_modes(Fixture *f, size_t m, size_t n, size_t k)
{
    for (Form form = 0; form < N_FORMS; form++) {
        check_product(f, m, n, k, form, GEMM_SET);
        check_product(f, m, n, k, form, GEMM_ADD);
    }
}

/* All that a tile can lack: tiles are 6 or 12 rows by 4 to 32 columns, as the registers allow; and
 * the few rows for which B is not packed. */
static void every_small_product_is_right(void **state)
{
    for (size_t m = 1; m <= 40; m++)
        for (size_t n = 1; n <= 40; n++)
            check_both_modes(*state, m, n, 1 + (7 * m + 3 * n) % 23);
}

static void products_around_the_blocks_of_k_are_right(void **state)
{
    const size_t depths[] = {1, 2, 63, 64, 65, 129, 255, 256, 257, 511, 512, 513, 1025};
    for (size_t i = 0; i < COUNT_OF(depths); i++) {
        check_both_modes(*state, 25, 33, depths[i]);
        check_both_modes(*state, 1, 1, depths[i]);
        check_both_modes(*state, 3, 70, depths[i]);
    }
}

/* A panel block of B is 256 columns of float or 128 of double. */
static void products_around_the_blocks_of_n_are_right(void **state)
{
    const size_t columns[] = {63, 64, 65, 127, 128, 129, 255, 256, 257, 384, 513};
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        check_both_modes(*state, 13, columns[i], 7);
        check_both_modes(*state, 7, columns[i], 300);
    }
}

static void an_empty_product_writes_nothing(void **state)
{
    (void)state;
    const real numbers[] = {1, 2, 3, 4, 5};
    real c[] = {7, 7, 7, 7, 7};
    gemm(0, 5, 1, matrix(numbers, 1), matrix(numbers, 5), GEMM_SET, c, 5);
    gemm(5, 0, 1, matrix(numbers, 1), matrix(numbers, 0), GEMM_SET, c, 1);
    for (size_t i = 0; i < COUNT_OF(c); i++)
        assert_close(c[i], 7, 0);
}

static void a_part_of_a_matrix_is_a_matrix(void **state)
{
    (void)state;
    /* The 2 x 2 in the lower right of each 3 x 4: [6 7; 10 11] [-1 1; 2 0], by hand. */
    const real a[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    const real b[] = {9, 9, 9, 9, 9, 9, -1, 1, 9, 9, 2, 0};
    real c[4];
    gemm(2, 2, 2, matrix(a + 6, 4), matrix(b + 6, 4), GEMM_SET, c, 2);
    assert_close(c[0], 8, 0);
    assert_close(c[1], 6, 0);
    assert_close(c[2], 12, 0);
    assert_close(c[3], 10, 0);
}

static void set_does_not_read_what_was_there(void **state)
{
    Fixture *f = *state;
    Product p = product_of(&f->arena, 14, 35, 260, FORWARD);
    real *clean = old_c(&f->arena, &p), *dirty = old_c(&f->arena, &p);
    for (size_t i = 0; i < c_size(&p); i++)
        dirty[i] = (real)NAN;
    gemm(p.m, p.n, p.k, p.a, p.b, GEMM_SET, clean, p.n);
    gemm(p.m, p.n, p.k, p.a, p.b, GEMM_SET, dirty, p.n);
    assert_same_bits(dirty, clean, p.m * p.n);
}

static void the_number_of_threads_changes_no_bit(void **state)
{
    Fixture *f = *state;
    const size_t threads[] = {2, 3, 8};
    const size_t sizes[][3] = {{203, 133, 300}, {3, 1000, 900}, {3, 20, 40000}};
    for (size_t n = 0; n < N_FORMS * COUNT_OF(sizes); n++) {
        const size_t *size = sizes[n / N_FORMS];
        Product p = product_of(&f->arena, size[0], size[1], size[2], n % N_FORMS);
        real *alone = old_c(&f->arena, &p);
        parallel_set_threads(1);
        gemm(p.m, p.n, p.k, p.a, p.b, GEMM_ADD, alone, p.n + GAP);
        for (size_t i = 0; i < COUNT_OF(threads); i++) {
            real *c = old_c(&f->arena, &p);
            parallel_set_threads(threads[i]);
            gemm(p.m, p.n, p.k, p.a, p.b, GEMM_ADD, c, p.n + GAP);
            assert_same_bits(c, alone, c_size(&p));
        }
        arena_reset(&f->arena);
    }
}

/* A few rows at a time, and one column at a time: an element does not know of the others. */
static void an_element_has_the_same_bits_in_every_product(void **state)
{
    Fixture *f = *state;
    for (Form form = 0; form < N_FORMS; form++) {
        Product p = product_of(&f->arena, 29, 141, 515, form);
        real *c = old_c(&f->arena, &p), *rows = new_tensor(&f->arena, SHAPE(p.m, p.n))->data;
        gemm(p.m, p.n, p.k, p.a, p.b, GEMM_SET, c, p.n);
        for (size_t height = 1; height <= 9; height++)
            for (size_t i = 0; i + height <= p.m; i += height) {
                Matrix a = p.a;
                a.at += i * a.row_stride;
                gemm(height, p.n, p.k, a, p.b, GEMM_SET, rows, p.n);
                assert_same_bits(rows, c + i * p.n, height * p.n);
            }
        for (size_t j = 0; j < p.n; j++) {
            Matrix b = p.b;
            real column[29];
            b.at += j * b.column_stride;
            gemm(p.m, 1, p.k, p.a, b, GEMM_SET, column, 1);
            for (size_t i = 0; i < p.m; i++)
                assert_same_bits(column + i, c + i * p.n + j, 1);
        }
    }
}

/* The chain k = 0, 1, 2, ... may be cut anywhere: what has been summed goes on from C. */
static void a_product_can_be_continued_with_add(void **state)
{
    Fixture *f = *state;
    const size_t cuts[] = {1, 100, 255, 256, 257, 400};
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        Product p = product_of(&f->arena, 17, 37, 401, GRADIENT_OF_X);
        real *whole = old_c(&f->arena, &p), *parts = old_c(&f->arena, &p);
        Matrix a = p.a, b = p.b;
        gemm(p.m, p.n, p.k, a, b, GEMM_SET, whole, p.n);
        gemm(p.m, p.n, cuts[i], a, b, GEMM_SET, parts, p.n);
        a.at += cuts[i] * a.column_stride;
        b.at += cuts[i] * b.row_stride;
        gemm(p.m, p.n, p.k - cuts[i], a, b, GEMM_ADD, parts, p.n);
        assert_same_bits(parts, whole, p.m * p.n);
    }
}

/* A multiply-add rounds once where the processor has it as one instruction (fma), and twice where
 * it has not. Which of them it is, is the same for every element. */
static void an_element_is_one_chain_in_the_order_of_k(void **state)
{
    Fixture *f = *state;
    Product p = product_of(&f->arena, 31, 45, 270, FORWARD);
    real *c = old_c(&f->arena, &p);
    gemm(p.m, p.n, p.k, p.a, p.b, GEMM_SET, c, p.n);
    size_t n_fused = 0, n_separate = 0;
    for (size_t i = 0; i < p.m; i++)
        for (size_t j = 0; j < p.n; j++) {
            real fused = 0, separate = 0;
            for (size_t k = 0; k < p.k; k++) {
                volatile real product = a_at(&p, i, k) * b_at(&p, k, j);
                separate += product;
                fused = fma(a_at(&p, i, k), b_at(&p, k, j), fused);
            }
            n_fused += c[i * p.n + j] == fused;
            n_separate += c[i * p.n + j] == separate;
        }
    assert_true(n_fused == p.m * p.n || n_separate == p.m * p.n);
}

/* One bad number in A spoils its row, one in B its column, and nothing else. */
static void nan_and_infinity_go_where_they_belong(void **state)
{
    Fixture *f = *state;
    const real bad_numbers[] = {(real)NAN, (real)INFINITY};
    for (size_t bad = 0; bad < 2; bad++)
        for (size_t row = 0; row < 15; row++) {
            Product p = product_of(&f->arena, 15, 39, 20, FORWARD);
            size_t column = 2 * row + 9;
            real *c = old_c(&f->arena, &p);
            p.a_numbers[row * p.k + 3] = bad_numbers[bad];
            p.b_numbers[column * p.k + 4] = bad_numbers[bad];
            gemm(p.m, p.n, p.k, p.a, p.b, GEMM_SET, c, p.n);
            for (size_t i = 0; i < p.m; i++)
                for (size_t j = 0; j < p.n; j++) {
                    real number = c[i * p.n + j];
                    assert_int_equal(!isfinite(number), i == row || j == column);
                    if (bad == 0)
                        assert_int_equal(number != number, i == row || j == column);
                }
        }
}

static void zero_times_infinity_is_not_a_number(void **state)
{
    (void)state;
    const real zero[] = {0, 1}, infinite[] = {(real)INFINITY, 1};
    real c;
    gemm(1, 1, 2, matrix(zero, 2), matrix(infinite, 1), GEMM_SET, &c, 1);
    assert_true(c != c);
}

typedef struct Repeated {
    Product p;
    real *c; /* [range, m, n] */
} Repeated;

static void products_of_a_range(void *context, size_t begin, size_t end)
{
    const Repeated *repeated = context;
    const Product *p = &repeated->p;
    for (size_t range = begin; range < end; range++)
        gemm(p->m, p->n, p->k, p->a, p->b, GEMM_SET, repeated->c + range * p->m * p->n, p->n);
}

static void inside_a_parallel_loop_it_gives_the_same(void **state)
{
    Fixture *f = *state;
    enum { RANGES = 7, M = 50, N = 40 };
    Repeated repeated = {.p = product_of(&f->arena, M, N, 30, FORWARD)};
    repeated.c = random_numbers(&f->arena, RANGES * M * N, 1);
    real *outside = random_numbers(&f->arena, M * N, 2);
    parallel_set_threads(3);
    products_of_a_range(&(Repeated){repeated.p, outside}, 0, 1);
    parallel_for(RANGES, 1, products_of_a_range, &repeated);
    for (size_t range = 0; range < RANGES; range++)
        assert_same_bits(repeated.c + range * M * N, outside, M * N);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_small_product_is_right),
        fixture_test(products_around_the_blocks_of_k_are_right),
        fixture_test(products_around_the_blocks_of_n_are_right),
        fixture_test(an_empty_product_writes_nothing),
        fixture_test(a_part_of_a_matrix_is_a_matrix),
        fixture_test(set_does_not_read_what_was_there),
        fixture_test(the_number_of_threads_changes_no_bit),
        fixture_test(an_element_has_the_same_bits_in_every_product),
        fixture_test(a_product_can_be_continued_with_add),
        fixture_test(an_element_is_one_chain_in_the_order_of_k),
        fixture_test(nan_and_infinity_go_where_they_belong),
        fixture_test(zero_times_infinity_is_not_a_number),
        fixture_test(inside_a_parallel_loop_it_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
