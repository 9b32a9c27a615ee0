/* real.h: the type of every number that is learned or computed in bulk.
 *
 * `real` is float. Compiled with -DREAL_IS_DOUBLE it is double: too slow to train with, but exact
 * enough to hold every hand-derived gradient against central differences, which is what the
 * tests do. <tgmath.h> picks the right function for either: sqrt(x) is sqrtf for a float.
 */
#ifndef MATH_REAL_H
#define MATH_REAL_H

#include <tgmath.h>

#ifdef REAL_IS_DOUBLE
typedef double real;
#define REAL_NAME "double"
#else
typedef float real;
#define REAL_NAME "float"
#endif

#endif
