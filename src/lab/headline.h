/* headline.h: a comparison in words, and no word more than the seeds show.
 *
 *     a and b lead: a is 0.1210 nats below c, the next (95 %: 0.0900 to 0.1520; 5 seeds).
 *     Not shown: that b is worse than a.
 *     Not shown: that b is better than c.
 *     As good as a, to within 0.0153 nats: b.
 *
 * Those that lead are the scheme with the lowest mean and all that are not shown to be worse. The
 * next is the lowest of the rest, of which each is shown to be worse than the first. The interval
 * is that of this one pair. "As good as" comes from the equivalence test alone; where it does not
 * come out, the line says how often it would for two schemes that are equal.
 *
 * Where nothing is shown, the first line says that; it never names a winner then.
 */
#ifndef LAB_HEADLINE_H
#define LAB_HEADLINE_H

#include "base/text.h"
#include "lab/comparison.h"

/* Appends the lines; the first is the headline. names [n_schemes] */
void headline_write(TextBuffer *out, const Comparison *comparison, const char *const *names);

#endif
