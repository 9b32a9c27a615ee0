/* distributions.c: the t distribution, by way of the incomplete beta function.
 *
 * The density of t is
 *
 *     f(t) = c (1 + t^2/df)^(-(df+1)/2)      c = Gamma((df+1)/2) / (Gamma(df/2) sqrt(df pi))
 *
 * With x = df / (df + t^2), which falls from 1 to 0 as |t| grows, the area under both of its tails
 * becomes an incomplete beta function (Abramowitz, Stegun, "Handbook of mathematical functions",
 * 1964, 26.7.1 and 26.5.27):
 *
 *     P(|T| >= |t|) = I_x(df/2, 1/2)
 *     I_x(a, b) = (integral from 0 to x of u^(a-1) (1-u)^(b-1) du) / B(a, b)
 *     B(a, b) = Gamma(a) Gamma(b) / Gamma(a+b), the same integral from 0 to 1                  */
#include "lab/distributions.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#define PI 3.141592653589793238463

/* The continued fraction 1 + d1/(1 + d2/(1 + d3/(1 + ...))) in (26.5.8)
 *
 *     I_x(a, b) = x^a (1-x)^b / (a B(a, b)) / (1 + d1/(1 + d2/(1 + ...)))
 *
 *     d_{2m+1} = -(a+m) (a+b+m) x / ((a+2m) (a+2m+1))
 *     d_{2m}   = m (b-m) x / ((a+2m-1) (a+2m))
 *
 * from its beginning on (Lentz 1976): cut off behind d_k it is A_k / B_k, where A_k and B_k follow
 * from the two before as A_k = A_{k-1} + d_k A_{k-2}. They may become too large for a double; their
 * ratios `above` = A_k / A_{k-1} and `below` = B_{k-1} / B_k do not. */
static double continued_fraction(double x, double a, double b)
{
    double value = 1, above = 1, below = 0, change = 0;
    for (double m = 0; fabs(change - 1) > DBL_EPSILON && m < 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        if (m > 0) {
            below = 1 / (1 + even * below);
            above = 1 + even / above;
            value *= above * below;
        }
        below = 1 / (1 + odd * below);
        above = 1 + odd / above;
        change = above * below;
        value *= change;
    }
    return value;
}

/* I_x(a, b), where y is 1 - x without its rounding. The fraction converges fast up to about the
 * mean of the distribution, a / (a+b); beyond, I_x(a, b) = 1 - I_y(b, a). */
static double incomplete_beta(double x, double y, double a, double b)
{
    if (x > (a + 1) / (a + b + 2))
        return 1 - incomplete_beta(y, x, b, a);
    if (x == 0)
        return 0;
    double log_beta = lgamma(a) + lgamma(b) - lgamma(a + b);
    return exp(a * log(x) + b * log(y) - log_beta) / (a * continued_fraction(x, a, b));
}

/* x and 1 - x are written so that neither is rounded to 0 too early, and t may be infinite. */
double t_two_sided(double t, double df)
{
    assert(df >= 1);
    double x = 1 / (1 + t * t / df), y = 1 / (1 + df / (t * t));
    return incomplete_beta(x, y, df / 2, 0.5);
}

double t_cdf(double t, double df)
{
    double tail = t_two_sided(t, df) / 2;
    return t < 0 ? tail : 1 - tail;
}

/* Newton's method on the upper tail Q(t) = P(T >= t), for the t >= 0 with Q(t) = q:
 *
 *     t <- t + (Q(t) - q) / f(t)
 *
 * For t >= 0 the tail falls, ever less steeply: its tangent stays under it, and meets q before it
 * does. So the steps that begin at 0 climb to the root and never pass it; they end where rounding
 * keeps them from going on. */
static double upper_quantile(double q, double df)
{
    double log_c = lgamma((df + 1) / 2) - lgamma(df / 2) - log(df * PI) / 2;
    double t = 0, next = (0.5 - q) / exp(log_c);
    while (next > t && isfinite(next)) {
        t = next;
        double density = exp(log_c - (df + 1) / 2 * log1p(t * t / df));
        next = t + (t_two_sided(t, df) / 2 - q) / density;
    }
    return t;
}

double t_quantile(double p, double df)
{
    assert(p >= 0 && p <= 1 && df >= 1);
    if (p == 0 || p == 1)
        return p == 0 ? -INFINITY : INFINITY;
    return p < 0.5 ? -upper_quantile(p, df) : upper_quantile(1 - p, df);
}
