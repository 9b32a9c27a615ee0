/* statistics.h: what a handful of numbers shows, and what it does not.
 *
 * Two schemes are trained with the same n seeds. With one seed both see the same batches and the
 * same masks, and start from the same values: what the seed does to the loss it does to both, and
 * most of it is gone from the difference d of the two losses. So the n differences are looked at,
 * not the 2n losses. Three questions are put to them:
 *
 *     Which true differences agree with them?   an interval          sample_interval
 *     Can a true difference of 0 be ruled out?  a p-value            sample_p, sign_flip_p, holm
 *     Can a large one be ruled out?             an equivalence test  sample_equivalence_p
 *
 * A p-value says how often luck alone would bring what was seen, or more, if the true difference
 * were 0. A large one does not show that it is 0: too few seeds have large p-values as well. That
 * two schemes are as good as each other takes the third question.
 *
 * NaN stands for what the numbers cannot say: one number has no spread, hence no interval and no
 * p-value.
 */
#ifndef LAB_STATISTICS_H
#define LAB_STATISTICS_H

#include <stddef.h>

/* What "shown" means: luck alone shows as much in at most 5 % of all experiments. */
#define SIGNIFICANCE 0.05
#define CONFIDENCE   (1 - SIGNIFICANCE)

/* n numbers x: their mean, and the standard deviation sqrt(sum of (x - mean)^2 / (n-1)). */
typedef struct Sample {
    size_t n;
    double mean, sd; /* NaN for n < 1, and n < 2 */
} Sample;

typedef struct Interval {
    double low, high;
} Interval;

Sample sample_of(const double *x, size_t n);

/* The interval mean +- t s / sqrt(n), with the t of n - 1 degrees of freedom (Student 1908; see
 * distributions.h). Made anew in each of many experiments, 95 % of the intervals with a confidence
 * of 0.95 would hold the true mean. */
Interval sample_interval(Sample sample, double confidence);

/* The two-sided p-value of the t-test against a true mean of 0: P(|T| >= |mean| / (s / sqrt(n))).
 * Below 0.05 exactly where the 95 % interval leaves 0 out. */
double sample_p(Sample sample);

/* The same question without a word on how the numbers are distributed: Fisher's sign-flip test
 * ("The design of experiments", 1935, section 21). If two schemes are equal, a difference of d is
 * as likely as one of -d, since only the names of the two decide the sign. So all 2^n ways to
 * choose the signs are gone through, and p is the share of those whose sum is at least as far from
 * 0 as the one that was seen. It cannot be below 2 / 2^n. n is 1 ... SIGN_FLIP_MOST (a million
 * ways), or p is NaN. */
enum { SIGN_FLIP_MOST = 20 };
double sign_flip_p(const double *d, size_t n);

/* Where many questions are asked, luck has many chances: among the 21 pairs of 7 equal schemes, one
 * or more has p < 0.05 in every second experiment. Holm's correction ("A simple sequentially
 * rejective multiple test procedure", 1979): the smallest of m p-values is multiplied by m, the
 * next by m - 1, and so on; and none may come out smaller than the one before it, nor above 1. If
 * those below 0.05 are then taken as shown, a wrong one, or more, is among them in at most 5 % of
 * experiments. NaN was not asked: it stays, and does not count. */
void holm(double *adjusted, const double *p, size_t count);

/* How many times its standard deviation the mean of n numbers must be to be shown, whatever the
 * other p-values of `count` questions are: its own is then below 0.05 / count. NaN for n < 2. */
double least_shown(size_t n, size_t count);

/* The equivalence test: two one-sided tests, TOST (Schuirmann, "A comparison of the two one-sided
 * tests procedure and the power approach", 1987). One asks whether a true mean of +margin, or more,
 * can be ruled out, the other whether -margin, or less, can; p is the larger of both. It is below
 * 0.05 exactly where the 90 % interval, sample_interval(sample, EQUIVALENCE_CONFIDENCE), lies
 * between -margin and +margin: each of its ends is left out by one of the tests with 5 %. */
#define EQUIVALENCE_CONFIDENCE (1 - 2 * SIGNIFICANCE)
double sample_equivalence_p(Sample sample, double margin);

/* How often the equivalence test comes out at 0.05 where the true mean is 0: the power of n numbers
 * with standard deviation sd. Simulated with fixed random numbers, to +-0.01. */
double equivalence_power(size_t n, double sd, double margin);

#endif
