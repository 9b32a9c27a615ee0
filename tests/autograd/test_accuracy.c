/* test_accuracy.c: how far gelu, layer norm and cross-entropy are from their formulas computed in
 * long double; the bounds are explained in accuracy.h. */
#include "support/accuracy.h"

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"

/* --- gelu --- */

/* From -12 to 12 in equal steps, and powers of 2 down to the least number. */
static Tensor *gelu_arguments(Fixture *f)
{
    enum { GRID = 1 << 17, MOST = GRID + 3000 };
    Tensor *x = new_tensor(&f->arena, SHAPE(MOST));
    for (size_t i = 0; i < GRID; i++)
        x->data[i] = (real)(-12 + 24 * (double)i / GRID);
    for (size_t i = GRID; i < MOST; i++)
        x->data[i] = (real)ldexp(i % 2 ? 1.25 : -1.25, (int)(GRID - i) / 2);
    return x;
}

/* The parts of gelu's formula, and t's error in UNITs. */
typedef struct Bend {
    long double u, t, slope_of_u;
    double of_t;
} Bend;

/* u has a relative error of 3 for the sum, k and the product with it, and of 4 for the share of the
 * cubic term, a x x x, in it. It reaches t times its slope 1 - t^2. */
static Bend bend_at(long double x)
{
    const long double k = sqrt(2 / acos(-1.0L)), a = 0.044715L;
    Bend bend = {.u = k * (x + a * x * x * x), .slope_of_u = k * (1 + 3 * a * x * x)};
    bend.t = tanh(bend.u);
    long double share = a * x * x / (1 + a * x * x);
    bend.of_t = TANH_UNITS + (double)((1 - bend.t * bend.t) * fabs(bend.u) * (3 + 4 * share));
    return bend;
}

/* y = x/2 (1 + t): |x|/2 times the error of t and the rounding of 1 + t, which is 1 at most; then
 * the product's. For x > 0 these are less than 6 ulp. For x < 0, where 1 and t cancel, the error is
 * still this small beside x; of the tiny y it is any number of ulp. */
static void gelu_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    Tensor *x = gelu_arguments(f), *y = gelu(&f->tape, x);
    for (size_t i = 0; i < tensor_size(x); i++) {
        long double z = (long double)x->data[i];
        Bend bend = bend_at(z);
        long double exact = z / 2 * (1 + bend.t);
        double units = fabs((double)z) / 2 * (bend.of_t + 1) + fabs((double)exact);
        assert_within_units(y->data[i], exact, units);
        if (z > 0)
            assert_within_ulp(y->data[i], exact, 6);
    }
}

/* dy/dx = (1 + t)/2 + x/2 (1 - t^2) u'. In the second term t^2 has the error 2 t of_t and a
 * rounding, and the difference another one; u' has 6 (two constants, three products, a sum), and
 * three products follow. The last sum rounds once. */
static void the_slope_of_gelu_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    Tensor *x = gelu_arguments(f), *y = gelu(&f->tape, x);
    real *ones = random_numbers(&f->arena, tensor_size(x), 1);
    for (size_t i = 0; i < tensor_size(x); i++)
        ones[i] = 1;
    tape_backward(&f->tape, weighted_sum(&f->tape, y, ones));
    for (size_t i = 0; i < tensor_size(x); i++) {
        long double z = (long double)x->data[i];
        Bend bend = bend_at(z);
        long double half = z / 2 * bend.slope_of_u, second = half * (1 - bend.t * bend.t);
        long double exact = (1 + bend.t) / 2 + second;
        double units = (bend.of_t + 1) / 2 +
                       fabs((double)half) * (2 * fabs((double)bend.t) * bend.of_t + 2) +
                       9 * fabs((double)second) + fabs((double)exact);
        assert_within_units(x->grad[i], exact, units);
    }
}

/* --- layer norm --- */

/* A row has the mean m and the deviation s. The computed mean is off by its sum's additions and the
 * quotient, each relative to the mean of |x|. That shifts every x - m, and moves their squares' sum
 * only in the second order, as they add up to 0. The sum of squares: 2 for the roundings of x - m,
 * 1 for the product, and its additions; then the quotient and the sum with epsilon. The root halves
 * these and rounds, 1 / it rounds; two products and the sum with the bias follow. */
static void assert_layer_norm_row(const real *x, const real *w, const real *b, const real *y,
                                  size_t n)
{
    long double sum = 0, size = 0, squares = 0;
    for (size_t c = 0; c < n; c++) {
        sum += (long double)x[c];
        size += fabs((long double)x[c]);
    }
    long double mean = sum / (long double)n;
    for (size_t c = 0; c < n; c++)
        squares += ((long double)x[c] - mean) * ((long double)x[c] - mean);
    long double scale = 1 / sqrt(squares / (long double)n + 1e-5L);
    double of_mean = (row_additions(n) + 1) * (double)size / (double)n;
    double of_scale = (3 + row_additions(n) + 3) / 2 + 2;
    double shift = of_mean * UNIT * (double)scale; /* its square is the second order */
    for (size_t c = 0; c < n; c++) {
        long double h = ((long double)x[c] - mean) * scale, weight = (long double)w[c];
        long double exact = h * weight + (long double)b[c];
        double units = fabs((double)(h * weight)) * (1 + of_scale + shift * shift / UNIT + 2) +
                       fabs((double)(scale * weight)) * of_mean + fabs((double)exact);
        assert_within_units(y[c], exact, units);
    }
}

static void layer_norm_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    const size_t widths[] = {3, 48, 128, 384};
    const double spreads[] = {1, 1e-3, 30}, means[] = {0, 0.5, -20};
    enum { ROWS = 90 };
    for (size_t s = 0; s < COUNT_OF(widths); s++) {
        size_t n = widths[s];
        Tensor *x = random_tensor(&f->arena, s, SHAPE(ROWS, n));
        Tensor *w = random_tensor(&f->arena, 10, SHAPE(n)),
               *b = random_tensor(&f->arena, 11, SHAPE(n));
        for (size_t i = 0; i < ROWS * n; i++)
            x->data[i] = (real)((double)x->data[i] * spreads[i / n % 3] + means[i / n / 3 % 3]);
        const Tensor *y = layer_norm(&f->tape, x, w, b);
        for (size_t row = 0; row < ROWS; row++)
            assert_layer_norm_row(x->data + row * n, w->data, b->data, y->data + row * n, n);
        tape_reset(&f->tape);
    }
}

/* --- cross-entropy --- */

enum { ROWS = 256 }; /* a power of 2: the mean over them rounds nothing */

/* As in tests/math/test_accuracy.c: ln n for the roundings of x - most, exp's, the additions; ln
 * rounds by an ulp, and the sum once. */
static long double exact_log_sum(const real *x, size_t n, double *units)
{
    long double most = (long double)x[0], sum = 0;
    for (size_t v = 0; v < n; v++)
        most = fmax(most, (long double)x[v]);
    for (size_t v = 0; v < n; v++)
        sum += exp((long double)x[v] - most);
    long double log_sum = most + log(sum);
    *units = log((double)n) + 2 * EXP_ULP + row_additions(n) + 2 * (double)log(sum) +
             fabs((double)log_sum);
    return log_sum;
}

/* p = exp(x - l) has the error of l, |x - l| for the rounding of x - l, and exp's; p - 1 rounds. */
static void assert_row_gradient(const real *x, const real *dx, size_t n, size_t target)
{
    double of_log_sum;
    long double log_sum = exact_log_sum(x, n, &of_log_sum);
    for (size_t v = 0; v < n; v++) {
        long double d = (long double)x[v] - log_sum, exact = exp(d) - (v == target);
        double of_p = of_log_sum + fabs((double)d) + 2 * EXP_ULP;
        assert_within_units(dx[v] * ROWS, exact,
                            (double)exp(d) * of_p + (v == target) * fabs((double)exact));
    }
}

/* A row's loss is l - x[target], and rounds; their mean is taken in double, and rounds. */
static void assert_losses(const Tensor *x, const int *targets, const real *losses, real loss)
{
    size_t n = tensor_width(x);
    long double sum = 0;
    double units = 0;
    for (size_t row = 0; row < ROWS; row++) {
        double of_log_sum;
        const real *of_row = x->data + row * n;
        long double exact = exact_log_sum(of_row, n, &of_log_sum) - of_row[targets[row]];
        assert_within_units(losses[row], exact, of_log_sum + (double)exact);
        sum += exact;
        units += of_log_sum + (double)exact;
    }
    /* In a build with double each of the additions rounds as much as any. */
    double of_sum = (double)sum * (sizeof(real) == sizeof(double) ? ROWS : 1);
    assert_within_units(loss, sum / ROWS, (units + of_sum) / ROWS);
}

static void cross_entropy_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    const size_t sizes[] = {2, 65, 96, 256};
    const real spread[] = {(real)0.01, 1, 8}, shift[] = {0, -30, 50};
    for (size_t s = 0; s < COUNT_OF(sizes); s++) {
        size_t n = sizes[s];
        Tensor *x = random_tensor(&f->arena, s, SHAPE(ROWS, n));
        for (size_t i = 0; i < ROWS * n; i++)
            x->data[i] = x->data[i] * spread[i / n % 3] + shift[i / n / 3 % 3];
        int targets[ROWS];
        for (size_t row = 0; row < ROWS; row++)
            targets[row] = (int)(row % n);
        real *losses;
        Tensor *loss = cross_entropy(&f->tape, x, targets, &losses);
        tape_backward(&f->tape, loss);
        assert_losses(x, targets, losses, loss->data[0]);
        for (size_t row = 0; row < ROWS; row++)
            assert_row_gradient(x->data + row * n, x->grad + row * n, n, (size_t)targets[row]);
        tape_reset(&f->tape);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(gelu_is_within_its_bound),
        fixture_test(the_slope_of_gelu_is_within_its_bound),
        fixture_test(layer_norm_is_within_its_bound),
        fixture_test(cross_entropy_is_within_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
