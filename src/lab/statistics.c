/* statistics.c: t-tests, the sign-flip test, Holm's correction. */
#include "lab/statistics.h"

#include <math.h>

#include "base/random.h"
#include "lab/distributions.h"

Sample sample_of(const double *x, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    double mean = n > 0 ? sum / (double)n : NAN;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return (Sample){n, mean, n > 1 ? sqrt(squares / (double)(n - 1)) : NAN};
}

/* s / sqrt(n): by how much the mean strays. */
static double standard_error(Sample sample)
{
    return sample.sd / sqrt((double)sample.n);
}

/* How many standard errors make up a distance. A distance of 0 is none, even where the numbers are
 * all the same. */
static double in_standard_errors(double distance, Sample sample)
{
    return distance == 0 ? 0 : distance / standard_error(sample);
}

static double degrees_of_freedom(Sample sample)
{
    return (double)(sample.n - 1);
}

Interval sample_interval(Sample sample, double confidence)
{
    if (sample.n < 2)
        return (Interval){NAN, NAN};
    double t = t_quantile((1 + confidence) / 2, degrees_of_freedom(sample));
    double half = t * standard_error(sample);
    return (Interval){sample.mean - half, sample.mean + half};
}

double sample_p(Sample sample)
{
    if (sample.n < 2)
        return NAN;
    return t_two_sided(in_standard_errors(sample.mean, sample), degrees_of_freedom(sample));
}

/* P(T >= t) for the distance down from the margin to the mean, and for that up from -margin. */
double sample_equivalence_p(Sample sample, double margin)
{
    if (sample.n < 2 || isnan(margin))
        return NAN;
    double df = degrees_of_freedom(sample);
    double above = t_cdf(-in_standard_errors(margin - sample.mean, sample), df);
    double below = t_cdf(-in_standard_errors(margin + sample.mean, sample), df);
    return fmax(above, below);
}

/* In how many of the 2^n ways to add the n numbers d to `sum`, or to subtract them, is the result
 * `limit` away from 0, or more? */
static size_t count_far(const double *d, size_t n, double sum, double limit)
{
    if (n == 0)
        return fabs(sum) >= limit;
    return count_far(d + 1, n - 1, sum + d[0], limit) + count_far(d + 1, n - 1, sum - d[0], limit);
}

/* To turn all signs leaves the distance as it is, so the first number keeps its sign, and half of
 * the ways are gone through. Sums that are equal but for their rounding count as equal. */
double sign_flip_p(const double *d, size_t n)
{
    if (n == 0 || n > SIGN_FLIP_MOST)
        return NAN;
    double sum = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        sum += d[i];
        size += fabs(d[i]);
    }
    size_t far = count_far(d + 1, n - 1, d[0], fabs(sum) - 1e-12 * size);
    return (double)far / (double)((size_t)1 << (n - 1));
}

/* The k-th smallest of m is multiplied by m - k + 1, the number of those that are not below it.
 * None comes out smaller than the one before it: so each becomes the largest product of those up
 * to it. */
void holm(double *adjusted, const double *p, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        adjusted[i] = p[i];
        for (size_t j = 0; j < count; j++) {
            size_t not_below = 0;
            for (size_t k = 0; k < count; k++)
                not_below += p[k] >= p[j];
            if (p[j] <= p[i])
                adjusted[i] = fmin(1, fmax(adjusted[i], (double)not_below * p[j]));
        }
    }
}

/* A mean is shown if mean / (sd / sqrt(n)) is above t, so if mean / sd is above t / sqrt(n). */
double least_shown(size_t n, size_t count)
{
    if (n < 2)
        return NAN;
    double t = t_quantile(1 - SIGNIFICANCE / 2 / (double)count, (double)(n - 1));
    return t / sqrt((double)n);
}

/* Experiments in which the true mean is 0; the test comes out where mean +- t s / sqrt(n), at 90 %,
 * lies within +-margin. */
double equivalence_power(size_t n, double sd, double margin)
{
    enum { EXPERIMENTS = 10000 };
    if (n < 2 || isnan(sd) || isnan(margin))
        return NAN;
    RandomKey key = random_for(random_seed(0), "equivalence power");
    double t = t_quantile((1 + EQUIVALENCE_CONFIDENCE) / 2, (double)(n - 1));
    size_t shown = 0;
    for (size_t e = 0; e < EXPERIMENTS; e++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            double x = sd * random_normal(key, e * n + i);
            sum += x;
            squares += x * x;
        }
        double mean = sum / (double)n;
        double variance = fmax(0, squares - sum * mean) / (double)(n - 1);
        shown += fabs(mean) + t * sqrt(variance / (double)n) < margin;
    }
    return (double)shown / EXPERIMENTS;
}
