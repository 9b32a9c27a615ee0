/* rows.c: how the row loops use the vector registers.
 *
 * A loop whose turns are independent (y_i = f(x_i)) is written as a plain loop over plain numbers;
 * the compiler turns it into vector instructions. A sum it leaves alone, because adding in another
 * order rounds differently; so the sums below say their order themselves: ACCUMULATORS vectors of
 * partial sums, enough of them that one addition need not wait for the one before.
 */
#include "math/rows.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "math/simd.h"

enum { ACCUMULATORS = 4, STRIDE = ACCUMULATORS * LANES };

/* The partial sums of a row, added up in a fixed order. */
static real sum_lanes(const Vector partial[ACCUMULATORS])
{
    Vector total = (partial[0] + partial[1]) + (partial[2] + partial[3]);
    real sum = 0;
    for (size_t lane = 0; lane < LANES; lane++)
        sum += total[lane];
    return sum;
}

/* The loops take STRIDE numbers at a time, then single vectors, then what is left. */

real row_sum(const real *x, size_t n)
{
    Vector partial[ACCUMULATORS] = {{0}};
    size_t i = 0;
    for (; i + STRIDE <= n; i += STRIDE) {
        UNROLL_FULLY
        for (size_t a = 0; a < ACCUMULATORS; a++)
            partial[a] += vector_load(x + i + a * LANES);
    }
    for (; i + LANES <= n; i += LANES)
        partial[0] += vector_load(x + i);
    real sum = sum_lanes(partial);
    for (; i < n; i++)
        sum += x[i];
    return sum;
}

real row_dot(const real *x, const real *y, size_t n)
{
    Vector partial[ACCUMULATORS] = {{0}};
    size_t i = 0;
    for (; i + STRIDE <= n; i += STRIDE) {
        UNROLL_FULLY
        for (size_t a = 0; a < ACCUMULATORS; a++)
            partial[a] += vector_load(x + i + a * LANES) * vector_load(y + i + a * LANES);
    }
    for (; i + LANES <= n; i += LANES)
        partial[0] += vector_load(x + i) * vector_load(y + i);
    real sum = sum_lanes(partial);
    for (; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* A NaN is taken, and stays: nothing is larger than NaN, and x != x says that x is one. */
static inline real larger(real most, real x)
{
    return x > most || x != x ? x : most;
}

static inline Vector larger_lanes(Vector most, Vector x)
{
    /* NOLINTNEXTLINE(misc-redundant-expression): a NaN differs from itself */
    return vector_select((x > most) | (x != x), x, most);
}

real row_max(const real *x, size_t n)
{
    assert(n >= 1);
    real result = x[0];
    size_t i = 0;
    if (n >= LANES) {
        Vector most = vector_load(x);
        for (i = LANES; i + LANES <= n; i += LANES)
            most = larger_lanes(most, vector_load(x + i));
        for (size_t lane = 0; lane < LANES; lane++)
            result = larger(result, most[lane]);
    }
    for (; i < n; i++)
        result = larger(result, x[i]);
    return result;
}

void row_add(real *restrict y, const real *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += x[i];
}

void row_add_scaled(real *restrict y, real a, const real *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

void row_scale(real *y, real a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] *= a;
}

#ifdef REAL_IS_DOUBLE

static inline double exp_of(double x)
{
    return x < -700 ? 0 : exp(x > 700 ? 700 : x);
}

#else

/* exp(x) = 2^n exp(r)  with  n = round(x / ln 2)  and  r = x - n ln 2, so |r| <= ln 2 / 2 = 0.35.
 *
 * - Adding 1.5 * 2^23 to a float of this size pushes the digits behind the binary point out, and so
 *   rounds; the sum's last bits are then n itself, as a whole number.
 * - ln 2 is subtracted in two pieces. n times the first one is exact.
 * - exp(r) is its Taylor polynomial to r^7: the next term is 0.35^8 / 8! = 5e-9.
 * - 2^n is the float whose exponent field holds n + 127.
 * - Below -87 the result is 0: so near to the least float of full precision, what comes next would
 *   be a denormal number, with which processors compute tens of times more slowly. */
static inline float exp_of(float x)
{
    const float round = 12582912.0f, per_ln2 = 1.44269504f, ln2_high = 0.693359375f,
                ln2_low = -2.12194440e-4f;
    bool is_tiny = x < -87.0f;
    x = is_tiny ? -87.0f : x; /* a NaN passes both */
    x = x > 88.0f ? 88.0f : x;
    union {
        float number;
        uint32_t bits;
    } n = {.number = x * per_ln2 + round}, power;
    power.bits = (n.bits + 127u) << 23;
    float whole = n.number - round;
    float r = (x - whole * ln2_high) - whole * ln2_low;
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return is_tiny ? 0.0f : p * power.number;
}

#endif

void row_exp(real *y, const real *x, real shift, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = exp_of(x[i] - shift);
}

/* tanh(x) = (1 - e) / (1 + e)  with  e = exp(-2 |x|), and the sign of x. The exponent is never
 * positive, so e never overflows. */
void row_tanh(real *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        real size = fabs(x[i]);
        real e = exp_of(-2 * size);
        x[i] = copysign((1 - e) / (1 + e), x[i]);
    }
}

real row_softmax(real *x, size_t n)
{
    real most = row_max(x, n);
    row_exp(x, x, most, n);
    real sum = row_sum(x, n);
    row_scale(x, 1 / sum, n);
    return most + log(sum);
}
