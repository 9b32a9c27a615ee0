/* distributions.h: Student's t distribution: how far a mean of few numbers strays by luck.
 *
 * Take n numbers from a normal distribution with mean mu. Their mean m strays from mu by about
 * s / sqrt(n), where s is the standard deviation as the n numbers show it. So
 *
 *     t = (m - mu) / (s / sqrt(n))
 *
 * is a number of about 1, whatever was measured. Were s exact, t would be normal. But s is itself a
 * guess from n numbers, and where it comes out too small, t is large: t has more mass far from 0
 * than a normal number, the more so the fewer the numbers. Its distribution depends on n alone,
 * through the degrees of freedom df = n - 1 (Student, "The probable error of a mean", Biometrika
 * 1908). 95 % of it lie within +-12.71 for n = 2, within +-2.78 for n = 5, and within +-1.96, as
 * for a normal number, where n is large.
 *
 * df need not be whole, and is at least 1. Exact to a relative error of 1e-11 up to df = 1000.
 */
#ifndef LAB_DISTRIBUTIONS_H
#define LAB_DISTRIBUTIONS_H

/* P(|T| >= |t|): how often luck alone brings a t as far from 0 as this one, on either side. */
double t_two_sided(double t, double df);

/* P(T <= t). */
double t_cdf(double t, double df);

/* The t with P(T <= t) = p; infinite for p = 0 and p = 1. t_quantile(0.975, 4) = 2.776. */
double t_quantile(double p, double df);

#endif
