/* accuracy.h: what the tests of accuracy count in. They hold a result against its formula computed
 * in long double, to within the sum of what the single operations of the code may lose at the most.
 * They count that in UNITs: the rounding of an operation moves a number by at most a UNIT of its
 * size. (It moves it by half an ulp, and an ulp is between one UNIT of a number and two.) */
#ifndef TESTS_SUPPORT_ACCURACY_H
#define TESTS_SUPPORT_ACCURACY_H

#include "support/check.h"

#include <float.h>
#include <math.h>

#include "math/real.h"

/* UNIT: half of the distance from 1 to the next number. Where long double is only double, a build
 * with double is compared with something no better than itself, which may lose as much.
 * LEAST: the distance between two numbers next to 0. */
#ifdef REAL_IS_DOUBLE
#define UNIT  (LDBL_MANT_DIG > DBL_MANT_DIG ? 0x1p-53 : 0x1p-52)
#define LEAST DBL_TRUE_MIN
#else
#define UNIT  0x1p-24
#define LEAST FLT_TRUE_MIN
#endif

/* |actual - exact| <= units * UNIT, and what is lost where numbers end. */
#define assert_within_units(actual, exact, units)                                                  \
    assert_close((actual) - (exact), 0, (units)*UNIT + 4 * LEAST)

/* The errors of exp in ulp, and of tanh in UNITs: see tests/math/test_accuracy.c. */
#define EXP_ULP    1.3
#define TANH_UNITS 2.25

/* At most so many additions lie between a number and row_sum's result. Sums in wide vectors take
 * many at the end, where lanes and leftovers are added one by one; in narrow ones, before it. */
static inline double row_additions(size_t n)
{
    return 40 + (double)n / 8;
}

#endif
